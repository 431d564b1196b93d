package gorgias

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// reading turns a ticket's messages into ours.
type reading struct {
	me       *user
	bot      string
	customer party
	users    map[ident]*user
}

// reading begins to read a ticket. Users are only looked up where somebody wrote whose role matters.
func (c *Connector) reading(ctx context.Context, t *ticket) (*reading, error) {
	me, err := c.me(ctx)
	if err != nil {
		return nil, err
	}
	r := &reading{me: me, bot: c.bot, customer: t.customer()}
	for i := range t.Messages {
		m := &t.Messages[i]
		if !is(m.FromAgent) || m.Sender == nil || m.Sender.ID == "" || m.Sender.ID == me.ID {
			continue
		}
		if _, known := r.users[m.Sender.ID]; !known {
			if r.users, err = c.people(ctx, m.Sender.ID); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// message is one of a ticket's messages. One that Gorgias could not send is not public, because the customer never got it, and has
// no marker, so that it never counts as sent.
func (r *reading) message(m *message) escalate.Message {
	out := escalate.Message{
		ID: escalate.MessageID(m.ID), Public: m.isPublic(), At: m.CreatedAt.Time, Auto: m.isAuto(), Files: filesOf(m.Attachments),
	}
	key, signed, ours := marked(m.ExternalID)
	if ours = ours && is(m.FromAgent); ours {
		out.Marker, out.Text = key, helpdesk.Clean(cmp.Or(richtext.Text(m.BodyHTML), m.BodyText))
	} else {
		out.Text = helpdesk.Clean(m.text())
	}
	switch {
	case !is(m.FromAgent):
		r.fromOutside(m, &out)
	case ours && signed:
		out.Text, out.Author = cutSignature(out.Text)
		out.Role = escalate.RoleAgent
	case ours && r.isMe(m.Sender):
		out.Role, out.Author = escalate.RoleBot, r.bot
	default:
		r.fromInside(m, &out)
	}
	out.Author = helpdesk.Clean(out.Author)
	if m.failed() {
		out.Public, out.Marker = false, ""
		out.Text = "[Gorgias could not send this: " + helpdesk.Clean(m.why()) + "]\n\n" + out.Text
	}
	return out
}

func (r *reading) isMe(p *party) bool { return p != nil && p.ID == r.me.ID }

// fromOutside is who wrote a message that came in.
func (r *reading) fromOutside(m *message, out *escalate.Message) {
	from := party{}
	if m.Sender != nil {
		from = *m.Sender
	}
	same := from.ID != "" && from.ID == r.customer.ID || from.Email != "" && strings.EqualFold(from.Email, r.customer.Email)
	if same || from == (party{}) {
		out.Role, out.Author, out.Email = escalate.RoleCustomer, r.customer.called(), r.customer.Email
		return
	}
	out.Role, out.Author, out.Email = escalate.RoleParticipant, from.called(), from.Email
}

// fromInside is who wrote a message on the account's side: a person, one of Gorgias' bots, or a rule.
func (r *reading) fromInside(m *message, out *escalate.Message) {
	if m.Sender == nil || m.Sender.ID == "" {
		out.Role, out.Author = escalate.RoleBot, "Gorgias"
		return
	}
	out.Role, out.Author, out.Email = escalate.RoleAgent, m.Sender.called(), m.Sender.Email
	u, known := r.users[m.Sender.ID]
	if known && u.called() != "" {
		out.Author, out.Email = u.called(), u.Email
	}
	if m.isAuto() || known && u.isBot() {
		out.Role = escalate.RoleBot
	}
}

// isPublic reports whether the customer sees a message. One on the account's side that does not say is not public.
func (m *message) isPublic() bool {
	switch {
	case m.Channel == internalNote || m.Source.V.Type == internalNote:
		return false
	case m.Public == nil:
		return !is(m.FromAgent)
	}
	return *m.Public
}

// isAuto reports whether a rule wrote a message.
func (m *message) isAuto() bool { return m.Via == "rule" || m.RuleID != "" }

// failed reports whether a message could not be sent. A later attempt that went well counts more.
func (m *message) failed() bool {
	return !m.FailedAt.IsZero() && m.SentAt.Before(m.FailedAt.Time)
}

// why is Gorgias' word for why a message could not be sent.
func (m *message) why() string {
	var said struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	var text string
	if json.Unmarshal(m.SendingError, &said) != nil {
		_ = json.Unmarshal(m.SendingError, &text) // of another form, it says nothing
	}
	return helpdesk.Clipped(cmp.Or(said.Error, said.Message, text, "it does not say why"))
}

// text is what somebody wrote, without what the mail quotes: Gorgias strips it. Where nothing is left, the whole is what was written.
func (m *message) text() string {
	for _, form := range []string{m.StrippedText, richtext.Text(m.StrippedHTML), m.BodyText, richtext.Text(m.BodyHTML)} {
		if form = strings.TrimSpace(form); form != "" {
			return form
		}
	}
	return ""
}
