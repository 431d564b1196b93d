package zendesktest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Clock is a clock that only tests move. Zendesk keeps whole seconds and holds back a minute, for which no test waits.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock makes a clock that stands at an instant.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass moves the clock on.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// textOf is a body's text.
func textOf(body string) string { return richtext.Text(body) }

// Opens opens a ticket as its customer. What the customer does is a minute old when it returns.
func (f *Fake) Opens(o helpdesktest.Opening) string {
	t := f.book.Open(helpdesktest.Ticket{
		Subject: o.Subject, Status: "new", Channel: "email", Customer: escalate.Customer{Name: o.Name, Email: o.Email},
	})
	f.CustomerSays(t.ID, o.Text)
	return t.ID
}

// CustomerSays adds to a ticket as its customer.
func (f *Fake) CustomerSays(ticket, text string, files ...desk.Upload) {
	t, _ := f.book.Ticket(ticket)
	m := helpdesktest.Message{Role: escalate.RoleCustomer, Author: t.Customer.Email, Public: true, Body: asHTML(text)}
	f.attach(&m, files)
	f.book.Add(ticket, m)
	f.pass(time.Minute + time.Second)
}

// Merge merges one ticket into another, as an agent does: the one is closed, both get a comment that names the other.
func (f *Fake) Merge(from, into string) {
	agent := f.book.Agents[0].ID
	old, _ := f.book.Ticket(from)
	id, other := itoa(f.book.Next()), itoa(f.book.Next())
	merge := func(body string) helpdesktest.Message {
		return helpdesktest.Message{Author: agent, Role: escalate.RoleAgent, Body: body, At: f.now(), Extra: map[string]any{"via": "web", "rel": "merge"}}
	}
	f.book.Change(from, func(t *helpdesktest.Ticket) bool {
		m := merge(fmt.Sprintf("This request was closed and merged into request #%s &quot;re: #17, still dark&quot;.", into))
		m.ID = id
		t.Status, t.Merged, t.Tags, t.Messages = "closed", into, append(t.Tags, "closed_by_merge"), append(t.Messages, m)
		return true
	})
	f.book.Change(into, func(t *helpdesktest.Ticket) bool {
		m := merge(fmt.Sprintf("Request #%s &quot;%s&quot; was closed and merged into this request.", from, old.Subject))
		m.ID = other
		t.Messages = append(t.Messages, m)
		return true
	})
	f.pass(time.Minute + time.Second)
}

// Held are the messages of a ticket whose text is text, as the account holds them.
func (f *Fake) Held(ticket, text string) []helpdesktest.Message {
	t, _ := f.book.Ticket(ticket)
	return slices.DeleteFunc(t.Messages, func(m helpdesktest.Message) bool { return textOf(m.Body) != text })
}

// Fixture is the contract suite's view of the account and a connector to it.
func (f *Fake) Fixture(c helpdesk.Connector) helpdesktest.Fixture {
	ana := f.book.Agents[0]
	return helpdesktest.Fixture{
		Desk: c, Name: "shop",
		Changes: func(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
			f.pass(7 * time.Second) // the export takes ten calls a minute
			return c.Changes(ctx, cursor)
		},
		Create:       func(_ testing.TB, o helpdesktest.Opening) string { return f.Opens(o) },
		CustomerSays: func(_ *testing.T, ticket, text string) { f.CustomerSays(ticket, text) },
		CustomerSends: func(_ *testing.T, ticket, text string, files []desk.Upload) {
			f.CustomerSays(ticket, text, files...)
		},
		Count:   func(_ *testing.T, ticket, text string) int { return len(f.Held(ticket, text)) },
		FilesOf: func(_ *testing.T, ticket, text string) []desk.Upload { return f.filesOf(ticket, text) },
		Due: func(_ *testing.T, ticket string) desk.Deadlines {
			at := due(f.now())
			f.book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Due = at; return true })
			return at
		},
		Brand: func(_ *testing.T, ticket string, n int) string {
			id := slices.Sorted(maps.Keys(Brands))[n]
			f.book.SetBrand(ticket, id)
			return Brands[id]
		},
		Value:  func(_ *testing.T, ticket, typed string) { f.book.SetValue(ticket, typed) },
		Merge:  func(_ *testing.T, from, into string) { f.Merge(from, into) },
		Macros: Macros(), Articles: Articles(),
		Agent: escalate.AgentID(ana.ID), AgentName: ana.Name, AgentEmail: "Ana@Shop.example", Missing: "404404",
	}
}
