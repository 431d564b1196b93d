package main

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
	"warmline/internal/localslack/slackstory"
)

// staffed has people be on at once for #support, within hours if any are given.
func (s *story) staffed(rule escalate.OfferRule, hours calendar.Hours, names ...string) {
	s.t.Helper()
	layer := rota.Layer{Hours: hours}
	for _, name := range names {
		layer.People = append(layer.People, rota.PersonID(s.person(name)))
	}
	rule.Rota = "support"
	s.rules(func(p *escalate.Policy) {
		p.Lease = escalate.Lease{}
		if p.Rotas == nil {
			p.Rotas = rota.Rotas{}
		}
		p.Rotas["support"] = rota.Rota{Zone: "Europe/Berlin", Layers: []rota.Layer{layer}}
		p.Offers.Channels = map[string]escalate.OfferRule{"support": rule}
	})
}

// offeredTo waits until a ticket is offered to somebody; "" is nobody.
func (s *story) offeredTo(t *ticket, name string) escalate.Offer {
	s.t.Helper()
	var want escalate.PersonID
	if name != "" {
		want = s.person(name)
	}
	var got escalate.Offer
	s.eventually(t.Number()+" to be offered to "+name, func() bool {
		s.view(func(tx desk.Tx) error {
			found, err := tx.FindTicket(s.t.Context(), t.id)
			if err == nil && found.Handoff != nil {
				got = found.Handoff.Offer
			}
			return nil // it may not have been read yet
		})
		return got.To == want && got.Reason != ""
	}, func() string { return string(got.To) + " " + string(got.Reason) })
	return got
}

// byID are Ana and Ben in the order of their ids, in which those take turns who have never been offered anything.
func (s *story) byID() (first, second string) {
	s.t.Helper()
	if s.person("ben") < s.person("ana") {
		return "ben", "ana"
	}
	return "ana", "ben"
}

// names waits until a card says that it is offered to somebody.
func (s *story) names(card *slackstory.Card, name string) {
	s.t.Helper()
	card.ExpectText("Offered to")
	s.eventually("a card that names "+name, func() bool {
		m, ok := card.Message()
		return ok && s.mentions(m, name)
	}, func() string { m, _ := card.Message(); return m.String() })
}

// offersBelow counts what stands below a card about whom it was offered to; who reads the card first is not told twice.
func (s *story) offersBelow(card *slackstory.Card) (n int) {
	s.t.Helper()
	for _, text := range card.Thread().Texts() {
		if strings.Contains(text, "Offered to you") {
			n++
		}
	}
	return n
}

// Whoever does not claim what they are offered loses it to the next; then the leads hear of it, and the managers.
func TestAnUnclaimedTicketClimbsTheLadder(t *testing.T) {
	tell(t, func(s *story) {
		first, second := s.byID()
		s.staffed(escalate.OfferRule{}, calendar.Hours{}, "ana", "ben")
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.offeredTo(ticket, first)
		s.names(card, first)
		if n := s.offersBelow(card); n != 0 {
			t.Errorf("the card itself names them, and %d posts below it do, too", n)
		}
		s.later(10 * time.Minute)
		s.offeredTo(ticket, second)
		s.names(card, second)
		s.tells(card.Thread().Expect("Offered to you"), second)
		s.later(10 * time.Minute) // nobody is left: it stays theirs to claim
		s.offeredTo(ticket, second)
		s.later(10*time.Minute + 5*time.Second)
		card.Thread().Expect("Nobody has claimed this for 30 min.")
		s.later(30 * time.Minute)
		s.Channel("escalations").ExpectCard("1 ticket waits for somebody to claim it").ExpectText("unclaimed for 1 h")
		s.later(time.Hour)
		if n := s.offersBelow(card); n != 1 {
			t.Errorf("%d posts tell of offers, want 1", n)
		}
		if n := len(s.Channel("escalations").Messages()); n != 1 {
			t.Errorf("the managers were told %d times, want once", n)
		}
		s.claim(card, first)
		card.ExpectNoText("Offered to")
		s.escalate("why "+ticket.id, "ana").ExpectPrivate("Offered to")
	})
}

// A released ticket goes to somebody else, and who is full is offered nothing.
func TestWhoHasEnoughIsOfferedNothing(t *testing.T) {
	tell(t, func(s *story) {
		one, other := s.byID()
		s.escalate("help", "olga").ExpectPrivate("") // who is known, and may not claim
		s.staffed(escalate.OfferRule{Capacity: 1, Method: rota.LeastLoaded}, calendar.Hours{}, "ana", "ben", "olga")
		first := s.customer("Ina").asksForAPerson()
		s.offeredTo(first, one)
		s.escalate("queue", one).ExpectPrivate("offered to you in #support")
		second := s.customer("Max").asksForAPerson()
		s.offeredTo(second, other)
		third := s.customer("Tom").asksForAPerson()
		s.offeredTo(third, "")
		s.card("support", third).ExpectText("All who are on shift have as many as they may.")
		card := s.card("support", second)
		s.claim(card, other)
		card.Click("Resolve").As(other)
		s.later(2*time.Minute + time.Second)
		s.offeredTo(third, other)
		s.escalate("queue", one).ExpectPrivate("unclaimed in #support, offered to")
		s.card("support", third).Thread().Expect("Offered to you")
		s.escalate("next", other).ExpectPrivate("#" + third.id)
	})
}

