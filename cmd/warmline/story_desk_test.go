package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/builtin"
)

// customer is someone who writes to the company.
type customer struct {
	s           *story
	name, email string
}

func (s *story) customer(name string) *customer {
	return &customer{s: s, name: name, email: strings.ToLower(name) + "@customers.example"}
}

// Writes opens a ticket; change alters what is not usual about it.
func (c *customer) Writes(subject, text string, change ...func(*builtin.NewTicket)) *ticket {
	c.s.t.Helper()
	n := builtin.NewTicket{Subject: subject, Text: text, Customer: builtin.Customer{Name: c.name, Email: c.email}}
	for _, f := range change {
		f(&n)
	}
	made, err := c.s.desk.Create(n)
	if err != nil {
		c.s.t.Fatal(err)
	}
	return &ticket{s: c.s, id: made.ID}
}

func tagged(tags ...string) func(*builtin.NewTicket) {
	return func(n *builtin.NewTicket) { n.Tags = tags }
}

// ticket is a ticket as the helpdesk has it.
type ticket struct {
	s  *story
	id string
	in *builtin.Desk // nil for the story's own
}

// Number is the ticket's number as cards show it.
func (t *ticket) Number() string { return "#" + t.id }

func (t *ticket) now() *builtin.Ticket {
	t.s.t.Helper()
	found, err := cmp.Or(t.in, t.s.desk).Ticket(t.id)
	if err != nil {
		t.s.t.Fatal(err)
	}
	return found
}

func (t *ticket) add(n builtin.NewMessage, public bool) {
	t.s.t.Helper()
	n.Public = &public
	if _, err := t.s.desk.Add(t.id, n); err != nil {
		t.s.t.Fatal(err)
	}
}

// Customer has the customer write again.
func (t *ticket) Customer(text string) {
	t.s.t.Helper()
	t.add(builtin.NewMessage{Role: escalate.RoleCustomer, Text: text}, true)
}

// Colleague has an agent answer in the helpdesk itself.
func (t *ticket) Colleague(name, text string) {
	t.s.t.Helper()
	t.add(builtin.NewMessage{Role: escalate.RoleAgent, Author: name, Text: text}, true)
}

// Set has someone set the status in the helpdesk itself.
func (t *ticket) Set(status escalate.Status) {
	t.s.t.Helper()
	if _, err := t.s.desk.Patch(t.id, builtin.Patch{Status: &status}); err != nil {
		t.s.t.Fatal(err)
	}
}

// sent is what the customer was sent, oldest first.
func (t *ticket) sent() []builtin.Message {
	t.s.t.Helper()
	return t.only(func(m *builtin.Message) bool {
		return m.Public && (m.Role == escalate.RoleBot || m.Role == escalate.RoleAgent)
	})
}

func (t *ticket) notes() []builtin.Message {
	t.s.t.Helper()
	return t.only(func(m *builtin.Message) bool { return !m.Public })
}

func (t *ticket) only(keep func(*builtin.Message) bool) []builtin.Message {
	t.s.t.Helper()
	return slices.DeleteFunc(slices.Clone(t.now().Messages), func(m builtin.Message) bool { return !keep(&m) })
}

// Expects waits until the customer was sent something with that text and returns it.
func (t *ticket) Expects(text string) builtin.Message {
	t.s.t.Helper()
	return t.find("a message to the customer", text, t.sent)
}

// Note waits for an internal note with that text.
func (t *ticket) Note(text string) {
	t.s.t.Helper()
	t.find("an internal note", text, t.notes)
}

func (t *ticket) find(what, text string, among func() []builtin.Message) (found builtin.Message) {
	t.s.t.Helper()
	t.s.eventually(fmt.Sprintf("%s with %q on %s", what, text, t.Number()), func() bool {
		for _, m := range among() {
			if strings.Contains(m.Text, text) {
				found = m
				return true
			}
		}
		return false
	}, t.dump)
	return found
}

// Sent fails unless the customer was sent exactly so many messages by now.
func (t *ticket) Sent(n int) {
	t.s.t.Helper()
	if got := len(t.sent()); got != n {
		t.s.t.Fatalf("the customer of %s was sent %d messages, want %d:\n%s", t.Number(), got, n, t.dump())
	}
}

// Status waits until the ticket has a status.
func (t *ticket) Status(want escalate.Status) {
	t.s.t.Helper()
	t.s.eventually(fmt.Sprintf("%s to be %s", t.Number(), want), func() bool { return t.now().Status == want }, t.dump)
}

// Assignee waits until the ticket is assigned to an agent; "" is nobody.
func (t *ticket) Assignee(want string) {
	t.s.t.Helper()
	t.s.eventually(fmt.Sprintf("%s to be assigned to %q", t.Number(), want), func() bool { return t.now().Assignee == want }, t.dump)
}

// Tagged waits until the ticket has a tag.
func (t *ticket) Tagged(tag string) {
	t.s.t.Helper()
	t.s.eventually(fmt.Sprintf("%s to be tagged %s", t.Number(), tag), func() bool {
		return slices.Contains(t.now().Tags, tag)
	}, t.dump)
}

func (t *ticket) dump() string {
	now := t.now()
	var b strings.Builder
	fmt.Fprintf(&b, "  %s %q %s, assigned to %q, tags %v\n", t.Number(), now.Subject, now.Status, now.Assignee, now.Tags)
	for _, m := range now.Messages {
		kind := "note"
		if m.Public {
			kind = "public"
		}
		fmt.Fprintf(&b, "    %s %s %s (%s): %s\n", m.At.Format(time.TimeOnly), kind, m.Role, m.Author, strings.ReplaceAll(m.Text, "\n", " / "))
	}
	return b.String()
}
