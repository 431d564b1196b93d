package main

import (
	"testing"
	"time"

	"warmline/escalate"
)

// What moves between Approve and the end of the undo window, and what must not count as having moved.

func TestAnApprovalThatWasTakenBackOverridesNothingLater(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Edit").As("ben")
		s.User("ben").ExpectModal("Edit the reply").Fill("Reply to the customer", "Three days, Ina.").Submit()
		card.Click("Undo").As("ben")
		card.Click("Approve & send").As("ben")
		card.ExpectButton("Undo")
		s.later(4 * time.Second)
		ticket.Customer("Stop, please cancel the order!")
		s.privately("support", "ben", "held back because the customer wrote again")
		s.later(time.Minute)
		ticket.Sent(0)
	})
}

func TestADraftThatThePolicyForbidsByNowIsNotApproved(t *testing.T) {
	tell(t, func(s *story) {
		first, second := s.customer("Ina").asksAboutDelivery(), s.customer("Per").asksAboutDelivery()
		shown, approved := s.card("support", first), s.card("support", second)
		approved.Click("Approve & send").As("ben")
		approved.ExpectButton("Undo")
		s.escalate("exclude add topic delivery", "lea").ExpectPrivate("Done, policy 2")
		s.privately("support", "ben", "held back because the policy no longer allows it")
		shown.Click("Approve & send").As("ana")
		s.privately("support", "ana", "cannot be approved as it stands")
		s.later(time.Minute)
		first.Sent(0)
		second.Sent(0)
	})
}

func TestAnApproverIsToldWithTheirWordsWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	typed := func(s *story, ticket *ticket) string {
		card := s.card("support", ticket)
		card.Click("Edit").As("ben")
		s.User("ben").ExpectModal("Edit the reply").Fill("Reply to the customer", "Three days, Ina. Ben").Submit()
		card.ExpectButton("Undo")
		return "Three days, Ina. Ben"
	}
	drafted := func(s *story, ticket *ticket) string {
		card := s.card("support", ticket)
		card.Click("Approve & send").As("ben")
		card.ExpectButton("Undo")
		return "2 to 4 working days"
	}
	solved := func(ticket *ticket) { ticket.Set(escalate.StatusSolved) }
	answered := func(ticket *ticket) { ticket.Colleague("Chloe Marchand", "Two days, Ina. Chloe") }
	for name, tc := range map[string]struct {
		approve func(*story, *ticket) string
		moves   func(*ticket)
		why     string
		sent    int
	}{
		"typed, and solved in the helpdesk":          {typed, solved, "the ticket was closed", 0},
		"typed, and answered in the helpdesk":        {typed, answered, "a colleague replied in the helpdesk", 1},
		"the AI's draft, and solved in the helpdesk": {drafted, solved, "the ticket was closed", 0},
		"the AI's draft, and answered by a human":    {drafted, answered, "a colleague replied in the helpdesk", 1},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksAboutDelivery()
				words := tc.approve(s, ticket)
				tc.moves(ticket)
				s.privately("support", "ben", tc.why)
				s.privately("support", "ben", words)
				s.later(time.Minute)
				ticket.Sent(tc.sent)
			})
		})
	}
}

func TestAResolveIsNotLostBehindAReplysOwnStatus(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		ticket.Assignee("ana")
		s.deskFault(map[string]any{"op": "patch", "kind": "429", "times": 1, "retry_after": 60})
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina.").Submit()
		ticket.Expects("Hi Ina.")
		s.later(5 * time.Second)
		card.Click("Resolve").As("ana")
		card.ExpectText("Resolved by")
		s.later(2 * time.Minute)
		ticket.Status(escalate.StatusSolved)
	})
}

func TestAReplyToWhatAColleagueWroteIsNotHeldForIt(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		ticket.Colleague("Ana Ferreira", "Which Hub do you have?")
		card.Thread().Expect("Which Hub do you have?")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "And its serial number, please.").Submit()
		ticket.Expects("And its serial number, please.")
		if told := s.told("ana"); len(told) != 0 {
			t.Errorf("Ana was told %q", told)
		}
	})
}

func TestAThankYouLeavesASolvedTicketSolved(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		s.card("support", ticket).Click("Approve & solve").As("ana")
		ticket.Status(escalate.StatusSolved)
		s.later(2 * time.Minute)
		ticket.Customer("Thanks!")
		ticket.Status(escalate.StatusOpen) // the helpdesk reopens it
		ticket.Status(escalate.StatusSolved)
		s.later(2 * time.Minute) // twice past the poll
		ticket.Status(escalate.StatusSolved)
		ticket.Sent(1)
		s.oneCard("support", ticket)
	})
}
