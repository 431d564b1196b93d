package main

import "testing"

func TestAQuestionInTheThreadIsAnsweredThere(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		bot := "<@" + s.id("apps", "warmline") + "> "
		card.Thread().Say("ana", bot+"why did I get this?")
		card.Thread().Expect("It was drafted for approval").ExpectText("Speaks")
		card.Thread().Say("ana", bot+"has anybody asked this before?")
		card.Thread().Expect("Solved before, much like this")
		card.Thread().Say("ben", bot+"which sources?")
		card.Thread().Expect("The answer rests on")
		card.Thread().Say("ben", bot)
		card.Thread().Expect("The customer wants").ExpectText("For Ben Okoro")
		card.Thread().Say("olga", bot+"why?")
		s.privately("support", "olga", "Only agents can do that")
		s.Channel("support").Say("ana", bot+"why?")
		s.privately("support", "ana", "Mention me in the thread of a ticket's card")
		ticket.Sent(0)
		ticket.Note("it waits for approval") // and nothing that was said in the thread
	})
}
