package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

func TestAClaimWithoutAReplyIsNotForEver(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.later(time.Hour + time.Minute)
		s.tells(card.Thread().Expect("Still yours?").ExpectText("it goes back to the channel"), "ana")
		card.ExpectText("Claimed by")
		s.later(3 * time.Hour)
		s.tells(card.Thread().Expect("Nobody has answered the customer within 4 h of the claim"), "ana")
		card.ExpectText("Nobody has claimed it yet")
		ticket.Assignee("")
		s.decidesAgain(ticket)
	})
}

// Between two shifts a claim does not grow old: an hour and two of working time end half an hour into the second shift, and an hour later.
func TestAClaimGrowsOldInWorkingTime(t *testing.T) {
	tell(t, func(s *story) {
		card := s.card("support", s.customer("Ina").asksForAPerson())
		s.claim(card, "ana")
		s.until(1, 3, 28)
		if n := threadPosts(card, "Still yours?"); n != 0 {
			t.Errorf("reminded %d times before an hour of working time had passed", n)
		}
		s.until(1, 3, 31)
		s.tells(card.Thread().Expect("Still yours?").ExpectText("In 1 h of working time it goes back to the channel"), "ana")
		s.until(1, 4, 31)
		s.tells(card.Thread().Expect("Nobody has answered the customer within 2 h of working time of the claim"), "ana")
		card.ExpectText("Nobody has claimed it yet")
	}, office, func(at *setting) {
		h := at.policy.Calendars["munich"]
		h.Holidays = ""
		h.Week.Sat = []calendar.Shift{{From: 60, To: 90}, {From: 3 * 60, To: 8 * 60}}
		at.policy.Calendars["munich"] = h
		at.policy.Lease = escalate.Lease{Nudge: time.Hour, Release: 2 * time.Hour}
	})
}

func TestAnAnsweredOrSnoozedClaimIsKept(t *testing.T) {
	tell(t, func(s *story) {
		answered, asleep := s.customer("Ina").asksForAPerson(), s.customer("Per").asksForAPerson()
		one, two := s.card("support", answered), s.card("support", asleep)
		s.claim(one, "ana")
		one.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "I am looking into it, Ina.").Submit()
		answered.Expects("I am looking into it")
		s.claim(two, "ben")
		two.Click("Snooze or wait …").As("ben")
		s.User("ben").ExpectModal("Snooze").Fill("For how long?", "Until Monday, 9:00").Submit()
		two.ExpectText("Snoozed until")
		s.later(8 * time.Hour)
		one.ExpectText("Claimed by")
		two.ExpectText("Claimed by")
		for _, texts := range [][]string{one.Thread().Texts(), two.Thread().Texts()} {
			if slices.ContainsFunc(texts, func(m string) bool { return strings.Contains(m, "Still yours") }) {
				t.Errorf("somebody is reminded for nothing: %q", texts)
			}
		}
	})
}
