package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack"
	"warmline/internal/localslack/slackstory"
)

// Agents attach files in Slack, and customers get them with the text: both, once.

// carries lists the files of a message as the customer, or a colleague, would open them.
func (t *ticket) carries(m builtin.Message) (all []string) {
	t.s.t.Helper()
	for _, f := range m.Files {
		res, err := t.s.tickets.Get(deskBase + "/desk/api/tickets/" + t.id + "/messages/" + m.ID + "/files/" + f.ID)
		if err != nil {
			t.s.t.Fatal(err)
		}
		data := make([]byte, 1<<20)
		n := 0
		for err == nil {
			var more int
			more, err = res.Body.Read(data[n:])
			n += more
		}
		_ = res.Body.Close()
		all = append(all, f.Name+" "+f.Type+": "+string(data[:n]))
	}
	return all
}

const returnLabel = "%PDF-1.7 return label"

// replies opens Reply on a claimed card.
//
//nolint:unparam // it reads as what it is
func (s *story) opensReply(card *slackstory.Card, user string) *slackstory.Modal {
	s.t.Helper()
	card.Click("Reply").As(user)
	return s.User(user).ExpectModal("Reply").Fill("What do you want to say?", "Here is your label, Ina.")
}

func TestAnAttachedFileReachesTheCustomerOnceWithTheText(t *testing.T) {
	t.Parallel()
	message := func(kind string) func(*story) {
		return func(s *story) {
			s.deskFault(map[string]any{"op": "message", "kind": kind, "times": 1, "delay_ms": 1500})
		}
	}
	slack := func(method string) func(*story) {
		return func(s *story) { s.control("fault", map[string]any{"method": method, "status": 503, "times": 3}) }
	}
	for name, trouble := range map[string]func(*story){
		"as it is":                               func(*story) {},
		"an error although it was applied":       message("500_after"),
		"an error and not applied":               message("500_before"),
		"an answer that never came":              message("timeout_after"),
		"cut off":                                message("drop"),
		"applied late":                           message("late_apply"),
		"Slack does not give it for a time":      slack("files.info"),
		"a restart within the undo window":       func(s *story) { s.shut(); s.later(time.Minute); s.open() },
		"three errors although each was applied": func(s *story) { s.deskFault(map[string]any{"op": "message", "kind": "500_after", "times": 3}) },
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksForAPerson()
				card := s.card("support", ticket)
				s.claim(card, "ana")
				ticket.Expects("a person will read it")
				s.later(time.Minute)
				modal := s.opensReply(card, "ana")
				modal.Attach("Attach files", "label.pdf", []byte(returnLabel))
				modal.Attach("Attach files", "how to.txt", []byte("Fold it."))
				modal.Submit()
				card.ExpectText("label.pdf (PDF, 21 bytes), how to.txt (text, 8 bytes)").ExpectButton("Undo")
				trouble(s)
				s.later(30 * time.Second) // past the pauses between tries
				answer := ticket.Expects("Here is your label, Ina.")
				s.later(2 * time.Minute)
				ticket.Sent(2)
				want := []string{"label.pdf application/pdf: " + returnLabel, "how to.txt text/plain: Fold it."}
				if got := ticket.carries(answer); !slices.Equal(got, want) {
					t.Errorf("the customer got %q, want %q", got, want)
				}
				ticket.Status(escalate.StatusPending)
			})
		})
	}
}

func TestAFileThatIsDeletedInTheUndoWindowHoldsTheReply(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		modal := s.opensReply(card, "ana")
		id := modal.Attach("Attach files", "label.pdf", []byte(returnLabel))
		modal.Submit()
		card.ExpectButton("Undo")
		s.User("ana").DeleteFile(id)
		s.privately("support", "ana", "label.pdf was deleted in Slack")
		s.privately("support", "ana", "leave that file out, attach it again")
		s.privately("support", "ana", "Here is your label, Ina.")
		s.later(time.Minute)
		ticket.Sent(1) // the acknowledgement

		card.Click("Edit").As("ana")
		again := s.User("ana").ExpectModal("Edit the reply").ExpectText("label.pdf").Fill("kept", []string{})
		again.Attach("Attach files", "label-2.pdf", []byte(returnLabel))
		again.Submit()
		answer := ticket.Expects("Here is your label, Ina.")
		if got := ticket.carries(answer); !slices.Equal(got, []string{"label-2.pdf application/pdf: " + returnLabel}) {
			t.Errorf("the customer got %q", got)
		}
	})
}

