package gorgias_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

func TestTagsAreAddedAndNeverReplaced(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"vip", "Refund"}; return true })
	var methods []string
	fake.Before = func(r *http.Request) { methods = append(methods, r.Method+" "+r.URL.Path) }
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"refund", " a  b ", "", "refund", strings.Repeat("é", 300)}})
	if want := []string{"POST /api/tickets/" + id + "/tags"}; !slices.Equal(methods, want) {
		t.Errorf("calls %q, want only %q: the others replace all", methods, want)
	}
	// Upper and lower case are two tags to Gorgias.
	if got, want := read(t, c, id).Content.Tags, []string{"vip", "Refund", "refund", "a b", strings.Repeat("é", 256)}; !slices.Equal(got, want) {
		t.Errorf("tags: got %q, want %q", got, want)
	}
	methods = nil
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{" "}})
	if len(methods) != 0 {
		t.Errorf("no tag at all makes the calls %q", methods)
	}
}

func TestWaitingForTheCustomerIsClosedAndSnoozed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, c := bubble(t, nil)
		id := fake.Open(ina, "email")
		status := func(s escalate.Status) {
			t.Helper()
			write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: s})
		}
		wants := func(stands string, s escalate.Status) {
			t.Helper()
			held, _ := fake.Book.Ticket(id)
			if got := read(t, c, id).Status; got != s || held.Status != stands {
				t.Errorf("it is %s and reads as %s, want %s and %s", held.Status, got, stands, s)
			}
		}
		status(escalate.StatusPending)
		wants("closed", escalate.StatusPending)
		status(escalate.StatusOpen)
		wants("open", escalate.StatusOpen)
		status(escalate.StatusPending)
		status(escalate.StatusSolved) // ends the snooze, or Gorgias would open it again
		wants("closed", escalate.StatusSolved)
		status(escalate.StatusClosed)
		wants("closed", escalate.StatusSolved) // Gorgias knows no other end
		status(escalate.StatusPending)
		time.Sleep(71 * time.Hour)
		wants("closed", escalate.StatusPending)
		time.Sleep(2 * time.Hour)
		wants("closed", escalate.StatusSolved) // until Gorgias opens it, which it does itself
		for _, none := range []escalate.Status{escalate.StatusOnHold, escalate.StatusGone, "odd"} {
			refused(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: none})
		}
	})
}

func TestTrashIsGoneAndSpamIsClosed(t *testing.T) {
	fake, c := account(t, nil)
	trash, spam := fake.Open(ina, "email"), fake.Open(ina, "email")
	fake.Trash(trash)
	fake.Spam(spam)
	if got := read(t, c, trash).Status; got != escalate.StatusGone {
		t.Errorf("a ticket in the trash is %q", got)
	}
	if got := read(t, c, spam).Status; got != escalate.StatusClosed {
		t.Errorf("spam is %q", got)
	}
}

func TestUrgentIsCritical(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	write(t, c, id, desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityUrgent})
	if held, _ := fake.Book.Ticket(id); held.Priority != "critical" {
		t.Errorf("urgent is %q", held.Priority)
	}
	refused(t, c, id, desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityNone})
}

func TestNobodyIsAssigned(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	write(t, c, id, desk.Write{Kind: desk.WriteAssign, Agent: escalate.AgentID(fake.Book.Agents[0].ID)})
	write(t, c, id, desk.Write{Kind: desk.WriteAssign})
	if s := read(t, c, id); s.Assignee != "" {
		t.Errorf("assigned to %s", s.Assignee)
	}
	refused(t, c, id, desk.Write{Kind: desk.WriteAssign, Agent: "0"}) // would be whoever calls
	refused(t, c, id, desk.Write{Kind: desk.WriteAssign, Agent: "1 OR 1"})
}

func TestABotIsNobody(t *testing.T) {
	left := helpdesktest.Agent{ID: "36330007", Name: "Gone Gill", Email: "gill@shop.example"}
	fake, c := account(t, func(f *gorgiastest.Fake) {
		f.Book.Agents = append(f.Book.Agents, left)
		f.Inactive = map[string]bool{left.ID: true}
	})
	for _, email := range []string{gorgiastest.Machine.Email, left.Email, "", "ina@customer.example"} {
		if got, err := c.AgentByEmail(t.Context(), email); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%q is agent %q, %v", email, got, err)
		}
	}
	id := fake.Open(ina, "email")
	fake.Writes(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: gorgiastest.Machine.ID, Public: true, Body: "<p>Hi.</p>"}, gorgiastest.Meta{})
	if m := last(t, c, id); m.Role != escalate.RoleBot {
		t.Errorf("Gorgias' own agent reads as %+v", m)
	}
}

func TestAnIdLeavesItsPlaceNowhere(t *testing.T) {
	fake, c := account(t, nil)
	calls := 0
	fake.Before = func(*http.Request) { calls++ }
	for _, id := range []string{"", "0", "-1", "../users", "1/messages", "1?x=y", "٣", "99999999999999999999"} {
		_, err := c.Read(t.Context(), id)
		_, err2 := c.Write(t.Context(), id, answerOf("reply-1"))
		if !errors.Is(err, desk.ErrNotFound) || !errors.Is(err2, desk.ErrNotFound) {
			t.Errorf("ticket %q: %v, %v", id, err, err2)
		}
	}
	if calls != 0 {
		t.Errorf("%d calls", calls)
	}
}

func TestCallsStopWhereTheBucketIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over := 0
		fake, c := bubble(t, func(f *gorgiastest.Fake) { f.Bucket = 4 })
		fake.Before = nil
		id := fake.Open(ina, "email")
		for range 30 {
			if _, err := c.Read(t.Context(), id); err != nil {
				over++
			}
		}
		if over != 0 {
			t.Errorf("%d of 30 readings ran over: the header that names what is left was not heeded", over)
		}
	})
}
