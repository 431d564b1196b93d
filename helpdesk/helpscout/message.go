package helpscout

import (
	"cmp"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// reading turns threads into messages, oldest first: references count by what came before.
type reading struct {
	me       *person
	bot      string
	customer person
	refs     map[string]bool // the references that were met
	begun    bool            // the first message was met
}

// public are the kinds of thread that the customer sees, or wrote. What is not known is not among them: forwardparent, which goes to
// somebody else, and whatever is new.
var public = map[string]bool{
	isCustomer: true, typeMessage: true, chat: true, "beaconchat": true, "phone": true, "forwardchild": true,
}

// message is a thread as a message; false for what only the system tells, and for what was never sent: a draft is nobody's word yet.
func (r *reading) message(t *thread) (escalate.Message, bool) {
	if t.Type == typeLineItem || t.State != "" && t.State != statePublished {
		return escalate.Message{}, false
	}
	m := escalate.Message{
		ID: escalate.MessageID(t.ID), Text: helpdesk.Clean(richtext.Text(t.Body)), Public: public[t.Type], At: t.CreatedAt.Time,
		Files: filesOf(t.Embedded.Attachments),
	}
	by := t.CreatedBy
	switch {
	case by.Type == isCustomer, by.Type == "" && t.Type == isCustomer:
		r.outside(t, &m)
		if !r.begun {
			m.Text, _ = helpdesk.CutOpenedRef(m.Text)
		}
	case by.ID != "" && by.ID == r.me.ID:
		r.own(&m)
	case by.Type == isSystem, t.Action.Type == "automatic-workflow":
		m.Role, m.Author, m.Auto = escalate.RoleBot, cmp.Or(by.name(), "Help Scout"), true
	default:
		m.Role, m.Author, m.Email = escalate.RoleAgent, by.name(), by.Email
		if m.Public { // of whatever kind: in chats a reply may come back as another
			r.inTheirName(&m)
		}
	}
	r.begun = true
	return m, true
}

// outside reads what somebody wrote who is no user. The conversation is one customer's; everybody else takes part in it.
func (r *reading) outside(t *thread, m *escalate.Message) {
	by := t.CreatedBy
	if by.ID == "" && by.Email == "" {
		by = t.Customer
	}
	if by.ID == r.customer.ID || by.ID == "" && strings.EqualFold(by.Email, r.customer.Email) {
		// In some answers the conversation names its customer by the id alone.
		if r.customer.name() == "" {
			r.customer.First, r.customer.Last = by.First, by.Last
		}
		r.customer.Email = cmp.Or(r.customer.Email, by.Email)
		m.Role, m.Author, m.Email = escalate.RoleCustomer, r.customer.name(), r.customer.Email
		return
	}
	m.Role, m.Author, m.Email = escalate.RoleParticipant, cmp.Or(by.name(), by.Email), by.Email
}

// own reads a message of our own account. Without a reference somebody wrote it by hand.
func (r *reading) own(m *escalate.Message) {
	text, key, author := cutSigned(m.Text)
	m.Role, m.Author, m.Email = escalate.RoleAgent, cmp.Or(author, r.me.name()), ""
	if _, last := helpdesk.CutRef(m.Text); key == "" || last == "" && r.refs[key] { // by hand, with one of ours quoted
		m.Author = r.me.name()
		return
	}
	r.refs[key] = true
	m.Text, m.Marker = text, key
	if author == "" {
		m.Role, m.Author = escalate.RoleBot, r.bot
	}
}

// inTheirName finds a reply that we sent in another user's name.
func (r *reading) inTheirName(m *escalate.Message) {
	rest, key := cutRef(m.Text)
	if key == "" || r.refs[key] || strings.HasSuffix(key, signedSuffix) {
		return
	}
	r.refs[key] = true
	m.Text, m.Marker = rest, key
}
