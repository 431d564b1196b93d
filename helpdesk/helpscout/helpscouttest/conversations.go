package helpscouttest

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"warmline/helpdesk/helpdesktest"
)

// Members of Ticket.Extra and Message.Extra that only Help Scout has.
const (
	extraType   = "type"       // of a thread
	extraState  = "state"      // of a thread or a conversation
	extraAction = "action"     // of a thread
	extraSaid   = "said"       // the fields of the request that made a thread
	extraSystem = "by system"  // a thread that no person wrote
	extraTimes  = "last shown" // the time of the last change that conversations show
)

// numberOf is what agents call a conversation.
func numberOf(t *helpdesktest.Ticket) int64 { return t.Number + 15000 }

func (f *Fake) listConversations(w http.ResponseWriter, r *http.Request) {
	page, ok := queried(w, r, "embed", "mailbox", "folder", "status", "tag", "assigned_to", "modifiedSince", "number", "sortField", "sortOrder", "query")
	if !ok {
		return
	}
	q := r.URL.Query()
	since, err := time.Parse(time.RFC3339, cmp.Or(q.Get("modifiedSince"), "1970-01-01T00:00:00Z"))
	field, order := cmp.Or(q.Get("sortField"), "createdAt"), cmp.Or(q.Get("sortOrder"), "desc")
	switch {
	case err != nil:
		invalidRequest(w, []invalid{{"modifiedSince", "must be a date"}})
		return
	case field != "createdAt" && field != "modifiedAt" || order != "asc" && order != "desc":
		invalidRequest(w, []invalid{{"sortField", "is not known"}})
		return
	}
	list := f.Book.Tickets(func(t *helpdesktest.Ticket) bool {
		changed := t.Updated.Truncate(time.Second)
		return f.listed(t, q) && (changed.After(since) || !f.Exclusive && changed.Equal(since))
	})
	slices.SortStableFunc(list, func(a, b helpdesktest.Ticket) int {
		by := a.Created.Compare(b.Created)
		if field == "modifiedAt" {
			by = a.Updated.Compare(b.Updated)
		}
		if order == "desc" {
			return -by
		}
		return by
	})
	paged(f, w, r, "conversations", list, page, func(t helpdesktest.Ticket) map[string]any {
		out := f.shown(t)
		if q.Get("embed") == "threads" {
			out["_embedded"] = map[string]any{"threads": f.threads(t)}
		}
		return out
	})
}

// listed reports whether a conversation is among those that a query wants. Only active ones are, unless it says so.
func (f *Fake) listed(t *helpdesktest.Ticket, q url.Values) bool {
	status, inboxes := cmp.Or(q.Get("status"), "active"), q.Get("mailbox")
	email, isEmail := strings.CutPrefix(q.Get("query"), `(email:"`)
	switch {
	case t.Deleted || t.Merged != "" || t.Updated.After(f.now().Add(-f.Lag)):
		return false
	case status != "all" && t.Status != status, inboxes != "" && !slices.Contains(strings.Split(inboxes, ","), mailboxOf(t)):
		return false
	default:
		return !isEmail || strings.EqualFold(strings.TrimSuffix(email, `")`), t.Customer.Email)
	}
}

func mailboxOf(t *helpdesktest.Ticket) string {
	if id, ok := t.Extra["mailbox"].(string); ok {
		return id
	}
	return "85"
}

// shown is a conversation, with nulls and members that nobody here reads, as in life.
func (f *Fake) shown(t helpdesktest.Ticket) map[string]any {
	updated := t.Updated
	if at, ok := t.Extra[extraTimes].(time.Time); ok {
		updated = at
	}
	customer := f.customer(t.Customer.Name, t.Customer.Email)
	if f.BareCustomer {
		customer = map[string]any{"id": customer["id"]}
	}
	state := "published"
	if s, ok := t.Extra[extraState].(string); ok {
		state = s
	}
	out := map[string]any{
		"id": asNumber(t.ID), "number": numberOf(&t), "threads": f.published(t), "type": cmp.Or(t.Channel, "email"), "folderId": 493, "status": t.Status,
		"state": state, "subject": t.Subject, "preview": f.preview(t), "mailboxId": asNumber(mailboxOf(&t)), "assignee": nil, "createdBy": customer,
		"createdAt": stamp(t.Created), "closedBy": 0, "closedByUser": map[string]any{"id": 0, "type": "user", "first": "unknown"}, "closedAt": nil,
		"userUpdatedAt":        stamp(updated),
		"customerWaitingSince": map[string]any{"time": stamp(updated), "friendly": f.now().Sub(updated).String() + " ago", "latestReplyFrom": "customer"},
		"source":               map[string]any{"type": "email", "via": "customer"}, "tags": tagsOf(t), "cc": []string{}, "bcc": []string{},
		"primaryCustomer": customer, "snooze": nil, "nextEvent": nil, "customFields": customFields(&t),
		"_embedded": map[string]any{"threads": []any{}}, "_links": map[string]any{"self": map[string]any{"href": "https://api.helpscout.net/v2/conversations/" + t.ID}},
	}
	if a, ok := f.Book.Agent(t.Assignee); ok && t.Assignee != "" {
		out["assignee"] = f.user(a)
	}
	if team, ok := t.Extra["team"].(int); ok {
		out["assignee"] = map[string]any{"id": team, "type": "team", "first": "Second level", "last": ""}
	}
	return out
}

