package front

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// openIn is where an agent opens a conversation.
const openIn = "https://app.frontapp.com/open/"

// Read implements desk.Helpdesk: the conversation, all its messages and all its comments. A conversation that went into another one
// is gone, and says where to.
func (c *Connector) Read(ctx context.Context, id string) (*desk.Snapshot, error) {
	s, err := c.read(ctx, id)
	if into := mergedInto(err, id); into != "" {
		return &desk.Snapshot{Status: escalate.StatusGone, Merged: into, Content: escalate.Content{URL: openIn + url.PathEscape(id)}}, nil
	}
	return s, err
}

func (c *Connector) read(ctx context.Context, id string) (*desk.Snapshot, error) {
	v, err := c.conversation(ctx, "read conversation", id)
	if err != nil {
		return nil, err
	}
	// Oldest first: what is written meanwhile comes at the end, and moves nothing from one page to another.
	messages, err := allPages[message](ctx, c, helpdesk.Call{
		Op: "read messages", Path: conversationPath(id, "messages"),
		Query: url.Values{"limit": {strconv.Itoa(pageSize)}, "sort_by": {"created_at"}, "sort_order": {"asc"}},
	})
	if err != nil {
		return nil, err
	}
	comments, err := c.comments(ctx, id)
	if err != nil {
		return nil, err
	}
	s := &desk.Snapshot{Content: escalate.Content{
		Subject: helpdesk.Clean(string(v.Subject)), Channel: channelOf(messages), Category: v.CustomFields.text(c.category), Priority: priorityOf(v.Tags),
		Tags: namesOf(v.Tags), URL: openIn + url.PathEscape(id), Customer: customerOf(v, messages),
		Messages: c.transcript(v, messages, comments), Brand: v.CustomFields.text(c.brand), Value: escalate.AmountOf(v.CustomFields[c.value]),
	}}
	if len(v.TicketIDs) > 0 {
		s.Content.Number = helpdesk.Clean(string(v.TicketIDs[0]))
	}
	if v.Assignee != nil {
		s.Assignee = escalate.AgentID(v.Assignee.ID)
	}
	s.Status = c.statusOf(ctx, v, s.Content.Messages)
	return s, nil
}

func (c *Connector) conversation(ctx context.Context, op, id string) (*conversation, error) {
	var v conversation
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Path: conversationPath(id)}, &v)
	return &v, err
}

// comments reads a conversation's comments. Front's specification knows no pages of them and no order but newest first; should there
// be pages, they are read.
func (c *Connector) comments(ctx context.Context, id string) ([]comment, error) {
	all, err := allPages[comment](ctx, c, helpdesk.Call{Op: "read comments", Path: conversationPath(id, "comments")})
	slices.SortStableFunc(all, func(a, b comment) int { return a.PostedAt.Compare(b.PostedAt.Time) })
	return all, err
}

// transcript is all that was said, oldest first. Drafts were not said, nor what Front failed to send.
func (c *Connector) transcript(v *conversation, messages []message, comments []comment) []escalate.Message {
	customer := sender{handle: string(customerHandle(v, messages))}
	if v.Recipient != nil {
		customer.contact = string(v.Recipient.Links.Related.Contact)
	}
	var all []escalate.Message
	var before instant // when the message before was written: one without a time of its own keeps its place
	for i := range messages {
		m := &messages[i]
		if m.CreatedAt.IsZero() {
			m.CreatedAt = before
		}
		before = m.CreatedAt
		if m.DraftMode == "" && m.ErrorType == "" {
			all = append(all, c.said(m, customer))
		}
	}
	for i := range comments {
		all = append(all, c.noted(&comments[i]))
	}
	slices.SortStableFunc(all, func(a, b escalate.Message) int { return a.At.Compare(b.At) })
	if len(all) > 0 && all[0].Role == escalate.RoleCustomer {
		all[0].Text, _ = helpdesk.CutOpenedRef(all[0].Text)
	}
	// An agent who quotes what we wrote to the very end writes our marker, too. The first to have it is ours.
	seen := make(map[string]bool)
	for i := range all {
		if m := &all[i]; m.Marker != "" && seen[m.Marker] {
			m.Marker = ""
		} else {
			seen[m.Marker] = true
		}
	}
	return all
}

// channels are Front's kinds of message that are read while somebody waits, and those that are mail. What is neither came by the web.
var channels = map[text]string{
	"email": "email", "internal": "email",
	"front_chat": "chat", "intercom": "chat", "facebook": "chat", "whatsapp": "chat", "yalo_wha": "chat", "sms": "chat", "tweet_dm": "chat",
	"smooch": "chat",
}

func channelOf(messages []message) string {
	for _, m := range slices.Backward(messages) {
		if m.Type != "" {
			return cmp.Or(channels[m.Type], "web")
		}
	}
	return "email"
}

func namesOf(tags []tag) (names []string) {
	for _, t := range tags {
		if t.Name != "" {
			names = append(names, helpdesk.Clean(string(t.Name)))
		}
	}
	return names
}

// customerOf is whom a conversation is with: its main recipient, or who wrote first where Front names none.
func customerOf(v *conversation, messages []message) escalate.Customer {
	handle := customerHandle(v, messages)
	who := escalate.Customer{Name: helpdesk.Clean(string(handle))}
	if strings.Contains(string(handle), "@") {
		who.Email = helpdesk.Clean(string(handle))
	}
	named := func(r *recipient) bool {
		return r != nil && r.Name != "" && strings.EqualFold(string(r.Handle), string(handle))
	}
	if named(v.Recipient) {
		who.Name = helpdesk.Clean(string(v.Recipient.Name))
		return who
	}
	for i := range messages {
		if from := messages[i].from(); messages[i].IsInbound && named(from) {
			who.Name = helpdesk.Clean(string(from.Name))
			break
		}
	}
	return who
}

func customerHandle(v *conversation, messages []message) text {
	if v.Recipient != nil && v.Recipient.Handle != "" {
		return v.Recipient.Handle
	}
	for i := range messages {
		if from := messages[i].from(); messages[i].IsInbound && from != nil {
			return from.Handle
		}
	}
	return ""
}
