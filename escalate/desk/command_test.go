package desk

import (
	"strings"
	"testing"
	"time"
)

func TestMistypedCommandsAreUnderstood(t *testing.T) {
	for typed, want := range map[string]string{
		"quue": "queue", "qeueu": "queue", "thershold": "threshold", "nxt": "next", "puase": "pause", "thresh": "threshold",
		"hlep": "help", "whhy": "why", "xyzzy": "", "a": "",
	} {
		if got := nearest(typed); got != want {
			t.Errorf("nearest(%q) = %q, want %q", typed, got, want)
		}
	}
}

// Every example of the help can be typed as it stands, and every command that takes words has some.
func TestEveryCommandIsExplainedByExamples(t *testing.T) {
	for _, c := range commands {
		m := manual[c.name]
		if strings.Contains(c.form, " ") && len(m.examples) == 0 {
			t.Errorf("%s takes words, and no example says which", c.name)
		}
		for _, e := range m.examples {
			if name, _, _ := strings.Cut(e, " "); name != c.name {
				t.Errorf("the example %q does not begin with %s", e, c.name)
			}
		}
	}
	for name := range manual {
		if len(helpLines(name)) == 0 {
			t.Errorf("there is no command %q to explain", name)
		}
	}
	for _, name := range everyDay {
		if len(helpLines(name)) == 0 {
			t.Errorf("there is no command %q for every day", name)
		}
	}
}

func TestMistypedWordsArePutRight(t *testing.T) {
	known := []string{"gift cards", "delivery", "late delivery", "auto", "draft", "up", "down"}
	for typed, want := range map[string]string{
		"delivry auto 0.9": "delivery auto 0.9", "gift crads draft 0.5": "gift cards draft 0.5", "late delivry upp": "late delivery up",
		"delivery atuo 0.9": "delivery auto 0.9", "17": "17", "0.9 97% x1": "0.9 97% x1", "zzzzzz up": "zzzzzz up", "of": "of",
	} {
		var got []string
		for rest := strings.Fields(typed); len(rest) > 0; {
			word, n := likely(rest, known)
			got, rest = append(got, word), rest[n:]
		}
		if words := strings.Join(got, " "); words != want {
			t.Errorf("%q is put right to %q, want %q", typed, words, want)
		}
	}
}

func TestParseThreshold(t *testing.T) {
	at := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		args        []string
		topic       string
		auto, draft *float64
		fault       bool
	}{
		{args: []string{"auto", "0.97"}, auto: at(0.97)},
		{args: []string{"auto", "97%", "draft", "0.5"}, auto: at(0.97), draft: at(0.5)},
		{args: []string{"gift", "cards", "draft", "1"}, topic: "gift cards", draft: at(1)},
		{args: []string{"auto"}, fault: true},
		{args: []string{"delivery"}, fault: true},
		{args: []string{"auto", "1.2"}, fault: true},
		{args: []string{"auto", "NaN"}, fault: true},
		{args: []string{"auto", "high"}, fault: true},
		{args: []string{"auto", "0.9", "drat", "0.5"}, fault: true},
	} {
		topic, auto, draft, err := parseThreshold(c.args)
		if (err != nil) != c.fault || topic != c.topic || !same(auto, c.auto) || !same(draft, c.draft) {
			t.Errorf("%v: topic %q, auto %v, draft %v, %v", c.args, topic, auto, draft, err)
		}
	}
}

func same(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

func TestWorkThatLagsIsSaidInWords(t *testing.T) {
	for c, want := range map[Counts]string{
		{}:                              "up to date",
		{Waiting: 9, Late: time.Minute}: "up to date",
		{Waiting: 9, Late: 17*time.Minute + 20*time.Second}: "9 jobs are due, the oldest for 17 min",
	} {
		if got := lagWords(&c); got != want {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
}

func TestDueIsSaidInWords(t *testing.T) {
	for left, want := range map[time.Duration]string{
		5 * time.Minute: "due in 5 min", 2 * time.Hour: "due in 2 h", 90 * time.Minute: "due in 1 h 30 min", -time.Hour: "overdue by 1 h",
	} {
		if got := dueWords(noon, noon.Add(left)); got != want {
			t.Errorf("%v: %q, want %q", left, got, want)
		}
	}
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	for name, texts := range map[string]map[string]string{"notice": aiNotices, "ack": acks, "still open": stillOpen, "claimed": claimedBy} {
		for lang := range acks {
			if texts[lang] == "" {
				t.Errorf("%s is missing in %s", name, lang)
			}
		}
	}
	unknown, english := ack{lang: "xx", team: "Lumen"}, ack{lang: "en", team: "Lumen"}
	if got := unknown.text(); got != english.text() {
		t.Errorf("an unknown language gets %q", got)
	}
}
