package jira_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones below, wherever the tests run

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira/jiratest"
)

// at opens a world whose clock stands.
func at(t *testing.T, c *clock, set func(*jiratest.Fake)) *world {
	t.Helper()
	return site(t, func(f *jiratest.Fake) {
		f.Book.Now = c.now
		if set != nil {
			set(f)
		}
	})
}

// changes reads the feed to its end.
func (w *world) changes(cursor string) (told []string, end string) {
	w.t.Helper()
	for range 50 {
		notices, next, err := w.Changes(w.t.Context(), cursor)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, n := range notices {
			told = append(told, n.Ref.ID)
		}
		if next == cursor {
			return told, cursor
		}
		cursor = next
	}
	w.t.Fatal("the feed has no end")
	return nil, ""
}

func (w *world) touch(ids ...string) {
	for _, id := range ids {
		w.fake.Book.Change(id, func(*helpdesktest.Ticket) bool { return true })
	}
}

func (w *world) open(n int) (ids []string) {
	for range n {
		ids = append(ids, w.fake.Open(ina, "Lamp", "Dark.").ID)
	}
	return ids
}

// Jira's searches begin at a whole minute on the clock of whose token it is, wherever that is.
func TestNoChangeIsLostInAnyTimeZone(t *testing.T) {
	for _, tc := range []struct {
		zone   string
		at     time.Time
		hidden bool
	}{
		{"Europe/Berlin", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), false},
		{"Asia/Kolkata", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), false},
		{"Pacific/Kiritimati", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), false},
		{"Pacific/Pago_Pago", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), false},
		{"Europe/Berlin", time.Date(2026, 10, 25, 0, 30, 30, 0, time.UTC), false}, // the hour that comes twice, first
		{"Europe/Berlin", time.Date(2026, 10, 25, 1, 30, 30, 0, time.UTC), false}, // and again
		{"America/St_Johns", time.Date(2026, 11, 1, 4, 10, 0, 0, time.UTC), false},
		{"Europe/Berlin", time.Date(2026, 3, 29, 1, 0, 30, 0, time.UTC), false}, // the hour that is left out
		{"Nowhere/At_All", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), false},
		{"", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), false},
		{"Pacific/Pago_Pago", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), true},
		{"Pacific/Kiritimati", time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), true},
	} {
		t.Run(tc.zone+tc.at.Format(" 01-02 15:04"), func(t *testing.T) {
			c := &clock{tc.at}
			w := at(t, c, func(f *jiratest.Fake) { f.Zone, f.HidesZone = tc.zone, tc.hidden })
			_, cursor := w.changes("")
			for range 8 {
				c.at = c.at.Add(11 * time.Minute)
				ids := w.open(2)
				told, next := w.changes(cursor)
				if !slices.Equal(told, ids) {
					t.Fatalf("at %s: told %q, want %q", c.at, told, ids)
				}
				cursor = next
			}
		})
	}
}

func TestChangesOfTheSameMillisecondAreAllTold(t *testing.T) {
	c := &clock{time.Date(2026, 11, 23, 12, 0, 59, 999e6, time.UTC)}
	w := at(t, c, nil)
	told, cursor := w.changes("")
	want(t, "told of what was before", len(told), 0)
	for range 3 { // the clock stands
		ids := w.open(2)
		told, next := w.changes(cursor)
		if !slices.Equal(told, ids) {
			t.Errorf("told %q, want %q", told, ids)
		}
		cursor = next
	}
}

// A rule that changes hundreds of issues puts them into one minute, of which a page holds a part.
func TestAMinuteOfManyPagesIsToldOnce(t *testing.T) {
	c := &clock{time.Date(2026, 11, 23, 12, 0, 1, 0, time.UTC)}
	w := at(t, c, nil)
	_, cursor := w.changes("")
	ids := w.open(430)
	told, cursor := w.changes(cursor)
	if !slices.Equal(told, ids) {
		t.Errorf("told %d, want %d once each", len(told), len(ids))
	}
	c.at = c.at.Add(20 * time.Second)
	w.touch(ids[7])
	told, cursor = w.changes(cursor)
	if !slices.Equal(told, ids[7:8]) {
		t.Errorf("told %q of one more change in the same minute, want %q", told, ids[7:8])
	}
	told, _ = w.changes(cursor)
	want(t, "told at the end", len(told), 0)
}