func customFields(t *helpdesktest.Ticket) []any {
	fields := []any{map[string]any{"id": 8, "name": "Account Type", "value": "8518", "text": "Administrator"}}
	if t.Value != "" {
		fields = append(fields, map[string]any{"id": 9, "name": "Order value", "value": t.Value, "text": t.Value})
	}
	return fields
}

func (f *Fake) preview(t helpdesktest.Ticket) string {
	if len(t.Messages) == 0 {
		return ""
	}
	text := strings.Join(strings.Fields(t.Messages[len(t.Messages)-1].Body), " ")
	return strings.ToValidUTF8(text[:min(len(text), 100)], "")
}

func (f *Fake) published(t helpdesktest.Ticket) (n int) {
	for _, m := range t.Messages {
		if m.Extra[extraType] != "lineitem" && m.Extra[extraState] == nil {
			n++
		}
	}
	return n
}

func tagsOf(t helpdesktest.Ticket) []map[string]any {
	out := []map[string]any{}
	for i, name := range t.Tags {
		out = append(out, map[string]any{"id": 9150 + i, "color": "#929499", "tag": name})
	}
	return out
}

// found is the conversation that a request is about. Where one was merged, only those who ask for it itself are told.
func (f *Fake) found(w http.ResponseWriter, r *http.Request) (helpdesktest.Ticket, bool) {
	t, ok := f.Book.Ticket(r.PathValue("id"))
	switch itself := r.URL.Path == "/v2/conversations/"+t.ID && r.Method == http.MethodGet; {
	case !ok || t.Deleted || t.Merged != "" && !itself:
		notFound(w)
	case t.Merged != "":
		w.Header().Set("Location", f.site+"/v2/conversations/"+t.Merged)
		w.WriteHeader(http.StatusMovedPermanently)
	default:
		return t, true
	}
	return helpdesktest.Ticket{}, false
}

func (f *Fake) showConversation(w http.ResponseWriter, r *http.Request) {
	if _, ok := queried(w, r, "embed"); !ok {
		return
	}
	if t, ok := f.found(w, r); ok {
		answer(w, http.StatusOK, f.shown(t))
	}
}

// change changes a conversation, and answers that it did.
func (f *Fake) change(w http.ResponseWriter, id string, fn func(*helpdesktest.Ticket)) {
	_, ok := f.Book.Change(id, func(t *helpdesktest.Ticket) bool {
		f.touch(t)
		fn(t)
		return true
	})
	if !ok {
		notFound(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// touch keeps the times that a conversation shows, where a change leaves no trace in them.
func (f *Fake) touch(t *helpdesktest.Ticket) {
	if t.Extra == nil {
		t.Extra = make(map[string]any)
	}
	if !f.Silent {
		delete(t.Extra, extraTimes)
	} else if t.Extra[extraTimes] == nil {
		t.Extra[extraTimes] = t.Updated
	}
}

// patchConversation makes one operation, of those that there are.
func (f *Fake) patchConversation(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	fields, ok := fieldsOf(w, r, "op", "path", "value")
	if !ok {
		return
	}
	op, _ := fields["op"].(string)
	path, _ := fields["path"].(string)
	word, _ := fields["value"].(string)
	switch op + " " + path {
	case "replace /status":
		if !slices.Contains([]string{"active", "pending", "closed", "spam"}, word) {
			invalidRequest(w, []invalid{{"value", "is no status"}})
			return
		}
		f.change(w, t.ID, func(t *helpdesktest.Ticket) { t.Status = word })
	case "replace /assignTo":
		agent, known := f.Book.Agent(idOf(fields["value"]))
		if !known {
			invalidRequest(w, []invalid{{"value", "is no user"}})
			return
		}
		f.change(w, t.ID, func(t *helpdesktest.Ticket) { t.Assignee = agent.ID })
	case "remove /assignTo":
		f.change(w, t.ID, func(t *helpdesktest.Ticket) { t.Assignee = "" })
	default:
		invalidRequest(w, []invalid{{"path", "cannot be changed so"}})
	}
}

// putTags replaces all tags, which are kept in lower case.
func (f *Fake) putTags(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r)
	if !ok {
		return
	}
	fields, ok := fieldsOf(w, r, "tags")
	if !ok {
		return
	}
	list, ok := fields["tags"].([]any)
	var names []string
	for _, one := range list {
		name, isText := one.(string)
		ok = ok && isText && name != ""
		names = append(names, strings.ToLower(name))
	}
	if !ok {
		invalidRequest(w, []invalid{without("tags")})
		return
	}
	f.change(w, t.ID, func(t *helpdesktest.Ticket) { t.Tags = names })
}
