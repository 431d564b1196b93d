package freshdesktest

import (
	"fmt"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Open opens a ticket as its customer and returns its id. Channel is Freshdesk's number for where it comes from, "1" by default.
func (f *Fake) Open(o helpdesktest.Opening, channel string) string {
	if channel == "" {
		channel = "1"
	}
	return f.Book.Open(helpdesktest.Ticket{
		Subject: o.Subject, Status: "2", Priority: "1", Channel: channel, Customer: escalate.Customer{Name: o.Name, Email: o.Email},
		Messages: []helpdesktest.Message{{ID: "description", Role: escalate.RoleCustomer, Author: o.Email, Public: true, Body: richtext.HTML(o.Text), At: f.now()}},
		Extra:    make(map[string]any),
	}).ID
}

// OpenChat opens a ticket in a web chat, where HTML is neither said nor taken.
func (f *Fake) OpenChat(o helpdesktest.Opening) string {
	return f.Book.Open(helpdesktest.Ticket{
		Subject: o.Subject, Status: "2", Priority: "1", Channel: "7", Customer: escalate.Customer{Name: o.Name, Email: o.Email},
		Messages: []helpdesktest.Message{{
			ID: "description", Role: escalate.RoleCustomer, Author: o.Email, Public: true, At: f.now(), Extra: map[string]any{extraStructured: o.Text},
		}},
		Extra: map[string]any{extraChat: true},
	}).ID
}

// Says adds a message as whoever wrote it. Its body is HTML; its source, a reply's unless said otherwise, is Freshdesk's number.
func (f *Fake) Says(ticket string, m helpdesktest.Message, source int) string {
	if m.Extra == nil {
		m.Extra = make(map[string]any)
	}
	m.Extra[extraSource] = source
	m, ok := f.Book.Add(ticket, m)
	if !ok {
		panic("freshdesktest: there is no ticket " + ticket)
	}
	return m.ID
}

// Rule adds a message of an automation rule, which nobody wrote.
func (f *Fake) Rule(ticket, html string) {
	f.Says(ticket, helpdesktest.Message{Role: escalate.RoleAgent, Public: true, Body: html, Extra: map[string]any{extraUser: nil}}, 2)
}

// Merge merges one ticket into another as an agent does in Freshdesk: it is closed, with a note, and what was said is copied.
func (f *Fake) Merge(from, into string) {
	agent := f.Book.Agents[0].ID
	note := richtext.HTML("This ticket is closed and merged into ticket " + into)
	f.Says(from, helpdesktest.Message{Role: escalate.RoleAgent, Author: agent, Body: note}, 2)
	t, _ := f.Book.Change(from, func(t *helpdesktest.Ticket) bool { t.Status = "5"; return true })
	copied := richtext.HTML(fmt.Sprintf("Ticket with ID %s is merged into this ticket: %s", from, richtext.Text(t.Messages[0].Body)))
	f.Says(into, helpdesktest.Message{Role: escalate.RoleAgent, Author: agent, Body: copied}, 2)
}

// Archive moves a ticket to where those are that were closed for four months.
func (f *Fake) Archive(ticket string) { f.set(ticket, extraArchived, "5") }

// Spam marks a ticket as spam.
func (f *Fake) Spam(ticket string) { f.set(ticket, extraSpam, "2") }

func (f *Fake) set(ticket, what, status string) {
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool {
		if t.Extra == nil {
			t.Extra = make(map[string]any)
		}
		t.Extra[what], t.Status = true, status
		return true
	})
}

// SaidPrivate reports whether the request for a note said whether it is private, and whether it is.
func (f *Fake) SaidPrivate(ticket, message string) (said, private bool) {
	t, _ := f.Book.Ticket(ticket)
	for _, m := range t.Messages {
		if m.ID == message {
			return m.Extra[extraSaid] == true, !m.Public
		}
	}
	return false, false
}

// Texts are the messages of a ticket as the helpdesk holds them, in plain text.
func (f *Fake) Texts(ticket string) (all []string) {
	t, _ := f.Book.Ticket(ticket)
	for _, m := range t.Messages {
		text := richtext.Text(m.Body)
		if said, ok := m.Extra[extraStructured].(string); ok {
			text = said
		}
		all = append(all, text)
	}
	return all
}

// Due gives a ticket deadlines.
func (f *Fake) Due(ticket string, due desk.Deadlines) {
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Due = due; return true })
}
