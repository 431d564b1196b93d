package simulate

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"warmline/escalate"
)

// FuzzReportsAreInert puts any text wherever a ticket's text goes. It must neither break the page nor reach the terminal as
// anything but words.
func FuzzReportsAreInert(f *testing.F) {
	for _, s := range []string{
		"where is my parcel", "<script>alert(1)</script>", "\x1b[2J\a\x00", "\u202eabc", "\"><svg onload=x>", "{{.}}", "\xff\xfe", "日本語のテキスト",
	} {
		f.Add(s, s)
	}
	tags := func(t *testing.T, rep *Report) int {
		t.Helper()
		var page bytes.Buffer
		if err := rep.WriteHTML(&page); err != nil {
			t.Fatal(err)
		}
		return strings.Count(page.String(), "<")
	}
	f.Fuzz(func(t *testing.T, text, id string) {
		rep := reportOf(text, id)
		if got, most := tags(t, rep), tags(t, reportOf("x", "x")); got > most {
			t.Errorf("the page has %d tags, with plain words %d", got, most)
		}
		var plain bytes.Buffer
		if err := rep.WriteText(&plain); err != nil {
			t.Fatal(err)
		}
		for _, r := range plain.String() {
			if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("the text holds %q", r)
			}
		}
	})
}

// reportOf puts a text into every place that a report has for one.
func reportOf(text, id string) *Report {
	c := Case{
		ID: id, Topic: id, Question: text, Answer: id, AnswerTitle: text, AnswerText: text, Truth: id, Human: text, Judged: true,
		Source: &escalate.Source{ID: id, Kind: "macro", Title: text, Passage: text}, Reasons: []string{text}, Exclude: id,
	}
	c.Fix, _ = remedy(&c)
	return &Report{
		Team: text, Budget: 0.02, Wrong: []Case{c}, Samples: []Case{c}, Topics: []TopicLine{{Topic: id, Why: text}, {}},
		Gaps:   []Gap{{Words: []string{id}, Questions: []string{text}}},
		Change: Change{Words: "none", Moves: []Move{{Examples: []Case{c}}}},
	}
}

// FuzzWords holds the comparison of questions to what it is for: any text, no panic, a text is its own duplicate.
func FuzzWords(f *testing.F) {
	f.Add("where is order 4711?", "a-de")
	f.Add("你好，订单在哪里", "\xff")
	f.Fuzz(func(t *testing.T, text, id string) {
		for _, w := range wordsOf(text) {
			if w == "" || strings.ContainsRune(w, ' ') {
				t.Errorf("%q is no word", w)
			}
		}
		if g := groups([]string{text, text}, []string{id, id + "x"}); g[0] != g[1] {
			t.Error("a question is not its own duplicate")
		}
		if s := shorten(text, 10); utf8.RuneCountInString(s) > 12 {
			t.Errorf("%q is longer than asked for", s)
		}
	})
}
