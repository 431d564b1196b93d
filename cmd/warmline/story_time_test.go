package main

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/internal/localslack/slackstory"
)

// soon makes the first answer due within twenty minutes, and customers hear every ten that they are not forgotten, twice
// at the most.
func soon(at *setting) {
	at.policy.SLA.FirstResponse, at.policy.SLA.NextResponse, at.policy.SLA.Alerts = 20*time.Minute, 20*time.Minute, escalate.AlertsAt(calendar.Stage{Share: 0.75})
	at.policy.KeepWarm.Schedule, at.policy.KeepWarm.Cap = []time.Duration{10 * time.Minute, 20 * time.Minute}, 2
}

func threadPosts(c *slackstory.Card, text string) (n int) {
	for _, post := range c.Thread().Texts() {
		if strings.Contains(post, text) {
			n++
		}
	}
	return n
}

func TestADeadlineIsWarnedOfAtItsTimeAndOnce(t *testing.T) {
	tell(t, func(s *story) {
		card := s.card("support", s.customer("Ina").asksForAPerson())
		s.later(14*time.Minute + 50*time.Second)
		if n := threadPosts(card, "Deadline"); n != 0 {
			t.Fatalf("warned %d times before the time", n)
		}
		s.later(10 * time.Second)
		card.Thread().Expect("The first answer is due in 5 min. Nobody has claimed it.")
		s.later(20 * time.Minute)
		if n := threadPosts(card, "Deadline"); n != 1 {
			t.Errorf("warned %d times, want once", n)
		}
	}, soon)
}

func TestAnOwnerIsWarnedInPersonAndAnAnswerEndsTheClock(t *testing.T) {
	tell(t, func(s *story) {
		warned, answered := s.customer("Ina").asksForAPerson(), s.customer("Per").asksForAPerson()
		first, second := s.card("support", warned), s.card("support", answered)
		s.claim(first, "ana")
		s.claim(second, "ben")
		second.Click("Reply").As("ben")
		s.User("ben").ExpectModal("Reply").Fill("What do you want to say?", "Hi Per, Ben here.").Submit()
		answered.Expects("Hi Per, Ben here.")
		s.later(15 * time.Minute)
		post, _ := first.Thread().Expect("The first answer is due in 5 min. It is yours.").Message()
		if !s.mentions(post, "ana") {
			t.Errorf("the warning does not mention Ana: %s", post)
		}
		if n := threadPosts(second, "Deadline"); n != 0 {
			t.Errorf("warned %d times of a ticket that was answered", n)
		}
	}, soon)
}

func TestAWaitingCustomerHearsFromUsUntilAPersonAnswers(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		ticket.Expects("a person will read it")
		s.later(9*time.Minute + 50*time.Second)
		ticket.Sent(1)
		s.later(10 * time.Second)
		ticket.Expects("is still with Mossbrook support. Nobody has forgotten it")
		ticket.Sent(2)
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, Ana here.").Submit()
		ticket.Expects("Hi Ina, Ana here.")
		s.later(25 * time.Minute)
		ticket.Sent(3)
	}, soon)
}

func TestUpdatesToAWaitingCustomerHaveACap(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		s.later(50 * time.Minute)
		ticket.Sent(3) // the acknowledgement and two updates
	}, soon)
}
