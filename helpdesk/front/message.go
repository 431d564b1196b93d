package front

import (
	"cmp"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// sender is how a message's sender is known: by address, phone number or name in a chat, and by the contact they belong to.
type sender struct{ handle, contact string }

func (s sender) is(r *recipient) bool {
	return strings.EqualFold(s.handle, string(r.Handle)) || s.contact != "" && s.contact == string(r.Links.Related.Contact)
}

// from is who sent a message; nil when Front does not say.
func (m *message) from() *recipient {
	for i := range m.Recipients {
		if r := &m.Recipients[i]; r.Role == "from" && r.Handle != "" {
			return r
		}
	}
	return nil
}

// messageID is a message's second id, under which it is accepted before the first is known; the first where there is no other.
func (m *message) messageID() escalate.MessageID { return escalate.MessageID(cmp.Or(m.UID, m.ID)) }

func (m *message) plain() string {
	if m.Body != "" {
		return richtext.Text(string(m.Body))
	}
	return cmp.Or(string(m.Text), string(m.Blurb))
}

// said is a message that the customer, or someone on their side, wrote or got.
func (c *Connector) said(m *message, customer sender) escalate.Message {
	out := escalate.Message{
		ID: m.messageID(), Text: helpdesk.Clean(m.plain()), Public: m.Type != "internal", At: m.CreatedAt.Time, Files: filesOf(m.Attachments),
	}
	if m.IsInbound {
		from := m.from()
		out.Role = escalate.RoleCustomer
		if from != nil {
			out.Author = helpdesk.Clean(string(cmp.Or(from.Name, from.Handle)))
			if strings.Contains(string(from.Handle), "@") {
				out.Email = helpdesk.Clean(string(from.Handle))
			}
			if !customer.is(from) {
				out.Role = escalate.RoleParticipant
			}
		}
		return out // its text is the customer's: a marker in it is a quote
	}
	sign := cutSign(out.Text)
	switch {
	case m.Author.person():
		out.Role, out.Author, out.Email = escalate.RoleAgent, m.Author.name(), helpdesk.Clean(string(m.Author.Email))
	case sign.key != "" && sign.author != "":
		out.Role, out.Author = escalate.RoleAgent, sign.author
	case sign.key != "":
		out.Role, out.Author = escalate.RoleBot, c.bot
	case m.Author == nil:
		// Sent past Front, from the mail program of somebody whose mailbox is connected.
		out.Role = escalate.RoleAgent
		if from := m.from(); from != nil {
			out.Author = helpdesk.Clean(string(cmp.Or(from.Name, from.Handle)))
		}
	default:
		out.Role, out.Author, out.Auto = escalate.RoleBot, m.Author.name(), true
	}
	out.Text, out.Marker = sign.text, sign.key
	return out
}

// noted is a comment, which only the team sees. Ours are written by no person; should Front ever show them as the person's who made
// the token, their marker still tells that they are there.
func (c *Connector) noted(m *comment) escalate.Message {
	out := escalate.Message{
		ID: escalate.MessageID(m.ID), Role: escalate.RoleAgent, Text: helpdesk.Clean(richtext.TextOfMarkdown(string(m.Body))), Public: false,
		At: m.PostedAt.Time, Files: filesOf(m.Attachments),
	}
	sign := cutSign(out.Text)
	out.Text, out.Marker = sign.text, sign.key
	switch {
	case m.Author.person():
		out.Author, out.Email = m.Author.name(), helpdesk.Clean(string(m.Author.Email))
	case sign.key != "":
		out.Role, out.Author = escalate.RoleBot, c.bot
	default:
		out.Role, out.Auto = escalate.RoleBot, true
		if m.Author != nil {
			out.Author = m.Author.name()
		}
	}
	return out
}

// person reports that a teammate is a human being. Rules, macros, applications and API tokens are teammates in Front, too; where the
// kind is missing, as in older answers, they have no address.
func (t *teammate) person() bool {
	return t != nil && (t.Type == "user" || t.Type == "visitor" || t.Type == "" && t.Email != "")
}

func (t *teammate) name() string {
	full := strings.TrimSpace(strings.TrimSpace(string(t.FirstName)) + " " + strings.TrimSpace(string(t.LastName)))
	return helpdesk.Clean(cmp.Or(full, string(t.Username), string(t.Email), string(t.ID)))
}

func filesOf(attachments []attachment) (all []escalate.File) {
	for _, a := range attachments {
		if a.ID == "" {
			continue
		}
		all = append(all, escalate.File{
			ID: escalate.FileID(a.ID), Name: helpdesk.Clean(string(a.Filename)), Type: helpdesk.Clean(string(a.ContentType)), Size: int64(a.Size),
		})
	}
	return all
}
