package gorgias_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

// live is the cursor of what changes from now on.
func live(t *testing.T, c *gorgias.Connector) string {
	t.Helper()
	none, cursor, err := c.Changes(t.Context(), "")
	if err != nil || len(none) != 0 {
		t.Fatalf("%d notices, %v", len(none), err)
	}
	return cursor
}

// follow reads the feed to its end.
func follow(t *testing.T, c *gorgias.Connector, cursor string) (all []desk.Notice, end string) {
	t.Helper()
	for range 100 {
		some, next, err := c.Changes(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
		if next == cursor {
			return all, cursor
		}
		cursor = next
	}
	t.Fatal("the feed has no end")
	return nil, ""
}

func about(all []desk.Notice) (ids []string) {
	for _, n := range all {
		ids = append(ids, n.Ref.ID)
	}
	return ids
}

// opened opens tickets three seconds apart.
func opened(fake *gorgiastest.Fake, n int) (ids []string) {
	for range n {
		ids = append(ids, fake.Open(ina, "email"))
		fake.Pass(3 * time.Second)
	}
	return ids
}

// TestTheListIsReadDownToWhereWeStopped holds the poll to asking for what the list can do, and to reading no page more than it must.
func TestTheListIsReadDownToWhereWeStopped(t *testing.T) {
	fake, c := account(t, nil)
	opened(fake, 250)
	cursor := live(t, c)
	ids := opened(fake, 120)
	var asked []url.Values
	fake.Before = func(r *http.Request) { asked = append(asked, r.URL.Query()) }
	got, end := follow(t, c, cursor)
	slices.Sort(ids)
	if found := about(got); !slices.Equal(slices.Sorted(slices.Values(found)), ids) {
		t.Errorf("told of %d tickets, want the %d that changed", len(found), len(ids))
	}
	if len(asked) != 3 { // two pages, and one that shows that there is nothing new
		t.Errorf("%d pages were read of 370 tickets of which 120 changed, want 3", len(asked))
	}
	for _, q := range asked {
		if q.Get("order_by") != "updated_datetime:desc" || q.Get("limit") != "100" || q.Has("trashed") {
			t.Errorf("asked for %v", q)
		}
	}
	if again, _ := follow(t, c, end); len(again) != 0 {
		t.Errorf("behind the end: %v", about(again))
	}
}

func TestWhatGoesIntoTheTrashIsToldOf(t *testing.T) {
	fake, c := account(t, nil)
	id := opened(fake, 1)[0]
	cursor := live(t, c)
	fake.Trash(id)
	fake.Pass(3 * time.Second)
	if got, _ := follow(t, c, cursor); !slices.Equal(about(got), []string{id}) {
		t.Errorf("told of %v, want %s", about(got), id)
	}
}

// TestASecondIsToldWhenItIsOver lets a ticket change twice within a second, of which the clock of a list that knows whole seconds
// would show one.
func TestASecondIsToldWhenItIsOver(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fake := gorgiastest.New(&helpdesktest.Book{Now: func() time.Time { return at }})
	c := serve(t, fake)
	id := fake.Open(ina, "email")
	fake.Pass(10 * time.Second)
	cursor := live(t, c)
	fake.Pass(time.Second)
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Subject = "one"; return true })
	early, _ := follow(t, c, cursor)
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Subject = "two"; return true })
	fake.Pass(time.Second)
	early2, _ := follow(t, c, cursor)
	if len(early)+len(early2) != 0 {
		t.Errorf("told of a second that is not over: %v %v", early, early2)
	}
	fake.Pass(3 * time.Second)
	if got, _ := follow(t, c, cursor); len(got) != 1 {
		t.Errorf("told %d times when it was over, want once", len(got))
	}
}

