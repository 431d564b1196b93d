package helpscouttest

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// mostBytes is what a request may have.
const mostBytes = 10 << 20

// listThreads lists a conversation's threads, the newest first.
func (f *Fake) listThreads(w http.ResponseWriter, r *http.Request) {
	page, ok := queried(w, r)
	if !ok {
		return
	}
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	var numbers []int
	for i := range t.Messages {
		numbers = append(numbers, len(t.Messages)-1-i)
	}
	paged(f, w, r, "threads", numbers, page, func(i int) map[string]any { return f.thread(t, i) })
}

// threads are all of a conversation, the oldest first, as they come with it.
func (f *Fake) threads(t helpdesktest.Ticket) []map[string]any {
	out := []map[string]any{}
	for i := range t.Messages {
		out = append(out, f.thread(t, i))
	}
	return out
}

// thread is one message, note or event. Real ones carry all of these, many of them null.
func (f *Fake) thread(t helpdesktest.Ticket, at int) map[string]any {
	m := t.Messages[at]
	action := map[string]any{"type": "default", "associatedEntities": map[string]any{}}
	if kind, ok := m.Extra[extraAction].(string); ok {
		action = map[string]any{"type": kind, "text": "You ran a workflow", "associatedEntities": map[string]any{}}
	}
	state := "published"
	if s, ok := m.Extra[extraState].(string); ok {
		state = s
	}
	by := f.writer(m)
	out := map[string]any{
		"id": asNumber(m.ID), "type": typeOf(m), "status": "active", "state": state, "action": action, "body": m.Body,
		"source": map[string]any{"type": "email", "via": "customer"}, "customer": f.customer(t.Customer.Name, t.Customer.Email), "createdBy": by,
		"assignedTo": map[string]any{"id": 1, "type": "team", "first": "Help", "last": "Scout", "email": "none@nowhere.com"}, "savedReplyId": 0,
		"to": []string{}, "cc": []string{}, "bcc": []string{}, "createdAt": stamp(m.At), "openedAt": nil, "rating": nil, "scheduled": nil,
		"_links": map[string]any{"assignedTo": map[string]any{"href": "https://api.helpscout.net/v2/users/1"}},
	}
	if m.Body == "" {
		out["body"] = nil
	}
	if len(m.Files) > 0 {
		out["_embedded"] = map[string]any{"attachments": f.files(t, at)}
	}
	return out
}

func typeOf(m helpdesktest.Message) string {
	if kind, ok := m.Extra[extraType].(string); ok {
		return kind
	}
	switch {
	case m.Role == escalate.RoleCustomer || m.Role == escalate.RoleParticipant:
		return "customer"
	case m.Public:
		return "message"
	default:
		return "note"
	}
}

// writer is who made a thread.
func (f *Fake) writer(m helpdesktest.Message) map[string]any {
	if m.Extra[extraSystem] == true {
		return map[string]any{"id": 0, "type": "system_user", "first": "AI", "last": "Answers", "photoUrl": nil, "email": nil}
	}
	if m.Role == escalate.RoleCustomer || m.Role == escalate.RoleParticipant {
		return f.customer("", m.Author)
	}
	a, _ := f.Book.Agent(m.Author)
	return f.user(a)
}

// user is a user as threads and conversations show one.
func (f *Fake) user(a helpdesktest.Agent) map[string]any {
	first, last, _ := strings.Cut(a.Name, " ")
	return map[string]any{"id": asNumber(a.ID), "type": "user", "first": first, "last": last, "photoUrl": nil, "email": a.Email}
}

// customer is whoever has an e-mail address, under the newest name that was said with it.
func (f *Fake) customer(name, email string) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := strings.ToLower(email)
	known := f.customers[key]
	known.name = cmp.Or(name, known.name)
	if known.id == 0 {
		known.id = 238600 + int64(len(f.customers)) + 1
	}
	f.customers[key] = known
	first, last, _ := strings.Cut(cmp.Or(known.name, strings.Split(email, "@")[0]), " ")
	return map[string]any{"id": known.id, "type": "customer", "first": first, "last": last, "photoUrl": "https://d33v4339jhl8k0.cloudfront.net/customer-avatar/05.png", "email": email}
}

// fileID numbers a file by its conversation, its thread and its place.
func fileID(t helpdesktest.Ticket, thread, at int) int64 {
	return t.Number*1_000_000 + int64(thread)*100 + int64(at) + 1
}

