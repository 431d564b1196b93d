package freshdesk

import (
	"cmp"
	"context"
	"net/mail"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
)

// firstMessage is the id of a ticket's own text, which is no conversation and has none.
const firstMessage escalate.MessageID = "description"

// reading turns a ticket's conversation into messages, oldest first: references count by what came before.
type reading struct {
	me        *person
	bot       string
	requester contact
	agents    map[ident]person
	refs      map[string]bool // the references that were met
}

// reading begins to read a ticket.
func (c *Connector) reading(ctx context.Context, t *ticket, talk []conversation) (*reading, error) {
	me, err := c.me(ctx)
	if err != nil {
		return nil, err
	}
	r := &reading{me: me, bot: c.bot, refs: make(map[string]bool), requester: contact{ID: t.RequesterID}}
	if t.Requester != nil {
		r.requester = *t.Requester
		r.requester.ID = cmp.Or(r.requester.ID, t.RequesterID)
	}
	for i := range talk {
		one := &talk[i]
		if one.Incoming || one.UserID == "" || one.UserID == me.ID || one.UserID == r.requester.ID {
			continue
		}
		if _, known := r.agents[one.UserID]; !known {
			if r.agents, err = c.people(ctx, one.UserID); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// first is the ticket's own text as its first message.
func (r *reading) first(t *ticket) escalate.Message {
	m := escalate.Message{
		ID: firstMessage, Role: escalate.RoleCustomer, Author: r.requester.Name, Email: r.requester.Email,
		Text: plain(t.Structured, t.Description, t.Plain), Public: true, At: t.CreatedAt.Time, Files: filesOf(t.Attachments),
	}
	if t.Source == sourceOutbound { // an agent wrote to the customer; the ticket does not say who
		m.Role, m.Author, m.Email = escalate.RoleAgent, "", ""
		return m
	}
	m.Text, _ = helpdesk.CutOpenedRef(m.Text)
	return m
}

// message is one of the conversation; false for what only the system tells.
func (r *reading) message(one *conversation) (escalate.Message, bool) {
	if one.Source == sourceStatus || one.Source == sourceMeta {
		return escalate.Message{}, false
	}
	m := escalate.Message{
		ID: escalate.MessageID(one.ID), Text: plain(one.Structured, one.Body, one.Plain), Auto: one.AutoResponse,
		// What is forwarded goes to somebody else; the customer never sees it.
		Public: !one.Private && (one.Source != sourceForward || one.Incoming),
		At:     one.CreatedAt.Time, EditedAt: one.EditedAt.Time, Files: filesOf(one.Attachments),
	}
	agent, isAgent := r.agents[one.UserID]
	switch {
	case one.UserID != "" && one.UserID == r.me.ID:
		r.own(&m)
	case one.UserID != "" && one.UserID == r.requester.ID:
		m.Role, m.Author, m.Email = escalate.RoleCustomer, r.requester.Name, r.requester.Email
	case one.Incoming && !isAgent:
		m.Role = escalate.RoleParticipant
		m.Author, m.Email = envelope(one.FromEmail)
	case one.UserID == "": // a rule of the account, which nobody wrote
		m.Role, m.Author, m.Auto = escalate.RoleBot, "Freshdesk", true
	default:
		m.Role, m.Author, m.Email = escalate.RoleAgent, agent.Contact.Name, agent.Contact.Email
		if !isAgent {
			m.Author, _ = envelope(one.FromEmail)
		}
		r.inTheirName(one, &m)
	}
	return m, true
}

// own reads a message of our own account. Without a reference somebody wrote it by hand.
func (r *reading) own(m *escalate.Message) {
	var author string
	m.Text, m.Marker, author = cutSigned(m.Text)
	r.refs[m.Marker] = true
	m.Role, m.Author, m.Email = escalate.RoleAgent, cmp.Or(author, r.me.Contact.Name), ""
	if m.Marker != "" && author == "" {
		m.Role, m.Author = escalate.RoleBot, r.bot
	}
}

// inTheirName finds a reply that we sent in an agent's name.
func (r *reading) inTheirName(one *conversation, m *escalate.Message) {
	rest, key := helpdesk.CutRef(m.Text)
	if key == "" || one.Source != sourceReply || one.Incoming || !m.Public || r.refs[key] || strings.HasSuffix(key, signedSuffix) {
		return
	}
	r.refs[key] = true
	m.Text, m.Marker = rest, key
}

// envelope reads "Ina Berg <ina@customer.example>".
func envelope(from string) (name, address string) {
	if parsed, err := mail.ParseAddress(from); err == nil {
		return cmp.Or(parsed.Name, parsed.Address), parsed.Address
	}
	return strings.TrimSpace(from), ""
}
