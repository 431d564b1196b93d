package zendesk

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

// A ticket holds at most 5,000 comments (Ticketing, Ticket Comments), which come a hundred at a time.
const (
	pageSize     = "100"
	mostComments = 60 // pages
)

// Read implements desk.Helpdesk. The ticket is read before its comments: what is written between the two makes the stamp too
// old for what the reading shows, never too new.
func (c *Connector) Read(ctx context.Context, ticket string) (*desk.Snapshot, error) {
	me, err := c.whoami(ctx)
	if err != nil {
		return nil, err
	}
	t, users, stamp, err := c.ticket(ctx, ticket)
	if err != nil {
		return nil, err
	}
	comments, err := c.comments(ctx, ticket, users)
	if err != nil {
		return nil, err
	}
	r := reading{c: c, ticket: t, users: users, me: me.ID, home: me.Zone}
	s := &desk.Snapshot{Status: statusOf(t.Status), Assignee: escalate.AgentID(t.AssigneeID), Stamp: stamp, Deadlines: deadlinesOf(t)}
	s.Content = escalate.Content{
		Subject: string(or(t.Subject, t.RawSubject)), Channel: channelOf(t.Via.Channel), Category: c.categoryOf(t), Priority: priorityOf(t.Priority),
		Tags: words(t.Tags), URL: c.base.JoinPath("agent", "tickets", ticket).String(), Customer: r.customer(),
		Value: escalate.AmountOf(t.field(c.valueField)),
	}
	for i := range comments {
		s.Content.Messages = append(s.Content.Messages, r.message(&comments[i]))
	}
	s.Content.Brand = c.brandOf(ctx, t)
	if into := r.mergedInto(comments); into != "" {
		s.Status, s.Merged = escalate.StatusGone, into
	}
	return s, nil
}

// ticket reads a ticket's fields, and the people in them.
func (c *Connector) ticket(ctx context.Context, ticket string) (*ticket, map[id]user, string, error) {
	if !numeric(ticket) {
		return nil, nil, "", fmt.Errorf("read ticket: %w: %q is no number", desk.ErrNotFound, ticket)
	}
	res, err := c.http.Send(ctx, helpdesk.Call{Op: "read ticket", Path: ticketPath(ticket), Query: url.Values{"include": {"users,slas"}}})
	if err != nil {
		return nil, nil, "", err
	}
	t, users, err := decodeTicket(res.Body)
	if err != nil {
		return nil, nil, "", err
	}
	if t.Status == "deleted" {
		return nil, nil, "", fmt.Errorf("read ticket: %w: it was deleted", desk.ErrNotFound)
	}
	return t, users, c.stampOf(t.UpdatedAt, res.Header), nil
}