// TestWhatChangesWhileTheListIsReadIsFound changes a ticket that the walk has yet to come to: it moves to the top, above the walk.
func TestWhatChangesWhileTheListIsReadIsFound(t *testing.T) {
	fake, c := account(t, nil)
	cursor := live(t, c)
	ids := opened(fake, 150)
	first, middle, err := c.Changes(t.Context(), cursor)
	if err != nil || len(first) == 0 {
		t.Fatal(len(first), err)
	}
	fake.Says(ids[0], "Hello?") // was on the second page
	fresh := fake.Open(ina, "chat")
	fake.Pass(3 * time.Second)
	rest, _ := follow(t, c, middle)
	found := about(append(first, rest...))
	for _, id := range append(ids, fresh) {
		if !slices.Contains(found, id) {
			t.Errorf("the feed lacks ticket %s", id)
		}
	}
	at := slices.IndexFunc(rest, func(n desk.Notice) bool { return n.Ref.ID == fresh })
	if at < 0 || !rest[at].Urgent || first[0].Urgent {
		t.Error("a chat is urgent and an e-mail is not")
	}
}

func TestAWalkWhoseCursorHasEndedIsMadeAgain(t *testing.T) {
	fake, c := account(t, nil)
	cursor := live(t, c)
	ids := opened(fake, 150)
	_, middle, err := c.Changes(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	fake.CursorsEnd = true
	none, again, err := c.Changes(t.Context(), middle)
	if err != nil || len(none) != 0 || again != cursor {
		t.Fatalf("%d notices, %q, %v; want to begin again at %q", len(none), again, err, cursor)
	}
	fake.CursorsEnd = false
	if got, _ := follow(t, c, again); len(got) != len(ids) {
		t.Errorf("told of %d, want %d", len(got), len(ids))
	}
}

func TestACursorOfOthersIsRefused(t *testing.T) {
	_, c := account(t, nil)
	for _, cursor := range []string{"x", "2026-11-23", "2026-11-23T12:00:00Z x", "2026-11-23T12:00:00Z 2026-11-23T12:00:00Z ", "2026-11-23T12:00:00Z x y z"} {
		if _, _, err := c.Changes(t.Context(), cursor); err == nil {
			t.Errorf("%q passes", cursor)
		}
	}
}

// TestPastFindsWhatChangesMeanwhile changes a ticket that the import has yet to come to.
func TestPastFindsWhatChangesMeanwhile(t *testing.T) {
	fake, c := account(t, nil)
	since := time.Now().Add(-time.Hour)
	ids := opened(fake, 250)
	fake.Trash(ids[7])
	fake.Spam(ids[8])
	var found []string
	cursor := ""
	for n := range 100 {
		some, next, err := c.Past(t.Context(), since, cursor)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, some...)
		if n == 0 {
			fake.Says(ids[0], "Thanks.")
			fake.Pass(time.Minute)
		}
		if cursor = next; next == "" {
			break
		}
	}
	for i, id := range ids {
		if got, want := slices.Contains(found, id), i != 7 && i != 8; got != want {
			t.Errorf("ticket %d of 250: found %v, want %v", i, got, want)
		}
	}
	if cursor != "" {
		t.Error("it has no end")
	}
}

// TestALaggingListIsMadeUpForByTheOverlap shows a change late: a reading from an earlier cursor, as the poller makes it, finds it.
func TestALaggingListIsMadeUpForByTheOverlap(t *testing.T) {
	fake, c := account(t, func(f *gorgiastest.Fake) { f.Lag = 20 * time.Second })
	cursor := live(t, c)
	id := opened(fake, 1)[0]
	fake.Pass(5 * time.Second)
	if early, _ := follow(t, c, cursor); len(early) != 0 {
		t.Fatalf("the list does not lag: %v", early)
	}
	fake.Pass(time.Minute)
	want := []desk.Notice{{Ref: escalate.Ref{Desk: "shop", ID: id}}}
	got, _ := follow(t, c, cursor)
	if !slices.Equal(about(got), about(want)) {
		t.Errorf("told of %v, want %s", about(got), id)
	}
}
