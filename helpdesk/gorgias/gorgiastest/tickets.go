package gorgiastest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

// What a ticket has beside what a book holds.
const (
	extraSnooze   = "snooze"   // string
	extraTrashed  = "trashed"  // time.Time
	extraSpam     = "spam"     // bool
	extraExternal = "external" // string
)

// found answers 404 where there is no ticket.
func (f *Fake) found(w http.ResponseWriter, r *http.Request) (helpdesktest.Ticket, bool) {
	t, ok := f.Book.Ticket(r.PathValue("id"))
	if !ok || t.Deleted {
		refuse(w, http.StatusNotFound, "Ticket was not found.", nil)
		return t, false
	}
	return t, true
}

func (f *Fake) listTickets(w http.ResponseWriter, r *http.Request) {
	limit, after, ok := query(w, r, "order_by", "external_id", "customer_id", "view_id", "trashed", "ticket_ids")
	if !ok {
		return
	}
	if f.CursorsEnd && after != "" {
		invalid(w, map[string]string{"cursor": "Invalid cursor."})
		return
	}
	q := r.URL.Query()
	by, order, _ := strings.Cut(cmp.Or(q.Get("order_by"), "created_datetime:desc"), ":")
	if by != "created_datetime" && by != "updated_datetime" || order != "asc" && order != "desc" {
		invalid(w, map[string]string{"order_by": "Not a valid choice."})
		return
	}
	seen := f.now().Add(-f.Lag)
	rows := f.Book.Tickets(func(t *helpdesktest.Ticket) bool {
		external, _ := t.Extra[extraExternal].(string)
		return !t.Deleted && !t.Updated.After(seen) && (!q.Has("external_id") || external == q.Get("external_id")) &&
			(q.Get("trashed") != "false" || t.Extra[extraTrashed] == nil)
	})
	key := func(t helpdesktest.Ticket) string {
		at := t.Created
		if by == "updated_datetime" {
			at = t.Updated
		}
		micro := at.UnixMicro()
		if order == "desc" {
			micro = 1<<62 - micro
		}
		return fmt.Sprintf("%020d-%012d", micro, t.Number)
	}
	slices.SortFunc(rows, func(a, b helpdesktest.Ticket) int { return cmp.Compare(key(a), key(b)) })
	paged(w, r, rows, limit, after, key, func(t helpdesktest.Ticket) map[string]any { return f.showTicket(t, false) })
}

func (f *Fake) viewTicket(w http.ResponseWriter, r *http.Request) {
	if t, ok := f.found(w, r); ok {
		answer(w, http.StatusOK, f.showTicket(t, true))
	}
}

const ticketFields = "status priority subject assignee_user assignee_team snooze_datetime tags spam trashed_datetime external_id channel via from_agent customer"

func (f *Fake) updateTicket(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	body, ok := members(w, r, "", ticketFields)
	if !ok {
		return
	}
	wrong := f.wrongFields(body)
	if len(wrong) > 0 {
		invalid(w, wrong)
		return
	}
	t, _ = f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool { set(t, body); return true })
	answer(w, http.StatusAccepted, f.showTicket(t, true))
}

func (f *Fake) wrongFields(body map[string]any) map[string]string {
	wrong := make(map[string]string)
	if v, said := body["status"]; said && v != "open" && v != "closed" {
		wrong["status"] = "Must be one of: open, closed."
	}
	if v, said := body["priority"]; said && !slices.Contains([]string{"critical", "high", "normal", "low"}, text(v)) {
		wrong["priority"] = "Must be one of: critical, high, normal, low."
	}
	if id := inside(body, "assignee_user", "id"); id != nil {
		if _, isNumber := id.(json.Number); !isNumber || !f.knows(text(id)) {
			wrong["assignee_user"] = "User was not found."
		}
	}
	if v := body["snooze_datetime"]; v != nil {
		if _, err := time.Parse(time.RFC3339, text(v)); err != nil {
			wrong["snooze_datetime"] = "Not a valid datetime."
		}
	}
	return wrong
}

// set sets what a body says; tags replace all that are there.
func set(t *helpdesktest.Ticket, body map[string]any) {
	if t.Extra == nil {
		t.Extra = make(map[string]any)
	}
	if v, said := body["status"]; said {
		t.Status = text(v)
	}
	if v, said := body["priority"]; said {
		t.Priority = text(v)
	}
	if v, said := body["snooze_datetime"]; said {
		t.Extra[extraSnooze] = text(v)
	}
	if _, said := body["assignee_user"]; said {
		t.Assignee = text(inside(body, "assignee_user", "id"))
	}
	if list, said := body["tags"].([]any); said {
		t.Tags = nil
		for _, one := range list {
			object, _ := one.(map[string]any)
			t.Tags = append(t.Tags, text(object["name"]))
		}
	}
}

