package slackstory

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// User is a person in the workspace.
type User struct {
	story *Story
	name  string
}

// view is a modal or Home view.
type view struct {
	ID     string           `json:"id"`
	Type   string           `json:"type"`
	Title  *label           `json:"title"`
	Blocks []map[string]any `json:"blocks"`
}

type label struct {
	Text string `json:"text"`
}

func (v view) String() string {
	title := ""
	if v.Title != nil {
		title = v.Title.Text
	}
	return fmt.Sprintf("  %s %q: %s\n    inputs and buttons: %s\n", v.Type, title,
		strings.ReplaceAll(visible(v.Blocks), "\n", " / "), strings.Join(labelsOf(v.Blocks), " · "))
}

func (u *User) views() []view {
	u.story.tb.Helper()
	var out struct {
		Views []view `json:"views"`
		Error string `json:"error"`
	}
	u.story.get("views", url.Values{"user": {u.name}}, &out)
	if out.Error != "" {
		u.story.tb.Fatalf("read views of %s: %s", u.name, out.Error)
	}
	return out.Views
}

// top is the modal that the person sees.
func (u *User) top() (view, bool) {
	u.story.tb.Helper()
	views := u.views()
	if len(views) == 0 || views[len(views)-1].Type != "modal" {
		return view{}, false
	}
	return views[len(views)-1], true
}

func (u *User) dump() string {
	var b strings.Builder
	for _, v := range u.views() {
		b.WriteString(v.String())
	}
	if b.Len() == 0 {
		return "  (no view)\n"
	}
	return b.String()
}

// ExpectModal waits until the person sees a modal whose title has that text.
func (u *User) ExpectModal(title string) *Modal {
	u.story.tb.Helper()
	m := &Modal{user: u, values: map[string]any{}}
	u.story.until(fmt.Sprintf("a modal %q for %s", title, u.name), func() bool {
		v, ok := u.top()
		m.id = v.ID
		return ok && v.Title != nil && strings.Contains(v.Title.Text, title)
	}, u.dump)
	return m
}

// ExpectNoModal waits until the person sees no modal.
func (u *User) ExpectNoModal() {
	u.story.tb.Helper()
	u.story.until("no modal for "+u.name, func() bool { _, ok := u.top(); return !ok }, u.dump)
}

