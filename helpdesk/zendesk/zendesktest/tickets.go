package zendesktest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// ticketJSON is a ticket in Zendesk's shape, with nulls where a real one has them.
func (f *Fake) ticketJSON(t *helpdesktest.Ticket, slas bool) map[string]any {
	requester := f.customer(t.Customer.Name, t.Customer.Email)
	tags := slices.Clone(t.Tags)
	if tags == nil {
		tags = []string{}
	}
	out := map[string]any{
		"id": number(t.ID), "url": "https://shop.zendesk.example/api/v2/tickets/" + t.ID + ".json", "external_id": orNull(extra(t, "external_id")),
		"via":        map[string]any{"channel": or(t.Channel, "email"), "source": map[string]any{"from": map[string]any{"address": t.Customer.Email}, "to": map[string]any{}, "rel": nil}},
		"created_at": second(t.Created), "updated_at": second(t.Updated), "generated_timestamp": t.Updated.Unix(), "type": nil,
		"subject": t.Subject, "raw_subject": t.Subject, "description": "…", "priority": orNull(t.Priority), "status": or(t.Status, "new"),
		"recipient": nil, "requester_id": number(requester.id), "submitter_id": number(requester.id), "assignee_id": number(t.Assignee),
		"organization_id": nil, "group_id": nil, "collaborator_ids": []int{}, "follower_ids": []int{}, "email_cc_ids": []int{},
		"forum_topic_id": nil, "problem_id": nil, "has_incidents": false, "is_public": true, "due_at": nil, "tags": tags,
		"custom_fields":       []map[string]any{{"id": 360012345678, "value": orNull(extra(t, "category"))}, {"id": number(ValueField), "value": orNull(t.Value)}, {"id": 360000000002, "value": nil}, {"id": 360000000003, "value": false}},
		"satisfaction_rating": nil, "sharing_agreement_ids": []int{}, "custom_status_id": nil, "fields": []any{}, "followup_ids": []int{},
		"brand_id": number(t.Brand), "allow_channelback": false, "allow_attachments": true, "from_messaging_channel": false, "unheard_of": map[string]any{"a": 1},
	}
	if t.Deleted {
		out["status"] = "deleted"
	}
	if slas {
		out["slas"] = map[string]any{"policy_metrics": metricsJSON(t)}
	}
	return out
}

func (f *Fake) listBrands(w http.ResponseWriter, r *http.Request) {
	if f.NoBrands {
		answer(w, http.StatusForbidden, map[string]any{"error": "Forbidden"})
		return
	}
	some, rest := page(f, r, slices.Sorted(maps.Keys(Brands)))
	list := []map[string]any{}
	for _, id := range some {
		list = append(list, map[string]any{"id": number(id), "name": Brands[id], "subdomain": nil, "active": true, "default": false})
	}
	rest["brands"] = list
	answer(w, http.StatusOK, rest)
}

func metricsJSON(t *helpdesktest.Ticket) []map[string]any {
	metrics := []map[string]any{}
	for name, at := range map[string]time.Time{
		"first_reply_time": t.Due.FirstResponse, "next_reply_time": t.Due.NextResponse, "requester_wait_time": t.Due.Resolution,
	} {
		if !at.IsZero() {
			metrics = append(metrics, map[string]any{"metric": name, "stage": "active", "breach_at": second(at), "hours": 2},
				map[string]any{"metric": name, "stage": "achieved", "breach_at": second(at.Add(-time.Hour))})
		}
	}
	return append(metrics, map[string]any{"metric": "agent_work_time", "stage": "paused", "breach_at": nil})
}

func extra(t *helpdesktest.Ticket, name string) string {
	s, _ := t.Extra[name].(string)
	return s
}

func or(given, otherwise string) string {
	if given == "" {
		return otherwise
	}
	return given
}

func (f *Fake) showTicket(w http.ResponseWriter, r *http.Request) {
	t, ok := f.book.Ticket(r.PathValue("id"))
	if !ok || t.Deleted {
		notFound(w)
		return
	}
	include := strings.Split(r.URL.Query().Get("include"), ",")
	out := map[string]any{"ticket": f.ticketJSON(&t, slices.Contains(include, "slas"))}
	if slices.Contains(include, "users") {
		users := []map[string]any{f.author(t.Customer.Email, &t)}
		if t.Assignee != "" {
			users = append(users, f.author(t.Assignee, &t))
		}
		out["users"] = users
	}
	answer(w, http.StatusOK, out)
}