func TestASearchWhoseTokenNoLongerCountsBeginsAgain(t *testing.T) {
	w := at(t, &clock{time.Date(2026, 11, 23, 12, 0, 1, 0, time.UTC)}, nil)
	_, cursor := w.changes("")
	ids := w.open(150)
	first, between, err := w.Changes(t.Context(), cursor)
	if err != nil || len(first) == 0 {
		t.Fatalf("%d notices, %v", len(first), err)
	}
	var broken map[string]any
	if err := json.Unmarshal([]byte(between), &broken); err != nil {
		t.Fatal(err)
	}
	broken["token"] = "expired"
	b, err := json.Marshal(broken)
	if err != nil {
		t.Fatal(err)
	}
	told, _ := w.changes(string(b))
	for _, id := range ids {
		if !slices.Contains(told, id) {
			t.Errorf("ticket %s is lost", id)
		}
	}
}

// What a search shows late is told when the cursor of before is read again, as helpdesk.Poller does, and with the same deliveries.
func TestAChangeThatTheIndexShowsLateIsTold(t *testing.T) {
	c := &clock{time.Date(2026, 11, 23, 12, 0, 1, 0, time.UTC)}
	w := at(t, c, func(f *jiratest.Fake) { f.Lag = 20 * time.Second })
	c.at = c.at.Add(time.Minute)
	_, cursor := w.changes("")
	late := w.open(1)[0]
	told, _ := w.changes(cursor)
	want(t, "told at once", len(told), 0)
	c.at = c.at.Add(time.Minute)
	told, _ = w.changes(cursor)
	if !slices.Equal(told, []string{late}) {
		t.Errorf("told %q later, want %q", told, late)
	}
	again, _, err := w.Changes(t.Context(), cursor)
	ticket, _ := w.fake.Book.Ticket(late)
	if err != nil || again[0].Delivery != fmt.Sprintf("poll:%s@%d", late, ticket.Updated.UnixMilli()) {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestOnlyConnectedProjectsAreTold(t *testing.T) {
	c := &clock{time.Date(2026, 11, 23, 12, 0, 1, 0, time.UTC)}
	w := at(t, c, nil)
	_, cursor := w.changes("")
	c.at = c.at.Add(time.Second)
	w.fake.Book.Open(helpdesktest.Ticket{Subject: "A bug", Customer: ina, Extra: map[string]any{"project": "DEV"}})
	chat := w.fake.Book.Open(helpdesktest.Ticket{Subject: "Anyone there?", Customer: ina, Channel: "chat"})
	notices, _, err := w.Changes(t.Context(), cursor)
	if err != nil || len(notices) != 1 || notices[0].Ref != (escalate.Ref{Desk: "shop", ID: chat.ID}) || !notices[0].Urgent {
		t.Errorf("%+v, %v; want the chat alone, urgent", notices, err)
	}
}

func TestAnEmptyProjectHasACursor(t *testing.T) {
	w := site(t, nil)
	w.change(func(t *helpdesktest.Ticket) { t.Deleted = true })
	_, cursor := w.changes("")
	ids := w.open(1)
	if told, _ := w.changes(cursor); !slices.Equal(told, ids) {
		t.Errorf("told %q, want %q", told, ids)
	}
}

func TestACursorOfAnotherHelpdeskIsRefused(t *testing.T) {
	w := site(t, nil)
	if _, _, err := w.Changes(t.Context(), "1764158400"); err == nil {
		t.Error("a number is taken for a cursor")
	}
	if _, _, err := w.Past(t.Context(), time.Now(), "x"); err == nil || !strings.Contains(err.Error(), "none of ours") {
		t.Errorf("past: %v", err)
	}
}

func TestPastTicketsBeginAtTheInstantAskedFor(t *testing.T) {
	c := &clock{time.Date(2026, 11, 1, 12, 0, 1, 0, time.UTC)}
	w := at(t, c, nil)
	c.at = c.at.Add(10 * time.Second)
	since := c.at
	ids := w.open(2)
	got, next, err := w.Past(t.Context(), since, "")
	if err != nil || next != "" || !slices.Equal(got, ids) {
		t.Errorf("got %q, %q, %v; want %q", got, next, err, ids)
	}
}