// Direct is the person's direct conversation with that bot or person, once
// there is one.
func (u *User) Direct(with string) *Channel {
	s := u.story
	s.tb.Helper()
	var now struct {
		Users []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"users"`
		Channels []struct {
			ID      string   `json:"id"`
			IsIM    bool     `json:"is_im"`
			Members []string `json:"members"`
		} `json:"channels"`
	}
	found := ""
	s.until(fmt.Sprintf("a direct conversation of %s and %s", u.name, with), func() bool {
		s.get("state", nil, &now)
		ids := map[string]string{}
		for _, one := range now.Users {
			ids[one.Name] = one.ID
		}
		for _, c := range now.Channels {
			if c.IsIM && slices.Contains(c.Members, ids[u.name]) && slices.Contains(c.Members, ids[with]) {
				found = c.ID
			}
		}
		return found != ""
	}, func() string { return "  (none)\n" })
	return &Channel{s, found, u.name}
}

// OpenHome opens the app's Home tab.
func (u *User) OpenHome() *Home {
	u.story.tb.Helper()
	u.story.must("home", map[string]any{"user": u.name})
	return &Home{u}
}

// Home is the person's view of the app's Home tab.
type Home struct{ user *User }

func (h *Home) view() view {
	h.user.story.tb.Helper()
	for _, v := range h.user.views() {
		if v.Type == "home" {
			return v
		}
	}
	return view{}
}

// ExpectText waits until the Home tab shows the text.
func (h *Home) ExpectText(text string) *Home {
	s := h.user.story
	s.tb.Helper()
	s.until(fmt.Sprintf("the Home tab of %s to show %q", h.user.name, text), func() bool {
		return strings.Contains(strings.ToLower(visible(h.view().Blocks)), strings.ToLower(text))
	}, h.user.dump)
	return h
}

// Modal is an open modal.
type Modal struct {
	user   *User
	id     string
	values map[string]any
}

// Fill enters a value: of a select or radio buttons, an option's value or text;
// a list for several. The input is found by its action_id or visible label.
func (m *Modal) Fill(input string, value any) *Modal {
	m.user.story.tb.Helper()
	v, _ := m.user.top()
	for _, e := range elementsOf(v.Blocks) {
		if e.action == input || e.label == input {
			m.values[e.action] = value
			return m
		}
	}
	m.user.story.tb.Fatalf("no input %q; there is:\n%s", input, m.user.dump())
	return m
}

// ExpectText waits until the modal shows the text.
func (m *Modal) ExpectText(text string) *Modal {
	s := m.user.story
	s.tb.Helper()
	s.until(fmt.Sprintf("the modal to show %q", text), func() bool {
		v, _ := m.user.top()
		return strings.Contains(strings.ToLower(visible(v.Blocks)), strings.ToLower(text))
	}, m.user.dump)
	return m
}

// Press presses the button with that label inside the modal, with what is
// filled in so far.
func (m *Modal) Press(label string) {
	s := m.user.story
	s.tb.Helper()
	v, _ := m.user.top()
	e, _, ok := find(v.Blocks, label)
	if !ok {
		s.tb.Fatalf("no button %q in the modal; there is:\n%s", label, m.user.dump())
	}
	s.must("click", map[string]any{
		"view_id": m.id, "action_id": e.action, "block_id": e.block, "state": m.values, "user": m.user.name,
	})
}

// Submit submits the modal and fails when it comes back with errors.
func (m *Modal) Submit() {
	tb := m.user.story.tb
	tb.Helper()
	if out := m.send(); !out.OK || out.ResponseAction == "errors" {
		tb.Fatalf("submit as %s: %s %v", m.user.name, out.Error, out.Errors)
	}
}

// SubmitExpectingError submits the modal, which must come back with an error
// that has the text in it.
func (m *Modal) SubmitExpectingError(text string) *Modal {
	tb := m.user.story.tb
	tb.Helper()
	out := m.send()
	for _, e := range out.Errors {
		if strings.Contains(e, text) {
			return m
		}
	}
	tb.Fatalf("submit as %s: expected an error with %q, got %q %v", m.user.name, text, out.Error, out.Errors)
	return m
}

func (m *Modal) send() result {
	m.user.story.tb.Helper()
	return m.user.story.post("submit", map[string]any{"view_id": m.id, "values": m.values, "user": m.user.name})
}

// Close closes the modal without submitting it.
func (m *Modal) Close() {
	m.user.story.tb.Helper()
	m.user.story.must("close", map[string]any{"view_id": m.id, "user": m.user.name})
}

// Attach picks a file in the modal: for the input with that action_id or visible label, beside what is picked there already.
func (m *Modal) Attach(input, name string, data []byte) (id string) {
	s := m.user.story
	s.tb.Helper()
	out := s.must("upload", map[string]any{"view_id": m.id, "name": name, "data": data, "user": m.user.name})
	v, _ := m.user.top()
	for _, e := range elementsOf(v.Blocks) {
		if e.kind == "file_input" && (e.action == input || e.label == input) {
			held, _ := m.values[e.action].([]string)
			m.values[e.action] = append(held, out.File)
			return out.File
		}
	}
	s.tb.Fatalf("no input for files %q; there is:\n%s", input, m.user.dump())
	return ""
}

// DeleteFile deletes a file of theirs.
func (u *User) DeleteFile(id string) {
	u.story.tb.Helper()
	u.story.must("unshare", map[string]any{"file": id, "user": u.name})
}
