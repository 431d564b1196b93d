package helpdesktest

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Book is what a fake vendor holds: tickets, as no vendor in particular has them. A fake translates it into its vendor's shapes and
// back, and adds the vendor's habits. It is safe for concurrent use.
type Book struct {
	// Now reads the fake's clock; default time.Now.
	Now func() time.Time
	// ID makes a ticket's id of its number; default the number.
	ID func(n int64) string

	Agents []Agent

	mu      sync.Mutex
	number  int64
	tickets map[string]*Ticket
	order   []string
}

// Agent is someone who answers tickets.
type Agent struct{ ID, Name, Email string }

// Ticket is one ticket in a Book. Status, Priority and Channel are in the vendor's own words.
type Ticket struct {
	ID       string
	Number   int64
	Subject  string
	Status   string
	Assignee string
	Priority string
	Channel  string
	Tags     []string
	Customer escalate.Customer
	Messages []Message
	Merged   string // the ticket that it went into
	Deleted  bool
	Created  time.Time
	Updated  time.Time
	Due      desk.Deadlines
	Brand    string         // the vendor's id of it
	Value    string         // what somebody typed into the field for what it is worth
	Extra    map[string]any // what only one vendor has
}

// Message is one message, note or event of a ticket.
type Message struct {
	ID     string
	Role   escalate.Role
	Author string // an agent's id, or the customer's e-mail address
	Public bool
	Body   string // in the vendor's own format
	Files  []desk.Upload
	At     time.Time
	Edited time.Time
	Extra  map[string]any // markers, metadata
}

func (b *Book) now() time.Time {
	if b.Now == nil {
		return time.Now()
	}
	return b.Now()
}

// Next is a number that nothing in the book has yet.
func (b *Book) Next() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.number++
	return b.number
}

// Open adds a ticket and returns it; its id and times are set here.
func (b *Book) Open(t Ticket) Ticket {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.number++
	t.Number, t.Created, t.Updated = b.number, b.now(), b.now()
	t.ID = strconv.FormatInt(b.number, 10)
	if b.ID != nil {
		t.ID = b.ID(b.number)
	}
	if b.tickets == nil {
		b.tickets = make(map[string]*Ticket)
	}
	kept := t.copy()
	b.tickets[t.ID] = &kept
	b.order = append(b.order, t.ID)
	return t
}

// Add adds a message to a ticket; false when there is none. The message's time is set here, its id where it has none.
func (b *Book) Add(ticket string, m Message) (Message, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tickets[ticket]
	if t == nil || t.Deleted {
		return m, false
	}
	if m.ID == "" {
		b.number++
		m.ID = strconv.FormatInt(b.number, 10)
	}
	m.At = b.now()
	t.Messages = append(t.Messages, m)
	t.Updated = m.At
	return m, true
}

// Change lets fn change a ticket as it stands; false when there is none, or fn says so.
func (b *Book) Change(ticket string, fn func(*Ticket) bool) (Ticket, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tickets[ticket]
	if t == nil || t.Deleted {
		return Ticket{}, false
	}
	next := t.copy()
	if !fn(&next) {
		return t.copy(), false
	}
	next.Updated = b.now()
	*t = next
	return next.copy(), true
}

// SetBrand puts a ticket under a brand.
func (b *Book) SetBrand(ticket, id string) {
	b.Change(ticket, func(t *Ticket) bool { t.Brand = id; return true })
}

// SetValue types something into the field for what a ticket is worth.
func (b *Book) SetValue(ticket, typed string) {
	b.Change(ticket, func(t *Ticket) bool { t.Value = typed; return true })
}

// Ticket returns a ticket, deleted ones included.
func (b *Book) Ticket(id string) (Ticket, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tickets[id]
	if t == nil {
		return Ticket{}, false
	}
	return t.copy(), true
}

// Tickets returns all tickets that keep lets through, in the order in which they were opened.
func (b *Book) Tickets(keep func(*Ticket) bool) []Ticket {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Ticket
	for _, id := range b.order {
		if t := b.tickets[id]; keep == nil || keep(t) {
			out = append(out, t.copy())
		}
	}
	return out
}

// Since returns the tickets changed at or after an instant, the oldest change first.
func (b *Book) Since(at time.Time) []Ticket {
	out := b.Tickets(func(t *Ticket) bool { return !t.Updated.Before(at) })
	slices.SortStableFunc(out, func(x, y Ticket) int { return x.Updated.Compare(y.Updated) })
	return out
}

// Agent returns who has an id or an e-mail address.
func (b *Book) Agent(idOrEmail string) (Agent, bool) {
	at := slices.IndexFunc(b.Agents, func(a Agent) bool { return a.ID == idOrEmail || a.Email == idOrEmail })
	if at < 0 {
		return Agent{}, false
	}
	return b.Agents[at], true
}

func (t *Ticket) copy() Ticket {
	c := *t
	c.Tags, c.Messages, c.Extra = slices.Clone(t.Tags), slices.Clone(t.Messages), maps.Clone(t.Extra)
	return c
}
