package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/localslack"
	"warmline/internal/localslack/slackstory"
)

// Cards whose channel is not there, that somebody deleted, or that a late reading of the helpdesk is about.

func TestACardWhoseChannelCannotBePostedToSaysWhereItBelongs(t *testing.T) {
	t.Parallel()
	notThere := func(at *setting) { at.policy.Routes.HighRisk = "paymnets" }
	notForUs := func(at *setting) {
		at.slack = func(c *localslack.Config) {
			for i := range c.Channels {
				if ch := &c.Channels[i]; ch.Name == "payments" {
					ch.Members = slices.DeleteFunc(ch.Members, func(m string) bool { return m == "warmline" })
				}
			}
		}
	}
	for name, tc := range map[string]struct {
		belongs string
		change  func(*setting)
	}{
		"a channel that is not there":           {"paymnets", notThere},
		"a channel that the app is not part of": {"payments", notForUs},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksForARefund()
				card := s.card("support", ticket).ExpectText("Belongs into #" + tc.belongs).ExpectText("invite me there")
				card.Thread().Expect("Where is my refund?")
				s.claim(card, "ana")
				ticket.Assignee("ana")
				s.later(2 * time.Minute)
				s.oneCard("support", ticket)
			}, tc.change)
		})
	}
}

// once fails unless a card's thread shows a text exactly once.
func (s *story) once(card *slackstory.Card, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if n := threadPosts(card, text); n != 1 {
			s.t.Errorf("the thread shows %q %d times:\n%s", text, n, strings.Join(card.Thread().Texts(), "\n--\n"))
		}
	}
}

func (s *story) deleteCard(card *slackstory.Card) {
	s.t.Helper()
	s.webAPI("chat.delete", map[string]any{"channel": s.support(), "ts": card.TS()})
	card.ExpectGone()
}

func TestADeletedCardComesBackOnceWithItsWholeThread(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]bool{"posted": false, "although the answer to the post was lost": true} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksForAPerson()
				card := s.card("support", ticket)
				ticket.Customer("Hello? Is anybody there?")
				card.Thread().Expect("Hello? Is anybody there?")
				s.later(time.Minute)
				s.deleteCard(card)
				if lost {
					s.control("fault", map[string]any{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
				}
				ticket.Customer("It is still offline.")
				again := s.card("support", ticket)
				s.later(2 * time.Minute)
				s.oneCard("support", ticket)
				s.once(again, "I would like to talk to a real person", "a person will read it", "Hello? Is anybody there?", "It is still offline.")
				s.claim(again, "ana")
				ticket.Assignee("ana")
			})
		})
	}
}

func TestADeletedCardComesBackWithThePressOfAnotherWay(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.later(time.Minute)
		s.deleteCard(card)
		s.escalate("claim "+ticket.id, "ana").ExpectPrivate("is yours")
		again := s.card("support", ticket).ExpectText("Claimed by")
		s.later(time.Minute)
		s.once(again, "I would like to talk to a real person", "a person will read it")
	})
}

func TestALateReadingTakesNothingBackAndRepeatsNothing(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.Thread().Expect("a person will read it")
		s.later(time.Minute)
		for _, text := range []string{"The light is orange.", "Now it is red.", "Now it is off."} {
			ticket.Customer(text)
			card.Thread().Expect(text)
			s.later(time.Minute)
			known := s.ticket(ticket).Conversation
			s.deskFault(map[string]any{"op": "read", "kind": "stale_read", "times": 1})
			s.forge(card, "support", desk.ActReassess, "ana")
			s.later(time.Second)
			if now := s.ticket(ticket).Conversation; now.Customer != known.Customer || now.Newest != known.Newest {
				t.Errorf("after a late reading the newest message is %s of %s", now.Newest, known.Newest)
			}
			s.later(time.Minute)
		}
		s.once(card, "I would like to talk to a real person", "a person will read it", "The light is orange.", "Now it is red.", "Now it is off.")
		s.oneCard("support", ticket)
		ticket.Sent(1)
	})
}
