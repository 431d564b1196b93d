package requesttracker

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// The kinds of transaction that are messages (RT::Transaction).
const (
	create     = "Create"
	correspond = "Correspond"
	comment    = "Comment"
)

// conversation is all that was said on a ticket.
type conversation struct {
	me, bot      string
	requestors   []string // names of users
	transactions []transaction
	bodies       map[ident][]attachment // by transaction
	files        map[ident][]attachment
	people       map[string]*user
}

// conversation reads all that was said on a ticket, oldest first: on those that were merged into it as well.
func (c *Connector) conversation(ctx context.Context, t *ticket) (*conversation, error) {
	r := &conversation{bot: c.bot}
	var err error
	if r.me, err = c.whoami(ctx); err != nil {
		return nil, err
	}
	at := func(op, list string, fields string, limits ...limit) helpdesk.Call {
		return helpdesk.Call{Op: op, Path: []string{"ticket", string(t.ID), list}, Query: url.Values{"fields": {fields}, "query": {query(limits...)}}}
	}
	// RT's events, and the mails that it sent, which are transactions as well, are left to it.
	r.transactions, err = all[transaction](ctx, c, at("read history", "history", "Type,Created,Creator",
		limit{Field: "Type", Value: create}, limit{Field: "Type", Value: correspond}, limit{Field: "Type", Value: comment}))
	if err != nil {
		return nil, err
	}
	bodies, err := all[attachment](ctx, c, at("read messages", "attachments", "TransactionId,ContentType,Content",
		limit{Field: "Filename", Operator: "IS", Value: "NULL"},
		limit{Field: "ContentType", Operator: "STARTSWITH", Value: "text/"}, limit{Field: "ContentType", Operator: "STARTSWITH", Value: "multipart/"}))
	if err != nil {
		return nil, err
	}
	var files []attachment
	if mayHaveFiles(r.transactions, byTransaction(bodies)) {
		// Only their names: with Content the whole of them would come along.
		files, err = all[attachment](ctx, c, at("list files", "attachments", "TransactionId,ContentType,Filename,ContentLength",
			limit{Field: "Filename", Operator: "IS NOT", Value: "NULL"}))
		if err != nil {
			return nil, err
		}
	}
	r.bodies, r.files = byTransaction(bodies), byTransaction(files)
	for _, one := range t.Requestor {
		r.requestors = append(r.requestors, string(one.ID))
	}
	names := append([]string(nil), r.requestors...)
	for i := range r.transactions {
		names = append(names, string(r.transactions[i].Creator.ID))
	}
	r.people, err = c.people(ctx, names)
	return r, err
}

// mayHaveFiles reports whether a message has what files stand in, or has nothing else. A call less for each ticket that has none.
func mayHaveFiles(transactions []transaction, bodies map[ident][]attachment) bool {
	for i := range transactions {
		parts := bodies[transactions[i].ID]
		holds := func(p attachment) bool {
			return strings.HasPrefix(p.ContentType, "multipart/") && p.ContentType != "multipart/alternative"
		}
		if len(parts) == 0 || slices.ContainsFunc(parts, holds) {
			return true
		}
	}
	return false
}

func byTransaction(parts []attachment) map[ident][]attachment {
	out := make(map[ident][]attachment)
	for _, p := range parts {
		out[p.TransactionID] = append(out[p.TransactionID], p)
	}
	return out
}

// customer is whose ticket it is: the first of its requestors.
func (r *conversation) customer() (out escalate.Customer) {
	if len(r.requestors) > 0 {
		if u := r.people[r.requestors[0]]; u != nil {
			out.Name, out.Email = helpdesk.Clean(u.called()), helpdesk.Clean(u.EmailAddress)
		}
	}
	return out
}

func (r *conversation) messages() (out []escalate.Message) {
	for i := range r.transactions {
		out = append(out, r.message(&r.transactions[i]))
	}
	return out
}

// message is one of a ticket's messages.
func (r *conversation) message(x *transaction) escalate.Message {
	m := escalate.Message{
		ID: escalate.MessageID(x.ID), Public: x.Type == create || x.Type == correspond, At: x.Created.Time, Files: filesOf(r.files[x.ID]),
	}
	body, isHTML := bodyOf(r.bodies[x.ID])
	if isHTML {
		m.Text = richtext.Text(body)
	} else {
		m.Text = strings.TrimSpace(body)
	}
	if by := string(x.Creator.ID); by == r.me && x.Type != create {
		m.Role, m.Author = escalate.RoleBot, r.bot
		text, key, author, ours := unmarked(body)
		if ours && isHTML {
			m.Text, m.Marker = text, key
		}
		if author != "" && isHTML {
			m.Role, m.Author = escalate.RoleAgent, author
		}
	} else {
		r.attribute(&m, by)
	}
	m.Text, m.Author, m.Email = helpdesk.Clean(m.Text), helpdesk.Clean(m.Author), helpdesk.Clean(m.Email)
	return m
}

// attribute says who wrote a message that is not ours. What we opened a ticket with are its customer's words.
func (r *conversation) attribute(m *escalate.Message, by string) {
	isRequestor := false
	for _, name := range r.requestors {
		isRequestor = isRequestor || name == by
	}
	if by == r.me && len(r.requestors) > 0 {
		isRequestor, by = true, r.requestors[0]
	}
	u := r.people[by]
	switch {
	case u == nil:
		m.Role, m.Author, m.Auto = escalate.RoleBot, "Request Tracker", true
		return
	case isRequestor && m.Public: // also one who works in RT and has a question
		m.Role = escalate.RoleCustomer
	case u.Privileged != 0:
		m.Role = escalate.RoleAgent
	default:
		m.Role = escalate.RoleParticipant
	}
	m.Author, m.Email = u.called(), u.EmailAddress
}

// bodyOf is what was written, of a message's parts that are no files. Mails often say the same twice, as HTML and as plain text; the
// former is read, because programs write the latter.
func bodyOf(parts []attachment) (body string, isHTML bool) {
	var plain, html []string
	for _, p := range parts {
		switch kind, _, _ := strings.Cut(strings.ToLower(p.ContentType), ";"); strings.TrimSpace(kind) {
		case "text/html":
			html = append(html, string(p.Content))
		case "text/plain", "text/enriched":
			plain = append(plain, string(p.Content))
		}
	}
	if len(html) > 0 {
		return strings.Join(html, "\n"), true
	}
	return strings.Join(plain, "\n\n"), false
}
