package gorgiastest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Meta is what a message has beside what a book holds. It is changed in place, under the fake's lock.
type Meta struct {
	Channel, Via, External string
	Source                 map[string]any
	Rule                   int64
	SaidPublic             bool // whether it is public was said when it was made
	Imported               bool // it came with the time when it was sent, so nobody sends it
	Outgoing               bool // it is to be sent
	Looks                  int
	Sent, Failed           time.Time
	Error                  string
	Quoted                 string // what the mail quotes below what its author wrote
}

const extraMeta = "meta"

func metaOf(m helpdesktest.Message) *Meta {
	if meta, ok := m.Extra[extraMeta].(*Meta); ok {
		return meta
	}
	return &Meta{Channel: "email", Via: "email"}
}

const (
	messageRequired = "channel from_agent via"
	messageOptional = "body_text body_html subject public message_id external_id integration_id sent_datetime created_datetime failed_datetime " +
		"stripped_text stripped_html stripped_signature mention_ids source sender receiver attachments headers macros meta last_sending_error actions"
)

func (f *Fake) createMessage(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	body, ok := members(w, r, messageRequired, messageOptional)
	if !ok {
		return
	}
	m, wrong := f.messageOf(body)
	if len(wrong) > 0 {
		invalid(w, wrong)
		return
	}
	m, ok = f.Book.Add(t.ID, m)
	if !ok {
		refuse(w, http.StatusNotFound, "Ticket was not found.", nil)
		return
	}
	answer(w, http.StatusCreated, f.showMessage(t, m, false))
}

// messageOf is the message that a body makes, or what is wrong with it.
func (f *Fake) messageOf(body map[string]any) (helpdesktest.Message, map[string]string) {
	wrong := faults(body, messageRequired, messageOptional)
	fromAgent, isBool := body["from_agent"].(bool)
	public, said := body["public"].(bool)
	meta := &Meta{
		Channel: text(body["channel"]), Via: text(body["via"]), External: text(body["external_id"]), SaidPublic: said,
		Imported: body["sent_datetime"] != nil,
	}
	meta.Source, _ = body["source"].(map[string]any)
	note := meta.Channel == "internal-note"
	m := helpdesktest.Message{
		Public: !note && (!said || public), Body: cmp.Or(text(body["body_html"]), richtext.HTML(text(body["body_text"]))), Extra: map[string]any{extraMeta: meta},
	}
	switch {
	case !isBool:
		wrong["from_agent"] = "Not a valid boolean."
	case !fromAgent:
		m.Role, m.Author = escalate.RoleCustomer, text(inside(body, "sender", "email"))
		if m.Author == "" {
			wrong["sender"] = "Must reference a customer."
		}
	default:
		m.Role, m.Author = escalate.RoleAgent, text(inside(body, "sender", "id"))
		if !f.knows(m.Author) {
			wrong["sender"] = "Must reference a user."
		}
		meta.Outgoing = m.Public && !meta.Imported
		if m.Public {
			f.wrongSource(meta, wrong)
		}
	}
	if len(meta.External) > 255 {
		wrong["external_id"] = "Longer than maximum length 255."
	}
	if text(body["body_html"]) == "" && text(body["body_text"]) == "" {
		wrong["body_text"] = "Missing data for required field."
	}
	m.Files = f.attached(body["attachments"], wrong)
	return m, wrong
}

// wrongSource finds a message that Gorgias could not route.
func (f *Fake) wrongSource(meta *Meta, wrong map[string]string) {
	from := text(inside(meta.Source, "from", "address"))
	to, _ := meta.Source["to"].([]any)
	switch {
	case meta.Channel == "email" && from != Inbox:
		wrong["source"] = "The address is none of the account's integrations."
	case from == "" || len(to) == 0:
		wrong["source"] = "Missing data for required field."
	case meta.Channel == "api":
		wrong["channel"] = "Nothing can be sent by this channel."
	}
}

// attached are the files that a message takes along, which must have been uploaded.
func (f *Fake) attached(list any, wrong map[string]string) (files []desk.Upload) {
	all, _ := list.([]any)
	for _, one := range all {
		object, _ := one.(map[string]any)
		f.mu.Lock()
		body, ok := f.uploads[strings.TrimPrefix(text(object["url"]), uploadHost)]
		f.mu.Unlock()
		if !ok || text(object["name"]) == "" || text(object["content_type"]) == "" {
			wrong["attachments"] = "Not a valid file."
		}
		files = append(files, desk.Upload{Name: text(object["name"]), Type: text(object["content_type"]), Body: body})
	}
	return files
}

