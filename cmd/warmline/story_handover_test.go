package main

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
	"warmline/internal/localslack/slackstory"
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

func TestWhoHasMoreThanOneHandOverTakesIsToldAndSaysItAgain(t *testing.T) {
	tell(t, func(s *story) {
		const all = 103
		err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
			for n := range all {
				ticket := queuedTicket(n, tx.Now(), escalate.HandoffClaimed)
				ticket.Handoff.Owner, ticket.Handoff.DueAt = s.person("ana"), tx.Now().Add(time.Duration(n)*time.Minute)
				if _, _, err := tx.CreateTicket(s.t.Context(), ticket); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
		s.escalate("handover", "ana").ExpectPrivate("3 more go when you say it again, for 100 go at once")
		toBen := "handover <@" + string(s.person("ben")) + "|ben>"
		s.escalate(toBen, "ana")
		s.privately("support", "ana", "You still have 3 more, for 100 go at once: say the same again.")
		s.escalate(toBen, "ana")
		s.privately("support", "ana", "Ben Okoro now has #100100, #100101, #100102. Each card says so")
		s.escalate(toBen, "ana").ExpectPrivate("You have no tickets")
	})
}

// Ana's turn ends at three at night. She is told once what she has, though the program restarts; Ben, who comes on then, has nothing.
func TestWhoseShiftEndsIsToldWhatTheyHaveAndWhoIsNext(t *testing.T) {
	tell(t, func(s *story) {
		s.rotas(rota.Rotas{"support": weekly(s)})
		s.met("ben")
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.escalate("handover", "ana").ExpectPrivate("Ben Okoro is next in support, from Sat 1 Jan 03:00: /escalate handover @ben")
		s.until(1, 2, 46)
		dm := s.directWith("ana")
		dm.ExpectCard("Your shift in support ends at 03:00, and you have 1 ticket.").ExpectText(ticket.Number()).
			ExpectText("Ben Okoro is next in support, from Sat 1 Jan 03:00").ExpectText("/escalate handover @ben")
		s.shut()
		s.open()
		s.until(1, 3, 16)
		if n := countShown(dm.Messages(), "Your shift in support"); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
		if s.directID("ben") != "" {
			t.Error("who has nothing to hand over is told something")
		}
		s.escalate("handover @ben", "ana").ExpectPrivate("Ben Okoro now has " + ticket.Number())
	}, func(at *setting) { at.policy.Lease, at.policy.KeepWarm.Off = escalate.Lease{}, true })
}

func countShown(all []slackstory.Message, text string) (n int) {
	for i := range all {
		if all[i].Shows(text) {
			n++
		}
	}
	return n
}
