package jiratest

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Fixture is a connected site with the means to act in it. Its first agent is the one whom tests know.
func (f *Fake) Fixture(c helpdesk.Connector) helpdesktest.Fixture {
	ana := f.Book.Agents[0]
	return helpdesktest.Fixture{
		Desk: c, Name: "shop", Changes: c.Changes,
		Create: func(tb testing.TB, o helpdesktest.Opening) string {
			tb.Helper()
			return f.Open(escalate.Customer{Name: o.Name, Email: o.Email}, o.Subject, o.Text).ID
		},
		CustomerSays: func(t *testing.T, ticket, text string) { t.Helper(); f.Say(t, ticket, text, nil) },
		CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
			t.Helper()
			f.Say(t, ticket, text, files)
		},
		CustomerEdits: f.edit,
		Number: func(t *testing.T, ticket string) string {
			t.Helper()
			of, _ := f.Book.Ticket(ticket)
			return Key(&of)
		},
		Count: func(t *testing.T, ticket, text string) int {
			t.Helper()
			return len(f.with(t, ticket, text))
		},
		FilesOf: func(t *testing.T, ticket, text string) (all []desk.Upload) {
			t.Helper()
			for _, m := range f.with(t, ticket, text) {
				all = append(all, m.Files...)
			}
			return all
		},
		Due: func(t *testing.T, ticket string) desk.Deadlines {
			t.Helper()
			now := f.now().UTC().Truncate(time.Millisecond)
			due := desk.Deadlines{FirstResponse: now.Add(time.Hour), NextResponse: now.Add(2 * time.Hour), Resolution: now.Add(48 * time.Hour)}
			f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Due = due; return true })
			return due
		},
		Brand: func(t *testing.T, ticket string, n int) string {
			t.Helper()
			key := []string{Project, Other}[n]
			f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool {
				if t.Extra == nil {
					t.Extra = object{}
				}
				t.Extra["project"] = key
				return true
			})
			return projectNames[key]
		},
		Value: func(t *testing.T, ticket, typed string) {
			t.Helper()
			f.Book.SetValue(ticket, typed)
		},
		Agent: escalate.AgentID(ana.ID), AgentName: ana.Name, AgentEmail: strings.ToUpper(ana.Email[:1]) + ana.Email[1:], Missing: "404404",
	}
}

// Say adds a comment as the customer makes it.
func (f *Fake) Say(t *testing.T, ticket, text string, files []desk.Upload) helpdesktest.Message {
	t.Helper()
	to, ok := f.Book.Ticket(ticket)
	if !ok {
		t.Fatalf("there is no ticket %s", ticket)
	}
	m := helpdesktest.Message{Role: escalate.RoleCustomer, Author: to.Customer.Email, Public: true, Body: ADF(text), Files: files, Extra: object{}}
	ids := []string{}
	for range files {
		ids = append(ids, itoa(20_000+f.Book.Next()))
	}
	m.Extra["files"] = ids
	kept, ok := f.Book.Add(ticket, m)
	if !ok {
		t.Fatalf("ticket %s is deleted", ticket)
	}
	return kept
}

func (f *Fake) edit(t *testing.T, ticket, text string) {
	t.Helper()
	_, ok := f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool {
		for i, m := range slices.Backward(t.Messages) {
			if m.Author == t.Customer.Email {
				t.Messages[i].Body, t.Messages[i].Edited = ADF(text), f.now().Add(time.Second)
				return true
			}
		}
		return false
	})
	if !ok {
		t.Fatalf("ticket %s has nothing to edit", ticket)
	}
}

// signed is what stands behind the text of a comment with files.
var signed = regexp.MustCompile(`(?s)(\s*— [^\n]*)?\s*\[ref:[^\]]*\].*$`)

// with are the messages of a ticket that have a text.
func (f *Fake) with(t *testing.T, ticket, text string) (all []helpdesktest.Message) {
	t.Helper()
	of, ok := f.Book.Ticket(ticket)
	if !ok {
		t.Fatalf("there is no ticket %s", ticket)
	}
	for _, m := range of.Messages {
		got, err := richtext.TextOfADF([]byte(m.Body))
		if err != nil {
			t.Fatal(err)
		}
		if got == text || signed.ReplaceAllString(got, "") == text {
			all = append(all, m)
		}
	}
	return all
}
