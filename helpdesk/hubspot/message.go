package hubspot

import (
	"cmp"
	"context"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// What the id of an actor begins with, and the two directions of a message.
const (
	agent   = "A-" // a user, by their user id
	visitor = "V-" // a contact

	incoming = "INCOMING"
	outgoing = "OUTGOING"

	integration = "INTEGRATION" // the type of client that an app is
)

// reading turns what was said into messages, oldest first: a reference counts by what came before it.
type reading struct {
	c        *Connector
	customer contact
	refs     map[string]bool
}

func (c *Connector) messages(ctx context.Context, of *talk) ([]escalate.Message, error) {
	r := reading{c: c, customer: of.customer, refs: make(map[string]bool)}
	out := make([]escalate.Message, 0, len(of.messages))
	for i := range of.messages {
		m, err := r.message(ctx, &of.messages[i])
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// message is one that somebody wrote. Only a MESSAGE is ever public: a COMMENT, whatever else it says, the customer never sees.
func (r *reading) message(ctx context.Context, m *message) (escalate.Message, error) {
	out := escalate.Message{
		ID: escalate.MessageID(m.ID), Text: m.plain(), Public: m.Type == kindMessage, At: m.CreatedAt.time(), Files: filesOf(m.Attachments),
	}
	if m.inbound() {
		r.incoming(m, &out)
		return out, nil
	}
	who, name := m.author()
	if mine, author, err := r.ours(ctx, m, &out); mine || err != nil {
		if err == nil && out.Role == escalate.RoleAgent {
			out.Author = author
			if author == "" {
				out.Author, err = r.c.actorName(ctx, who, name)
			}
		}
		return out, err
	}
	out.Role = escalate.RoleAgent
	if who != "" && !strings.HasPrefix(string(who), agent) && !strings.HasPrefix(string(who), visitor) { // a chatflow, a workflow, another app
		out.Role, out.Auto = escalate.RoleBot, true
	}
	var err error
	out.Author, err = r.c.actorName(ctx, who, name)
	return out, err
}

// inbound reports whether a message came to us. Of one that does not say, its author decides.
func (m *message) inbound() bool {
	who, _ := m.author()
	said := m.Direction == incoming || m.Direction == "" && (who == "" || strings.HasPrefix(string(who), visitor))
	return m.Type == kindMessage && said
}

// incoming reads who wrote to us: the customer, or somebody else who is in the thread.
func (r *reading) incoming(m *message, out *escalate.Message) {
	out.Role, out.Author, out.Email = escalate.RoleCustomer, r.customer.name, r.customer.email
	if len(m.Senders) == 0 || r.isCustomer(&m.Senders[0]) {
		return
	}
	from := &m.Senders[0]
	out.Role, out.Email = escalate.RoleParticipant, from.email()
	out.Author = helpdesk.Clean(cmp.Or(string(from.Name), out.Email, "somebody"))
}

func (r *reading) isCustomer(from *party) bool {
	email := from.email()
	switch {
	case r.customer.email != "" && strings.EqualFold(email, r.customer.email):
		return true
	case email != "" && r.customer.email != "":
		// Another address. A contact may have several, so the contact decides.
		return r.customer.id != "" && string(from.ActorID) == visitor+r.customer.id
	}
	return r.customer.id == "" || from.ActorID == "" || string(from.ActorID) == visitor+r.customer.id
}

// ours finds out whether we wrote a message: it ends with a reference of ours, and came by an app, not by somebody's hand. Where
// HubSpot does not say what it came by, the first with a reference is ours, and what repeats it is a copy.
func (r *reading) ours(ctx context.Context, m *message, out *escalate.Message) (bool, string, error) {
	s := cutSign(out.Text)
	if m.Client != nil && m.Client.Type == integration {
		s = cutLast(out.Text)
	}
	if s.key == "" || !r.byApp(m, s.key) {
		return false, "", nil
	}
	r.refs[s.key] = true
	out.Text, out.Marker = s.text, s.key
	out.Role, out.Author = escalate.RoleBot, r.c.bot
	if s.author != "" {
		out.Role = escalate.RoleAgent
		return true, s.author, nil
	}
	if m.Type == kindComment {
		return true, "", nil
	}
	sender, err := r.c.senderActor(ctx)
	if err != nil {
		return false, "", err
	}
	if who, _ := m.author(); string(who) != sender {
		out.Role = escalate.RoleAgent
	}
	return true, "", nil
}

func (r *reading) byApp(m *message, key string) bool {
	if m.Client == nil || m.Client.Type == "" {
		who, _ := m.author()
		return !r.refs[key] && !strings.HasPrefix(string(who), visitor)
	}
	return m.Client.Type == integration && (r.c.app == "" || m.Client.App == "" || string(m.Client.App) == r.c.app)
}

// author is who wrote something, as far as it says itself.
func (m *message) author() (id, name text) {
	if len(m.Senders) > 0 && m.Senders[0].ActorID != "" {
		return m.Senders[0].ActorID, m.Senders[0].Name
	}
	if len(m.Senders) > 0 {
		name = m.Senders[0].Name
	}
	return m.CreatedBy, name
}

// plain is a message's text: from its HTML where it has some, because HubSpot's own text runs lines together.
func (m *message) plain() string {
	if m.RichText != "" {
		return helpdesk.Clean(richtext.Text(string(m.RichText)))
	}
	return helpdesk.Clean(string(m.Text))
}
