package zendesk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/zendesk"
)

// changes reads the feed from a cursor to its end; a delivery counts once.
func (w *world) changes(cursor string) (tickets []string, next string) {
	w.t.Helper()
	seen := make(map[string]bool)
	for range 100 {
		w.clock.Pass(7 * time.Second)
		notices, next, err := w.c.Changes(w.t.Context(), cursor)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, n := range notices {
			if !seen[n.Delivery] {
				tickets = append(tickets, n.Ref.ID)
			}
			seen[n.Delivery] = true
		}
		if next == cursor {
			return tickets, next
		}
		cursor = next
	}
	w.t.Fatal("the feed has no end")
	return nil, ""
}

// TestChangesOfOneSecondAreAllTold by the export, though a page ends among them and the newest minute comes later.
func TestChangesOfOneSecondAreAllTold(t *testing.T) {
	w := start(t)
	w.fake.Page = 4
	_, cursor := w.changes("")
	w.fake.Pass = nil
	var want []string
	for range 10 {
		want = append(want, w.create())
	}
	w.clock.Pass(10 * time.Minute)
	got, cursor := w.changes(cursor)
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("told of %q, want %q", got, want)
	}
	if rest, _ := w.changes(cursor); len(rest) != 0 {
		t.Errorf("told again of %q", rest)
	}
}

// TestTheNewestMinuteIsToldAtOnce, and counts as the same change when the export shows it too.
func TestTheNewestMinuteIsToldAtOnce(t *testing.T) {
	w := start(t)
	_, cursor := w.changes("")
	before, _, err := w.c.Changes(t.Context(), cursor)
	if err != nil || len(before) != 0 {
		t.Fatalf("told of %+v, %v; nothing has changed", before, err)
	}
	w.fake.Withhold = time.Minute
	ticket := w.create()
	w.clock.Pass(7 * time.Second)
	early, _, err := w.c.Changes(t.Context(), cursor)
	if err != nil || len(early) != 1 || early[0].Ref.ID != ticket {
		t.Fatalf("told of %+v, %v; want %s", early, err, ticket)
	}
	w.clock.Pass(2 * time.Minute)
	shown, _, err := w.c.Changes(t.Context(), cursor)
	if err != nil || len(shown) != 1 || shown[0] != early[0] {
		t.Errorf("the export tells of %+v, %v; want %+v", shown, err, early)
	}
}

// TestNothingBeforeNowIsTold, though the export shows the newest minute only after it.
func TestNothingBeforeNowIsTold(t *testing.T) {
	w := start(t)
	w.fake.Pass = nil
	w.create()
	_, cursor := w.changes("") // seconds later
	w.clock.Pass(2 * time.Minute)
	if got, _ := w.changes(cursor); len(got) != 0 {
		t.Errorf("told of %q, from before go-live", got)
	}
}

// TestTheFeedEnds wherever the export says that there is no more, or does not say how to go on.
func TestTheFeedEnds(t *testing.T) {
	for _, page := range []string{
		`{"tickets":[],"after_cursor":"next","end_of_stream":true}`, `{"tickets":null,"after_cursor":null,"end_of_stream":true}`,
		`{"tickets":[{"id":4,"generated_timestamp":1700000000,"updated_at":"2026-05-01T10:00:00Z"}],"after_cursor":null,"end_of_stream":true}`,
	} {
		c := canned(t, map[string]string{"/api/v2/incremental/tickets/cursor": page, "/api/v2/tickets": `{"tickets":[]}`})
		if _, next, err := c.Changes(t.Context(), "1|here"); err != nil || next != "1|here" {
			t.Errorf("%s: goes on at %q, %v", page, next, err)
		}
	}
	c := canned(t, map[string]string{
		"/api/v2/incremental/tickets/cursor": `{"tickets":[],"after_cursor":null,"end_of_stream":true}`, "/api/v2/tickets": `{"tickets":null}`,
	})
	_, live, err := c.Changes(t.Context(), "")
	if err != nil || live == "" {
		t.Fatalf("now is %q, %v", live, err)
	}
	if _, next, err := c.Changes(t.Context(), live); err != nil || next != live {
		t.Errorf("without a cursor it goes on at %q, %v; want %q, by time", next, err, live)
	}
	endless := canned(t, map[string]string{"/api/v2/incremental/tickets/cursor": `{"tickets":[],"after_cursor":"same","end_of_stream":false}`})
	if _, _, err := endless.Past(t.Context(), noon, "same"); err == nil {
		t.Error("the past has no end and is read for ever")
	}
}

