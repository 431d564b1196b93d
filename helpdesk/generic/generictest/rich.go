package generictest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

// pageOf is the longest page of anything.
const pageOf = 100

func (f *Fake) rich() {
	f.mux.HandleFunc("GET /v1/me", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, object{"data": object{"id": 900, "login": Me.Email, "avatar": nil}})
	})
	f.mux.HandleFunc("GET /v1/staff", f.staff)
	f.mux.HandleFunc("GET /v1/cases", f.cases)
	f.mux.HandleFunc("GET /v1/cases/{id}", f.one)
	f.mux.HandleFunc("PATCH /v1/cases/{id}", f.patch)
	f.mux.HandleFunc("POST /v1/cases/{id}/labels", f.label)
	f.mux.HandleFunc("GET /v1/cases/{id}/entries", f.entries)
	f.mux.HandleFunc("POST /v1/cases/{id}/entries", f.entry)
}

// staff finds by parts of an address, and finds people who have left.
func (f *Fake) staff(w http.ResponseWriter, r *http.Request) {
	list := []object{}
	for _, a := range f.Book.Agents {
		if name, _, _ := strings.Cut(strings.ToLower(r.URL.Query().Get("q")), "@"); strings.Contains(a.Email, name) {
			id, _ := strconv.Atoi(a.ID)
			list = append(list, object{"id": id, "email": a.Email, "active": true, "phone": nil},
				object{"id": id + 7000, "email": a.Email, "active": false, "phone": nil},
				object{"id": id + 8000, "email": "x" + a.Email, "active": true, "phone": nil})
		}
	}
	answer(w, object{"data": list})
}

// cases lists by time of change, the oldest first.
func (f *Fake) cases(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	since, err := time.Parse(time.RFC3339, q.Get("changed_since"))
	size, _ := strconv.Atoi(q.Get("size"))
	page, _ := strconv.Atoi(q.Get("page"))
	if err != nil || size < 1 || size > pageOf || page < 1 {
		refuse(w, http.StatusBadRequest, "changed_since, size up to 100 and page from 1 are needed")
		return
	}
	found := f.Book.Since(since)
	found = found[min(len(found), (page-1)*size):min(len(found), page*size)]
	list := []object{}
	for i := range found {
		list = append(list, object{"id": found[i].ID, "changed": found[i].Updated.Format(time.RFC3339Nano), "channel": found[i].Channel, "owner": nil})
	}
	answer(w, object{"data": list, "total": nil})
}

func (f *Fake) one(w http.ResponseWriter, r *http.Request) {
	t, ok := f.known(r.PathValue("id"))
	if !ok {
		refuse(w, http.StatusNotFound, "no such case")
		return
	}
	first, last, _ := strings.Cut(t.Customer.Name, " ")
	labels := []object{}
	for _, tag := range t.Tags {
		labels = append(labels, object{"name": tag, "color": nil})
	}
	urgency, _ := strconv.Atoi(t.Priority)
	data := object{
		"id": t.ID, "code": Code(&t), "subject": t.Subject, "state": t.Status, "requester": object{"first": first, "last": last, "email": t.Customer.Email, "phone": nil},
		"owner": nil, "labels": labels, "urgency": urgency, "channel": t.Channel, "topic": nil, "merged_into": nil, "version": version(&t),
		"due": object{"first": stamp(t.Due.FirstResponse), "next": stamp(t.Due.NextResponse), "end": stamp(t.Due.Resolution)}, "brand": object{"id": 7, "label": nil}, "worth": nil,
	}
	if t.Assignee != "" {
		id, _ := strconv.Atoi(t.Assignee)
		data["owner"] = object{"id": id}
	}
	if t.Brand != "" {
		data["brand"] = object{"id": 7, "label": t.Brand}
	}
	if t.Value != "" {
		data["worth"] = helpdesktest.Typed(t.Value)
	}
	if t.Merged != "" {
		data["merged_into"] = t.Merged
	}
	answer(w, object{"data": data})
}

// Code is what agents call a case.
func Code(t *helpdesktest.Ticket) string { return fmt.Sprintf("LAMP/%d", t.Number) }

func stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.Format(time.RFC3339Nano)
}

