package gorgias

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Read implements desk.Helpdesk. The ticket is read first: what is said while its messages are read is among them.
func (c *Connector) Read(ctx context.Context, ticketID string) (*desk.Snapshot, error) {
	t, err := c.ticket(ctx, ticketID)
	if err != nil {
		return nil, err
	}
	return c.snapshot(ctx, t)
}

// ticket reads a ticket with all its messages, oldest first.
func (c *Connector) ticket(ctx context.Context, ticketID string) (*ticket, error) {
	const op = "read ticket"
	if !numeric(ticketID) {
		return nil, fmt.Errorf("%s: %w: %q is no ticket's number", op, desk.ErrNotFound, helpdesk.Clipped(ticketID))
	}
	var t ticket
	err := c.api.Do(ctx, helpdesk.Call{Op: op, Path: []string{"tickets", ticketID}}, &t)
	if err == nil && t.ID == "" {
		err = errors.New("read ticket: the answer has no id")
	}
	if err != nil {
		return nil, err
	}
	if !t.whole() {
		more, err := all[message](ctx, c, helpdesk.Call{
			Op: "read messages", Path: []string{"messages"}, Query: url.Values{"ticket_id": {ticketID}, "order_by": {"created_datetime:asc"}},
		})
		if err != nil {
			return nil, err
		}
		// The ticket may have what the list, which can lag, lacks; the list is newer where both have a message.
		t.Messages = append(more, t.Messages...)
	}
	t.order()
	return &t, nil
}

// embedded is how many messages of a ticket may not all of them be in it.
const embedded = 30

// whole reports whether a ticket came with all its messages. How many it brings along at most is not documented: as many as a page
// has by default are not trusted.
func (t *ticket) whole() bool {
	return t.Count > 0 && int(t.Count) == len(t.Messages) && len(t.Messages) < embedded
}

// order puts each message in its place once, and takes out deleted ones.
func (t *ticket) order() {
	seen := make(map[ident]bool)
	t.Messages = slices.DeleteFunc(t.Messages, func(m message) bool {
		drop := seen[m.ID] || !m.DeletedAt.IsZero()
		seen[m.ID] = true
		return drop
	})
	slices.SortStableFunc(t.Messages, func(a, b message) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt.Time), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
}

// customer is whose ticket it is.
func (t *ticket) customer() party {
	switch {
	case t.Customer != nil:
		return *t.Customer
	case t.Requester != nil:
		return *t.Requester
	}
	return party{}
}

// brand is what the account calls the inbox by which a ticket came: the one that its first message was sent to, else the first. Of one
// without a name it is the address.
func (t *ticket) brand() string {
	inboxes := t.Integrations.V
	if len(inboxes) == 0 {
		return ""
	}
	by := inboxes[0]
	if len(t.Messages) > 0 {
		for _, one := range t.Messages[0].Source.V.To {
			if at := slices.IndexFunc(inboxes, func(in inbox) bool { return in.Address != "" && strings.EqualFold(in.Address, one.Address) }); at >= 0 {
				by = inboxes[at]
				break
			}
		}
	}
	return cmp.Or(strings.TrimSpace(helpdesk.Clean(by.Name)), helpdesk.Clean(by.Address))
}

// snapshot is what was read, in our words.
func (c *Connector) snapshot(ctx context.Context, t *ticket) (*desk.Snapshot, error) {
	r, err := c.reading(ctx, t)
	if err != nil {
		return nil, err
	}
	s := &desk.Snapshot{Status: c.status(t)}
	if t.Assignee != nil {
		s.Assignee = escalate.AgentID(t.Assignee.ID)
	}
	s.Content = escalate.Content{
		Subject: helpdesk.Clean(t.Subject), Channel: channelOf(cmp.Or(t.Channel, t.Via)), Priority: priorities[t.Priority],
		URL:      c.site.JoinPath("app", "ticket", string(t.ID)).String(),
		Customer: escalate.Customer{Name: helpdesk.Clean(r.customer.called()), Email: r.customer.Email},
	}
	s.Content.Brand = t.brand()
	for _, one := range t.Tags {
		if one.Name != "" {
			s.Content.Tags = append(s.Content.Tags, helpdesk.Clean(one.Name))
		}
	}
	for i := range t.Messages {
		s.Content.Messages = append(s.Content.Messages, r.message(&t.Messages[i]))
	}
	return s, nil
}

// numeric reports whether an id is a number as Gorgias gives them, which 0 is not: it means whoever calls.
func numeric(id string) bool {
	if id == "" || len(id) > 18 || id[0] == '0' {
		return false
	}
	for _, digit := range []byte(id) {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return true
}
