package desk

import (
	"testing"
	"time"

	"warmline/escalate"
)

// Slack is told again when what it shows would differ, and time alone can do that; the instant itself cannot.
func TestAHomeDiffersByWhatItShows(t *testing.T) {
	made := func(change func(*Home)) string {
		h := &Home{
			Person: "U1", Role: RoleAgent, At: noon,
			Queue: []QueueRow{{Waiting: true, Handoff: escalate.Handoff{ID: "h1", DueAt: noon.Add(time.Minute)}}},
		}
		change(h)
		d, err := h.digest()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := made(func(*Home) {})
	for name, c := range map[string]struct {
		change func(*Home)
		same   bool
	}{
		"a second later":           {func(h *Home) { h.At = noon.Add(time.Second) }, true},
		"the row is overdue":       {func(h *Home) { h.At = noon.Add(time.Minute) }, false},
		"overdue, and answered":    {func(h *Home) { h.At, h.Queue[0].Waiting = noon.Add(time.Minute), false }, false},
		"somebody claimed it":      {func(h *Home) { h.Queue[0].Handoff.Owner = "U2" }, false},
		"its card was posted":      {func(h *Home) { h.Queue[0].Place = Place{Channel: "C1", TS: "1.2"} }, false},
		"another page":             {func(h *Home) { h.View.Page = 1 }, false},
		"a pause":                  {func(h *Home) { h.Paused = map[string]string{"": "Ana"} }, false},
		"a lead's policy":          {func(h *Home) { h.Policy = []Line{{Head: "Promise", Text: "2 %"}} }, false},
		"what the last click said": {func(h *Home) { h.Said = "#17 is taken." }, false},
	} {
		if got := made(c.change); (got == first) != c.same {
			t.Errorf("%s: the same is %v, want %v", name, got == first, c.same)
		}
	}
	if got := made(func(h *Home) { h.Role = RoleNone }); got != "" {
		t.Errorf("who sees nothing that changes is looked at again: %q", got)
	}
}

func TestAPageThatIsNotThereIsTheLastOneThatIs(t *testing.T) {
	for _, c := range []struct{ found, asked, page, pages int }{
		{0, 0, 0, 1}, {0, 9, 0, 1}, {12, 1, 0, 1}, {13, 1, 1, 2}, {13, 2, 1, 2}, {500, -3, 0, 42}, {500, 1 << 62, 41, 42},
	} {
		page, pages := pageOf(c.found, c.asked)
		if page != c.page || pages != c.pages {
			t.Errorf("page %d of %d hand-offs is %d of %d, want %d of %d", c.asked, c.found, page, pages, c.page, c.pages)
		}
	}
}

func TestAChoiceComesBackAsItWent(t *testing.T) {
	for _, name := range []string{"", "refund", "*", "=", "=x", "a b"} {
		if got := chosen(Choice(name)); got != name {
			t.Errorf("%q comes back as %q", name, got)
		}
	}
	if got := chosen("made up"); got != "" {
		t.Errorf("what is no choice names %q", got)
	}
}
