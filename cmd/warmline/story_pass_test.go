package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/localslack/slackstory"
)

// passesOn fills in the modal by which a hand-off is passed on.
func (s *story) passesOn(card *slackstory.Card, user string, fields map[string]any) {
	s.t.Helper()
	card.Click("Pass on …").As(user)
	modal := s.User(user).ExpectModal("Pass on")
	for field, value := range fields {
		modal.Fill(field, value)
	}
	modal.Submit()
}

// tells fails unless a message mentions a person.
func (s *story) tells(post *slackstory.Card, name string) {
	s.t.Helper()
	if m, ok := post.Message(); !ok || !s.mentions(m, name) {
		s.t.Errorf("%s is not told: %+v", name, m)
	}
}

func TestATicketIsPassedToAColleagueWhoIsTold(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.passesOn(card, "ana", map[string]any{"to": "person", "person": s.id("users", "olga")})
		s.privately("support", "ana", "is none of the agents")
		s.passesOn(card, "ana", map[string]any{"to": "person", "person": s.id("users", "ben"), "text": "You know valves better than I do."})
		ticket.Assignee("ben")
		s.tells(card.Thread().Expect("You know valves better than I do."), "ben")
		s.forge(card, "support", desk.ActResolve, "ana")
		s.privately("support", "ana", "is taken: Ben Okoro claimed it")
		s.passesOn(card, "ben", map[string]any{"to": "channel"})
		card.ExpectText("Nobody has claimed it yet")
		ticket.Assignee("")
	})
}

func TestATicketIsPassedUpWithItsDraftAndStaysThere(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		due := s.ticket(ticket).Handoff.DueAt
		s.claim(card, "ana")
		s.passesOn(card, "ana", map[string]any{"to": "manager", "text": "She is a friend of the owner."})
		card.ExpectText("Moved to #escalations").ExpectNoButton("Resolve")
		raised := s.card("escalations", ticket).ExpectText("2 to 4 working days").ExpectButton("Approve & send")
		raised.Thread().Expect("She is a friend of the owner.")
		if h := s.ticket(ticket).Handoff; !h.DueAt.Equal(due) || h.Owner != "" {
			t.Errorf("the raised hand-off is %+v, due was %v", h, due)
		}
		ticket.Customer("Are you there? I would like to talk to a person.")
		raised.ExpectText("Asks for a person")
		s.later(time.Minute)
		s.oneCard("escalations", ticket)
		raised.Click("Resolve").As("lea")
		ticket.Status(escalate.StatusSolved)
	})
}

func TestATicketIsGivenBackToTheAIOnlyIfItMayHaveIt(t *testing.T) {
	tell(t, func(s *story) {
		asked := s.customer("Ina").asksForAPerson()
		card := s.card("support", asked)
		s.claim(card, "ana")
		s.passesOn(card, "ana", map[string]any{"to": "ai"})
		s.privately("support", "ana", "the AI may not have this ticket. Asks for a person")
		card.ExpectText("Claimed by")

		ticket := s.customer("Per").asksHowToPair()
		ticket.Colleague("Chloe Marchand", "I will look, Per.")
		ticket.Customer("I bought another Sprig and can't pair it with the Hub. How do I pair the sensor?")
		card = s.card("support", ticket)
		ticket.Sent(1)
		s.claim(card, "ben")
		s.passesOn(card, "ben", map[string]any{"to": "ai"})
		card.ExpectText("Given back to the AI by")
		ticket.Assignee("")
		ticket.Sent(2)
		s.decidesAgain(ticket)
	})
}

func TestASnoozedTicketSleepsUntilItsTimeOrTheCustomer(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.Click("Claim").As("ana")
		card.Click("Snooze or wait …").As("ana")
		past := time.Now().Add(-time.Hour).Unix()
		s.User("ana").ExpectModal("Snooze").Fill("at", past).SubmitExpectingError("That is in the past")
		s.User("ana").ExpectModal("Snooze").Fill("at", nil).Fill("For how long?", "Four hours").Submit()
		card.ExpectText("Snoozed until").ExpectButton("Wake")
		s.later(3 * time.Hour)
		card.ExpectText("Snoozed until")
		if all := card.Thread().Texts(); slices.ContainsFunc(all, func(m string) bool { return strings.Contains(m, "The first answer is") }) {
			t.Errorf("a snoozed ticket warns: %q", all)
		}
		s.later(time.Hour + time.Minute)
		s.tells(card.ExpectButton("Snooze or wait …").Thread().Expect("The snooze is over"), "ana")
		card.Click("Snooze or wait …").As("ana")
		s.User("ana").ExpectModal("Snooze").Fill("For how long?", "Until Monday, 9:00").Submit()
		card.ExpectText("Snoozed until")
		ticket.Customer("Hello? Is anybody there?")
		card.ExpectButton("Snooze or wait …")
	})
}

func TestAnExpertAnswersFromAnotherChannel(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Pass on …").As("ana")
		modal := s.User("ana").ExpectModal("Pass on").Fill("to", "expert")
		modal.SubmitExpectingError("Pick the channel where the expert reads")
		modal.Fill("where", s.id("channels", "escalations")).Fill("text", "Does the new seal fit the old valve?").Submit()
		question := s.Channel("escalations").ExpectCard("asks for your help").ExpectText("Does the new seal fit the old valve?")
		question.Click("Answer").As("lea")
		s.User("lea").ExpectModal("Answer").Fill("Your answer", "It does, with a drop of oil.").Submit()
		s.tells(card.Thread().Expect("It does, with a drop of oil."), "ana")
		question.ExpectText("Answered by Lea")
		ticket.Sent(1) // the acknowledgement, and nothing of this
		card.Click("Resolve").As("ana")
		ticket.Status(escalate.StatusSolved)
		s.forge(question, "escalations", desk.ActAnswer, "lea")
		s.privately("escalations", "lea", "is dealt with")
	})
}
