package hubspottest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Create opens a ticket as its customer, by e-mail.
func (f *Fake) Create(o helpdesktest.Opening) string {
	t := f.Book.Open(helpdesktest.Ticket{Subject: o.Subject, Status: "1", Customer: escalate.Customer{Name: o.Name, Email: o.Email}})
	f.Says(t.ID, o.Text, nil)
	return t.ID
}

// Says adds a message of the customer's.
func (f *Fake) Says(ticket, text string, files []desk.Upload) bool {
	t, _ := f.Book.Ticket(ticket)
	_, ok := f.Put(ticket, helpdesktest.Message{
		Role: escalate.RoleCustomer, Author: t.Customer.Email, Public: true, Body: richtext.HTML(text), Files: files,
	})
	return ok
}

// Put adds a message or comment as it is, with an id of the right kind.
func (f *Fake) Put(ticket string, m helpdesktest.Message) (helpdesktest.Message, bool) {
	m.ID = "m" + strconv.FormatInt(f.Book.Next(), 16) + "a9b8c7"
	return f.Book.Add(ticket, m)
}

// Merge merges one ticket into another.
func (f *Fake) Merge(from, into string) {
	f.Book.Change(from, func(t *helpdesktest.Ticket) bool { t.Merged = into; return true })
	f.Book.Change(into, func(*helpdesktest.Ticket) bool { return true })
}

// Actor is the actor's id of an agent in the book.
func Actor(a helpdesktest.Agent) string { return "A-" + userID(a) }

// Holds are the messages and comments with a text, as the account holds them.
func (f *Fake) Holds(ticket, text string) (found []helpdesktest.Message) {
	t, _ := f.Book.Ticket(ticket)
	for _, m := range t.Messages {
		rest, _ := helpdesk.CutRef(richtext.Text(m.Body))
		rest, _, _ = strings.Cut(rest, "\n\n— ")
		if rest == text {
			found = append(found, m)
		}
	}
	return found
}

// Fixture is the contract's way to act in the fake. It fills the knowledge base, and adds a pipeline.
func (f *Fake) Fixture(c helpdesk.Connector) helpdesktest.Fixture {
	f.mu.Lock()
	name := f.name
	f.mu.Unlock()
	articles := f.fill()
	f.Pipelines = append(f.Pipelines, Pipeline{ID: "77", Label: "South Lamps", Stages: []Stage{{ID: "771", Label: "New"}, {ID: "772", Label: "Waiting on contact"}, {ID: "774", Label: "Closed", Closed: true}}})
	a := f.Book.Agents[0]
	return helpdesktest.Fixture{
		Desk: c, Name: name, Changes: c.Changes,
		Create: func(_ testing.TB, o helpdesktest.Opening) string { return f.Create(o) },
		CustomerSays: func(t *testing.T, ticket, text string) {
			t.Helper()
			f.says(t, ticket, text, nil)
		},
		CustomerSends: f.says,
		Count:         func(_ *testing.T, ticket, text string) int { return len(f.Holds(ticket, text)) },
		FilesOf: func(_ *testing.T, ticket, text string) (all []desk.Upload) {
			for _, m := range f.Holds(ticket, text) {
				all = append(all, m.Files...)
			}
			return all
		},
		Due: func(_ *testing.T, ticket string) desk.Deadlines { return f.someDue(ticket) },
		Brand: func(_ *testing.T, ticket string, n int) string {
			p := f.Pipelines[n]
			f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Status = p.Stages[0].ID; return true })
			return p.Label
		},
		Value:    func(_ *testing.T, ticket, typed string) { f.Book.SetValue(ticket, typed) },
		Merge:    func(_ *testing.T, from, into string) { f.Merge(from, into) },
		Articles: articles,
		Agent:    escalate.AgentID(a.ID), AgentName: a.Name, AgentEmail: strings.ToUpper(a.Email), Missing: "40440440404",
	}
}

func (f *Fake) says(t *testing.T, ticket, text string, files []desk.Upload) {
	t.Helper()
	if !f.Says(ticket, text, files) {
		t.Fatalf("there is no ticket %s", ticket)
	}
}

func (f *Fake) someDue(ticket string) desk.Deadlines {
	at := f.now().UTC().Truncate(time.Second)
	due := desk.Deadlines{FirstResponse: at.Add(time.Hour), NextResponse: at.Add(2 * time.Hour), Resolution: at.Add(8 * time.Hour)}
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Due = due; return true })
	return due
}

// fill gives the account a knowledge base, of which not everything is for everybody, and returns what is.
func (f *Fake) fill() (public []helpdesk.Article) {
	f.Articles = []Article{
		{ID: "900", Title: "Draft", HTML: "<p>Not yet.</p>", URL: "https://help.shop.example/draft", Lang: "en", Draft: true},
		{ID: "901", Title: "For members", HTML: "<p>Secret.</p>", URL: "https://help.shop.example/members", Lang: "en", Members: true},
	}
	for i := range 60 { // beyond a page
		a := Article{
			ID: strconv.Itoa(1000 + i), Title: "Charging", HTML: "<p>Hold the <b>button</b>.</p><ul><li>" + strings.Repeat("five seconds ", 12) + "</li></ul>",
			URL: fmt.Sprintf("https://help.shop.example/charging-%d", i), Lang: "en",
		}
		f.Articles = append(f.Articles, a)
		public = append(public, helpdesk.Article{ID: a.ID, Title: a.Title, Body: richtext.Text(a.HTML), URL: a.URL, Lang: a.Lang})
	}
	return public
}