func (f *Fake) listTickets(w http.ResponseWriter, r *http.Request) {
	key := r.URL.Query().Get("external_id")
	list := f.book.Tickets(func(t *helpdesktest.Ticket) bool {
		return !t.Deleted && (key == "" || t.Extra["external_id"] == key)
	})
	var some []helpdesktest.Ticket
	var rest map[string]any
	if r.URL.Query().Get("sort_by") == "updated_at" { // pages by number, and of tickets that are not archived
		slices.SortStableFunc(list, func(a, b helpdesktest.Ticket) int { return b.Updated.Compare(a.Updated) })
		size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		some, rest = list[:min(len(list), max(size, 1), 100)], map[string]any{"count": len(list), "next_page": nil, "previous_page": nil}
	} else {
		some, rest = page(f, r, list)
	}
	out := []map[string]any{}
	for i := range some {
		out = append(out, f.ticketJSON(&some[i], false))
	}
	rest["tickets"] = out
	answer(w, http.StatusOK, rest)
}

// commentIn is a comment as it is written. Public is left out by whoever forgets it.
type commentIn struct {
	HTML    string      `json:"html_body"`
	Body    string      `json:"body"`
	Public  *bool       `json:"public"`
	Author  json.Number `json:"author_id"`
	Uploads []string    `json:"uploads"`
}

type ticketIn struct {
	Comment      *commentIn      `json:"comment"`
	Status       string          `json:"status"`
	Priority     string          `json:"priority"`
	Assignee     json.RawMessage `json:"assignee_id"`
	Metadata     map[string]any  `json:"metadata"`
	SafeUpdate   bool            `json:"safe_update"`
	UpdatedStamp string          `json:"updated_stamp"`
	Subject      string          `json:"subject"`
	Requester    json.Number     `json:"requester_id"`
	Submitter    json.Number     `json:"submitter_id"`
	Tags         []string        `json:"tags"`
	ExternalID   string          `json:"external_id"`
}

// invalid says why a change is none; "" when it is one.
func (f *Fake) invalid(in *ticketIn) string {
	assignee := strings.Trim(string(in.Assignee), `"`)
	_, agent := f.book.Agent(assignee)
	switch {
	case in.Status != "" && !slices.Contains([]string{"new", "open", "pending", "hold", "solved", "closed"}, in.Status):
		return "Status: is not a valid status"
	case in.Priority != "" && !slices.Contains([]string{"urgent", "high", "normal", "low"}, in.Priority):
		return "Priority: is not valid"
	case assignee != "" && assignee != "null" && assignee != UserID && !agent:
		return "Assignee: is invalid"
	case in.SafeUpdate && in.UpdatedStamp == "":
		return "updated_stamp: is missing"
	case in.Comment != nil && in.Comment.HTML == "" && in.Comment.Body == "":
		return "Comment: cannot be blank"
	}
	return ""
}

func recordInvalid(w http.ResponseWriter, why string) {
	answer(w, http.StatusUnprocessableEntity, map[string]any{
		"error": "RecordInvalid", "description": "Record validation errors", "details": map[string]any{"base": []map[string]any{{"description": why, "error": "InvalidValue"}}},
	})
}

func conflict(w http.ResponseWriter) {
	problem(w, http.StatusConflict, "UpdateConflict", "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.")
}

// updateTicket changes a ticket: all of it, or nothing.
func (f *Fake) updateTicket(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Ticket ticketIn `json:"ticket"`
	}
	if !read(w, r, &in) {
		return
	}
	id := r.PathValue("id")
	before, ok := f.book.Ticket(id)
	if !ok || before.Deleted {
		notFound(w)
		return
	}
	if f.over(w, "Per-Ticket-Updates", "ticket "+id, f.PerTicket, 30, 10*time.Minute) {
		return
	}
	if why := f.invalid(&in.Ticket); why != "" {
		recordInvalid(w, why)
		return
	}
	m, why := f.written(&in.Ticket, &before)
	if why != "" {
		recordInvalid(w, why)
		return
	}
	var closed, stale bool
	t, _ := f.book.Change(id, func(t *helpdesktest.Ticket) bool {
		closed = t.Status == "closed"
		stale = in.Ticket.SafeUpdate && second(t.Updated) != in.Ticket.UpdatedStamp
		if closed || stale {
			return false
		}
		apply(&in.Ticket, t, m, f.now())
		return true
	})
	switch {
	case closed:
		recordInvalid(w, "Status: closed prevents ticket update")
	case stale:
		conflict(w)
	default:
		answer(w, http.StatusOK, map[string]any{"ticket": f.ticketJSON(&t, false), "audit": f.auditJSON(&t, m)})
	}
}