func (f *Fake) files(t helpdesktest.Ticket, thread int) []map[string]any {
	out := []map[string]any{}
	for i, file := range t.Messages[thread].Files {
		id := strconv.FormatInt(fileID(t, thread, i), 10)
		out = append(out, map[string]any{
			"id": asNumber(id), "filename": file.Name, "mimeType": file.Type, "width": 0, "height": 0, "size": len(file.Body), "state": "valid",
			"_links": map[string]any{
				"data": map[string]any{"href": "https://api.helpscout.net/v2/conversations/" + t.ID + "/attachments/" + id + "/data"},
				"web":  map[string]any{"href": "https://secure.helpscout.net/file/" + id},
			},
		})
	}
	return out
}

// showFile is a file's bytes, in base64.
func (f *Fake) showFile(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	for i, m := range t.Messages {
		for j, file := range m.Files {
			if strconv.FormatInt(fileID(t, i, j), 10) == r.PathValue("at") {
				answer(w, http.StatusOK, map[string]any{"data": base64.StdEncoding.EncodeToString(file.Body)})
				return
			}
		}
	}
	notFound(w)
}

func (f *Fake) reply(w http.ResponseWriter, r *http.Request) {
	f.post(w, r, "message", []string{"text", "customer"}, "text", "draft", "customer", "imported", "status", "user", "assignTo", "cc", "bcc", "createdAt", "attachments")
}

func (f *Fake) note(w http.ResponseWriter, r *http.Request) {
	f.post(w, r, "note", []string{"text"}, "text", "imported", "status", "user", "createdAt", "attachments")
}

// post makes a thread. A reply that says nothing of the status makes the conversation active, as Help Scout does.
func (f *Fake) post(w http.ResponseWriter, r *http.Request, kind string, needed []string, known ...string) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBytes)
	fields, ok := fieldsOf(w, r, known...)
	if !ok {
		return
	}
	errs, files := f.faults(fields, needed)
	if len(errs) > 0 {
		invalidRequest(w, errs)
		return
	}
	text, _ := fields["text"].(string)
	author := cmp.Or(idOf(fields["user"]), Me.ID)
	m := helpdesktest.Message{
		Role: escalate.RoleAgent, Author: author, Public: kind == "message", Body: text, Files: files, Extra: map[string]any{extraType: kind, extraSaid: fields},
	}
	draft := fields["draft"] == true
	if draft {
		m.Extra[extraState] = "draft"
	}
	m, ok = f.Book.Add(t.ID, m)
	if !ok {
		notFound(w)
		return
	}
	status, said := fields["status"].(string)
	if said || kind == "message" && !draft {
		f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool { t.Status = cmp.Or(status, "active"); return true })
	}
	f.created(w, r, "/v2/conversations/"+t.ID+"/threads", m.ID)
}

// faults are the fields that are missing, or name nobody; files are those that come along.
func (f *Fake) faults(fields map[string]any, needed []string) (errs []invalid, files []desk.Upload) {
	for _, name := range needed {
		if text, isText := fields[name].(string); fields[name] == nil || isText && text == "" {
			errs = append(errs, without(name))
		}
	}
	if customer, ok := fields["customer"].(map[string]any); ok && !f.isCustomer(idOf(customer["id"])) {
		errs = append(errs, invalid{"customer.id", "is no customer"})
	}
	if user, said := fields["user"]; said {
		if _, known := f.Book.Agent(idOf(user)); !known || idOf(user) == "" {
			errs = append(errs, invalid{"user", "is no user"})
		}
	}
	if status, said := fields["status"].(string); said && !slices.Contains([]string{"active", "pending", "closed", "spam"}, status) {
		errs = append(errs, invalid{"status", "is no status"})
	}
	list, _ := fields["attachments"].([]any)
	for _, one := range list {
		file, _ := one.(map[string]any)
		name, _ := file["fileName"].(string)
		kind, _ := file["mimeType"].(string)
		data, _ := file["data"].(string)
		body, err := base64.StdEncoding.DecodeString(data)
		if err != nil || name == "" || kind == "" || len(file) != 3 {
			errs = append(errs, invalid{"attachments", "cannot be read"})
		}
		files = append(files, desk.Upload{Name: name, Type: kind, Body: body})
	}
	return errs, files
}

func (f *Fake) isCustomer(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.customers {
		if strconv.FormatInt(c.id, 10) == id {
			return true
		}
	}
	return false
}