func TestWhoIsAwayIsOfferedNothingAndWhoIsNotToBeDisturbedLast(t *testing.T) {
	tell(t, func(s *story) {
		s.control("person", map[string]any{"user": "ana", "status_emoji": ":palm_tree:"})
		s.control("person", map[string]any{"user": "ben", "dnd_minutes": 300})
		s.staffed(escalate.OfferRule{}, calendar.Hours{}, "ana", "ben", "chloe")
		s.later(time.Minute) // Slack is asked
		first := s.customer("Ina").asksForAPerson()
		s.offeredTo(first, "chloe")
		s.later(10*time.Minute + time.Second)
		offer := s.offeredTo(first, "ben")
		if !offer.Last || offer.Reason != rota.OnlyOne {
			t.Errorf("offered as %+v, want the last resort", offer)
		}
		s.control("person", map[string]any{"user": "ana", "status_emoji": ""})
		s.later(11 * time.Minute)
		s.offeredTo(first, "ana")
	})
}

// While nobody is on, a ticket waits, and says until when; the ladder begins only then.
func TestNobodyOnShiftIsSaid(t *testing.T) {
	tell(t, func(s *story) {
		first, _ := s.byID()
		s.staffed(escalate.OfferRule{}, calendar.Hours{Week: calendar.Week{Sat: []calendar.Shift{{From: 3 * 60, To: 5 * 60}}}}, "ana", "ben")
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.offeredTo(ticket, "")
		card.ExpectText("Nobody is on shift until")
		card.Thread().Expect("We are closed right now and open again: Saturday 3:00 (UTC+1).") // as the customer reads it
		s.until(1, 3, 0)
		s.later(time.Second)
		s.offeredTo(ticket, first)
		s.until(1, 3, 9)
		for _, text := range card.Thread().Texts() {
			if strings.Contains(text, "Unclaimed") {
				t.Errorf("the leads were told although nobody was on: %s", text)
			}
		}
		s.until(1, 4, 55)
		late := s.customer("Max").asksForAPerson()
		s.offeredTo(late, first)
		s.until(1, 5, 0)
		s.later(time.Second)
		s.offeredTo(late, "") // the shift is over
		s.card("support", late).ExpectText("Nobody is on shift until")
	})
}

// Or somebody is paged, by direct message; or it goes where people are.
func TestNobodyOnShiftIsHandledAsThePolicySays(t *testing.T) {
	tell(t, func(s *story) {
		s.rules(func(p *escalate.Policy) {
			p.Rotas = rota.Rotas{"night": {Zone: "UTC", Layers: []rota.Layer{{People: []rota.PersonID{rota.PersonID(s.person("lea"))}}}}}
		})
		night := calendar.Hours{Week: calendar.Week{Sat: []calendar.Shift{{From: 3 * 60, To: 5 * 60}}}}
		s.staffed(escalate.OfferRule{Page: "night", Ladder: escalate.Ladder{Lead: time.Hour}}, night, "ana", "ben")
		ticket := s.customer("Ina").asksForAPerson()
		offer := s.offeredTo(ticket, "lea")
		if !offer.Paged {
			t.Errorf("offered as %+v, want paged", offer)
		}
		s.User("lea").Direct("warmline").ExpectCard("Nobody is on shift for #support")
		first, _ := s.byID()
		s.until(1, 3, 0)
		s.later(time.Second)
		s.offeredTo(ticket, first) // whose shift it is

		s.staffed(escalate.OfferRule{Fallback: "payments"}, calendar.Hours{Week: calendar.Week{Sat: []calendar.Shift{{From: 8 * 60, To: 9 * 60}}}}, "ana", "ben")
		other := s.customer("Max").asksForAPerson()
		s.card("payments", other).ExpectText("Belongs into #support, where nobody is on shift.")
	})
}

// offers counts what history has of offers of a ticket.
func (s *story) offers(t *ticket) (n int) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		found, err := tx.FindTicket(s.t.Context(), t.id)
		if err != nil {
			return err
		}
		history, err := tx.History(s.t.Context(), found.ID)
		for _, h := range history {
			if _, ok := h.Event.(escalate.Offered); ok {
				n++
			}
		}
		return err
	})
	return n
}

// A rule that comes while tickets wait is for them as well; and one that goes ends the offers.
func TestOffersBeginAndEndWithThePolicy(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		s.card("support", ticket)
		s.staffed(escalate.OfferRule{}, calendar.Hours{}, "ana", "ben")
		s.later(time.Minute) // the policy is noticed
		first, _ := s.byID()
		s.offeredTo(ticket, first)
		s.rules(func(p *escalate.Policy) { p.Offers = escalate.Offers{} })
		s.later(40 * time.Minute)
		if n := s.offers(ticket); n != 1 {
			t.Errorf("%d offers, want the one of before", n)
		}
	})
}

// A rota that cannot be read holds nothing up: the card comes, says that nobody is on, and the leads hear of it.
func TestABrokenRotaHoldsNothingUp(t *testing.T) {
	tell(t, func(s *story) {
		s.rules(func(p *escalate.Policy) {
			p.Rotas = rota.Rotas{"support": {Zone: "UTC", Layers: []rota.Layer{{Group: "@gone"}}}}
			p.Offers.Channels = map[string]escalate.OfferRule{"support": {Rota: "support", Ladder: escalate.Ladder{Lead: time.Minute}}}
		})
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.ExpectText("Nobody is on shift.")
		s.later(time.Minute + time.Second)
		card.Thread().Expect("Nobody has claimed this for 1 min.")
	})
}
