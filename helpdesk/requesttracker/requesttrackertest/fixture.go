package requesttrackertest

import (
	"context"
	"slices"
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

// moment is how much time goes by before changes are read: the poll tells of a change once it is ten seconds old.
const moment = 12 * time.Second

// Fixture is the RT with what somebody may do in it, for helpdesktest.Run. It fills it with articles.
func (f *Fake) Fixture(c helpdesk.Connector) helpdesktest.Fixture {
	macros, articles := f.fill()
	agent := f.Book.Agents[0]
	return helpdesktest.Fixture{
		Desk: c, Name: "shop", Changes: func(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
			f.Pass(moment)
			return c.Changes(ctx, cursor)
		},
		Create: func(tb testing.TB, o helpdesktest.Opening) string {
			tb.Helper()
			return f.Open(o)
		},
		CustomerSays: func(t *testing.T, ticket, text string) {
			t.Helper()
			f.Says(ticket, text, nil)
		},
		CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
			t.Helper()
			f.Says(ticket, text, files)
		},
		Count: func(t *testing.T, ticket, text string) int {
			t.Helper()
			return len(f.with(ticket, text))
		},
		FilesOf: func(t *testing.T, ticket, text string) (all []desk.Upload) {
			t.Helper()
			for _, m := range f.with(ticket, text) {
				all = append(all, m.Files...)
			}
			return all
		},
		Due: func(t *testing.T, ticket string) desk.Deadlines {
			t.Helper()
			return f.SetDue(ticket, f.now().Add(26*time.Hour).Truncate(time.Second))
		},
		Brand: func(t *testing.T, ticket string, n int) string {
			t.Helper()
			id := strconv.Itoa(n + 1)
			f.Sets(ticket, func(t *helpdesktest.Ticket) { t.Brand = id })
			return Queues[id]
		},
		Value: func(t *testing.T, ticket, typed string) {
			t.Helper()
			f.Sets(ticket, func(t *helpdesktest.Ticket) { t.Value = typed })
		},
		Merge: func(t *testing.T, from, into string) {
			t.Helper()
			f.Merge(from, into)
		},
		Macros: macros, Articles: articles,
		Agent: escalate.AgentID(agent.ID), AgentName: agent.Name, AgentEmail: strings.ToUpper(agent.Email[:1]) + agent.Email[1:], Missing: "404404",
	}
}

// Open opens a ticket as its customer, by mail.
func (f *Fake) Open(o helpdesktest.Opening) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.Book.Open(helpdesktest.Ticket{
		Subject: o.Subject, Status: "new", Priority: "0", Customer: escalate.Customer{Name: o.Name, Email: o.Email},
	})
	f.meets(t.Customer)
	f.say(t.ID, "Create", helpdesktest.Message{Role: escalate.RoleCustomer, Author: o.Email, Public: true, Body: richtext.HTML(o.Text)}, o.Text)
	return t.ID
}

// Says adds a mail of a ticket's customer, in both forms, as mail programs write it.
func (f *Fake) Says(ticket, text string, files []desk.Upload) {
	t, _ := f.Book.Ticket(ticket)
	f.Writes(ticket, "Correspond", helpdesktest.Message{
		Role: escalate.RoleCustomer, Author: t.Customer.Email, Public: true, Body: richtext.HTML(text), Files: files,
	}, text)
	if t.Status != "new" && t.Status != "open" {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.reopen(ticket)
	}
}

// Writes adds what somebody else writes: a Create, Correspond or Comment, of HTML, and of plain text as well unless that is "".
func (f *Fake) Writes(ticket, kind string, m helpdesktest.Message, plain string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strconv.FormatInt(f.say(ticket, kind, m, plain), 10)
}

// SetDue sets when a ticket is due.
func (f *Fake) SetDue(ticket string, at time.Time) desk.Deadlines {
	f.Sets(ticket, func(t *helpdesktest.Ticket) { t.Due = desk.Deadlines{Resolution: at} })
	return desk.Deadlines{Resolution: at}
}

// Sets changes a ticket as somebody else does.
func (f *Fake) Sets(ticket string, fn func(*helpdesktest.Ticket)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { fn(t); return true })
	f.note(ticket, "Set", f.Book.Agents[0].ID, false)
}

// Hides makes transactions that our user may not see, as other queues do.
func (f *Fake) Hides(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.note("1", "Set", System, true)
	}
}

// Merge merges a ticket into another.
func (f *Fake) Merge(from, into string) {
	f.Sets(from, func(t *helpdesktest.Ticket) { t.Merged = into })
	f.Sets(into, func(*helpdesktest.Ticket) {})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.merged[into] = append(f.merged[into], from)
}

// with are the messages of a ticket that hold a text and no other.
func (f *Fake) with(ticket, text string) []helpdesktest.Message {
	t, _ := f.Book.Ticket(ticket)
	return slices.DeleteFunc(t.Messages, func(m helpdesktest.Message) bool { return richtext.Text(m.Body) != text })
}

// fill gives the RT articles, of which not all are for everybody, and returns what is.
func (f *Fake) fill() (macros []helpdesk.Macro, articles []helpdesk.Article) {
	faq, replies, team := Classes["FAQ"], Classes["Replies"], Classes["For the team"]
	f.Articles = []Article{
		{ID: 10, Class: faq, Name: "Charging", Summary: "How to charge", Texts: []string{"<p>Hold the <b>button</b>.</p>", "Five seconds."}},
		{ID: 11, Class: team, Name: "Secret", Texts: []string{"Not for customers."}},
		{ID: 12, Class: faq, Name: "Old", Disabled: true, Texts: []string{"Gone."}},
		{ID: 13, Class: faq, Name: "Empty", Texts: []string{" "}},
		{ID: 14, Class: faq, Summary: "Without a name", Texts: []string{"5 < 6"}},
		{ID: 15, Class: replies, Name: "Opening hours", Texts: []string{"We are open from 9 to 5."}},
	}
	at := func(id string) string { return f.site + "/Articles/Article/Display.html?id=" + id }
	articles = []helpdesk.Article{
		{ID: "10", Title: "Charging", Body: "Hold the button.\n\nFive seconds.", URL: at("10")},
		{ID: "14", Title: "Without a name", Body: "5 < 6", URL: at("14")},
	}
	macros = []helpdesk.Macro{{ID: "15", Title: "Opening hours", Body: "We are open from 9 to 5."}}
	for i := range int64(130) { // beyond a page
		f.Articles = append(f.Articles, Article{ID: 1000 + i, Class: faq, Name: "Part", Texts: []string{"More."}}, Article{ID: 2000 + i, Class: replies, Name: "Thanks", Texts: []string{"Thank you."}})
		id, macro := strconv.FormatInt(1000+i, 10), strconv.FormatInt(2000+i, 10)
		articles = append(articles, helpdesk.Article{ID: id, Title: "Part", Body: "More.", URL: at(id)})
		macros = append(macros, helpdesk.Macro{ID: macro, Title: "Thanks", Body: "Thank you."})
	}
	return macros, articles
}
