package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/brain"
	"warmline/escalate"
)

// What an answer is taken from may be rewritten while the answer waits for a person, or for its moment.

// rewrites restarts Warmline on the same database, with other words in one macro.
func (s *story) rewrites(macro, old, words string) {
	s.t.Helper()
	s.shut()
	found := false
	for i := range s.config.Knowledge.Macros {
		if m := &s.config.Knowledge.Macros[i]; m.ID == macro && strings.Contains(m.Body, old) {
			m.Body, found = strings.ReplaceAll(m.Body, old, words), true
		}
	}
	if !found {
		s.t.Fatalf("no macro %s says %q", macro, old)
	}
	s.open()
}

func TestADraftIsNotApprovedOnceItsMacroIsRewritten(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectText("2 to 4 working days")
		s.rewrites("delivery-time", "2 to 4 working days", "8 to 9 working days")
		card.Click("Approve & send").As("ben")
		s.privately("support", "ben", "Not sent: the source it rests on has changed since this was written.")
		s.privately("support", "ben", "Changed: How long delivery takes")
		s.privately("support", "ben", "8 to 9 working days")
		card.ExpectText("8 to 9 working days").ExpectNoText("2 to 4 working days")
		s.later(time.Minute)
		ticket.Sent(0)
		card.Click("Approve & send").As("ben")
		ticket.Expects("8 to 9 working days")
		s.later(time.Minute)
		ticket.Sent(1)
	})
}

func TestAnApprovedDraftIsHeldWhenItsMacroIsRewrittenBeforeItGoesOut(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Approve & send").As("ben")
		card.ExpectButton("Undo")
		s.rewrites("delivery-time", "2 to 4 working days", "8 to 9 working days")
		s.privately("support", "ben", "held back because the source it rests on has changed")
		s.privately("support", "ben", "8 to 9 working days")
		card.ExpectText("8 to 9 working days").ExpectNoText("2 to 4 working days")
		s.later(time.Minute)
		ticket.Sent(0)
		card.Click("Approve & send").As("ben")
		ticket.Expects("8 to 9 working days")
	})
}

func TestWhatAPersonTypedIsHeldOnceForAMacroThatWasRewrittenAndThenTheirs(t *testing.T) {
	t.Parallel()
	const typed = "Two to four days, Ina. Ben"
	for name, tc := range map[string]struct {
		before, after bool // where the macro is rewritten: before they submit, after it
		told          string
	}{
		"while they typed":      {before: true, told: "Not sent: the source it rests on has changed"},
		"in the moment to undo": {after: true, told: "held back because the source it rests on has changed"},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksAboutDelivery()
				card := s.card("support", ticket)
				card.Click("Edit").As("ben")
				modal := s.User("ben").ExpectModal("Edit the reply").Fill("Reply to the customer", typed)
				if tc.before {
					s.rewrites("delivery-time", "2 to 4 working days", "8 to 9 working days")
				}
				modal.Submit()
				if tc.after {
					card.ExpectButton("Undo")
					s.rewrites("delivery-time", "2 to 4 working days", "8 to 9 working days")
				}
				s.privately("support", "ben", tc.told)
				s.privately("support", "ben", "8 to 9 working days")
				s.privately("support", "ben", typed)
				card.ExpectText(typed)
				s.later(time.Minute)
				ticket.Sent(0)
				card.Click("Approve & send").As("ben")
				ticket.Expects(typed)
				s.later(time.Minute)
				ticket.Sent(1)
			})
		})
	}
}

func TestARestartThatChangesNothingHoldsNothing(t *testing.T) {
	tell(t, func(s *story) {
		waits, approved := s.customer("Ina").asksAboutDelivery(), s.customer("Per").asksAboutDelivery()
		card := s.card("support", waits)
		under := s.card("support", approved)
		under.Click("Approve & send").As("ana")
		under.ExpectButton("Undo")
		s.rewrites("pair-sensor", "Hub", "Base") // which neither rests on
		approved.Expects("2 to 4 working days")
		card.Click("Approve & send").As("ben")
		waits.Expects("2 to 4 working days")
		s.later(time.Minute)
		waits.Sent(1)
		approved.Sent(1)
		if told := append(s.told("ana"), s.told("ben")...); len(told) != 0 {
			t.Errorf("told in private: %q", told)
		}
	})
}

func TestAnAutomaticAnswerFromAMacroThatWasRewrittenIsWithdrawnAndGivenAnew(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		s.later(10 * time.Second) // read, and decided
		s.rewrites("pair-sensor", "five seconds", "fifty seconds")
		ticket.Sent(0)
		ticket.Expects("fifty seconds")
		s.later(time.Minute)
		ticket.Sent(1)
		if got := s.replies(ticket); !slices.Equal(got, []string{"answer withdrawn", "answer sent"}) {
			t.Errorf("replies %v", got)
		}
	}, slow)
}

func TestADraftFromAMacroThatIsGoneIsNotSent(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		s.shut()
		s.config.Knowledge.Macros = slices.DeleteFunc(s.config.Knowledge.Macros, func(m brain.Macro) bool { return m.ID == "delivery-time" })
		s.open()
		card.Click("Approve & send").As("ben")
		s.privately("support", "ben", "Now: it is not there any more")
		s.later(time.Minute)
		if r := s.ticket(ticket).Replies[0]; r.State != escalate.ReplyWithdrawn {
			t.Errorf("the old draft is %s", r.State)
		}
		for _, m := range ticket.sent() {
			if strings.Contains(m.Text, "2 to 4 working days") {
				t.Errorf("the customer was sent\n%s", m.Text)
			}
		}
	})
}
