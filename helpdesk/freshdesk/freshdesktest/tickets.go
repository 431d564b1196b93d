package freshdesktest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// window is how old tickets may be in a list that says nothing of when they changed.
const window = 30 * 24 * time.Hour

func (f *Fake) listTickets(w http.ResponseWriter, r *http.Request) {
	from, to, page, ok := f.queried(w, r, "filter", "requester_id", "email", "company_id", "updated_since", "order_by", "order_type", "include")
	if !ok {
		return
	}
	with, ok := includes(w, r, "requester", "stats", "description", "company")
	if !ok {
		return
	}
	q := r.URL.Query()
	since := q.Get("updated_since")
	at, err := time.Parse(time.RFC3339, since)
	if since != "" && err != nil {
		invalidRequest(w, []invalid{wrong("updated_since", "a valid DateTime")})
		return
	}
	now := f.now()
	all := f.Book.Tickets(func(t *helpdesktest.Ticket) bool {
		changed := t.Updated.Truncate(time.Second)
		switch {
		case t.Deleted != (q.Get("filter") == "deleted") || t.Extra[extraSpam] == true || t.Extra[extraArchived] == true:
			return false
		case q.Get("email") != "" && !strings.EqualFold(q.Get("email"), t.Customer.Email):
			return false
		case since == "":
			return now.Sub(t.Created) <= window
		}
		return !t.Updated.After(now.Add(-f.Lag)) && (changed.After(at) || !f.Exclusive && changed.Equal(at))
	})
	slices.SortStableFunc(all, func(a, b helpdesktest.Ticket) int {
		order := b.Created.Truncate(time.Second).Compare(a.Created.Truncate(time.Second))
		if q.Get("order_by") == "updated_at" {
			order = b.Updated.Truncate(time.Second).Compare(a.Updated.Truncate(time.Second))
		}
		if q.Get("order_type") == "asc" {
			order = -order
		}
		return cmp.Or(order, int(b.Number-a.Number)) // within a second, in no order that helps anybody
	})
	paged(w, r, all, from, to, page, func(t helpdesktest.Ticket) map[string]any { return f.showTicket(t, with, r.Host, true) })
}

// found is the ticket that a request is about; archived says whether an archived one is meant.
func (f *Fake) found(w http.ResponseWriter, r *http.Request, archived bool) (helpdesktest.Ticket, bool) {
	t, ok := f.Book.Ticket(r.PathValue("id"))
	is := t.Extra[extraArchived] == true
	switch {
	case ok && is == archived:
		return t, true
	case ok && is && f.Redirects:
		w.Header().Set("Location", "https://"+r.Host+"/api/v2/tickets/archived/"+t.ID)
		w.WriteHeader(http.StatusMovedPermanently)
	default:
		w.WriteHeader(http.StatusNotFound) // with no body, as in life
	}
	return helpdesktest.Ticket{}, false
}

func (f *Fake) viewTicket(w http.ResponseWriter, r *http.Request) {
	if _, _, _, ok := f.queried(w, r, "include"); !ok {
		return
	}
	with, ok := includes(w, r, "conversations", "requester", "company", "stats", "sla_policy")
	if !ok {
		return
	}
	t, ok := f.found(w, r, false)
	if !ok {
		return
	}
	out := f.showTicket(t, with, r.Host, false)
	if with["conversations"] { // the ten oldest, however many there are
		some := []map[string]any{}
		for i := 1; i < min(len(t.Messages), 11); i++ {
			some = append(some, f.showConversation(t, i, r.Host))
		}
		out["conversations"] = some
	}
	answer(w, http.StatusOK, out)
}

func (f *Fake) viewArchived(w http.ResponseWriter, r *http.Request) {
	if t, ok := f.found(w, r, true); ok {
		answer(w, http.StatusOK, f.showTicket(t, nil, r.Host, false))
	}
}

func (f *Fake) listConversations(w http.ResponseWriter, r *http.Request) {
	from, to, page, ok := f.queried(w, r)
	if !ok {
		return
	}
	if f.PageSize > 0 {
		from, to = (page-1)*f.PageSize, page*f.PageSize
	}
	t, ok := f.found(w, r, strings.HasPrefix(r.URL.Path, "/archived/"))
	if !ok {
		return
	}
	var numbers []int
	for i := range t.Messages[1:] {
		numbers = append(numbers, i+1)
	}
	paged(w, r, numbers, from, to, page, func(i int) map[string]any { return f.showConversation(t, i, r.Host) })
}

// fieldsOf are the members of a request's JSON body.
func fieldsOf(w http.ResponseWriter, r *http.Request) (map[string]any, bool) {
	var fields map[string]any
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	if decoder.Decode(&fields) != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		refuse(w, http.StatusBadRequest, "invalid_json", "Request body has invalid json format")
		return nil, false
	}
	return fields, true
}