func (f *Fake) viewMessage(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	at := slices.IndexFunc(t.Messages, func(m helpdesktest.Message) bool { return m.ID == r.PathValue("message") })
	if at < 0 {
		refuse(w, http.StatusNotFound, "Message was not found.", nil)
		return
	}
	answer(w, http.StatusOK, f.showMessage(t, t.Messages[at], true))
}

func (f *Fake) listMessages(w http.ResponseWriter, r *http.Request) {
	limit, after, ok := query(w, r, "ticket_id", "order_by")
	if !ok {
		return
	}
	t, found := f.Book.Ticket(r.URL.Query().Get("ticket_id"))
	if !found {
		t = helpdesktest.Ticket{}
	}
	seen := f.now().Add(-f.Lag)
	rows := slices.DeleteFunc(t.Messages, func(m helpdesktest.Message) bool { return m.At.After(seen) })
	if r.URL.Query().Get("order_by") != "created_datetime:asc" {
		slices.Reverse(rows)
	}
	place := make(map[string]string)
	for i, m := range rows {
		place[m.ID] = fmt.Sprintf("%08d", i)
	}
	paged(w, r, rows, limit, after, func(m helpdesktest.Message) string { return place[m.ID] }, func(m helpdesktest.Message) map[string]any {
		return f.showMessage(t, m, true)
	})
}

// showMessage is a message as the API shows it. With each look time goes by for one that is to be sent.
func (f *Fake) showMessage(t helpdesktest.Ticket, m helpdesktest.Message, look bool) map[string]any {
	meta := metaOf(m)
	sender := any(nil)
	if m.Role == escalate.RoleCustomer || m.Role == escalate.RoleParticipant {
		c := escalate.Customer{Name: m.Author, Email: m.Author}
		if m.Author == t.Customer.Email {
			c.Name = t.Customer.Name
		}
		sender = f.customer(c)
	} else if a, ok := f.user(m.Author); ok {
		sender = showParty(json.Number(a.ID), a.Name, a.Email)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if look {
		f.deliver(meta)
	}
	plain := richtext.Text(m.Body)
	out := map[string]any{
		"id": json.Number(m.ID), "uri": "/api/tickets/" + t.ID + "/messages/" + m.ID + "/", "message_id": nil, "ticket_id": json.Number(t.ID),
		"external_id": orNull(meta.External), "public": m.Public, "channel": meta.Channel, "via": meta.Via, "source": nil, "sender": sender, "receiver": nil,
		"integration_id": nil, "rule_id": nil, "from_agent": m.Role != escalate.RoleCustomer && m.Role != escalate.RoleParticipant, "subject": nil,
		"body_text": plain + meta.Quoted, "body_html": m.Body, "stripped_text": plain, "stripped_html": m.Body, "stripped_signature": nil, "headers": nil,
		"attachments": nil, "actions": nil, "macros": nil, "meta": nil, "created_datetime": stamp(m.At), "opened_datetime": nil, "deleted_datetime": nil,
		"sent_datetime": when(meta.Sent), "failed_datetime": when(meta.Failed), "last_sending_error": nil, "is_retriable": false, "intents": []any{},
	}
	if meta.Source != nil {
		out["source"] = meta.Source
	}
	if meta.Rule != 0 {
		out["rule_id"] = meta.Rule
	}
	if meta.Error != "" {
		out["last_sending_error"] = map[string]any{"error": meta.Error}
	}
	if len(m.Files) > 0 {
		out["attachments"] = f.showFiles(m)
	}
	return out
}

// deliver sends what is due.
func (f *Fake) deliver(meta *Meta) {
	meta.Looks++
	switch {
	case !meta.Outgoing || meta.Looks <= f.SendAfter:
	case f.SendingError != "":
		meta.Outgoing, meta.Failed, meta.Error = false, f.now(), f.SendingError
	default:
		meta.Outgoing, meta.Sent = false, f.now()
	}
}

// when is a time without a zone, as messages have it.
func when(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Format("2006-01-02T15:04:05.000000")
}
