package builtin

import (
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
)

// Ticket is a ticket as the API shows it.
type Ticket struct {
	ID        string          `json:"id"`
	Subject   string          `json:"subject"`
	Status    escalate.Status `json:"status"`
	Assignee  string          `json:"assignee"` // an agent's id, or ""
	Tags      []string        `json:"tags"`
	Channel   string          `json:"channel"` // "email", "chat", "web"
	Category  string          `json:"category,omitempty"`
	Brand     string          `json:"brand,omitempty"`
	Value     float64         `json:"value,omitempty"` // what the matter is worth; 0: not known
	Customer  Customer        `json:"customer"`
	Stamp     string          `json:"stamp"`         // another one after every change
	Key       string          `json:"key,omitempty"` // what its opener gave, so that it is opened once
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Messages  []Message       `json:"messages,omitempty"`

	seq int64 // of its newest change: what orders the list
}

// Customer is who wrote in.
type Customer struct {
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Plan  string   `json:"plan,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	Zone  string   `json:"zone,omitempty"` // the IANA time zone they live in; "" when nobody knows
}

// Message is one message of a ticket, or an internal note (Public is false).
type Message struct {
	ID          string        `json:"id"`
	Role        escalate.Role `json:"role"`
	Author      string        `json:"author"`
	AuthorEmail string        `json:"author_email,omitempty"`
	Text        string        `json:"text"`
	Public      bool          `json:"public"`
	Auto        bool          `json:"auto,omitempty"` // an auto-responder wrote it
	At          time.Time     `json:"at"`
	Marker      string        `json:"marker,omitempty"` // whatever the writer gave, for finding it again
	EditedAt    time.Time     `json:"edited_at,omitzero"`
	Files       []File        `json:"files,omitempty"`
}

// Agent is someone who answers tickets.
type Agent struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Change is one entry of the changes feed.
type Change struct {
	Seq     int64     `json:"seq"`
	Ticket  string    `json:"ticket"`
	Kind    string    `json:"kind"` // "ticket.created", "message.created", "message.edited", "ticket.updated"
	Channel string    `json:"channel"`
	At      time.Time `json:"at"`
}

// ID names a change for ever, even after a desk without a journal began anew and counts from one again.
func (c Change) ID() string { return fmt.Sprintf("%d-%d", c.Seq, c.At.UnixMicro()) }

// NewTicket is what a customer sends to open a ticket.
type NewTicket struct {
	ID       string   `json:"id,omitempty"` // default: the next number
	Subject  string   `json:"subject"`
	Customer Customer `json:"customer"`
	Text     string   `json:"text"`
	Channel  string   `json:"channel,omitempty"` // default "email"
	Tags     []string `json:"tags,omitempty"`
	Category string   `json:"category,omitempty"`
	Brand    string   `json:"brand,omitempty"`
	Value    float64  `json:"value,omitempty"`
	Plan     string   `json:"plan,omitempty"` // the customer's
	Auto     bool     `json:"auto,omitempty"`
	Key      string   `json:"key,omitempty"` // the same key again gives the ticket that is there
	Files    []Upload `json:"files,omitempty"`
}

// NewMessage is what someone adds to a ticket.
type NewMessage struct {
	Role        escalate.Role `json:"role"`
	Author      string        `json:"author,omitempty"`
	AuthorEmail string        `json:"author_email,omitempty"`
	Text        string        `json:"text"`
	// Public must be said for agents and bots: an internal note that reaches a customer cannot be taken back.
	Public *bool  `json:"public,omitempty"`
	Auto   bool   `json:"auto,omitempty"`
	Marker string `json:"marker,omitempty"`
	// Stamp refuses the message unless the ticket still has it; "" does not ask.
	Stamp string   `json:"stamp,omitempty"`
	Files []Upload `json:"files,omitempty"`
}

// Patch changes a ticket's fields; nil leaves one alone.
type Patch struct {
	Status   *escalate.Status `json:"status,omitempty"`
	Assignee *string          `json:"assignee,omitempty"` // an agent's id; "" takes it from everybody
	AddTags  []string         `json:"add_tags,omitempty"`
	Brand    *string          `json:"brand,omitempty"`
	Value    *float64         `json:"value,omitempty"`     // from 0 on
	DropTags []string         `json:"drop_tags,omitempty"` // those that it has not are no fault
}

// summary is a ticket as the list shows it.
type summary struct {
	Ticket
	MessageCount int    `json:"message_count"`
	Preview      string `json:"preview"`
	LastRole     string `json:"last_role"`
}

func summarize(t *Ticket) summary {
	s := summary{Ticket: *t, MessageCount: len(t.Messages)}
	s.Messages = nil
	for _, m := range slices.Backward(t.Messages) {
		if m.Public {
			s.Preview, s.LastRole = firstRunes(m.Text, 140), string(m.Role)
			break
		}
	}
	return s
}

// forCustomer is a ticket without what its customer must not see.
func forCustomer(t *Ticket) *Ticket {
	seen := *t
	seen.Tags, seen.Assignee, seen.Category, seen.Value, seen.Messages = []string{}, "", "", 0, nil
	for _, m := range t.Messages {
		if m.Public {
			m.Marker, m.AuthorEmail = "", ""
			seen.Messages = append(seen.Messages, m)
		}
	}
	return &seen
}

func firstRunes(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i] + "…"
		}
	}
	return s
}
