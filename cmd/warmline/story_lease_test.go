package main

import (
	"slices"
	"strings"
	"testing"
	"time"
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
