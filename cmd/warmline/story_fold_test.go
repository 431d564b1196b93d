package main

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// storm has many customers ask the same in a short time.
func (s *story) storm(n int) (all []*ticket) {
	s.t.Helper()
	for i := range n {
		all = append(all, s.customer(fmt.Sprintf("Kim%d", i)).asksAboutDelivery())
		s.later(5 * time.Second)
	}
	s.later(time.Minute)
	return all
}

func TestAStormSharesOneMessageInWhichEachTicketIsItsOwn(t *testing.T) {
	tell(t, func(s *story) {
		all := s.storm(12)
		for _, early := range all[:5] {
			s.oneCard("support", early)
		}
		many := s.Channel("support").ExpectCard("7 tickets much alike").ExpectText("topic delivery. 7 of them wait")
		for _, late := range all[5:] {
			many.ExpectText(late.Number())
			s.oneCard("support", late) // the shared one
		}

		// A wish for a person never folds.
		person := s.customer("Per").asksForAPerson()
		s.card("support", person).ExpectText("Asks for a person")

		many.Click("Claim checked").As("ana")
		s.privately("support", "ana", "Check the tickets that you mean first")
		many.Check(all[5].Number(), all[6].Number()).Click("Claim checked").As("ana")
		s.privately("support", "ana", "Yours now: "+all[5].Number()+", "+all[6].Number())
		many.ExpectText("5 of them wait").ExpectText(all[5].Number() + " has a card of its own")
		s.Channel("support").ExpectCard(all[5].Number() + " · ").ExpectText("Claimed by")
		all[6].Assignee("ana")

		// One of those who get a reply writes again before it is out: they alone get none.
		many.Check(all[7].Number(), all[8].Number()).Click("Reply to checked …").As("ben")
		s.User("ben").ExpectModal("Reply to many").Fill("Reply to each of them", "All parcels are a day late. Sorry! Ben").Submit()
		s.privately("support", "ben", "Your reply goes out after a moment to undo")
		all[8].Customer("And where is my parcel for Galway?")
		all[7].Expects("All parcels are a day late")
		s.privately("support", "ben", "Your reply to "+all[8].Number()+" was held back because the customer wrote again")
		all[8].Sent(0)
		s.Channel("support").ExpectCard(all[8].Number() + " · ").ExpectText("All parcels are a day late")
		many.ExpectText(all[7].Number() + " answered by Ben Okoro")

		many.Check(all[9].Number()).Click("Reply to checked …").As("ben")
		s.User("ben").ExpectModal("Reply to many").Fill("Reply to each of them", "Soon.").Submit()
		many.Click("Undo my replies").As("ben")
		s.privately("support", "ben", "Taken back: "+all[9].Number())
		s.later(time.Minute)
		all[9].Sent(0)

		many.Check(all[10].Number()).Click("Show as cards").As("ana")
		s.Channel("support").ExpectCard(all[10].Number() + " · ").ExpectButton("Claim")
		many.Check(all[11].Number()).Click("Claim checked").As("olga")
		s.privately("support", "olga", "Only agents can do that")
		all[9].Set(escalate.StatusSolved)
		all[11].Set(escalate.StatusSolved)
		many.ExpectText("0 of them wait").ExpectNoButton("Claim checked")
	})
}

// A press on a ticket that a colleague has by then changes nothing, and the audit log keeps that it was tried.
func TestAClaimOfManyIsAuditedForThoseThatWereTakenToo(t *testing.T) {
	tell(t, func(s *story) {
		all := s.storm(7)
		checked := s.Channel("support").ExpectCard("2 tickets much alike").Check(all[5].Number(), all[6].Number())
		// Ana still sees the message as it was: Slack does not draw it anew for a while.
		s.control("fault", map[string]any{"method": "chat.update", "status": 503, "times": 3})
		s.escalate("claim "+all[5].id, "ben")
		checked.Click("Claim checked").As("ana")
		s.privately("support", "ana", "Yours now: "+all[6].Number())
		s.privately("support", "ana", all[5].Number()+" is taken: Ben Okoro claimed it")
		got := map[string]string{}
		s.view(func(tx desk.Tx) error {
			rows, err := tx.AuditRows(s.t.Context(), desk.AuditFilter{Limit: 1000})
			for _, r := range rows {
				if r.Action == string(desk.ActFoldClaim) {
					got[r.Subject] = r.Outcome
				}
			}
			return err
		})
		want := map[string]string{string(s.ticket(all[5]).ID): "no effect", string(s.ticket(all[6]).ID): "done"}
		if !maps.Equal(got, want) {
			s.t.Errorf("the audit log says %v, want %v", got, want)
		}
	})
}

func TestAFoldedTicketKeepsItsClock(t *testing.T) {
	tell(t, func(s *story) {
		all := s.storm(7)
		many := s.Channel("support").ExpectCard("2 tickets much alike")
		s.later(4 * time.Hour)
		many.ExpectText("2 of them wait")
		for _, late := range all[5:] { // seconds apart, so that one message tells of several
			s.Channel("support").ExpectCard("deadlines are near or missed").ExpectText(late.Number())
		}
		s.later(30 * time.Minute)
		later := s.customer("Lou").asksAboutDelivery()
		s.Channel("support").ExpectCard(later.Number() + " · ").ExpectButton("Claim")
		s.oneCard("support", all[6])
	})
}

func TestAMessageForManyWhoseAnswerWasLostShowsWhoCameMeanwhile(t *testing.T) {
	tell(t, func(s *story) {
		s.storm(5)
		s.control("fault", map[string]any{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
		first := s.customer("Pia").asksAboutDelivery()
		many := s.Channel("support").ExpectCard("1 ticket much like others")
		second := s.customer("Per").asksAboutDelivery()
		s.later(2 * time.Minute)
		many.ExpectText("2 of them wait").ExpectText(first.Number()).ExpectText(second.Number())
	})
}

func TestAMessageForManyThatIsDeletedComesBack(t *testing.T) {
	tell(t, func(s *story) {
		all := s.storm(7)
		s.deleteCard(s.Channel("support").ExpectCard("2 tickets much alike"))
		all[5].Set(escalate.StatusSolved) // what finds out that it is gone
		s.later(time.Minute)
		s.Channel("support").ExpectCard("1 of them waits").ExpectText(all[6].Number() + " ")
	})
}

func TestTicketsWhoseMessageSlackRefusesGetCards(t *testing.T) {
	tell(t, func(s *story) {
		s.storm(5)
		s.control("fault", map[string]any{"method": "chat.postMessage", "error": "invalid_blocks", "times": 1})
		ticket := s.customer("Pia").asksAboutDelivery()
		s.later(time.Minute)
		s.Channel("support").ExpectCard(ticket.Number() + " · ").ExpectButton("Claim")
	})
}