func TestAFileThatIsGoneAfterALostAnswerAsksAPerson(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		ticket.Expects("a person will read it")
		s.later(time.Minute)
		modal := s.opensReply(card, "ana")
		id := modal.Attach("Attach files", "label.pdf", []byte(returnLabel))
		modal.Submit()
		card.ExpectButton("Undo")
		s.deskFault(map[string]any{"op": "message", "kind": "500_before", "times": 1})
		s.later(10500 * time.Millisecond) // sent, not applied, and nobody knows
		s.User("ana").DeleteFile(id)
		card.ExpectButton("It arrived").ExpectText("may or may not have reached").ExpectText("label.pdf")
		s.later(time.Minute)
		ticket.Sent(1)
	})
}

func TestANoteCarriesFilesAndStaysInside(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.deskFault(map[string]any{"op": "message", "kind": "500_after", "times": 1})
		modal := s.opensReply(card, "ana")
		modal.Attach("Attach files", "internal.txt", []byte("The depot's list."))
		modal.Fill("Where does it go?", "Internal note").Submit()
		ticket.Note("Here is your label, Ina.")
		s.later(time.Minute)
		notes := ticket.only(func(m *builtin.Message) bool { return strings.Contains(m.Text, "Here is your label") })
		if len(notes) != 1 || notes[0].Public || !slices.Equal(ticket.carries(notes[0]), []string{"internal.txt text/plain: The depot's list."}) {
			t.Errorf("the notes are %+v", notes)
		}

		s.control("fault", map[string]any{"method": "files.info", "status": 503, "times": 2})
		modal = s.opensReply(card, "ana")
		id := modal.Attach("Attach files", "more.txt", []byte("more"))
		modal.Fill("Where does it go?", "Internal note").Submit()
		s.User("ana").DeleteFile(id)
		s.privately("support", "ana", "was not written: more.txt was deleted in Slack")
		s.later(time.Minute)
		if notes := ticket.only(func(m *builtin.Message) bool { return strings.Contains(m.Text, "Here is your label") }); len(notes) != 1 {
			t.Errorf("there are %d notes, want the first one alone", len(notes))
		}
	})
}

func TestFilesThatAreTooLargeAreRefusedInTheWindow(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		modal := s.opensReply(card, "ana")
		for range 5 {
			modal.Attach("Attach files", "film.bin", make([]byte, 2<<20))
		}
		modal.SubmitExpectingError("the helpdesk takes 8 MB at once")
		s.later(time.Minute)
		ticket.Sent(1)
	})
}

func TestWithoutTheScopeTheWindowHasNoInputForFiles(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.opensReply(card, "ana").Submit()
		ticket.Expects("Here is your label, Ina.")
	}, func(at *setting) {
		at.slack = func(c *localslack.Config) {
			c.Apps[0].Scopes = slices.DeleteFunc(slices.Clone(c.Apps[0].Scopes), func(scope string) bool { return scope == "files:read" })
		}
	})
}

func TestADraftKeepsItsFilesWhenItIsPassedUp(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		modal := s.opensReply(card, "ana")
		modal.Attach("Attach files", "label.pdf", []byte(returnLabel))
		modal.Submit()
		card.Click("Undo").As("ana")
		card.ExpectButton("Edit")
		card.Click("Pass on …").As("ana")
		s.User("ana").ExpectModal("Pass on").Fill("Where does it go?", "To the managers").Submit()
		up := s.card("escalations", ticket).ExpectText("label.pdf")
		s.claim(up, "lea")
		s.forge(up, "escalations", desk.ActApprove, "lea")
		answer := ticket.Expects("Here is your label, Ina.")
		if got := ticket.carries(answer); len(got) != 1 {
			t.Errorf("the customer got %q", got)
		}
	})
}
