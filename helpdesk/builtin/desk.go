package builtin

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/escalate"
)

// Desk is a helpdesk. It is safe for concurrent use.
type Desk struct {
	options Options
	session string         // the page's cookie: what the page may do needs no token
	done    chan struct{}  // closed by Close
	late    sync.WaitGroup // writes that a fault applies later
	streams atomic.Int64   // open now

	mu      sync.Mutex
	journal *journal
	state   *state
	faults  faults
	changed chan struct{} // closed and replaced at every change
	closed  bool
}

// New opens a desk: it replays the journal, and creates the seed when there was nothing. Close it when done.
func New(o Options) (*Desk, error) {
	if err := o.fill(); err != nil {
		return nil, fmt.Errorf("open desk: %w", err)
	}
	d := &Desk{
		options: o, session: rand.Text(), done: make(chan struct{}), state: newState(), changed: make(chan struct{}),
	}
	journal, err := openJournal(o.Journal, d.state.apply)
	if err != nil {
		return nil, fmt.Errorf("open desk: %w", err)
	}
	d.journal = journal
	if journal.seq == 0 {
		for i, ticket := range o.Seed {
			if _, err := d.Create(ticket); err != nil {
				return nil, errors.Join(fmt.Errorf("open desk: seed %d: %w", i+1, err), d.Close())
			}
		}
	}
	return d, nil
}

// Close ends streams and writes that are still to be applied late, and closes the journal. Closing twice is fine.
func (d *Desk) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	close(d.done)
	d.mu.Unlock()
	d.late.Wait()
	return d.journal.close()
}

func (d *Desk) isClosed() bool {
	select {
	case <-d.done:
		return true
	default:
		return false
	}
}

// problem is an error that the API answers with a status of its own.
type problem struct {
	status int
	text   string
	stamp  string // of a ticket that moved
}

func (p *problem) Error() string { return p.text }

