package main

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestAnApprovedDraftIsSentInTheApproversName(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		ticket.Note("drafted an answer")
		card := s.card("support", ticket).ExpectText("Draft to approve").ExpectText("2 to 4 working days")
		card.Click("Approve & send").As("ana")
		card.ExpectText("approved, goes out at").ExpectButton("Undo")
		ticket.Sent(0)

		s.later(11 * time.Second)
		answer := ticket.Expects("2 to 4 working days")
		if answer.Role != escalate.RoleAgent || answer.Author != "Ana Ferreira" {
			t.Errorf("the answer is by %s %q", answer.Role, answer.Author)
		}
		ticket.Status(escalate.StatusPending)
		ticket.Sent(1)
		card.ExpectText("Resolved by").ExpectNoButton("Approve & send").ExpectButton("Details")
		if got := s.record("delivery"); got.Seen != 1 || got.Unedited != 1 {
			t.Errorf("the record of the topic is %+v", got)
		}
	})
}

func TestApproveAndSolveSolvesTheTicket(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Approve & solve").As("ana")
		ticket.Expects("2 to 4 working days")
		ticket.Status(escalate.StatusSolved)
		card.ExpectText("Resolved by")
	})
}

func TestAnApprovalThatIsTakenBackInTimeSendsNothing(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Approve & send").As("ana")
		s.later(8 * time.Second)
		card.Click("Undo").As("ana")
		card.ExpectButton("Approve & send")
		s.later(time.Minute)
		ticket.Sent(0)
		ticket.Status(escalate.StatusOpen)
	})
}

func TestOnlyTheApproverOrALeadTakesAnApprovalBack(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Approve & send").As("ana")
		card.Click("Undo").As("ben")
		s.privately("support", "ben", "Only Ana Ferreira or a lead can take that back")
		card.Click("Undo").As("lea")
		s.later(time.Minute)
		ticket.Sent(0)
	})
}

func TestAnEditedDraftIsSentAsTypedAndKeptAsALesson(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Edit").As("ben")
		modal := s.User("ben").ExpectModal("Edit the reply").ExpectText("To Ina")
		modal.Fill("Reply to the customer", "Hi Ina, to Cork it takes three days. Ben").Submit()
		s.User("ben").ExpectNoModal()
		card.ExpectText("three days").ExpectButton("Undo")
		s.later(11 * time.Second)
		if answer := ticket.Expects("Hi Ina, to Cork it takes three days. Ben"); answer.Author != "Ben Okoro" {
			t.Errorf("the answer is by %q", answer.Author)
		}
		ticket.Sent(1)
		card.ExpectText("Resolved by")
		if got := s.record("delivery"); got.Seen != 1 || got.Unedited != 0 {
			t.Errorf("the record of the topic is %+v", got)
		}
	})
}

func TestAnEmptyEditIsRefusedInTheModalAndCanBeMended(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		s.card("support", ticket).Click("Edit").As("ana")
		modal := s.User("ana").ExpectModal("Edit the reply")
		modal.Fill("Reply to the customer", "  \n ").SubmitExpectingError("Write what the customer should read.")
		s.User("ana").ExpectModal("Edit the reply").Fill("Reply to the customer", "Three days, Ina.").Submit()
		ticket.Expects("Three days, Ina.")
		ticket.Sent(1)
	})
}

func TestABlankThatNobodyFilledIsNeverSent(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForARefund()
		card := s.card("payments", ticket).ExpectText("nobody has filled in").ExpectNoButton("Approve & send")
		s.forge(card, "payments", desk.ActApprove, "sam")
		s.privately("payments", "sam", "cannot be approved as it stands")
		card.Click("Edit").As("sam")
		modal := s.User("sam").ExpectModal("Edit the reply").ExpectText("Still to fill in")
		modal.Fill("Reply to the customer", "It was released on {{refund_date}}.").SubmitExpectingError("Fill in {{refund_date}} first")
		modal.Fill("Reply to the customer", "It was released on Monday.").Submit()
		ticket.Expects("It was released on Monday.")
	})
}

func TestARejectedDraftIsGoneAndThePersonAnswers(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Reject draft").As("ben")
		s.User("ben").ExpectModal("Reject the draft").Fill("What is wrong with it?", "Incomplete").Submit()
		card.ExpectNoText("2 to 4 working days").ExpectNoButton("Approve & send").ExpectButton("Reply")
		if got := s.record("delivery"); got.Seen != 1 || got.Unedited != 0 {
			t.Errorf("the record of the topic is %+v", got)
		}
		s.later(time.Minute)
		ticket.Sent(0)
	})
}

func TestAReplyIsHeldBackWhenTheCustomerWritesAgainAndNothingTypedIsLost(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Edit").As("ana")
		s.User("ana").ExpectModal("Edit the reply").Fill("Reply to the customer", "Three days, Ina.").Submit()
		card.ExpectButton("Undo")
		s.later(5 * time.Second)
		ticket.Customer("Sorry, I meant Dublin.")
		s.privately("support", "ana", "held back because the customer wrote again")
		s.privately("support", "ana", "Three days, Ina.")
		card.ExpectText("the customer wrote again").ExpectNoButton("Approve & send")
		ticket.Sent(0)

		card.Click("Edit").As("ana")
		s.User("ana").ExpectModal("Edit the reply").ExpectText("the customer wrote again").Submit()
		ticket.Expects("Three days, Ina.")
		ticket.Sent(1)
	})
}
