package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Replies that the helpdesk refuses, or of which nobody can tell whether they arrived.

// endless has every reply and note of the helpdesk's API fail without being applied, until the faults are cleared.
func (s *story) endless() {
	s.t.Helper()
	s.deskFault(map[string]any{"op": "message", "kind": "500_before"})
}

func (s *story) clearDeskFaults() {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodDelete, deskBase+"/desk/api/_faults", http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := s.tickets.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = res.Body.Close()
}

// together fails unless a ticket's history has both events, the second as the very next one in the same commit.
func (s *story) together(t *ticket, first, second string) {
	s.t.Helper()
	var seen []string
	s.view(func(tx desk.Tx) error {
		history, err := tx.History(s.t.Context(), s.ticket(t).ID)
		history = slices.DeleteFunc(history, func(h desk.Happened) bool { return h.Event.EventKind() == escalate.Targeted{}.EventKind() })
		for i, h := range history {
			seen = append(seen, fmt.Sprintf("%s %s", h.At.Format(time.StampMicro), h.Event.EventKind()))
			if i > 0 && h.Event.EventKind() == second && history[i-1].Event.EventKind() == first && h.At.Equal(history[i-1].At) {
				seen = nil
				break
			}
		}
		return err
	})
	if seen != nil {
		s.t.Errorf("no %s with %s in one commit: %q", second, first, seen)
	}
}

func TestAnAnswerThatTheHelpdeskRefusesGoesToAPersonInTheSameCommit(t *testing.T) {
	forbidden := refuse(http.StatusForbidden, http.MethodPost, "/messages")
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		card := s.card("support", ticket).ExpectText("its answer could not be delivered").ExpectText("the helpdesk refused").ExpectButton("Claim")
		forbidden.on.Store(false)
		s.together(ticket, "failed", "decided")
		ticket.Sent(0)
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, Ana here.").Submit()
		ticket.Expects("Hi Ina, Ana here.")
		s.later(time.Minute)
		ticket.Sent(1)
		s.oneCard("support", ticket)
	}, forbidden.in)
}

func TestWhoseAnswerWasRefusedHearsThatAPersonHasIt(t *testing.T) {
	var once atomic.Bool
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		s.card("support", ticket).ExpectText("its answer could not be delivered")
		ticket.Expects("a person will read it")
	}, func(at *setting) {
		at.between = func(r *http.Request) *http.Response {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/messages") && once.CompareAndSwap(false, true) {
				return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}}
			}
			return nil
		}
	})
}

func TestAnAnswerThatMayHaveArrivedOrNotGoesToAPersonWhoDecides(t *testing.T) {
	t.Parallel()
	t.Run("Send again", func(t *testing.T) {
		tell(t, func(s *story) {
			s.endless()
			ticket := s.customer("Ina").asksHowToPair()
			s.later(90 * time.Second)
			card := s.card("support", ticket).ExpectText("its answer could not be delivered").ExpectText("nobody can tell").
				ExpectButton("It arrived").ExpectNoButton("Claim")
			s.together(ticket, "asked", "decided")
			s.clearDeskFaults()
			card.Click("Send again").As("ana")
			ticket.Expects("written by our AI assistant")
			s.later(time.Minute)
			ticket.Sent(1)
			ticket.Status(escalate.StatusPending)
			card.ExpectText("Resolved by").ExpectNoButton("Send again")
		})
	})
	t.Run("It arrived", func(t *testing.T) {
		tell(t, func(s *story) {
			s.endless()
			ticket := s.customer("Ina").asksHowToPair()
			s.later(90 * time.Second)
			card := s.card("support", ticket)
			s.clearDeskFaults()
			card.Click("It arrived").As("ana")
			card.ExpectText("Sent").ExpectText("Resolved by").ExpectNoButton("It arrived")
			ticket.Status(escalate.StatusPending)
			s.later(time.Minute)
			ticket.Sent(0)
		})
	})
}

