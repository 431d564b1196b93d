package main

import (
	"testing"
	"time"

	"warmline/escalate"
)

func TestAWrongAnswerIsStoppedAndPutRightWithEverybodyWhoGotIt(t *testing.T) {
	tell(t, func(s *story) {
		first, second := s.customer("Ina").asksHowToPair(), s.customer("Per").asksHowToPair()
		for _, ticket := range []*ticket{first, second} {
			ticket.Expects("written by our AI assistant")
			ticket.Status(escalate.StatusPending)
		}
		second.Set(escalate.StatusSolved)

		shown := s.escalate("wrong "+first.id, "ana").ExpectPrivate("is not given any more").ExpectText("The same answer went to " + second.Number())
		s.Channel("support").ExpectCard("I do not give the answer").ExpectText("Ana Ferreira called it wrong in " + first.Number())
		third := s.customer("Kim").asksHowToPair()
		s.card("support", third).ExpectText("Kept from the AI by a rule").ExpectNoButton("Approve & send")

		shown.Click("Draft corrections").As("ana")
		modal := s.User("ana").ExpectModal("Put it right").ExpectText("to " + first.Number() + " and to " + second.Number())
		modal.SubmitExpectingError("Write what is right")
		modal.Fill("What is right?", "Hello,\n\nour assistant was wrong: hold the button for ten seconds, not five.").Submit()
		s.privately("support", "ana", "Tickets to correct: 2")
		shown.Click("Draft corrections").As("ana")
		s.privately("support", "ana", "Ana Ferreira had the corrections drafted already")

		second.Status(escalate.StatusOpen)
		for _, ticket := range []*ticket{first, second} {
			card := s.Channel("support").ExpectCard(ticket.Number() + " · ").ExpectText("its answer was wrong and has to be put right").ExpectText("ten seconds, not five")
			ticket.Sent(1) // nothing more without a person
			s.escalate("wrong "+ticket.id, "ben").ExpectPrivate("is stopped already, as x1").Click("Draft corrections").As("ben")
			s.User("ben").ExpectModal("Put it right").Fill("What is right?", "Eleven seconds.").Submit()
			s.privately("support", "ben", ticket.Number()+" was not brought back: that was done before")
			card.Click("Approve & send").As("ben")
			ticket.Expects("ten seconds, not five")
			ticket.Sent(2)
			s.decidesAgain(ticket)
		}
		s.confirms("exclude remove x1", "are no longer kept from the AI (x1)", "Done, policy 4") // 3 took a rung away, after two complaints
	})
}

func TestACorrectionThatCannotBeBroughtBackIsTold(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Expects("written by our AI assistant")
		ticket.Set(escalate.StatusClosed)
		s.escalate("wrong "+ticket.id, "ana").ExpectPrivate("nobody else in the last 30 days").Click("Draft corrections").As("ana")
		s.User("ana").ExpectModal("Put it right").Fill("What is right?", "Ten seconds, not five.").Submit()
		s.later(time.Minute)
		s.privately("support", "ana", ticket.Number()+" was not brought back: the helpdesk does not open it again")
		s.privately("support", "ana", "Ten seconds, not five.")
		ticket.Sent(1)
	})
}