func (f *Fake) addTags(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	body, ok := members(w, r, "", "names ids")
	if !ok {
		return
	}
	names, _ := body["names"].([]any)
	if len(names) == 0 {
		invalid(w, map[string]string{"names": "Missing data for required field."})
		return
	}
	f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool {
		for _, one := range names {
			if name := text(one); name != "" && !slices.Contains(t.Tags, name) { // upper case and lower case are two
				t.Tags = append(t.Tags, name)
			}
		}
		return true
	})
	w.WriteHeader(http.StatusCreated) // with no body
}

func (f *Fake) createTicket(w http.ResponseWriter, r *http.Request) {
	body, ok := members(w, r, "via messages", ticketFields)
	if !ok {
		return
	}
	list, _ := body["messages"].([]any)
	if len(list) == 0 {
		invalid(w, map[string]string{"messages": "Shorter than minimum length 1."})
		return
	}
	var metas []helpdesktest.Message
	for _, one := range list {
		object, _ := one.(map[string]any)
		m, wrong := f.messageOf(object)
		if len(wrong) > 0 {
			invalid(w, wrong)
			return
		}
		metas = append(metas, m)
	}
	t := helpdesktest.Ticket{
		Subject: text(body["subject"]), Status: cmp.Or(text(body["status"]), "open"), Priority: "normal", Channel: cmp.Or(text(body["channel"]), "api"),
		Customer: escalate.Customer{Name: text(inside(body, "customer", "name")), Email: text(inside(body, "customer", "email"))},
		Extra:    map[string]any{extraExternal: text(body["external_id"])},
	}
	set(&t, body)
	t.Status = cmp.Or(t.Status, "open")
	t = f.Book.Open(t)
	for _, m := range metas {
		f.Book.Add(t.ID, m)
	}
	t, _ = f.Book.Ticket(t.ID)
	answer(w, http.StatusCreated, f.showTicket(t, true))
}

// embedded is how many messages come with a ticket.
const embedded = 30

// showTicket is a ticket as the API shows it, with much that nobody reads, and null where it has nothing.
func (f *Fake) showTicket(t helpdesktest.Ticket, whole bool) map[string]any {
	tags := []map[string]any{}
	for i, name := range t.Tags {
		tags = append(tags, map[string]any{"id": i + 1, "name": name, "uri": "/api/tags/" + strconv.Itoa(i+1) + "/", "decoration": nil})
	}
	inboxes := []map[string]any{}
	if t.Channel == "email" {
		// What else an account is connected with stands there, too.
		inboxes = append(inboxes, map[string]any{"name": "Line", "address": "+4930123", "type": "phone"}, map[string]any{"name": "Support", "address": Inbox, "type": "email"})
		if t.Brand != "" {
			inboxes[1]["name"] = t.Brand
		}
	}
	out := map[string]any{
		"id": json.Number(t.ID), "uri": "/api/tickets/" + t.ID + "/", "external_id": orNull(t.Extra[extraExternal]), "language": "en", "status": t.Status,
		"priority": orNull(t.Priority), "channel": t.Channel, "via": t.Channel, "from_agent": false, "spam": t.Extra[extraSpam] == true,
		"customer": f.customer(t.Customer), "requester": f.customer(t.Customer), "assignee_user": nil, "assignee_team": nil, "subject": orNull(t.Subject),
		"integrations": inboxes, "meta": nil, "tags": tags, "messages_count": len(t.Messages), "is_unread": true, "created_datetime": stamp(t.Created),
		"updated_datetime": stamp(t.Updated), "closed_datetime": nil, "opened_datetime": nil, "snooze_datetime": orNull(t.Extra[extraSnooze]),
		"trashed_datetime": nil, "satisfaction_survey": nil, "reply_options": map[string]any{"email": map[string]any{"answerable": true}},
	}
	if at, ok := t.Extra[extraTrashed].(time.Time); ok {
		out["trashed_datetime"] = stamp(at)
	}
	if a, ok := f.user(t.Assignee); ok {
		out["assignee_user"] = showParty(json.Number(a.ID), a.Name, a.Email)
	}
	if !whole {
		out["excerpt"] = "…"
		return out
	}
	messages := []map[string]any{}
	for i := range min(len(t.Messages), embedded) {
		messages = append(messages, f.showMessage(t, t.Messages[i], true))
	}
	out["messages"], out["events"] = messages, []any{}
	return out
}

// stamp is a time with microseconds and no zone, as tickets have it.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000") + "+00:00" }

func orNull(v any) any {
	if v == nil || v == "" {
		return nil
	}
	return v
}

func showParty(id json.Number, name, email string) map[string]any {
	first, last, _ := strings.Cut(name, " ")
	return map[string]any{"id": id, "email": orNull(email), "name": name, "firstname": first, "lastname": last, "meta": nil}
}

func (f *Fake) customer(c escalate.Customer) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := f.customers[c.Email]
	if id == 0 {
		id = 500000 + int64(len(f.customers))
		f.customers[c.Email] = id
	}
	return showParty(json.Number(strconv.FormatInt(id, 10)), c.Name, c.Email)
}
