package main

import (
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestWhoResolvedSaysInOneTapWhetherItWasForTheAI(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.Click("Resolve").As("ana")
		card.ExpectText("Should the AI have handled this?").Click("As a draft").As("ana")
		card.ExpectText("says: the AI should have drafted the answer").ExpectNoButton("As a draft")
		s.forge(card, "support", desk.ActShouldHuman, "ben")
		s.privately("support", "ben", "Ana Ferreira has said so already")
		if h := s.ticket(ticket).Handoff; h.Hindsight != escalate.HindsightDraft || h.LookedBy != s.person("ana") {
			t.Errorf("the hand-off keeps %q by %s", h.Hindsight, h.LookedBy)
		}
	})
}

func TestNobodyIsAskedAboutATicketThatEndedInTheHelpdesk(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		ticket.Set(escalate.StatusSolved)
		card.ExpectText("Resolved in the helpdesk").ExpectNoButton("As a draft")
		s.forge(card, "support", desk.ActShouldAuto, "ana")
		s.privately("support", "ana", "Nothing was changed")
	})
}
