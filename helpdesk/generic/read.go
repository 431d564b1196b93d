package generic

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// messagePages bounds a conversation. Longer, and the reading is an error, never a part.
const messagePages = 200

// Read implements desk.Helpdesk. The ticket is read first: what is said while its messages are read is among them.
func (c *Connector) Read(ctx context.Context, ticket string) (*desk.Snapshot, error) {
	doc, err := c.ticket(ctx, ticket)
	if err != nil {
		return nil, err
	}
	s, err := c.snapshot(ticket, doc)
	if err != nil {
		return nil, err
	}
	s.Content.Messages, err = c.messages(ctx, ticket, doc)
	return s, err
}

// ticket reads a ticket's own answer.
func (c *Connector) ticket(ctx context.Context, ticket string) (any, error) {
	const op = "read ticket"
	call, err := c.call(op, c.m.Ticket.URL, values{"ticket": ticket})
	if err != nil {
		return nil, err
	}
	doc, _, err := c.get(ctx, call)
	if err == nil && c.m.Ticket.Status.text(doc) == "" {
		// Some answer 200 and an error; and a wrong mapping must not pass for an empty ticket.
		err = fmt.Errorf("%s: %w: no status is at %s", op, errForm, c.m.Ticket.Status)
	}
	return doc, err
}

// snapshot is what a ticket's own answer says, in our words.
func (c *Connector) snapshot(ticket string, doc any) (*desk.Snapshot, error) {
	t := &c.m.Ticket
	s := &desk.Snapshot{
		Status: escalate.StatusOpen, Assignee: escalate.AgentID(t.Assignee.text(doc)), Stamp: t.Stamp.text(doc), Merged: t.Merged.text(doc),
	}
	if means, known := t.Statuses[t.Status.text(doc)]; known {
		s.Status = escalate.Status(means)
	}
	if s.Merged == ticket {
		s.Merged = ""
	}
	if s.Merged != "" {
		s.Status = escalate.StatusGone
	}
	s.Content = escalate.Content{
		Number: t.Number.text(doc), Subject: t.Subject.text(doc), Channel: c.channel(doc), Category: t.Category.text(doc), Tags: t.tags(doc),
		Priority: escalate.Priority(t.Priorities[t.Priority.text(doc)]),
		Customer: escalate.Customer{Name: t.Customer.Name.text(doc), Email: t.Customer.Email.text(doc)},
		Brand:    strings.TrimSpace(t.Brand.text(doc)), Value: t.Value.amount(doc),
	}
	if t.Page != "" {
		s.Content.URL = strings.ReplaceAll(t.Page, "{ticket}", url.PathEscape(ticket))
	}
	var faults [3]error
	s.Deadlines.FirstResponse, faults[0] = instant(t.Due.First.text(doc))
	s.Deadlines.NextResponse, faults[1] = instant(t.Due.Next.text(doc))
	s.Deadlines.Resolution, faults[2] = instant(t.Due.Resolution.text(doc))
	for _, fault := range faults {
		if fault != nil {
			return nil, fmt.Errorf("read ticket: a deadline of the mapping's ticket.due: %w", fault)
		}
	}
	return s, nil
}

const chat = "chat"

func (c *Connector) channel(doc any) string {
	word := c.m.Ticket.Channel.text(doc)
	if slices.Contains(c.m.Ticket.Chat, word) {
		return chat
	}
	return strings.ToLower(word)
}

func (t *Ticket) tags(doc any) []string {
	if t.Tags == "" {
		return nil
	}
	found, _ := t.Tags.items(doc)
	var out []string
	for _, one := range found {
		if tag := textOf(one); tag != "" && !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// messages reads all of a conversation, oldest first.
func (c *Connector) messages(ctx context.Context, ticket string, doc any) ([]escalate.Message, error) {
	entries, err := c.entries(ctx, ticket, doc)
	if err != nil {
		return nil, err
	}
	if c.m.Messages.Newest {
		slices.Reverse(entries)
	}
	var out []escalate.Message
	seen := make(map[escalate.MessageID]bool)
	for _, entry := range entries {
		if c.m.Messages.Skip.holds(entry) {
			continue
		}
		m, err := c.message(entry)
		if err != nil {
			return nil, fmt.Errorf("read messages: %w", err)
		}
		if seen[m.ID] { // a page may shift while it is read
			continue
		}
		seen[m.ID] = true
		if m.At.IsZero() && len(out) > 0 {
			m.At = out[len(out)-1].At
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b escalate.Message) int { return a.At.Compare(b.At) })
	return out, nil
}

// entries are what the list of messages holds, in its own order.
func (c *Connector) entries(ctx context.Context, ticket string, doc any) ([]any, error) {
	const op = "read messages"
	m := &c.m.Messages
	if m.URL == "" {
		list, there := m.List.items(doc)
		if !there {
			return nil, fmt.Errorf("%s: %w: no list is at %s", op, errForm, m.List)
		}
		return slices.Clone(list), nil
	}
	l := lister{c: c, op: op, url: m.URL, at: m.List, pages: m.Pages, v: values{"ticket": ticket}, most: messagePages}
	var all []any
	for {
		page, err := l.page(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.items...)
		if !page.more {
			return all, nil
		}
	}
}