// faults are what is wrong with the fields of a ticket.
func (f *Fake) faults(fields map[string]any, known ...string) (errs []invalid) {
	for name, value := range fields {
		if !slices.Contains(known, name) {
			errs = append(errs, unexpected(name))
			continue
		}
		number, isNumber := whole(value)
		text, isText := value.(string)
		switch name {
		case "status":
			if !isNumber || number < 2 || number > 8 {
				errs = append(errs, wrong(name, "one of these values: '2,3,4,5,6,7,8'"))
			}
		case "priority":
			if !isNumber || number < 1 || number > 4 {
				errs = append(errs, wrong(name, "one of these values: '1,2,3,4'"))
			}
		case "responder_id":
			if value != nil && (!isNumber || !f.isAgent(strconv.FormatInt(number, 10))) {
				errs = append(errs, wrong(name, "a valid agent"))
			}
		case "tags":
			errs = append(errs, tagFaults(value)...)
		case "subject", "description", "email":
			if !isText || text == "" {
				errs = append(errs, missing(name))
			}
		}
	}
	slices.SortFunc(errs, func(a, b invalid) int { return strings.Compare(a.Field, b.Field) })
	return errs
}

func tagFaults(value any) []invalid {
	list, ok := value.([]any)
	for _, one := range list {
		text, isText := one.(string)
		ok = ok && isText && len([]rune(text)) <= 32 && !strings.Contains(text, ",")
	}
	if !ok {
		return []invalid{wrong("tags", "an Array of Strings of at most 32 characters")}
	}
	return nil
}

// whole is a JSON number without a fraction. A number in a string is none.
func whole(value any) (int64, bool) {
	n, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

func (f *Fake) updateTicket(w http.ResponseWriter, r *http.Request) {
	if _, ok := f.found(w, r, false); !ok {
		return
	}
	fields, ok := fieldsOf(w, r)
	if !ok {
		return
	}
	errs := f.faults(fields, "status", "priority", "responder_id", "group_id", "tags", "type", "subject", "due_by", "fr_due_by", "custom_fields")
	if len(errs) > 0 {
		invalidRequest(w, errs)
		return
	}
	t, ok := f.Book.Change(r.PathValue("id"), func(t *helpdesktest.Ticket) bool {
		f.apply(t, fields)
		return true
	})
	if !ok {
		refuse(w, http.StatusMethodNotAllowed, "", "PUT method is not allowed. It should be one of these method(s): GET")
		return
	}
	answer(w, http.StatusOK, f.showTicket(t, nil, r.Host, false))
}

// apply sets fields. Deadlines follow a change of status or priority, later.
func (f *Fake) apply(t *helpdesktest.Ticket, fields map[string]any) {
	for name, value := range fields {
		number, _ := whole(value)
		text := strconv.FormatInt(number, 10)
		switch name {
		case "status":
			t.Status = text
		case "priority":
			t.Priority = text
		case "responder_id":
			t.Assignee = ""
			if value != nil {
				t.Assignee = text
			}
		case "tags": // all of them: who sends one loses the others
			t.Tags = texts(value)
		}
	}
	_, status := fields["status"]
	_, priority := fields["priority"]
	if (status || priority) && t.Due != (desk.Deadlines{}) && f.DueLag > 0 {
		if t.Extra == nil {
			t.Extra = make(map[string]any)
		}
		t.Extra[extraDue] = laterDue{due: desk.Deadlines{Resolution: f.now().Add(4 * time.Hour).Truncate(time.Second)}, from: f.now().Add(f.DueLag)}
	}
}

func texts(value any) (all []string) {
	list, _ := value.([]any)
	for _, one := range list {
		text, _ := one.(string)
		all = append(all, text)
	}
	return all
}

func (f *Fake) createTicket(w http.ResponseWriter, r *http.Request) {
	fields, ok := fieldsOf(w, r)
	if !ok {
		return
	}
	errs := f.faults(fields, "name", "email", "subject", "description", "status", "priority", "source", "tags", "unique_external_id", "type", "responder_id", "group_id", "custom_fields")
	for _, name := range []string{"email", "subject", "description", "status", "priority"} {
		if fields[name] == nil {
			errs = append(errs, missing(name))
		}
	}
	if len(errs) > 0 {
		invalidRequest(w, errs)
		return
	}
	text := func(name string) string { s, _ := fields[name].(string); return s }
	source, _ := whole(fields["source"])
	n := helpdesktest.Ticket{
		Subject: text("subject"), Status: "2", Priority: "1", Channel: strconv.FormatInt(max(source, 2), 10), Tags: texts(fields["tags"]),
		Customer: escalate.Customer{Name: cmp.Or(text("name"), text("email")), Email: text("email")},
		Messages: []helpdesktest.Message{{ID: "description", Role: escalate.RoleCustomer, Author: text("email"), Public: true, Body: text("description"), At: f.now()}},
	}
	answer(w, http.StatusCreated, f.showTicket(f.Book.Open(n), nil, r.Host, false))
}
