package freshdesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Read implements desk.Helpdesk. The ticket is read first: what is said while its conversation is read is in the conversation.
func (c *Connector) Read(ctx context.Context, ticketID string) (*desk.Snapshot, error) {
	t, path, err := c.ticket(ctx, ticketID, "requester,stats")
	if err != nil {
		return nil, err
	}
	talk, err := c.conversations(ctx, path)
	if err != nil {
		return nil, err
	}
	return c.snapshot(ctx, t, talk)
}

// ticket reads a ticket and returns where it is. One that was closed for four months is archived, and answers elsewhere.
func (c *Connector) ticket(ctx context.Context, ticketID, include string) (*ticket, []string, error) {
	var t ticket
	path := []string{"tickets", ticketID}
	call := helpdesk.Call{Op: "read ticket", Path: path}
	if include != "" {
		call.Query = url.Values{"include": {include}}
	}
	err := c.api.Do(ctx, call, &t)
	if err != nil && elsewhere(err) {
		path = []string{"tickets", "archived", ticketID}
		call.Path, call.Query = path, nil // the same members, and no include is documented
		if again := c.api.Do(ctx, call, &t); again == nil || !errors.Is(again, desk.ErrNotFound) {
			err = again
		}
	}
	if err == nil && t.ID == "" {
		err = errors.New("read ticket: the answer has no id")
	}
	if err != nil {
		return nil, nil, err
	}
	return &t, path, nil
}

// elsewhere reports whether a ticket may be among the archived ones.
func elsewhere(err error) bool {
	moved, ok := errors.AsType[*helpdesk.RedirectError](err)
	return errors.Is(err, desk.ErrNotFound) || ok && strings.Contains(moved.Location, "/tickets/archived/")
}

func archived(path []string) bool { return path[1] == "archived" }

// conversationPages bounds a conversation at ten thousand messages. Longer, and the reading is an error, never a part.
const conversationPages = 100

// conversations reads all of a ticket's conversation, oldest first. With the ticket itself come only the first ten.
func (c *Connector) conversations(ctx context.Context, path []string) ([]conversation, error) {
	var all []conversation
	seen := make(map[ident]bool)
	for n := 1; n <= conversationPages; n++ {
		var some []conversation
		call := helpdesk.Call{Op: "read conversation", Path: append(slices.Clone(path), "conversations")}
		more, _, err := c.page(ctx, call, n, &some)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			if !seen[one.ID] { // a page may shift while it is read
				seen[one.ID] = true
				all = append(all, one)
			}
		}
		if !more {
			slices.SortStableFunc(all, func(a, b conversation) int { return a.CreatedAt.Compare(b.CreatedAt.Time) })
			return all, nil
		}
	}
	return nil, fmt.Errorf("read conversation: it has more than %d messages; close the ticket and let a new one begin", conversationPages*perPage)
}

// snapshot is what was read, in our words.
func (c *Connector) snapshot(ctx context.Context, t *ticket, talk []conversation) (*desk.Snapshot, error) {
	r, err := c.reading(ctx, t, talk)
	if err != nil {
		return nil, err
	}
	s := &desk.Snapshot{Status: c.status(t), Assignee: escalate.AgentID(t.ResponderID), Deadlines: t.deadlines()}
	s.Content = escalate.Content{
		Subject: t.Subject, Channel: t.channel(), Category: t.Type, Priority: t.priority(), Tags: slices.Clone(t.Tags),
		URL:      c.site.JoinPath("a", "tickets", string(t.ID)).String(),
		Customer: escalate.Customer{Name: r.requester.Name, Email: r.requester.Email},
		Messages: []escalate.Message{r.first(t)},
		Brand:    c.brandOf(ctx, t), Value: escalate.AmountOf(t.CustomFields[c.value]),
	}
	for i := range talk {
		if m, ok := r.message(&talk[i]); ok {
			s.Content.Messages = append(s.Content.Messages, m)
		}
		if isStructured(talk[i].Structured) {
			s.Content.Channel = chat
		}
	}
	if into := mergedInto(t, s.Content.Messages); into != "" {
		s.Merged, s.Status = into, escalate.StatusGone
	}
	return s, nil
}

// deadlines are those that still bind. Freshdesk leaves them in place once they were met; and it works them out again some seconds
// after a change, so that what a write answers shows old ones: they are only ever taken from a reading.
func (t *ticket) deadlines() desk.Deadlines {
	d := desk.Deadlines{FirstResponse: t.FirstDueBy.Time, NextResponse: t.NextDueBy.Time, Resolution: t.DueBy.Time}
	if t.Stats != nil && !t.Stats.FirstResponded.IsZero() {
		d.FirstResponse = desk.Deadlines{}.FirstResponse
	}
	if t.Status == statusResolved || t.Status == statusClosed {
		return desk.Deadlines{}
	}
	return d
}

// plain is the text of a message, of whichever forms it has: what is written in HTML is converted here, because the vendor's own
// text runs words together.
func plain(structuredBody json.RawMessage, html, text string) string {
	if said := structured(structuredBody); said != "" {
		return helpdesk.Clean(said)
	}
	if html != "" {
		return helpdesk.Clean(richtext.Text(html))
	}
	return helpdesk.Clean(text)
}

func decode(op string, body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: decode answer: %w", op, err)
	}
	return nil
}