func TestSendAgainSendsTheAnswerThatTheCardShowsAndNoLostAcknowledgement(t *testing.T) {
	tell(t, func(s *story) {
		s.endless()
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.later(90 * time.Second)
		if got := s.replies(ticket); !slices.Contains(got, "ack failed") {
			t.Errorf("the acknowledgement did not fail: %q", got)
		}
		card.ExpectNoButton("Send again")
		s.forge(card, "support", desk.ActResend, "ana")
		s.privately("support", "ana", "That has been settled already")

		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, it is fixed.").Submit()
		s.later(90 * time.Second)
		card.ExpectText("Please decide").ExpectText("Hi Ina, it is fixed.")
		s.clearDeskFaults()
		card.Click("Send again").As("ana")
		ticket.Expects("Hi Ina, it is fixed.")
		s.later(time.Minute)
		ticket.Sent(1)
		if got := s.replies(ticket); !slices.Contains(got, "ack failed") || !slices.Contains(got, "human sent") {
			t.Errorf("not the answer alone was sent again: %q", got)
		}
	})
}

func TestAHelpdeskThatRefusesForEverIsNotOverrun(t *testing.T) {
	t.Parallel()
	moved := refuse(http.StatusConflict, http.MethodPost, "/messages")
	busy := refuse(http.StatusTooManyRequests, http.MethodPost, "/messages")
	busy.header.Set("Retry-After", "0")
	for name, refusal := range map[string]*refusal{"409": moved, "429 with Retry-After 0": busy} {
		t.Run(name, func(t *testing.T) {
			refusal.on.Store(false)
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksAboutDelivery()
				ticket.Note("drafted an answer")
				card := s.card("support", ticket)
				s.later(time.Minute)
				before := s.ticket(ticket).Version
				refusal.on.Store(true)
				card.Click("Approve & send").As("ana")
				s.later(time.Minute + 10*time.Second) // the undo window, and a minute
				if n := refusal.calls.Load(); n < 2 || n > 8 {
					t.Errorf("called %d times within a minute", n)
				}
				s.later(9 * time.Minute)
				calls, events := refusal.calls.Load(), s.ticket(ticket).Version-before
				if calls > 16 || events > 3*calls {
					t.Errorf("within ten minutes %d calls and %d events", calls, events)
				}
				refusal.on.Store(false)
				s.later(90 * time.Second)
				ticket.Sent(1)
				card.ExpectText("Resolved by")
			}, refusal.in)
		})
	}
}

func TestAWriteThatTheHelpdeskWillNeverTakeHoldsNothingUp(t *testing.T) {
	readOnly := refuse(http.StatusUnprocessableEntity, http.MethodPatch, "")
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		ticket.Expects("a person will read it")
		ticket.Note("Warmline handed this to a person in #support")
		s.claim(card, "ana")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, Ana here.").Submit()
		ticket.Expects("Hi Ina, Ana here.")
		readOnly.on.Store(false)
		card.Click("Resolve").As("ana")
		ticket.Status(escalate.StatusSolved)
	}, readOnly.in)
}

func TestWhatWarmlineTellsTheCustomerStandsInTheThread(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		thread := s.card("support", ticket).Thread()
		thread.Expect("a person will read it")
		s.later(11 * time.Minute)
		thread.Expect("Nobody has forgotten it")
	}, soon)
}

// A process that dies within the last call leaves a reply of which nobody heard.
func TestNoReplyStaysUnknownForEver(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		ticket.Note("drafted an answer")
		card := s.card("support", ticket)
		s.later(30 * time.Second)
		card.Click("Approve & send").As("ana")
		card.ExpectButton("Undo")
		s.diesWithin(ticket, 8)
		s.later(time.Minute)
		card.ExpectText("Please decide").ExpectButton("It arrived").ExpectButton("Send again")
		card.Click("Send again").As("ana")
		ticket.Expects("2 to 4 working days")
		s.later(time.Minute)
		ticket.Sent(1)
	})
}

// diesWithin leaves what a process has committed that died within so many calls for an approved reply.
func (s *story) diesWithin(t *ticket, calls int) {
	s.t.Helper()
	err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
		known, err := tx.FindTicket(s.t.Context(), t.id)
		if err != nil {
			return err
		}
		var history []desk.Happened
		e := escalate.Sending{Reply: known.Draft().ID, Stamp: t.now().Stamp}
		for range calls {
			if _, err := known.Apply(tx.Now(), e); err != nil {
				return err
			}
			history = append(history, desk.Happened{Seq: known.Version, At: tx.Now(), Actor: "warmline", Event: e})
		}
		return tx.SaveTicket(s.t.Context(), known, history)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