func apply(in *ticketIn, t *helpdesktest.Ticket, m *helpdesktest.Message, now time.Time) {
	t.Status, t.Priority = or(in.Status, t.Status), or(in.Priority, t.Priority)
	if len(in.Assignee) > 0 {
		t.Assignee = strings.TrimPrefix(strings.Trim(string(in.Assignee), `"`), "null")
	}
	if m != nil {
		m.At = now
		t.Messages = append(t.Messages, *m)
		if m.Public && t.Status == "new" {
			t.Status = "open"
		}
	}
}

// written makes the message that a change writes; nil when it writes none.
func (f *Fake) written(in *ticketIn, t *helpdesktest.Ticket) (*helpdesktest.Message, string) {
	c := in.Comment
	if c == nil {
		return nil, ""
	}
	m := &helpdesktest.Message{ID: itoa(f.book.Next()), Author: UserID, Role: escalate.RoleAgent, Body: c.HTML, Extra: map[string]any{"via": "api"}}
	if m.Body == "" {
		m.Body = asHTML(c.Body)
	}
	if in.Metadata != nil {
		m.Extra["custom"] = in.Metadata
	}
	if c.Author != "" {
		author, ok := f.whose(c.Author.String())
		if !ok {
			return nil, "Author: is invalid"
		}
		m.Author = author
	}
	if c.Public == nil { // the default is what the first comment was
		f.mu.Lock()
		f.unsaid++
		f.mu.Unlock()
		m.Public = len(t.Messages) == 0 || t.Messages[0].Public
	} else {
		m.Public = *c.Public
	}
	if f.Light {
		m.Public = false // without a word
	}
	return m, f.take(c.Uploads, m)
}

func (f *Fake) auditJSON(t *helpdesktest.Ticket, m *helpdesktest.Message) map[string]any {
	events := []map[string]any{{"id": f.book.Next(), "type": "Change", "field_name": "status", "value": t.Status, "previous_value": nil}}
	metadata := map[string]any{"system": map[string]any{"client": nil, "latitude": nil}, "custom": map[string]any{}}
	if m != nil {
		c := f.commentJSON(t, m, "")
		c["type"] = "Comment"
		events = append(events, c, map[string]any{"id": f.book.Next(), "type": "Notification", "body": "…", "recipients": []int{1}})
		if custom, ok := m.Extra["custom"]; ok {
			metadata["custom"] = custom
		}
	}
	return map[string]any{
		"id": f.book.Next(), "ticket_id": number(t.ID), "created_at": second(t.Updated), "author_id": number(UserID), "metadata": metadata,
		"events": events, "via": map[string]any{"channel": "api", "source": map[string]any{"from": map[string]any{}, "to": map[string]any{}, "rel": nil}},
	}
}

// addTags adds, and loses none; two calls at once could, which is what the stamp is for.
func (f *Fake) addTags(w http.ResponseWriter, r *http.Request) {
	f.tagged(w, r, func(tags []string, tag string) []string {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
		return tags
	})
}

// dropTags takes tags away. The specification has it answer 204.
func (f *Fake) dropTags(w http.ResponseWriter, r *http.Request) {
	f.tagged(w, r, func(tags []string, tag string) []string {
		return slices.DeleteFunc(tags, func(t string) bool { return t == tag })
	})
}

// tagged changes a ticket's tags one by one.
func (f *Fake) tagged(w http.ResponseWriter, r *http.Request, change func(tags []string, tag string) []string) {
	var in struct {
		Tags         []string `json:"tags"`
		SafeUpdate   string   `json:"safe_update"`
		UpdatedStamp string   `json:"updated_stamp"`
	}
	if !read(w, r, &in) {
		return
	}
	var closed, stale bool
	t, ok := f.book.Change(r.PathValue("id"), func(t *helpdesktest.Ticket) bool {
		closed = t.Status == "closed"
		stale = in.SafeUpdate == "true" && second(t.Updated) != in.UpdatedStamp
		for _, tag := range in.Tags {
			for one := range strings.FieldsSeq(strings.ToLower(tag)) { // a space makes two of one
				t.Tags = change(t.Tags, one)
			}
		}
		return !closed && !stale
	})
	switch {
	case closed:
		recordInvalid(w, "Status: closed prevents ticket update")
	case stale:
		conflict(w)
	case !ok:
		notFound(w)
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	default:
		answer(w, http.StatusOK, map[string]any{"tags": t.Tags})
	}
}

// due is when the Fixture's deadlines are.
func due(now time.Time) desk.Deadlines {
	at := now.UTC().Truncate(time.Second)
	return desk.Deadlines{FirstResponse: at.Add(time.Hour), NextResponse: at.Add(2 * time.Hour), Resolution: at.Add(24 * time.Hour)}
}
