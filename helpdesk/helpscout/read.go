package helpscout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// webSite is where people work.
const webSite = "https://secure.helpscout.net"

// Read implements desk.Helpdesk. The conversation is read first: what is said while its threads are read is among the threads.
func (c *Connector) Read(ctx context.Context, ticket string) (*desk.Snapshot, error) {
	v, err := c.conversation(ctx, "read conversation", ticket)
	if into := c.mergedInto(err, ticket); into != "" {
		return &desk.Snapshot{Status: escalate.StatusGone, Merged: into}, nil
	}
	if err != nil {
		return nil, err
	}
	if string(v.ID) != ticket { // answered for the one that it went into, without saying so
		return &desk.Snapshot{Status: escalate.StatusGone, Merged: string(v.ID)}, nil
	}
	threads, err := c.threads(ctx, ticket)
	if err != nil {
		return nil, err
	}
	return c.snapshot(ctx, v, threads)
}

// conversation reads a conversation without its threads: with it, those of chats come cut short.
func (c *Connector) conversation(ctx context.Context, op, ticket string) (*conversation, error) {
	if !numeric(ticket) {
		return nil, fmt.Errorf("%s: %w: %q is no conversation's id", op, desk.ErrNotFound, helpdesk.Clipped(ticket))
	}
	var v conversation
	if err := c.do(ctx, helpdesk.Call{Op: op, Path: []string{"conversations", ticket}}, &v); err != nil {
		return nil, err
	}
	if !numeric(string(v.ID)) {
		return nil, fmt.Errorf("%s: the answer has no id", op)
	}
	return &v, nil
}

// mergedInto is the conversation to which the answer about a merged one points; "" when it is no such answer. Everything but the id
// must be as it is in our own API, so that no other host and no other thing is ever taken for a conversation.
func (c *Connector) mergedInto(err error, ticket string) string {
	moved, ok := errors.AsType[*helpdesk.RedirectError](err)
	if !ok || moved.Status != http.StatusMovedPermanently {
		return ""
	}
	asked := c.base.JoinPath("conversations", ticket)
	at, parseErr := asked.Parse(moved.Location)
	if parseErr != nil || at.Host != c.base.Host || path.Dir(at.Path) != path.Dir(asked.Path) {
		return ""
	}
	into := path.Base(at.Path)
	if !numeric(into) || into == ticket {
		return ""
	}
	return into
}

// writable reads the conversation that is to be written to. One that was merged is gone, and where to is said.
func (c *Connector) writable(ctx context.Context, op, ticket string) (*conversation, error) {
	v, err := c.conversation(ctx, op, ticket)
	into := c.mergedInto(err, ticket)
	if err == nil && string(v.ID) != ticket {
		into = string(v.ID)
	}
	switch {
	case into != "":
		return nil, fmt.Errorf("%s: %w: conversation %s was merged into %s; write there", op, desk.ErrNotFound, ticket, into)
	case err != nil:
		return nil, err
	case v.State == stateDeleted:
		return nil, fmt.Errorf("%s: %w: conversation %s was deleted", op, desk.ErrNotFound, ticket)
	}
	return v, nil
}

// threads reads all of a conversation, oldest first. Help Scout lists the newest first.
func (c *Connector) threads(ctx context.Context, ticket string) ([]thread, error) {
	call := helpdesk.Call{Op: "read threads", Path: []string{"conversations", ticket, "threads"}, Query: url.Values{}}
	list, err := all(ctx, c, call, "threads", func(t *thread) ident { return t.ID })
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b thread) int {
		if order := a.CreatedAt.Compare(b.CreatedAt.Time); order != 0 {
			return order
		}
		return byNumber(a.ID, b.ID) // times are whole seconds; ids grow
	})
	return list, nil
}

// byNumber orders ids as the numbers that they are.
func byNumber(a, b ident) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(string(a), string(b))
}

// snapshot is what was read, in our words.
func (c *Connector) snapshot(ctx context.Context, v *conversation, threads []thread) (*desk.Snapshot, error) {
	me, err := c.me(ctx)
	if err != nil {
		return nil, err
	}
	r := &reading{me: me, bot: c.bot, customer: v.Customer, refs: make(map[string]bool)}
	s := &desk.Snapshot{Status: v.status()}
	if v.Assignee.Type != "team" {
		s.Assignee = escalate.AgentID(v.Assignee.ID)
	}
	for i := range threads {
		if m, ok := r.message(&threads[i]); ok {
			s.Content.Messages = append(s.Content.Messages, m)
		}
	}
	tags := tagNames(v)
	s.Content.Subject, s.Content.Channel, s.Content.Tags, s.Content.Priority = helpdesk.Clean(v.Subject), v.channel(), tags, priorityOf(tags)
	s.Content.Customer = escalate.Customer{Name: r.customer.name(), Email: r.customer.Email}
	s.Content.Brand, s.Content.Value = c.brandOf(ctx, v), v.CustomFields.worth(c.value)
	if numeric(string(v.Number)) {
		s.Content.Number = string(v.Number)
		s.Content.URL = webSite + "/conversation/" + string(v.ID) + "/" + string(v.Number) + "/"
	}
	return s, nil
}

func tagNames(v *conversation) (names []string) {
	for _, t := range v.Tags {
		if name := helpdesk.Clean(strings.TrimSpace(t.Name)); name != "" {
			names = append(names, name)
		}
	}
	return names
}
