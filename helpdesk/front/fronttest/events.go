package fronttest

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

// event is one entry of the feed.
type event struct {
	id, kind string
	at       time.Time
	ticket   helpdesktest.Ticket
	message  *helpdesktest.Message
	tag      string
}

// events are made of the book as it stands: one for each message and comment, and one for the newest change that was none. So whoever
// changes the book makes an event.
func (f *Fake) events() []event {
	return f.eventsOf(f.book.Tickets(nil)...)
}

func (f *Fake) eventsOf(tickets ...helpdesktest.Ticket) (all []event) {
	for _, t := range tickets {
		newest := t.Created
		for i := range t.Messages {
			m := &t.Messages[i]
			if m.At.After(newest) {
				newest = m.At
			}
			if f.shown(m) {
				all = append(all, event{id: "evt_" + m.ID[4:], kind: kindOfEvent(m), at: m.At, ticket: t, message: m})
			}
		}
		kind, _ := t.Extra["event"].(string)
		if kind != "" && !t.Updated.Before(newest) && !f.now().Before(t.Updated.Add(f.Lag)) {
			all = append(all, event{id: "evt_" + t.ID[4:] + base36(t.Updated.UnixMicro()), kind: kind, at: t.Updated, ticket: t})
		}
	}
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	return all
}

func kindOfEvent(m *helpdesktest.Message) string {
	switch {
	case isComment(m):
		return "comment"
	case m.Role == escalate.RoleCustomer || m.Role == escalate.RoleParticipant:
		return "inbound"
	}
	return "out_reply"
}

func (f *Fake) listEvents(r *http.Request) (int, any, *failure) {
	query, _, _, fail := paging(r, 15)
	if fail != nil {
		return 0, nil, fail
	}
	all := f.events()
	if fail := f.filter(&all, query); fail != nil {
		return 0, nil, fail
	}
	if query.Get("sort_order") != "asc" || f.NewestFirst {
		slices.Reverse(all)
	}
	return list(r, 15, all, func(e event) any { return f.event(e) })
}

// filter applies Front's query object.
func (f *Fake) filter(all *[]event, query url.Values) *failure {
	if types := query["q[types][]"]; len(types) > 0 {
		*all = slices.DeleteFunc(*all, func(e event) bool { return !slices.Contains(types, e.kind) })
	}
	after := query.Get("q[after]")
	if after == "" {
		return nil
	}
	seconds, err := strconv.ParseFloat(after, 64)
	if err != nil || seconds > 1e11 {
		return bad("query.q.after: should be a timestamp in seconds")
	}
	ms := int64(math.Round(seconds * 1000))
	*all = slices.DeleteFunc(*all, func(e event) bool {
		at := e.at.UnixMilli()
		return at < ms || at == ms && !f.AfterIncludes
	})
	return nil
}

func (f *Fake) event(e event) map[string]any {
	t := e.ticket
	v := map[string]any{
		"_links": map[string]any{"self": api("events", e.id)}, "id": e.id, "type": e.kind, "emitted_at": stamp(e.at),
		"source": map[string]any{"_meta": map[string]any{"type": "api"}, "data": nil}, "target": nil,
	}
	target := func(kind string, data any) {
		v["target"] = map[string]any{"_meta": map[string]any{"type": kind}, "data": data}
	}
	switch {
	case e.message != nil && isComment(e.message):
		target("comment", f.note(t, *e.message))
	case e.message != nil:
		target("message", f.message(t, *e.message))
	case e.tag != "":
		f.mu.Lock()
		target("tag", tagShape(f.tagNamed(e.tag)))
		f.mu.Unlock()
	case t.Merged != "":
		target("deleted_conversation_ids", []string{t.ID})
		t, _ = f.book.Ticket(t.Merged)
	}
	v["conversation"] = f.conversation(t)
	return v
}

// listEventsOf lists one conversation's events, the newest first.
func (f *Fake) listEventsOf(r *http.Request, t helpdesktest.Ticket) (int, any, *failure) {
	all := slices.DeleteFunc(f.events(), func(e event) bool { return e.ticket.ID != t.ID || e.kind == "tag" })
	tagged, _ := t.Extra["tagged"].(map[string]time.Time)
	for name, at := range tagged {
		all = append(all, event{id: "evt_" + base36(at.UnixMicro()), kind: "tag", at: at, ticket: t, tag: name})
	}
	slices.SortStableFunc(all, func(a, b event) int { return b.at.Compare(a.at) })
	return list(r, 100, all, func(e event) any { return f.event(e) })
}
