package jira_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira/jiratest"
)

func TestEveryAuthorStandsOnTheirSide(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) {
		f.Book.Agents = append(f.Book.Agents, helpdesktest.Agent{ID: "5b10lee", Name: "Lee", Email: "lee@shop.example"})
	})
	w.change(func(t *helpdesktest.Ticket) {
		t.Extra = map[string]any{"participants": []map[string]any{{"accountId": "5b10lee", "displayName": "Lee", "emailAddress": nil}}}
	})
	for _, tc := range []struct {
		who    string
		author string
		extra  map[string]any
		role   escalate.Role
		auto   bool
	}{
		{"the customer", ina.Email, nil, escalate.RoleCustomer, false},
		{"an agent", ana.ID, nil, escalate.RoleAgent, false},
		{"an agent who takes part", "5b10lee", nil, escalate.RoleParticipant, false},
		{"another customer", "kim@partner.example", map[string]any{"name": "Kim"}, escalate.RoleParticipant, false},
		{"someone who only wrote an e-mail", ina.Email, map[string]any{"sees": false}, escalate.RoleParticipant, false},
		{"nobody: the account is erased", "", nil, escalate.RoleParticipant, false},
		{"an automation rule", "557058:f58131cb", map[string]any{"app": true}, escalate.RoleBot, true},
	} {
		w.add(helpdesktest.Message{Author: tc.author, Public: true, Body: jiratest.ADF(tc.who), Extra: tc.extra})
		m := w.last()
		if m.Role != tc.role || m.Auto != tc.auto || m.Marker != "" || !m.Public {
			t.Errorf("%s: %+v, want role %s, automatic %t", tc.who, m, tc.role, tc.auto)
		}
	}
}

func TestATicketKeepsItsIDWhenItIsMoved(t *testing.T) {
	w := site(t, nil, "project", "SUP, IT")
	want(t, "address", w.read().Content.URL, w.url+"/browse/SUP-1")
	w.change(func(t *helpdesktest.Ticket) { t.Extra = map[string]any{"project": "IT"} })
	want(t, "address after the move", w.read().Content.URL, w.url+"/browse/IT-1")
	w.write(reply)
	want(t, "comments", len(w.comments()), 1)

	w.change(func(t *helpdesktest.Ticket) { t.Extra = map[string]any{"project": "DEV"} })
	_, err := w.Read(t.Context(), w.ticket)
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("in a project that is not connected: %v, want desk.ErrNotFound", err)
	}
	wantSays(t, err, "DEV-1", "not connected")
}

func TestATicketCanBeReadByItsKey(t *testing.T) {
	w := site(t, nil)
	s, err := w.Read(t.Context(), "SUP-1")
	if err != nil || s.Content.Subject != "Lamp stays dark" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhatOnlyServiceManagementKnowsMayBeMissing(t *testing.T) {
	w := site(t, nil)
	want(t, "category", w.read().Content.Category, "Get help")
	w.change(func(t *helpdesktest.Ticket) { t.Extra = map[string]any{"no request": true} })
	s := w.read()
	want(t, "category of an issue that is no request", s.Content.Category, "[System] Service request")
	want(t, "messages", len(s.Content.Messages), 1)
}

func TestNullsAndNumbersAreRead(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.NumericIDs, f.HidesEmails = true, true })
	w.change(func(t *helpdesktest.Ticket) {
		t.Priority, t.Assignee, t.Messages[0].Body, t.Channel = "", "", "", "anonymousportal"
	})
	m := w.fake.Say(t, w.ticket, "Look.", photo)
	s := w.read()
	want(t, "priority", s.Content.Priority, escalate.PriorityNone)
	want(t, "assignee", s.Assignee, "")
	want(t, "text of no description", s.Content.Messages[0].Text, "")
	want(t, "e-mail that is hidden", s.Content.Customer.Email, "")
	want(t, "name", s.Content.Customer.Name, "Ina Berg")
	want(t, "id", s.Content.Messages[1].ID, escalate.MessageID(m.ID))
	want(t, "files", len(s.Content.Messages[1].Files), 1)
	w.write(note)
	want(t, "marker", w.last().Marker, note.Key)
}

