package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/builtin"
)

// measured has thirty customers of the whole team have waited so long for an answer.
func (s *story) measured(d time.Duration) {
	s.t.Helper()
	err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
		for i := range escalate.LeastWaits {
			began := tx.Now().Add(-time.Duration(i+2) * 24 * time.Hour)
			w := &desk.WaitRow{Handoff: escalate.HandoffID(fmt.Sprint("past-", i)), Channel: "elsewhere", Began: began, Ended: began.Add(d), Answered: true}
			if err := tx.BeginWait(s.t.Context(), w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// The time that an acknowledgement says is kept like any other: those who could keep it are warned, its miss is told to all.
func TestAnAcknowledgedTimeIsATimer(t *testing.T) {
	tell(t, func(s *story) {
		s.measured(100 * time.Minute) // said as two hours
		ticket := s.customer("Ina").asksForAPerson()
		ticket.Expects("You will hear from us by 2000-01-01 02:")
		card := s.card("support", ticket).ExpectText("Customer hears from us: by")
		s.later(58 * time.Minute)
		if n := threadPosts(card, "A stated time"); n != 0 {
			t.Fatalf("told %d times before the time", n)
		}
		s.later(35 * time.Minute) // it was rounded up
		card.Thread().Expect("A stated time is near").ExpectText("nobody has this ticket. Claim it")
		s.shut()
		s.open()
		s.claim(card, "ana")
		s.later(time.Hour)
		ticket.Expects("We said that you would hear from us by 2000-01-01 02:")
		post := card.Thread().Expect("A stated time has passed")
		s.tells(post, "ana")
		s.tells(post, "lea")
		card.ExpectText("That time has passed.")
		s.decidesAgain(ticket)
	}, patient, func(at *setting) { at.policy.KeepWarm.Schedule = []time.Duration{24 * time.Hour} })
}

// An answer keeps it, and is measured itself.
func TestAnAnswerKeepsAnAcknowledgedTimeAndIsMeasured(t *testing.T) {
	tell(t, func(s *story) {
		s.measured(100 * time.Minute)
		ticket, card := s.waiting("Ina")
		ticket.Expects("You will hear from us by")
		s.later(20 * time.Minute)
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, it is repaired.").Submit()
		ticket.Expects("it is repaired")
		card.ExpectNoText("Customer hears from us")
		solved := s.customer("Per").asksForAPerson()
		solved.Expects("a person will read it")
		solved.Set(escalate.StatusSolved)
		s.later(3 * time.Hour)
		if n := threadPosts(card, "A stated time"); n != 0 {
			t.Errorf("told %d times of a time that was kept", n)
		}
		ticket.Sent(2)
		var waits []desk.WaitRow
		err := s.app.store.View(s.t.Context(), func(tx desk.Tx) (err error) {
			waits, err = tx.WaitsOf(s.t.Context(), desk.WaitFilter{Channel: "support", Topic: s.ticket(ticket).Decision.Topic}, 9)
			return err
		})
		if err != nil || len(waits) != 2 {
			t.Fatalf("waits %+v, %v", waits, err)
		}
		for _, w := range waits {
			took := w.Ended.Sub(w.Began)
			if w.Answered != (took > 19*time.Minute) || took > 22*time.Minute {
				t.Errorf("a wait of %v, answered %v", took, w.Answered)
			}
		}
	}, patient, func(at *setting) { at.policy.KeepWarm.Schedule = []time.Duration{24 * time.Hour} })
}

// inAChat has the customer write in a chat, where nobody knows their address.
func inAChat(n *builtin.NewTicket) { n.Channel, n.Customer.Email = "chat", "" }

// The story begins in the night before a Saturday that is a holiday: the team comes on Monday.
func TestAChatAtNightHearsWhenSomebodyIsThereAndIsAskedForAnAddress(t *testing.T) {
	tell(t, func(s *story) {
		ask := "Hello, I would like to talk to a real person please, not to a robot. My Hub is offline again."
		chat := s.customer("Ina").Writes("", ask, inAChat)
		said := chat.Expects("We are closed right now and open again: Monday 9:00 (UTC+1).")
		if !strings.Contains(said.Text, "Please write us your e-mail address") || strings.Contains(said.Text, "You will hear from us by") {
			t.Errorf("the chat reads %q", said.Text)
		}
		mail := s.customer("Per").Writes("", ask).Expects("open again: Monday 9:00 (UTC+1).")
		if strings.Contains(mail.Text, "e-mail address") {
			t.Errorf("the mail reads %q", mail.Text)
		}
	}, office)
}

// However slow the model, who watches a chat hears something within ten seconds, once.
func TestAChatHearsThatSomebodyIsAtItWhileTheModelIsSlow(t *testing.T) {
	m := &model{}
	tell(t, func(s *story) {
		asked := time.Now()
		chat := s.customer("Ina").Writes("Wo ist mein Geld?", "Meine Rücksendung zur Bestellung MB-48006 kam am 9. an. Wo bleibt meine Erstattung?", inAChat)
		mail := s.customer("Per").asksForARefund()
		chat.Expects("Einen Moment bitte")
		if took := time.Since(asked); took < holdLeast || took > 10*time.Second {
			t.Errorf("the chat waited %v", took)
		}
		s.later(20 * time.Second)
		chat.Expects("Ein Mensch liest sie")
		chat.Customer("Hallo?")
		s.later(time.Minute)
		chat.Sent(2)
		mail.Sent(1)
		s.decidesAgain(chat)
	}, m.in, undrafted, func(at *setting) { at.patience = 25 * time.Second })
}

// holdLeast is how long a chat waits in vain before it is held.
const holdLeast = 6 * time.Second