func problemOf(status int, format string, args ...any) *problem {
	return &problem{status: status, text: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error {
	return problemOf(http.StatusBadRequest, format, args...)
}

// record appends to the journal and applies; from here on the change has happened. The caller holds the lock.
func (d *Desk) record(r *Record) error {
	if d.closed {
		return &problem{status: http.StatusServiceUnavailable, text: "the desk is closing; try again"}
	}
	r.At = d.options.Now().UTC().Truncate(time.Microsecond)
	if r.Message != nil {
		r.Message.At = r.At
		r.Message.ID = "m" + strconv.FormatInt(d.journal.seq+1, 10)
		if err := d.roomFor(r.Bodies); err != nil {
			return err
		}
	}
	if r.Created != nil {
		r.Created.CreatedAt = r.At
	}
	r.Tell = d.options.WebhookURL != "" && r.isChange()
	if err := d.journal.append(r); err != nil {
		return err
	}
	d.state.apply(r)
	close(d.changed)
	d.changed = make(chan struct{})
	return nil
}

// Create opens a ticket with its first message.
func (d *Desk) Create(n NewTicket) (*Ticket, error) {
	if err := n.check(); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.state.tickets {
		if n.Key != "" && t.Key == n.Key {
			return t, nil
		}
	}
	if n.ID == "" {
		n.ID = strconv.Itoa(d.state.number + 1)
	}
	if d.state.tickets[n.ID] != nil {
		return nil, problemOf(http.StatusConflict, "ticket %s is there already; leave id out to get the next number", n.ID)
	}
	t := &Ticket{
		ID: n.ID, Subject: n.Subject, Status: escalate.StatusOpen, Tags: union(nil, n.Tags), Channel: n.Channel,
		Category: n.Category, Brand: n.Brand, Value: n.Value, Customer: n.Customer, Key: n.Key,
	}
	first := &Message{
		Role: escalate.RoleCustomer, Author: n.Customer.Name, AuthorEmail: n.Customer.Email, Text: n.Text, Public: true, Auto: n.Auto,
	}
	r := &Record{Kind: TicketCreated, Ticket: n.ID, Created: t, Message: first}
	r.attach(n.Files)
	if err := d.record(r); err != nil {
		return nil, err
	}
	return d.state.tickets[n.ID], nil
}

// Ticket returns a ticket as it stands. Do not change it.
func (d *Desk) Ticket(id string) (*Ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ticket(id)
}

func (d *Desk) ticket(id string) (*Ticket, error) {
	if t := d.state.tickets[id]; t != nil {
		return t, nil
	}
	return nil, problemOf(http.StatusNotFound, "there is no ticket %q; GET /desk/api/tickets lists them", firstRunes(id, 64))
}

// Add appends a message. A customer's message reopens the ticket. With a stamp that the ticket no longer has it is
// refused.
func (d *Desk) Add(id string, n NewMessage) (*Message, error) {
	if err := n.check(); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.ticket(id)
	if err != nil {
		return nil, err
	}
	if had := t.byMarker(n.Marker); had != nil && d.options.Idempotent {
		return had, nil
	}
	switch {
	case n.Stamp != "" && n.Stamp != t.Stamp:
		moved := problemOf(http.StatusConflict, "moved: ticket %s is at stamp %s, not %s; read it again", t.ID, t.Stamp, firstRunes(n.Stamp, 64))
		moved.stamp = t.Stamp
		return nil, moved
	case outside(n.Role) && t.Status == escalate.StatusClosed:
		return nil, problemOf(http.StatusUnprocessableEntity, "ticket %s is closed for good; write a new one", t.ID)
	}
	m := &Message{
		Role: n.Role, Author: n.Author, AuthorEmail: n.AuthorEmail, Text: n.Text, Public: *n.Public, Auto: n.Auto, Marker: n.Marker,
	}
	d.name(m, t)
	r := &Record{Kind: MessageAdded, Ticket: id, Message: m}
	r.attach(n.Files)
	if t.reopens(n.Role) {
		open := escalate.StatusOpen
		r.Patch = &Patch{Status: &open}
	}
	if err := d.record(r); err != nil {
		return nil, err
	}
	return m, nil
}

// name fills in who wrote a message that does not say so itself.
func (d *Desk) name(m *Message, t *Ticket) {
	if m.Role == escalate.RoleAgent {
		for _, a := range d.options.Agents {
			if m.AuthorEmail == "" && m.Author == a.Name {
				m.AuthorEmail = a.Email
			}
			if m.Author == "" && m.AuthorEmail == a.Email {
				m.Author = a.Name
			}
		}
	}
	if m.Role == escalate.RoleCustomer && m.AuthorEmail == "" {
		m.AuthorEmail = t.Customer.Email
	}
	if m.Author != "" {
		return
	}
	switch m.Role {
	case escalate.RoleCustomer:
		m.Author = t.Customer.Name
	case escalate.RoleBot:
		m.Author = "AI assistant"
	case escalate.RoleAgent:
		m.Author = "Support"
	default:
		m.Author = "Someone else"
	}
}

// Patch changes a ticket's fields. One that changes nothing is no change: the stamp stays.
func (d *Desk) Patch(id string, p Patch) (*Ticket, error) {
	if err := p.check(d.options.Agents); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.ticket(id)
	if err != nil {
		return nil, err
	}
	if p.Status != nil && *p.Status != t.Status && t.Status == escalate.StatusClosed {
		return nil, problemOf(http.StatusUnprocessableEntity, "ticket %s is closed for good; write a new one", t.ID)
	}
	if p.changes(t) {
		if err := d.record(&Record{Kind: TicketPatched, Ticket: id, Patch: &p}); err != nil {
			return nil, err
		}
	}
	return d.state.tickets[id], nil
}

func (p *Patch) changes(t *Ticket) bool {
	return p.Status != nil && *p.Status != t.Status ||
		p.Assignee != nil && *p.Assignee != t.Assignee ||
		p.Brand != nil && *p.Brand != t.Brand ||
		p.Value != nil && *p.Value != t.Value ||
		!slices.Equal(union(without(t.Tags, p.DropTags), p.AddTags), t.Tags)
}

// without leaves tags out, in any case.
func without(tags, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
		return slices.ContainsFunc(drop, func(d string) bool { return strings.EqualFold(d, tag) })
	})
}