// patch changes what is named; an event tells of it.
func (f *Fake) patch(w http.ResponseWriter, r *http.Request) {
	var in struct {
		State   *string `json:"state"`
		Owner   *int    `json:"owner"`
		Urgency *int    `json:"urgency"`
	}
	if !take(w, r, &in) {
		return
	}
	if in.State != nil && !slices.Contains([]string{"new", "waiting", "done", "archived"}, *in.State) || in.Urgency != nil && (*in.Urgency < 1 || *in.Urgency > 4) {
		refuse(w, http.StatusUnprocessableEntity, "no such state or urgency")
		return
	}
	event := helpdesktest.Message{ID: "E" + strconv.FormatInt(f.Book.Next(), 10), Author: Me.Email, Body: "changed", At: f.Book.Now(), Extra: map[string]any{"event": true}}
	_, ok := f.Book.Change(r.PathValue("id"), func(t *helpdesktest.Ticket) bool {
		if in.State != nil {
			t.Status = *in.State
		}
		if in.Owner != nil {
			t.Assignee = strconv.Itoa(*in.Owner)
		}
		if in.Urgency != nil {
			t.Priority = strconv.Itoa(*in.Urgency)
		}
		t.Messages = append(t.Messages, event)
		return true
	})
	f.done(w, ok, nil)
}

func (f *Fake) done(w http.ResponseWriter, ok bool, data any) {
	if !ok {
		refuse(w, http.StatusNotFound, "no such case")
		return
	}
	answer(w, object{"data": data})
}

func (f *Fake) label(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Add []string `json:"add"`
	}
	if !take(w, r, &in) {
		return
	}
	_, ok := f.Book.Change(r.PathValue("id"), func(t *helpdesktest.Ticket) bool {
		for _, tag := range in.Add {
			if !slices.Contains(t.Tags, tag) {
				t.Tags = append(t.Tags, tag)
			}
		}
		return true
	})
	f.done(w, ok, nil)
}

// entries lists a conversation, the newest first, with a link to the next page.
func (f *Fake) entries(w http.ResponseWriter, r *http.Request) {
	t, ok := f.known(r.PathValue("id"))
	if !ok {
		refuse(w, http.StatusNotFound, "no such case")
		return
	}
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if limit < 1 || limit > pageOf {
		limit = 10
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("page[from]"))
	all := newestFirst(t.Messages)
	from = min(max(from, 0), len(all))
	end := min(from+limit, len(all))
	list := []object{}
	for i := from; i < end; i++ {
		list = append(list, f.shown(&t, &all[i]))
	}
	links := object{"next": nil}
	if end < len(all) {
		links["next"] = f.site + r.URL.Path + "?" + url.Values{"limit": {strconv.Itoa(limit)}, "page[from]": {strconv.Itoa(end)}}.Encode()
	}
	answer(w, object{"data": list, "links": links})
}

func (f *Fake) shown(t *helpdesktest.Ticket, m *helpdesktest.Message) object {
	name, email := f.name(t, m)
	if as, ok := m.Extra["shown_as"].(string); ok {
		name = as
	}
	files := []object{}
	for i, file := range m.Files {
		files = append(files, object{"id": i + 1, "file_name": file.Name, "mime": file.Type, "bytes": len(file.Body)})
	}
	kind, side := "internal", map[escalate.Role]string{escalate.RoleCustomer: "requester", escalate.RoleAgent: "staff", escalate.RoleBot: "api"}[m.Role]
	switch {
	case m.Extra["event"] != nil:
		kind = "event"
	case m.Public:
		kind = "message"
	}
	return object{
		"id": m.ID, "kind": kind, "from": object{"type": side, "name": name, "email": email}, "html": m.Body, "created": m.At.Format(time.RFC3339Nano),
		"edited": stamp(m.Edited), "external_ref": m.Extra["external_ref"], "attachments": files, "rating": nil,
	}
}

// entry adds a message or a note. What does not say that it is internal is sent to the customer.
func (f *Fake) entry(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Kind  string `json:"kind"`
		HTML  string `json:"html"`
		Ref   string `json:"external_ref"`
		Shown string `json:"shown_as"`
	}
	if !take(w, r, &in) {
		return
	}
	if in.HTML == "" || in.Kind != "" && in.Kind != "message" && in.Kind != "internal" {
		refuse(w, http.StatusUnprocessableEntity, "an entry needs html, and is a message or internal")
		return
	}
	m := helpdesktest.Message{
		ID: strconv.FormatInt(f.Book.Next(), 10), Role: escalate.RoleBot, Author: Me.Email, Public: in.Kind != "internal", Body: in.HTML, At: f.Book.Now(),
		Extra: map[string]any{"external_ref": in.Ref},
	}
	if in.Shown != "" {
		m.Extra["shown_as"] = in.Shown
	}
	moved := false
	_, ok := f.Book.Change(r.PathValue("id"), func(t *helpdesktest.Ticket) bool {
		if match := r.Header.Get("If-Match"); match != "" && match != version(t) {
			moved = true
			return false
		}
		t.Messages = append(t.Messages, m)
		return true
	})
	if moved {
		refuse(w, http.StatusPreconditionFailed, "the case has changed")
		return
	}
	f.done(w, ok, object{"id": json.Number(m.ID)})
}
