package main

import (
	"testing"
	"time"
)

func TestAShiftEndsAndAColleagueHasItAll(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("handover", "ana").ExpectPrivate("You have no tickets")
		first := s.customer("Ina").asksForAPerson()
		s.later(time.Second) // so that one is more urgent than the other
		second := s.customer("Per").asksForAPerson()
		one, two := s.card("support", first), s.card("support", second)
		s.claim(one, "ana")
		s.claim(two, "ana")
		s.escalate("handover", "ana").ExpectPrivate("would go. Say to whom")
		s.escalate("handover ben", "ana").ExpectPrivate("Mention a colleague")
		s.escalate("handover <@"+string(s.person("olga"))+"|olga>", "ana")
		s.privately("support", "ana", "is none of the agents")
		s.escalate("handover <@"+string(s.person("ben"))+"|ben> Ina is in a hurry.", "ana")
		s.privately("support", "ana", "Ben Okoro now has "+first.Number()+", "+second.Number())
		first.Assignee("ben")
		second.Assignee("ben")
		s.tells(one.Thread().Expect("Ina is in a hurry."), "ben")
		s.tells(two.Thread().Expect("handed this over to you"), "ben")
		s.escalate("handover channel", "ben")
		s.privately("support", "ben", "Released: "+first.Number()+", "+second.Number())
		one.ExpectText("Nobody has claimed it yet")
		two.ExpectText("Nobody has claimed it yet")
	})
}
