package desk

import (
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
	if got := ackText("xx", "Lumen"); got != ackText("en", "Lumen") {
		t.Errorf("an unknown language gets %q", got)
	}
}
