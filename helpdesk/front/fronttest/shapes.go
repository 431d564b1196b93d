package fronttest

import (
	"crypto/md5" //nolint:gosec // makes ids that look like Front's
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// stamp is a time as Front writes it: seconds with a fraction of three digits.
type stamp time.Time

// MarshalJSON implements json.Marshaler.
func (s stamp) MarshalJSON() ([]byte, error) {
	ms := time.Time(s).UnixMilli()
	return fmt.Appendf(nil, "%d.%03d", ms/1000, ms%1000), nil
}

func uidOf(id string) string {
	sum := md5.Sum([]byte(id)) //nolint:gosec // no secret
	return hex.EncodeToString(sum[:])
}

func (f *Fake) conversation(t helpdesktest.Ticket) map[string]any {
	v := map[string]any{
		"_links": map[string]any{"self": api("conversations", t.ID), "related": map[string]any{
			"messages": api("conversations", t.ID, "messages"), "comments": api("conversations", t.ID, "comments"),
		}},
		"id": t.ID, "type": "conversation", "subject": t.Subject, "status": f.statusWord(t), "ticket_ids": f.ticketIDs(&t),
		"assignee": nil, "recipient": f.customer(t, "from"), "tags": f.tagsOf(t.Tags), "links": []any{},
		"custom_fields": customFields(&t), "created_at": stamp(t.Created), "updated_at": stamp(t.Updated),
		"waiting_since": stamp(t.Created), "is_private": false, "scheduled_reminders": []any{}, "metadata": map[string]any{},
		"a_field_of_next_year": map[string]any{"x": 1},
	}
	if kind, ok := t.Extra["type"]; ok {
		v["type"] = kind
	}
	if a, ok := f.agent(t.Assignee); ok {
		v["assignee"] = teammate(a)
	}
	if f.Ticketing {
		s := f.statusOf(t)
		v["status_id"], v["status_category"] = s.ID, s.Category
	}
	return v
}

func customFields(t *helpdesktest.Ticket) map[string]any {
	v := map[string]any{"Topic": t.Extra["topic"], "Brand": nil, "Renewal": 1525417200}
	if t.Brand != "" {
		v["Brand"] = t.Brand
	}
	if t.Value != "" {
		v["Order value"] = helpdesktest.Typed(t.Value)
	}
	return v
}

// ticketIDs are what agents call a conversation, with ticketing.
func (f *Fake) ticketIDs(t *helpdesktest.Ticket) []string {
	if !f.Ticketing {
		return nil
	}
	return []string{fmt.Sprintf("TICKET-%d", t.Number)}
}

func (f *Fake) statusWord(t helpdesktest.Ticket) string {
	switch {
	case t.Status == "archived" || t.Status == "deleted" || t.Status == "spam":
		return t.Status
	case t.Assignee != "":
		return "assigned"
	}
	return "unassigned"
}

func (f *Fake) customer(t helpdesktest.Ticket, role string) map[string]any {
	return contact(t.Customer.Name, t.Customer.Email, role)
}

func contact(name, handle, role string) map[string]any {
	r := map[string]any{
		"_links": map[string]any{"related": map[string]any{"contact": nil}}, "name": nil, "handle": handle, "role": role,
	}
	if name != "" {
		r["name"] = name
	}
	return r
}

func teammate(a helpdesktest.Agent) map[string]any {
	first, last, _ := strings.Cut(a.Name, " ")
	return map[string]any{
		"_links": map[string]any{"self": api("teammates", a.ID)}, "id": a.ID, "email": a.Email, "username": strings.ToLower(first),
		"first_name": first, "last_name": last, "license_type": "full", "is_admin": false, "is_available": true, "is_blocked": false,
		"type": "user", "custom_fields": map[string]any{},
	}
}

// machine is the teammate that stands for an API token: it is no person.
func machine(kind string) map[string]any {
	return map[string]any{
		"_links": map[string]any{"self": api("teammates", "tea_api")}, "id": "tea_api", "email": nil, "username": "api", "first_name": "Warmline",
		"last_name": "", "license_type": nil, "is_admin": false, "is_available": false, "is_blocked": false, "type": kind, "custom_fields": nil,
	}
}

func (f *Fake) message(t helpdesktest.Ticket, m helpdesktest.Message) map[string]any {
	inbound := m.Role == escalate.RoleCustomer || m.Role == escalate.RoleParticipant
	v := map[string]any{
		"_links": map[string]any{"self": api("messages", m.ID), "related": map[string]any{
			"conversation": api("conversations", t.ID), "message_replied_to": nil,
		}},
		"id": m.ID, "message_uid": uidOf(m.ID), "type": kindOf(t, m), "is_inbound": inbound, "draft_mode": m.Extra["draft_mode"],
		"error_type": m.Extra["error_type"], "version": "1", "created_at": stamp(m.At), "subject": t.Subject, "blurb": "", "author": nil,
		"body": m.Body, "text": nil, "attachments": attachments(m), "signature": nil, "metadata": map[string]any{},
	}
	shop := "support@shop.example"
	switch {
	case m.Role == escalate.RoleCustomer:
		v["recipients"] = []any{f.customer(t, "from"), contact("", shop, "to")}
	case inbound:
		v["recipients"] = []any{contact("", m.Author, "from"), contact("", shop, "to")}
	default:
		name, _ := m.Extra["sender_name"].(string)
		v["recipients"] = []any{contact(name, shop, "from"), f.customer(t, "to")}
		v["author"] = f.author(m)
	}
	return v
}

func kindOf(t helpdesktest.Ticket, m helpdesktest.Message) string {
	if kind, ok := m.Extra["type"].(string); ok {
		return kind
	}
	if t.Channel != "" {
		return t.Channel
	}
	return "email"
}

// author is who wrote something: a teammate, an API token, or nobody whom Front knows.
func (f *Fake) author(m helpdesktest.Message) any {
	if a, ok := f.agent(m.Author); ok {
		return teammate(a)
	}
	if kind, ok := m.Extra["author_type"].(string); ok {
		return machine(kind)
	}
	return nil
}

func (f *Fake) note(t helpdesktest.Ticket, m helpdesktest.Message) map[string]any {
	return map[string]any{
		"_links": map[string]any{"self": api("comments", m.ID), "related": map[string]any{
			"conversation": api("conversations", t.ID), "comment_replied_to": nil,
		}},
		"id": m.ID, "author": f.author(m), "body": m.Body, "posted_at": stamp(m.At), "attachments": attachments(m), "is_pinned": false,
	}
}

func attachments(m helpdesktest.Message) []any {
	all := []any{}
	for i, file := range m.Files {
		id := fileID(m.ID, i)
		all = append(all, map[string]any{
			"id": id, "url": api("download", id), "filename": file.Name, "content_type": file.Type, "size": len(file.Body),
			"metadata": map[string]any{"is_inline": false, "cid": nil},
		})
	}
	return all
}

func fileID(message string, i int) string { return fmt.Sprintf("fil_%s%d", uidOf(message)[:8], i) }

// find looks through all messages and comments of the book.
func (f *Fake) find(is func(m *helpdesktest.Message) bool) (t helpdesktest.Ticket, m helpdesktest.Message, ok bool) {
	for _, t := range f.book.Tickets(func(t *helpdesktest.Ticket) bool { return !t.Deleted }) {
		for _, m := range t.Messages {
			if is(&m) && f.shown(&m) {
				return t, m, true
			}
		}
	}
	return t, m, false
}

func (f *Fake) file(id string) (found desk.Upload, ok bool) {
	_, _, ok = f.find(func(m *helpdesktest.Message) bool {
		for i, file := range m.Files {
			if fileID(m.ID, i) == id {
				found = file
				return true
			}
		}
		return false
	})
	return found, ok
}

// shown reports whether lists show a message by now.
func (f *Fake) shown(m *helpdesktest.Message) bool {
	wait := f.Lag
	if m.Extra["late"] == true {
		wait += f.Late
	}
	return !f.now().Before(m.At.Add(wait))
}
