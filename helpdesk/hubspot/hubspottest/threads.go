package hubspottest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// A ticket has one thread, and others where messages say so in Extra["thread"]. A ticket with Extra["bare"] has none.
func threadsOf(t helpdesktest.Ticket) []string {
	if t.Extra["bare"] == true {
		return nil
	}
	ids := []string{mainThread(t.ID)}
	for _, m := range t.Messages {
		if id := threadOf(t.ID, m); !isNote(&m) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func mainThread(ticket string) string { return "7" + ticket }

func threadOf(ticket string, m helpdesktest.Message) string {
	id, _ := m.Extra["thread"].(string)
	return cmp.Or(id, mainThread(ticket))
}

// thread finds the ticket of a thread.
func (f *Fake) thread(r *http.Request) (helpdesktest.Ticket, string, *failure) {
	id := r.PathValue("thread")
	for _, t := range f.Book.Tickets(func(t *helpdesktest.Ticket) bool { return !t.Deleted }) {
		if slices.Contains(threadsOf(t), id) {
			return t, id, nil
		}
	}
	return helpdesktest.Ticket{}, "", gone()
}

func (f *Fake) listThreads(r *http.Request) (int, any, *failure) {
	var found []any
	of := r.URL.Query().Get("associatedTicketId")
	for _, t := range f.Book.Tickets(func(t *helpdesktest.Ticket) bool { return !t.Deleted && (of == "" || t.ID == of) }) {
		for _, id := range threadsOf(t) {
			found = append(found, f.showThread(t, id))
		}
	}
	return paged(r, 500, found, func(one any) any { return one })
}

func (f *Fake) showThread(t helpdesktest.Ticket, id string) map[string]any {
	status, _ := t.Extra["status "+id].(string)
	to, _ := t.Extra["assigned "+id].(string)
	v := map[string]any{
		"id": id, "createdAt": stamp(t.Created), "closedAt": nil, "status": cmp.Or(status, "OPEN"), "originalChannelId": channelOf(t), "originalChannelAccountId": "301",
		"latestMessageTimestamp": stamp(t.Updated), "spam": false, "inboxId": "88", "archived": false, "assignedTo": nil, "associatedContactId": nil,
	}
	if to != "" {
		v["assignedTo"] = to
	}
	if t.Customer.Email != "" {
		v["associatedContactId"] = f.contact(t.Customer.Email)
	}
	return v
}

// channelOf is the channel of a ticket: e-mail unless it says otherwise.
func channelOf(t helpdesktest.Ticket) string { return cmp.Or(t.Channel, "1002") }

func (f *Fake) setThread(ticket, key, value string) {
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool {
		if t.Extra == nil {
			t.Extra = map[string]any{}
		}
		t.Extra[key] = value
		return true
	})
}

func (f *Fake) patchThread(r *http.Request) (int, any, *failure) {
	var in struct {
		Status string `json:"status"`
	}
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	t, id, fail := f.thread(r)
	if fail != nil {
		return 0, nil, fail
	}
	if in.Status != "OPEN" && in.Status != "CLOSED" {
		return 0, nil, bad("status: OPEN or CLOSED")
	}
	f.setThread(t.ID, "status "+id, in.Status)
	t, _ = f.Book.Ticket(t.ID)
	return http.StatusOK, f.showThread(t, id), nil
}

func (f *Fake) assignThread(r *http.Request) (int, any, *failure) {
	if f.NoThreadAssignee {
		return 0, nil, gone()
	}
	var in struct {
		ActorID string `json:"actorId"`
	}
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	t, id, fail := f.thread(r)
	if fail != nil {
		return 0, nil, fail
	}
	if _, ok := f.user(in.ActorID); !ok {
		return 0, nil, bad("actorId %s", in.ActorID)
	}
	f.setThread(t.ID, "assigned "+id, in.ActorID)
	return http.StatusNoContent, nil, nil
}

// listMessages lists a thread, with what the system noted in between.
func (f *Fake) listMessages(r *http.Request) (int, any, *failure) {
	t, id, fail := f.thread(r)
	if fail != nil {
		return 0, nil, fail
	}
	found := []any{system(id, t.Created, "WELCOME_MESSAGE"), system(id, t.Created, "THREAD_STATUS_CHANGE"), system(id, t.Created, "SOMETHING_NEW")}
	for _, m := range t.Messages {
		if threadOf(t.ID, m) == id && !isNote(&m) {
			found = append(found, f.showMessage(t, m, false))
		}
	}
	if f.NewestFirst {
		slices.Reverse(found)
	}
	return paged(r, 100, found, func(one any) any { return one })
}

func system(thread string, at time.Time, kind string) any {
	return map[string]any{
		"id": kind + thread, "type": kind, "createdAt": stamp(at), "createdBy": "S-hubspot", "client": map[string]any{"clientType": "SYSTEM", "integrationAppId": nil},
		"senders": []any{}, "recipients": []any{}, "archived": false, "conversationsThreadId": thread, "richText": "<p>Welcome.</p>", "text": "Welcome.", "newStatus": "OPEN",
	}
}

// showMessage is a message as a thread shows it; Extra["cut"] of its characters, when it is long. Extra["client"] is what it came by,
// Extra["status"] how its sending went.
func (f *Fake) showMessage(t helpdesktest.Ticket, m helpdesktest.Message, whole bool) map[string]any {
	html, truncation := m.Body, "NOT_TRUNCATED"
	if n, ok := m.Extra["cut"].(int); ok && !whole {
		html, truncation = richtext.HTML(richtext.Text(m.Body)[:n]), "TRUNCATED"
	}
	v := map[string]any{
		"id": m.ID, "conversationsThreadId": threadOf(t.ID, m), "createdAt": stamp(m.At), "updatedAt": nil, "archived": false,
		"text": strings.Join(strings.Fields(richtext.Text(html)), " "), "richText": html, "attachments": attachments(m),
		"type": "COMMENT", "senders": []any{}, "recipients": []any{}, "createdBy": m.Author,
	}
	by, _ := m.Extra["client"].(string)
	v["client"] = map[string]any{"clientType": cmp.Or(by, "HUBSPOT"), "integrationAppId": m.Extra["app"]}
	if f.NoClient {
		v["client"] = nil
	}
	if !m.Public {
		return v
	}
	status, _ := m.Extra["status"].(string)
	maps.Copy(v, map[string]any{
		"type": "MESSAGE", "subject": t.Subject, "truncationStatus": truncation, "inReplyToId": nil, "channelId": channelOf(t), "channelAccountId": "301",
		"status": map[string]any{"statusType": cmp.Or(status, "SENT"), "failureDetails": nil},
	})
	v["direction"] = "OUTGOING"
	if m.Role == escalate.RoleCustomer || m.Role == escalate.RoleParticipant {
		v["direction"], v["createdBy"] = "INCOMING", "V-"+f.contact(m.Author)
		from := map[string]any{"name": nil, "actorId": nil, "senderField": "FROM", "deliveryIdentifier": identifier(t, m.Author)}
		if m.Role == escalate.RoleCustomer {
			from["actorId"], from["name"] = "V-"+f.contact(m.Author), t.Customer.Name
		}
		v["senders"] = []any{from}
		return v
	}
	v["senders"] = []any{map[string]any{"actorId": m.Author, "name": nil, "senderField": "FROM", "deliveryIdentifier": nil}}
	v["recipients"] = []any{map[string]any{"actorId": nil, "name": nil, "recipientField": "TO", "deliveryIdentifier": identifier(t, t.Customer.Email)}}
	return v
}

func identifier(t helpdesktest.Ticket, address string) any {
	if channelOf(t) == "1000" {
		return map[string]any{"type": "CHANNEL_SPECIFIC_OPAQUE_ID", "value": "visitor-" + t.ID}
	}
	return map[string]any{"type": "HS_EMAIL_ADDRESS", "value": address}
}

func (f *Fake) showOriginal(r *http.Request) (int, any, *failure) {
	t, _, fail := f.thread(r)
	if fail != nil {
		return 0, nil, fail
	}
	for _, m := range t.Messages {
		if m.ID == r.PathValue("id") {
			v := f.showMessage(t, m, true)
			return http.StatusOK, map[string]any{"text": v["text"], "richText": v["richText"]}, nil
		}
	}
	return 0, nil, gone()
}

// incoming is a message or comment that is asked for.
type incoming struct {
	Type             string           `json:"type"`
	Text             *string          `json:"text"`
	RichText         string           `json:"richText"`
	Attachments      *[]attachment    `json:"attachments"`
	ChannelID        string           `json:"channelId"`
	ChannelAccountID string           `json:"channelAccountId"`
	SenderActorID    string           `json:"senderActorId"`
	Recipients       []map[string]any `json:"recipients"`
	Subject          string           `json:"subject"`
}

func (f *Fake) postMessage(r *http.Request) (int, any, *failure) {
	var in incoming
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	t, id, fail := f.thread(r)
	if fail != nil {
		return 0, nil, fail
	}
	m, fail := f.taken(t, in)
	if fail != nil {
		return 0, nil, fail
	}
	m.Extra["thread"] = id
	m.ID = "m" + strconv.FormatInt(f.Book.Next(), 16) + "f0e1d2"
	f.mu.Lock()
	f.posted = append(f.posted, map[string]any{
		"type": in.Type, "richText": in.RichText, "text": *in.Text, "senderActorId": in.SenderActorID, "recipients": in.Recipients, "channelId": in.ChannelID,
		"channelAccountId": in.ChannelAccountID, "subject": in.Subject, "thread": id,
	})
	f.mu.Unlock()
	m, ok := f.Book.Add(t.ID, m)
	if !ok {
		return 0, nil, gone()
	}
	t, _ = f.Book.Ticket(t.ID)
	return http.StatusCreated, f.showMessage(t, m, true), nil
}

// taken is what becomes of a message that is asked for, if it has all that it must have and nothing more.
func (f *Fake) taken(t helpdesktest.Ticket, in incoming) (helpdesktest.Message, *failure) {
	m := helpdesktest.Message{Role: escalate.RoleAgent, Body: in.RichText, Extra: map[string]any{"client": "INTEGRATION", "app": App}}
	if in.Text == nil || in.Attachments == nil {
		return m, bad("text and attachments are required")
	}
	for _, a := range *in.Attachments {
		file, ok := f.uploaded(a.FileID)
		if a.Type != "FILE" || !ok {
			return m, bad("attachments: %s is no file", a.FileID)
		}
		m.Files = append(m.Files, file)
	}
	if m.Body == "" {
		m.Body = richtext.HTML(*in.Text)
	}
	switch in.Type {
	case "COMMENT":
		if in.ChannelID+in.ChannelAccountID+in.SenderActorID+in.Subject != "" || in.Recipients != nil {
			return m, bad("a COMMENT has no sender and no recipients")
		}
		m.Author = "I-" + App
		return m, nil
	case "MESSAGE":
	default:
		return m, bad("type: MESSAGE or COMMENT")
	}
	if _, ok := f.user(in.SenderActorID); !ok {
		return m, bad("senderActorId %q is no agent", in.SenderActorID)
	}
	if in.ChannelID != channelOf(t) || in.ChannelAccountID != "301" || len(in.Recipients) == 0 {
		return m, bad("channelId, channelAccountId and recipients are required")
	}
	for _, to := range in.Recipients {
		all, _ := to["deliveryIdentifiers"].([]any)
		if len(all) == 0 {
			return m, bad("recipients: deliveryIdentifiers are required")
		}
	}
	m.Public, m.Author = true, in.SenderActorID
	return m, nil
}
