package fronttest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"warmline/helpdesk/helpdesktest"
)

// Status is one of the account's ticket statuses.
type Status struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Category string `json:"category"`
}

type tag struct{ id, name string }

func (f *Fake) listStatuses() (int, any, *failure) {
	if !f.Ticketing {
		return 0, nil, &failure{status: 404, title: "Not found", message: "Ticketing is not enabled"}
	}
	var all []any
	for _, s := range f.statuses {
		all = append(all, s)
	}
	return unpaged(all)
}

// statusOf is the ticket status of a conversation; one without a status of its own is open, or resolved when it is archived.
func (f *Fake) statusOf(t helpdesktest.Ticket) Status {
	word := "open"
	if t.Status == "archived" {
		word = "resolved"
	}
	for _, s := range f.statuses {
		if s.ID == t.Extra["status_id"] {
			return s
		}
	}
	return f.statuses[slices.IndexFunc(f.statuses, func(s Status) bool { return s.Category == word })]
}

// change changes a conversation, and keeps what the feed says of it.
func (f *Fake) change(id, event string, fn func(t *helpdesktest.Ticket)) {
	f.book.Change(id, func(t *helpdesktest.Ticket) bool {
		if t.Extra == nil {
			t.Extra = make(map[string]any)
		}
		t.Extra["event"] = event
		fn(t)
		return true
	})
}

func (f *Fake) update(r *http.Request, t helpdesktest.Ticket) (int, any, *failure) {
	var in struct {
		AssigneeID   *string        `json:"assignee_id"`
		InboxID      *string        `json:"inbox_id"`
		Status       *string        `json:"status"`
		StatusID     *string        `json:"status_id"`
		TagIDs       []string       `json:"tag_ids"`
		CustomFields map[string]any `json:"custom_fields"`
	}
	if fail := body(r, &in); fail != nil {
		return 0, nil, fail
	}
	switch {
	case in.Status != nil && in.StatusID != nil:
		return 0, nil, bad("body: only one of status and status_id")
	case in.StatusID != nil:
		at := slices.IndexFunc(f.statuses, func(s Status) bool { return s.ID == *in.StatusID })
		if !f.Ticketing || at < 0 {
			return 0, nil, bad("body.status_id: unknown status")
		}
		f.change(t.ID, "ticket_status_update", func(t *helpdesktest.Ticket) {
			t.Extra["status_id"], t.Status = *in.StatusID, "open"
			if f.statuses[at].Category == "resolved" {
				t.Status = "archived"
			}
		})
	case in.Status != nil:
		if !slices.Contains([]string{"archived", "open", "deleted", "spam"}, *in.Status) {
			return 0, nil, bad("body.status: should be equal to one of the allowed values")
		}
		f.change(t.ID, "archive", func(t *helpdesktest.Ticket) { t.Status, t.Extra["status_id"] = *in.Status, nil })
	default:
		return 0, nil, bad("body: nothing to update that this account knows")
	}
	return 204, nil, nil
}

func (f *Fake) assign(r *http.Request, t helpdesktest.Ticket) (int, any, *failure) {
	in := struct {
		AssigneeID *string `json:"assignee_id"`
	}{}
	if fail := body(r, &in); fail != nil {
		return 0, nil, fail
	}
	var to string
	if in.AssigneeID != nil {
		a, ok := f.agent(*in.AssigneeID)
		if !ok {
			return 0, nil, notFound()
		}
		to = a.ID
	}
	f.change(t.ID, "assign", func(t *helpdesktest.Ticket) { t.Assignee = to })
	return 204, nil, nil
}

func (f *Fake) listTeammates() (int, any, *failure) {
	all := []any{machine("api"), machine("rule")}
	for _, a := range f.book.Agents {
		all = append(all, teammate(a))
	}
	return unpaged(all)
}

// tagsOf are the shapes of tags by name; a name that somebody else put into the book becomes a tag.
func (f *Fake) tagsOf(names []string) []any {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []any{}
	for _, name := range names {
		all = append(all, tagShape(f.tagNamed(name)))
	}
	return all
}

// tagNamed finds a tag or makes it. The caller holds the lock.
func (f *Fake) tagNamed(name string) tag {
	at := slices.IndexFunc(f.tags, func(t tag) bool { return t.name == name })
	if at < 0 {
		at = len(f.tags)
		f.tags = append(f.tags, tag{id: "tag_" + base36(int64(5000+at)), name: name})
	}
	return f.tags[at]
}

func tagShape(t tag) any {
	return map[string]any{
		"_links": map[string]any{"self": api("tags", t.id), "related": map[string]any{"owner": nil, "parent_tag": nil, "children": nil}},
		"id":     t.id, "name": t.name, "description": nil, "highlight": nil, "is_private": false, "is_visible_in_conversation_lists": true,
	}
}

func (f *Fake) listTags(r *http.Request) (int, any, *failure) {
	f.mu.Lock()
	all := slices.Clone(f.tags)
	f.mu.Unlock()
	return list(r, 100, all, tagShape)
}

func (f *Fake) makeTag(r *http.Request) (int, any, *failure) {
	var in struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	if fail := body(r, &in); fail != nil {
		return 0, nil, fail
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := utf8.RuneCountInString(strings.TrimSpace(in.Name)); n < 1 || n > 64 || slices.ContainsFunc(f.tags, func(t tag) bool { return t.name == in.Name }) {
		return 0, nil, bad("body.name: empty, longer than 64 characters, or taken")
	}
	return 201, tagShape(f.tagNamed(in.Name)), nil
}

// changeTags adds tags to a conversation, or takes them off.
func (f *Fake) changeTags(r *http.Request, t helpdesktest.Ticket) (int, any, *failure) {
	var in struct {
		TagIDs []string `json:"tag_ids"`
	}
	if fail := body(r, &in); fail != nil {
		return 0, nil, fail
	}
	var names []string
	f.mu.Lock()
	for _, id := range in.TagIDs {
		if at := slices.IndexFunc(f.tags, func(t tag) bool { return t.id == id }); at >= 0 {
			names = append(names, f.tags[at].name)
		}
	}
	f.mu.Unlock()
	if len(in.TagIDs) == 0 || len(names) != len(in.TagIDs) {
		return 0, nil, bad("body.tag_ids: unknown tag")
	}
	event := map[bool]string{true: "tag", false: "untag"}[r.Method == http.MethodPost]
	f.change(t.ID, event, func(t *helpdesktest.Ticket) {
		t.Tags = slices.DeleteFunc(slices.Clone(t.Tags), func(name string) bool { return slices.Contains(names, name) })
		if r.Method == http.MethodPost {
			t.Tags = append(t.Tags, names...)
			f.noteTagged(t, names)
		}
	})
	return 204, nil, nil
}

// noteTagged keeps when tags were put.
func (f *Fake) noteTagged(t *helpdesktest.Ticket, names []string) {
	before, _ := t.Extra["tagged"].(map[string]time.Time)
	tagged := maps.Clone(before)
	if tagged == nil {
		tagged = make(map[string]time.Time)
	}
	for _, name := range names {
		tagged[name] = f.now()
	}
	t.Extra["tagged"] = tagged
}

// listConversations lists the newest change first, as Front does unless a company chose otherwise.
func (f *Fake) listConversations(r *http.Request) (int, any, *failure) {
	all := f.book.Since(time.Time{})
	all = slices.DeleteFunc(all, func(t helpdesktest.Ticket) bool { return t.Deleted || t.Merged != "" })
	slices.Reverse(all)
	return list(r, 100, all, func(t helpdesktest.Ticket) any { return f.conversation(t) })
}