func TestADeletedTicketIsTold(t *testing.T) {
	w := start(t)
	ticket := w.create()
	_, cursor := w.changes("")
	w.book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Deleted = true; return true })
	w.clock.Pass(2 * time.Minute)
	if got, _ := w.changes(cursor); !slices.Equal(got, []string{ticket}) {
		t.Errorf("told of %q, want %s", got, ticket)
	}
	if _, err := w.c.Read(t.Context(), ticket); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("read: %v, want desk.ErrNotFound", err)
	}
	ids, next, err := w.c.Past(t.Context(), noon.Add(-time.Hour), "")
	if err != nil || len(ids) != 0 || next != "" {
		t.Errorf("of the past there are %q, %q, %v", ids, next, err)
	}
}

// TestALateExportMissesNothing: what it shows late it shows all the same, as the change that it was.
func TestALateExportMissesNothing(t *testing.T) {
	w := start(t)
	w.fake.Lag = 5 * time.Minute
	_, cursor := w.changes("")
	ticket := w.create()
	w.clock.Pass(time.Minute)
	got, cursor := w.changes(cursor)
	if !slices.Equal(got, []string{ticket}) {
		t.Fatalf("told of %q at once, want %s", got, ticket)
	}
	w.clock.Pass(6 * time.Minute)
	if got, _ = w.changes(cursor); !slices.Equal(got, []string{ticket}) {
		t.Errorf("told of %q, want %s", got, ticket)
	}
}

// TestEachChangeIsADelivery, and the same one when it is read again.
func TestEachChangeIsADelivery(t *testing.T) {
	w := start(t)
	_, cursor := w.changes("")
	ticket := w.create()
	seen := make(map[string]bool)
	at := cursor
	for range 3 {
		w.fake.CustomerSays(ticket, "And another thing.")
		w.clock.Pass(time.Minute)
		notices, next, err := w.c.Changes(t.Context(), at)
		if err != nil || len(notices) != 1 {
			t.Fatalf("%d notices, %v", len(notices), err)
		}
		again, _, err := w.c.Changes(t.Context(), at)
		if err != nil || !slices.Equal(again, notices) {
			t.Errorf("the same cursor gives %+v and %+v, %v", notices, again, err)
		}
		seen[notices[0].Delivery], at = true, next
	}
	if len(seen) != 3 {
		t.Errorf("three changes have the deliveries %v", seen)
	}
}

// TestOurClockNeedsNotBeRight: "now" is Zendesk's.
func TestOurClockNeedsNotBeRight(t *testing.T) {
	for _, off := range []time.Duration{-3 * time.Minute, 40 * time.Second} {
		w := start(t)
		w.create()
		w.connect(func(o *zendesk.Options) { o.Now = func() time.Time { return w.clock.Now().Add(off) } })
		_, cursor := w.changes("")
		late := w.create()
		w.clock.Pass(2 * time.Minute)
		if got, _ := w.changes(cursor); !slices.Equal(got, []string{late}) {
			t.Errorf("%s off: told of %q, want only %s", off, got, late)
		}
	}
}

func TestWithoutAnAdminItSaysWhoMayRead(t *testing.T) {
	w := start(t)
	w.fake.Role = "agent"
	_, _, err := w.c.Changes(t.Context(), "")
	if refused, ok := errors.AsType[*desk.Refused](err); !ok || !strings.Contains(refused.Why, "only an admin") || refused.RetryAfter != 0 {
		t.Errorf("got %v", err)
	}
	for _, cursor := range []string{"x", "1|", "|x", "y|x"} {
		if _, _, err := w.c.Changes(t.Context(), cursor); err == nil || !strings.Contains(err.Error(), "no cursor of ours") {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

// TestTenExportsAMinute: the export's own limit holds the export back and nothing else.
func TestTenExportsAMinute(t *testing.T) {
	w := start(t)
	w.fake.PerMinute = 1000
	ticket := w.create()
	var refused *desk.Refused
	for range 11 {
		_, _, err := w.c.Changes(t.Context(), "")
		errors.As(err, &refused)
	}
	if refused == nil || refused.RetryAfter < 50*time.Second {
		t.Errorf("refused as %+v, want a minute", refused)
	}
	w.read(ticket)
}