func TestTheWayARequestCameInIsItsChannel(t *testing.T) {
	w := site(t, nil)
	for kind, channel := range map[string]string{
		"email": "email", "portal": "web", "api": "web", "jira": "web", "chat": "chat", "virtual-agent": "chat", "slack": "chat",
	} {
		w.change(func(t *helpdesktest.Ticket) { t.Channel = kind })
		want(t, kind, w.read().Content.Channel, channel)
	}
}

func TestOnlyTheCustomersEditIsNews(t *testing.T) {
	w := site(t, nil)
	w.change(func(t *helpdesktest.Ticket) {
		t.Messages[0].Edited = t.Created.Add(time.Hour)
		t.Messages[0].Extra = map[string]any{"edited_by": ana.ID}
	})
	want(t, "edited, when an agent tidied it up", w.read().Content.Messages[0].EditedAt.IsZero(), true)
	m := w.fake.Say(t, w.ticket, "One more thing.", nil)
	w.change(func(t *helpdesktest.Ticket) { t.Messages[1].Edited = m.At.Add(time.Minute) })
	want(t, "a comment's edit", w.last().EditedAt.UnixMilli(), m.At.Add(time.Minute).UnixMilli())
}

func TestFilesOfTheRequestItselfCameWithItsFirstMessage(t *testing.T) {
	w := site(t, nil)
	w.change(func(t *helpdesktest.Ticket) {
		t.Messages[0].Files, t.Messages[0].Extra = photo, map[string]any{"files": []string{"20777"}}
	})
	first := w.read().Content.Messages[0]
	if len(first.Files) != 1 || first.Files[0] != (escalate.File{ID: "20777", Name: "lamp.png", Type: "image/png", Size: 10}) {
		t.Errorf("files: %+v", first.Files)
	}
}

func TestAFileOfAnotherTicketIsNotFound(t *testing.T) {
	w := site(t, nil)
	w.fake.Say(t, w.ticket, "Look.", photo)
	m := w.last()
	other := w.fake.Open(ina, "Another", "Else.")
	w.fake.Say(t, other.ID, "Look here.", photo)
	_, err := w.OpenFile(t.Context(), other.ID, m.ID, m.Files[0].ID)
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want desk.ErrNotFound", err)
	}
}

// Jira sends whoever does not ask otherwise to another host, with a key in the address.
func TestAFileComesFromTheAccountsOwnHost(t *testing.T) {
	w := site(t, nil)
	w.fake.Say(t, w.ticket, "Look.", photo)
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked = asked || r.URL.Query().Get("redirect") == "false"
		w.fake.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Connector = w.connect()
	m := w.last()
	body, err := w.OpenFile(t.Context(), w.ticket, m.ID, m.Files[0].ID)
	if err != nil || !asked {
		t.Fatalf("asked not to be sent elsewhere: %t, %v", asked, err)
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
}

func TestSLAsThatDoNotRunAreNoDeadlines(t *testing.T) {
	w := site(t, nil, "slas", "first_response=Time to close after resolution")
	due := desk.Deadlines{Resolution: time.Date(2026, 11, 24, 9, 30, 0, 123e6, time.UTC)}
	w.change(func(t *helpdesktest.Ticket) { t.Due = due })
	got := w.read().Deadlines
	want(t, "resolution", got.Resolution, due.Resolution)
	want(t, "an SLA that the setting names", got.FirstResponse.IsZero(), false)
	w.change(func(t *helpdesktest.Ticket) { t.Extra = map[string]any{"paused": true} })
	want(t, "while they are paused", w.read().Deadlines, desk.Deadlines{})

	blind := site(t, func(f *jiratest.Fake) { f.Lacks = map[string]bool{"SERVICEDESK_AGENT": true} })
	blind.change(func(t *helpdesktest.Ticket) { t.Due = due })
	want(t, "without an agent's licence", blind.read().Deadlines, desk.Deadlines{})
}
