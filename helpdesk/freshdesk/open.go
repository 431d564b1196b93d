package freshdesk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

var _ desk.Opener = (*Connector)(nil)

// newTicket is a ticket on its way. The API takes no key that would make a repeat harmless: unique_external_id names the customer,
// not the ticket.
type newTicket struct {
	Subject     string   `json:"subject"`
	Description string   `json:"description"`
	Email       string   `json:"email,omitempty"`
	Name        string   `json:"name,omitempty"`
	Status      number   `json:"status"`
	Priority    number   `json:"priority"`
	Source      number   `json:"source"`
	Tags        []string `json:"tags,omitempty"`
}

const (
	portal      number = 2
	lowPriority number = 1
	// reopens is how far back a ticket of the same key is looked for: longer than any press is tried again.
	reopens = 60 * 24 * time.Hour
	// openPages bounds how many of one customer's tickets are looked at.
	openPages = 5
)

// Open implements desk.Opener. The key is a reference at the end of the ticket's text. Before a ticket is made it is looked for among
// the customer's; the commit point is the post. Two calls with one key at the same time could both find nothing: the caller makes
// them one after the other.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	const op = "open ticket"
	n := newTicket{
		Subject: o.Subject, Description: richtext.HTML(helpdesk.WithOpenedRef(o.Text, o.Key)), Email: o.Customer.Email, Name: o.Customer.Name,
		Status: statusOpen, Priority: lowPriority, Source: portal,
	}
	if n.Email == "" {
		return "", &desk.Refused{Op: op, Why: "the customer's e-mail address is missing; without one nobody could be answered", Content: true}
	}
	n.Tags, _ = union(nil, o.Tags)
	if o.Key == "" {
		return "", &desk.Refused{Op: op, Why: "it has no key, so that a repeat would make a second ticket"}
	}
	there, err := c.opened(ctx, o)
	if err != nil || there != "" {
		return there, err
	}
	var made ticket
	err = c.api.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"tickets"}, Body: n}, &made)
	if err == nil && made.ID == "" {
		err = errors.New("open ticket: the answer has no ticket id")
	}
	return string(made.ID), err
}

// opened looks for the ticket that a key has made. Without updated_since the list ends after thirty days; without
// include=description it has no texts.
func (c *Connector) opened(ctx context.Context, o desk.Opening) (string, error) {
	call := helpdesk.Call{Op: "look for the ticket", Path: []string{"tickets"}, Query: url.Values{
		"email": {o.Customer.Email}, "include": {"description"}, "order_by": {"created_at"}, "order_type": {"desc"},
		"updated_since": {c.now().Add(-reopens).UTC().Format(time.RFC3339)},
	}}
	for n := 1; n <= openPages; n++ {
		var some []ticket
		more, _, err := c.page(ctx, call, n, &some)
		if errors.Is(err, desk.ErrNotFound) {
			return "", nil // nobody has this address yet
		}
		if err != nil {
			return "", err
		}
		for i := range some {
			if _, key := helpdesk.CutOpenedRef(plain(some[i].Structured, some[i].Description, some[i].Plain)); key == o.Key {
				return string(some[i].ID), nil
			}
		}
		if !more {
			break
		}
	}
	return "", nil
}
