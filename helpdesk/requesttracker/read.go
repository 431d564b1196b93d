package requesttracker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Read implements desk.Helpdesk. The ticket is read before its messages: what is said between the two makes the stamp too old for what
// the reading shows, never too new.
func (c *Connector) Read(ctx context.Context, ticketID string) (*desk.Snapshot, error) {
	t, err := c.ticket(ctx, "read ticket", ticketID)
	if err != nil {
		return nil, err
	}
	if into := string(t.ID); into != ticketID {
		return &desk.Snapshot{
			Status: escalate.StatusGone, Merged: into, Stamp: c.stampOf(t), Content: escalate.Content{Channel: channel, URL: c.address(ticketID)},
		}, nil
	}
	r, err := c.conversation(ctx, t)
	if err != nil {
		return nil, err
	}
	s := &desk.Snapshot{Status: c.statuses.meaning(t.Status), Stamp: c.stampOf(t)}
	if t.Owner.ID != nobody {
		s.Assignee = escalate.AgentID(t.Owner.ID)
	}
	if !unset(t.Due.Time) {
		s.Deadlines.Resolution = t.Due.Time
	}
	s.Content = escalate.Content{
		Subject: helpdesk.Clean(t.Subject), Channel: channel, Priority: c.priority(int64(t.Priority)), URL: c.address(ticketID),
		Tags: c.tagsOf(t), Customer: r.customer(), Messages: r.messages(),
	}
	s.Content.Brand, s.Content.Value = c.brandOf(ctx, t), c.worth(t)
	return s, nil
}

// channel is how tickets come: RT does not say whether by mail or by its pages.
const channel = "email"

// ticket reads a ticket without its messages. RT answers a merged one with the ticket that it went into, whose number it then has.
func (c *Connector) ticket(ctx context.Context, op, ticketID string) (*ticket, error) {
	if !numeric(ticketID) {
		return nil, fmt.Errorf("%s: %w: %q is no ticket's number", op, desk.ErrNotFound, helpdesk.Clipped(ticketID))
	}
	res, err := c.api.Send(ctx, helpdesk.Call{Op: op, Path: []string{"ticket", ticketID}})
	if err != nil {
		return nil, err
	}
	t := &ticket{stamp: strings.Trim(res.Header.Get("ETag"), `"`)}
	if err := json.Unmarshal(res.Body, t); err != nil {
		return nil, fmt.Errorf("%s: decode answer: %w", op, err)
	}
	if t.ID == "" || t.stamp == "" {
		return nil, errors.New(op + ": the answer has no id, or no version")
	}
	return t, nil
}

// standing reads a ticket that is to be written to. One that was merged or deleted is not there: what is written to it would go to
// another.
func (c *Connector) standing(ctx context.Context, op, ticketID string) (*ticket, error) {
	t, err := c.ticket(ctx, op, ticketID)
	switch {
	case err != nil:
		return nil, err
	case string(t.ID) != ticketID:
		return nil, fmt.Errorf("%s: %w: it was merged into ticket %s", op, desk.ErrNotFound, t.ID)
	case t.Status == deleted:
		return nil, fmt.Errorf("%s: %w: it was deleted", op, desk.ErrNotFound)
	}
	return t, nil
}

// stampOf is a ticket's version; "" where RT does not check it for replies.
func (c *Connector) stampOf(t *ticket) string {
	if !c.stamps {
		return ""
	}
	return t.stamp
}

// address is where people see a ticket.
func (c *Connector) address(ticketID string) string {
	at := c.site.JoinPath("Ticket", "Display.html")
	at.RawQuery = url.Values{"id": {ticketID}}.Encode()
	return at.String()
}
