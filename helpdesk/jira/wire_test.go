package jira

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"warmline/escalate"
)

func TestDatesOfEveryFormAreRead(t *testing.T) {
	at := time.Date(2026, 3, 12, 7, 34, 23, 259e6, time.UTC)
	for text, want := range map[string]time.Time{
		`"2026-03-12T08:34:23.259+0100"`: at, `"2026-03-12T07:34:23.259+0000"`: at, `"2026-03-12T07:34:23.259Z"`: at, `"2026-03-12T08:34:23.259+01:00"`: at,
		`1773300863259`: at, `"2026-03-12T08:34:23+0100"`: at.Truncate(time.Second), `"2026-03-12T07:34Z"`: at.Truncate(time.Minute),
		`null`: {}, `""`: {}, `"yesterday"`: {}, `true`: {}, `{}`: {},
	} {
		var d date
		if err := json.Unmarshal([]byte(text), &d); err != nil || !d.Equal(want) {
			t.Errorf("%s: got %s, %v; want %s", text, d.Time, err, want)
		}
	}
	for text, want := range map[string]time.Time{
		`{"epochMillis":1773300863259,"jira":"2001-01-01T00:00:00.000+0000"}`: at, `{"jira":"2026-03-12T08:34:23.259+0100"}`: at,
		`{"iso8601":"2026-03-12T08:34:23+0100","epochMillis":null}`: at.Truncate(time.Second), `{}`: {}, `null`: {},
	} {
		var m *moment
		if err := json.Unmarshal([]byte(text), &m); err != nil || !m.time().Equal(want) {
			t.Errorf("%s: got %s, %v; want %s", text, m.time(), err, want)
		}
	}
}

func TestIDsOfEveryFormAreRead(t *testing.T) {
	for text, want := range map[string]id{`"10042"`: "10042", `10042`: "10042", `null`: "", `12345678901234567890`: "12345678901234567890", `"a\u0000b"`: "ab"} {
		var i id
		if err := json.Unmarshal([]byte(text), &i); err != nil || i != want {
			t.Errorf("%s: got %q, %v; want %q", text, i, err, want)
		}
	}
	var i id
	for _, text := range []string{`{}`, `true`, `[1]`} {
		if err := json.Unmarshal([]byte(text), &i); err == nil {
			t.Errorf("%s is taken for the id %q", text, i)
		}
	}
}

// recorded reads a file of the recorded answers, which are no part of the project.
func recorded(t *testing.T, name string, into any) bool {
	t.Helper()
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	b, err := os.ReadFile(filepath.Join(folder, "jira", "go-jira", "testing", "mock-data", name))
	if err != nil {
		t.Logf("SKIPPED: %s is not read, because it is not here; WARMLINE_FIXTURES names the folder of the recorded answers", name)
		return false
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return true
}

func TestRecordedTransitionsAreReadWhole(t *testing.T) {
	var got struct {
		Transitions []transition `json:"transitions"`
	}
	if !recorded(t, "transitions.json", &got) {
		return
	}
	if len(got.Transitions) == 0 {
		t.Fatal("no transitions")
	}
	for _, way := range got.Transitions {
		if way.ID == "" || way.Name == "" || way.To.Name == "" || way.To.Category == nil || way.To.Category.Key == "" {
			t.Errorf("transition %+v", way)
		}
		if field := way.asksFor(); field != "" {
			t.Errorf("%q asks for %q, which is not required", way.Name, field)
		}
	}
	c := &Connector{}
	way, err := c.wayTo(got.Transitions, escalate.StatusClosed)
	if err != nil || way.To.Name != "Closed" {
		t.Errorf("to closed by %+v, %v", way, err)
	}
}

func TestRecordedStatusesAndPrioritiesAreAllOurs(t *testing.T) {
	c := &Connector{}
	var states []status
	if recorded(t, "all_statuses.json", &states) {
		for _, s := range states {
			if s.Name == "" || s.Category == nil || s.Category.Key == "" {
				t.Errorf("status %+v", s)
			}
			if ours, known := c.statusOf(&s), slices.Contains([]string{"new", "indeterminate", "done"}, s.Category.Key); known && ours.Ended() != (s.Category.Key == "done") {
				t.Errorf("%q of category %q is %s", s.Name, s.Category.Key, ours)
			}
		}
	}
	var all []label
	if recorded(t, "all_priorities.json", &all) {
		for _, p := range all {
			if p.ID == "" || c.priorityOf(p.Name) == escalate.PriorityNone {
				t.Errorf("priority %+v is %q", p, c.priorityOf(p.Name))
			}
		}
	}
}

func FuzzReadMessages(f *testing.F) {
	f.Add([]byte(`{"id":1,"fields":{"reporter":{"accountId":"qm:1"},"description":null,"attachment":null}}`),
		[]byte(`[{"id":"2","author":null,"jsdPublic":null,"properties":null}]`))
	f.Add([]byte(`{"fields":{}}`),
		[]byte(`[{"author":{"accountId":"me"},"properties":[{"key":"warmline","value":{"key":"k","author":"Ana"}}],"body":{"type":"doc","version":1,"content":[]}}]`))
	f.Add([]byte(`{"changelog":{"histories":[{"items":null}]}}`), []byte(`[{"author":{"accountId":"me"},"jsdPublic":true,"body":"— Ana\n\n[ref:k:p] !a.png!"}]`))
	f.Fuzz(func(t *testing.T, ticket, comments []byte) {
		r := reading{me: &user{AccountID: "me"}, sign: signature{bot: "bot"}}
		if json.Unmarshal(ticket, &r.issue) != nil || json.Unmarshal(comments, &r.comments) != nil {
			return
		}
		all := r.messages()
		if len(all) != len(r.comments)+1 {
			t.Fatalf("%d messages of %d comments", len(all), len(r.comments))
		}
		for i, m := range all[1:] {
			c := &r.comments[i]
			if m.Public && c.hidden() {
				t.Errorf("comment %d is internal and read as public", i)
			}
			if m.Marker != "" && !c.Author.is("me") {
				t.Errorf("comment %d is someone else's and has our marker", i)
			}
			if !utf8.ValidString(m.Text) {
				t.Errorf("comment %d is no UTF-8", i)
			}
		}
	})
}