func decodeTicket(body []byte) (*ticket, map[id]user, error) {
	var answer struct {
		Ticket ticket `json:"ticket"`
		Users  []user `json:"users"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, nil, fmt.Errorf("read ticket: decode answer: %w", err)
	}
	if instant(answer.Ticket.UpdatedAt).IsZero() {
		// Without it nothing would tell that a ticket moved.
		return nil, nil, errors.New("read ticket: the answer has no updated_at")
	}
	users := make(map[id]user)
	for _, u := range answer.Users {
		users[u.ID] = u
	}
	return &answer.Ticket, users, nil
}

// comments reads all comments of a ticket, oldest first, and adds those who wrote them to users. It is all of them or an error.
func (c *Connector) comments(ctx context.Context, ticket string, users map[id]user) ([]comment, error) {
	var all []comment
	query := url.Values{"include": {"users"}, "sort": {"created_at"}, "page[size]": {pageSize}}
	for range mostComments {
		page, err := c.commentPage(ctx, ticket, query)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Comments...)
		for _, u := range page.Users {
			users[u.ID] = u
		}
		next, err := page.next("read comments", query.Get("page[after]"))
		if err != nil || next == "" {
			return all, err
		}
		query.Set("page[after]", next)
	}
	return nil, errors.New("read comments: the list has no end")
}

type commentPage struct {
	paging
	Comments []comment `json:"comments"`
	Users    []user    `json:"users"`
}

func (c *Connector) commentPage(ctx context.Context, ticket string, query url.Values) (p commentPage, err error) {
	err = c.http.Do(ctx, helpdesk.Call{Op: "read comments", Path: ticketPath(ticket, "comments"), Query: query}, &p)
	return p, err
}

// next is the cursor behind a page; "" at the end. A list that goes on without saying from where is an error: half a conversation
// would pass for the whole.
func (p *paging) next(op, from string) (string, error) {
	next := string(p.Meta.After)
	switch {
	case !bool(p.Meta.HasMore) && p.NextPage == "":
		return "", nil
	case next == "" || next == from:
		return "", fmt.Errorf("%s: there is more, but the answer does not say from where", op)
	}
	return next, nil
}

// reading is one ticket being read.
type reading struct {
	c      *Connector
	ticket *ticket
	users  map[id]user
	me     id
	home   word // our own user's time zone, which mostly is the account's
}

func (r *reading) customer() escalate.Customer {
	u := r.users[r.ticket.RequesterID]
	zone := string(u.Zone)
	if u.Zone == r.home {
		zone = "" // who has chosen none has the account's, wherever they live
	}
	return escalate.Customer{Name: string(u.Name), Email: string(u.Email), Plan: valueOf(u.Fields[r.c.plan]), Tags: words(u.Tags), Zone: zone}
}

func (c *Connector) categoryOf(t *ticket) string {
	if c.categoryField == "" {
		return string(t.Type)
	}
	return valueOf(t.field(c.categoryField))
}

// field is what a ticket field holds; nil of one that is not there, or not named.
func (t *ticket) field(id string) json.RawMessage {
	for _, f := range t.CustomFields {
		if id != "" && string(f.ID) == id {
			return f.Value
		}
	}
	return nil
}

// valueOf is a field's value as one string: of a multi-select, its values.
func valueOf(raw json.RawMessage) string {
	var one word
	var many []word
	if len(raw) > 0 && raw[0] == '[' && json.Unmarshal(raw, &many) == nil {
		return strings.Join(words(many), ", ")
	}
	if len(raw) == 0 || json.Unmarshal(raw, &one) != nil {
		return ""
	}
	return string(one)
}

// statusOf maps a ticket's status, which is the category where an account has statuses of its own.
func statusOf(s word) escalate.Status {
	switch s {
	case "pending":
		return escalate.StatusPending
	case "hold":
		return escalate.StatusOnHold
	case "solved":
		return escalate.StatusSolved
	case "closed":
		return escalate.StatusClosed
	case "deleted":
		return escalate.StatusGone
	}
	return escalate.StatusOpen // "new" is one that nobody looked at
}

func priorityOf(p word) escalate.Priority {
	switch q := escalate.Priority(p); q {
	case escalate.PriorityLow, escalate.PriorityNormal, escalate.PriorityHigh, escalate.PriorityUrgent:
		return q
	default:
	}
	return escalate.PriorityNone
}

// channelOf maps via.channel: where somebody waits for an answer at once is a chat.
func channelOf(channel word) string {
	switch strings.ToLower(string(channel)) {
	case "chat", "native_messaging", "messaging", "web_messaging", "sunshine_conversations_api", "whatsapp", "line", "wechat", "telegram",
		"viber", "kakaotalk", "facebook_messenger", "messenger", "instagram_dm", "twitter_dm", "sms", "native_sms", "mobile_chat":
		return "chat"
	case "email", "":
		return "email"
	}
	return "web"
}

// deadlinesOf reads the SLA's targets that run. One that is paused has no deadline, one that is achieved none any more.
func deadlinesOf(t *ticket) (d desk.Deadlines) {
	if t.SLAs == nil {
		return d
	}
	for _, m := range t.SLAs.Metrics {
		at := instant(m.BreachAt)
		if m.Stage != "active" || at.IsZero() {
			continue
		}
		of := &d.Resolution
		switch m.Metric {
		case "first_reply_time":
			of = &d.FirstResponse
		case "next_reply_time", "periodic_update_time", "pausable_update_time":
			of = &d.NextResponse
		}
		if of.IsZero() || at.Before(*of) {
			*of = at
		}
	}
	return d
}
