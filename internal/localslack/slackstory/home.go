package slackstory

import (
	"fmt"
	"strings"
)

// Shows is everything that the person reads in the Home tab now, a line for each
// piece.
func (h *Home) Shows() string {
	h.user.story.tb.Helper()
	return visible(h.view().Blocks)
}

// ExpectNoText waits until the Home tab no longer shows the text.
func (h *Home) ExpectNoText(text string) *Home {
	h.user.story.tb.Helper()
	h.expect(fmt.Sprintf("without %q", text), func(v view) bool {
		return !strings.Contains(strings.ToLower(visible(v.Blocks)), strings.ToLower(text))
	})
	return h
}

// ExpectButton waits until the Home tab has a button with that label.
func (h *Home) ExpectButton(label string) *Home {
	h.user.story.tb.Helper()
	h.expect(fmt.Sprintf("to offer %q", label), func(v view) bool { _, _, ok := find(v.Blocks, label); return ok })
	return h
}

// ExpectNoButton waits until the Home tab offers no such label.
func (h *Home) ExpectNoButton(label string) *Home {
	h.user.story.tb.Helper()
	h.expect(fmt.Sprintf("not to offer %q", label), func(v view) bool { _, _, ok := find(v.Blocks, label); return !ok })
	return h
}

// Click presses the button, or chooses the option of a menu, with that visible
// text, waiting for it to appear. A tab that is drawn anew meanwhile is read
// again.
func (h *Home) Click(label string) *Home {
	s := h.user.story
	s.tb.Helper()
	var out result
	s.until(fmt.Sprintf("the Home tab of %s to offer %q", h.user.name, label), func() bool {
		v := h.view()
		e, value, ok := find(v.Blocks, label)
		if !ok {
			return false
		}
		out = s.post("click", map[string]any{
			"view_id": v.ID, "action_id": e.action, "block_id": e.block, "value": value, "user": h.user.name,
		})
		return !strings.HasPrefix(out.Error, "no action")
	}, h.user.dump)
	if !out.OK {
		s.tb.Fatalf("click %q in the Home tab of %s: %s", label, h.user.name, out.Error)
	}
	return h
}

func (h *Home) expect(want string, holds func(view) bool) {
	s := h.user.story
	s.tb.Helper()
	s.until("the Home tab of "+h.user.name+" "+want, func() bool {
		v := h.view()
		return v.ID != "" && holds(v)
	}, h.user.dump)
}

// ID is the view's id.
func (h *Home) ID() string {
	h.user.story.tb.Helper()
	return h.view().ID
}

// Button returns what a press on the button with that label names: the view, the
// action and its value.
func (h *Home) Button(label string) (view, action, value string) {
	h.user.story.tb.Helper()
	h.ExpectButton(label)
	v := h.view()
	e, value, _ := find(v.Blocks, label)
	return v.ID, e.action, value
}
