package jira_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira/jiratest"
)

func (w *world) setStatus(s escalate.Status) error {
	_, err := w.Write(w.t.Context(), w.ticket, desk.Write{Kind: desk.WriteStatus, Key: "job-status", Status: s})
	return err
}

func (w *world) held() helpdesktest.Ticket {
	w.t.Helper()
	t, ok := w.fake.Book.Ticket(w.ticket)
	if !ok {
		w.t.Fatal("the ticket is gone")
	}
	return t
}

// The way out of a status is looked up among those that an agent has; what its screen insists on is filled in where we can know it.
func TestAStatusIsReachedByATransition(t *testing.T) {
	w := site(t, nil)
	for _, step := range []struct {
		to   escalate.Status
		name string
	}{
		{escalate.StatusPending, "Waiting for customer"},
		{escalate.StatusOpen, "Waiting for support"},
		{escalate.StatusOnHold, "Pending"},
		{escalate.StatusOpen, "Waiting for support"},
		{escalate.StatusSolved, "Resolved"},
		{escalate.StatusClosed, "Closed"},
	} {
		if err := w.setStatus(step.to); err != nil {
			t.Fatalf("to %s: %v", step.to, err)
		}
		want(t, "status", w.held().Status, step.name)
		want(t, "status as it is read", w.read().Status, step.to)
	}
	before := len(w.fake.Requests())
	if err := w.setStatus(escalate.StatusClosed); err != nil {
		t.Errorf("where it is already: %v", err)
	}
	want(t, "calls", len(w.fake.Requests())-before, 1)
	wantRefused(t, w.setStatus(escalate.StatusOpen), "no transition is open")
}

func TestAStatusThatTheWorkflowDoesNotLeadToIsRefused(t *testing.T) {
	w := site(t, nil)
	wantRefused(t, w.setStatus(escalate.StatusClosed), `"Waiting for customer"`, "setting statuses")
	want(t, "status", w.held().Status, "Waiting for support")
}

func TestTheAccountsOwnNamesOfStatusesAreUsed(t *testing.T) {
	w := site(t, nil, "statuses", "pending=Pending, solved=Canceled, solved=Resolved")
	for status, name := range map[escalate.Status]string{escalate.StatusPending: "Pending", escalate.StatusSolved: "Canceled"} {
		w.change(func(t *helpdesktest.Ticket) { t.Status = "Waiting for support" })
		if err := w.setStatus(status); err != nil {
			t.Fatal(err)
		}
		want(t, "status", w.held().Status, name)
	}
}

func TestAStatusOfNoKnownNameIsReadByItsCategory(t *testing.T) {
	w := site(t, nil)
	for name, status := range map[string]escalate.Status{
		"Warten auf Technik": escalate.StatusOpen, "Resolved": escalate.StatusSolved, "Closed": escalate.StatusClosed, "waiting for CUSTOMER": escalate.StatusPending,
	} {
		w.change(func(t *helpdesktest.Ticket) { t.Status = name })
		want(t, name, w.read().Status, status)
	}
}

func TestLabelsAreAddedWithoutSpaces(t *testing.T) {
	w := site(t, nil)
	w.change(func(t *helpdesktest.Ticket) { t.Tags = []string{"theirs"} })
	w.write(desk.Write{Kind: desk.WriteTags, Tags: []string{"needs a  human", "", " ", strings.Repeat("ü", 300)}})
	w.write(desk.Write{Kind: desk.WriteTags, Tags: []string{"needs a human"}})
	w.write(desk.Write{Kind: desk.WriteTags})
	if want := []string{"theirs", "needs-a-human", strings.Repeat("ü", 255)}; !slices.Equal(w.read().Content.Tags, want) {
		t.Errorf("labels: %q, want %q", w.read().Content.Tags, want)
	}
}

func TestThePriorityIsOneThatTheRequestTakes(t *testing.T) {
	w := site(t, nil, "priorities", "urgent=P0, urgent=High, low=Lowest")
	for p, name := range map[escalate.Priority]string{escalate.PriorityUrgent: "High", escalate.PriorityLow: "Lowest", escalate.PriorityNormal: "Medium"} {
		w.write(desk.Write{Kind: desk.WritePriority, Priority: p})
		want(t, string(p), w.held().Priority, name)
		want(t, string(p), w.read().Content.Priority, p)
	}
	without := site(t, func(f *jiratest.Fake) { f.Lacks = map[string]bool{"priority": true} })
	_, err := without.Write(t.Context(), without.ticket, desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityHigh})
	wantRefused(t, err, "edit screen")
}

func TestAnAssigneeCanBeTakenOff(t *testing.T) {
	w := site(t, nil)
	w.write(desk.Write{Kind: desk.WriteAssign, Agent: escalate.AgentID(ana.ID)})
	want(t, "assignee", w.read().Assignee, escalate.AgentID(ana.ID))
	w.write(desk.Write{Kind: desk.WriteAssign})
	want(t, "assignee", w.read().Assignee, "")
	_, err := w.Write(t.Context(), w.ticket, desk.Write{Kind: desk.WriteAssign, Agent: "5b-nobody"})
	wantRefused(t, err, "does not exist")
}

func TestAHiddenEmailAddressIsSaidToBeHidden(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.HidesEmails = true })
	_, err := w.AgentByEmail(t.Context(), ana.Email)
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want desk.ErrNotFound: whom the search found by a name may be someone else", err)
	}
	wantSays(t, err, "hide", "setting agents")
	named := w.connect("agents", "Ana@shop.example="+ana.ID+", bo@shop.example=5b10bo")
	if id, err := named.AgentByEmail(t.Context(), "ana@SHOP.example"); err != nil || id != escalate.AgentID(ana.ID) {
		t.Errorf("by the setting: %q, %v", id, err)
	}
}

func TestACustomerIsNoAgent(t *testing.T) {
	w := site(t, nil)
	for _, email := range []string{ina.Email, "", "ana@shop"} {
		if id, err := w.AgentByEmail(t.Context(), email); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%q is agent %q, %v", email, id, err)
		}
	}
}

func TestATextThatJiraDoesNotTakeIsRefused(t *testing.T) {
	w := site(t, nil)
	for _, text := range []string{"", strings.Repeat("x", 40_000)} {
		_, err := w.Write(t.Context(), w.ticket, desk.Write{Kind: desk.WriteReply, Key: "r", Text: text})
		wantRefused(t, err, "comment")
	}
	_, err := w.Write(t.Context(), w.ticket, desk.Write{Kind: "merge"})
	wantRefused(t, err, "merge")
}
