package main

import (
	"testing"
	"time"

	"warmline/escalate"
)

// fresh leaves all answers to people and keeps customers warm as a fresh install does, but for a cap that months do not reach.
func fresh(at *setting) {
	undrafted(at)
	at.policy.KeepWarm = escalate.DefaultPolicy().KeepWarm
	at.policy.KeepWarm.Cap = 9
}

// different fails when two messages to a customer read the same.
func (t *ticket) different() {
	t.s.t.Helper()
	seen := map[string]bool{}
	for _, m := range t.sent() {
		if seen[m.Text] {
			t.s.t.Errorf("the customer of %s reads twice: %q", t.Number(), m.Text)
		}
		seen[m.Text] = true
	}
}

func TestUpdatesComeAfterHoursThenTheNextDayThenEveryTwoDays(t *testing.T) {
	tell(t, func(s *story) {
		ticket, _ := s.waiting("Ina")
		began := time.Now()
		for i, hours := range []int{4, 28, 76, 124} {
			due := began.Add(time.Duration(hours) * time.Hour)
			s.later(time.Until(due.Add(-5 * time.Minute)))
			ticket.Sent(i + 1) // the acknowledgement, and the updates before
			s.later(time.Until(due.Add(5 * time.Minute)))
			ticket.Sent(i + 2)
		}
		ticket.Customer("Is there any news?")
		s.later(3 * time.Hour)
		ticket.Sent(5)
		s.later(2 * time.Hour) // it began anew
		ticket.Sent(6)
		s.later(30 * 24 * time.Hour)
		ticket.Sent(10) // the acknowledgement and nine updates
		ticket.different()
	}, fresh)
}
