package requesttracker_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/requesttracker"
	"warmline/helpdesk/requesttracker/requesttrackertest"
)

// changed reads the feed once and returns the tickets, and where to go on.
func changed(t *testing.T, c *requesttracker.Connector, cursor string) (tickets []string, next string) {
	t.Helper()
	notices, next, err := c.Changes(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notices {
		tickets = append(tickets, n.Ref.ID)
	}
	return tickets, next
}

// A number is given out before its transaction can be read, so that a later one may be there first.
func TestAChangeIsToldOnceItIsSettled(t *testing.T) {
	fake, c := account(t, nil)
	fake.Open(ina)
	_, live := changed(t, c, "")
	id := fake.Open(ina)
	fake.Pass(9 * time.Second)
	if got, next := changed(t, c, live); len(got) != 0 || next != live {
		t.Errorf("after 9 s: %v, %s", got, next)
	}
	fake.Pass(2 * time.Second)
	got, next := changed(t, c, live)
	if !slices.Equal(got, []string{id}) {
		t.Errorf("after 11 s: %v, want %s", got, id)
	}
	if got, _ := changed(t, c, next); len(got) != 0 {
		t.Errorf("again: %v", got)
	}
}

// What we may not see is taken out of a page, which is then shorter than it could be, or empty.
func TestWhatWeMayNotSeeHidesNothingBehindIt(t *testing.T) {
	fake, c := account(t, nil)
	fake.Open(ina)
	_, live := changed(t, c, "")
	fake.Hides(730)
	id := fake.Open(ina)
	fake.Hides(20)
	fake.Pass(time.Minute)
	got, next := changed(t, c, live)
	if !slices.Equal(got, []string{id}) {
		t.Errorf("told of %v, want %s", got, id)
	}
	fake.Hides(730) // nothing that we see comes after: the cursor stays where something may yet come
	if got, after := changed(t, c, next); len(got) != 0 || after != next {
		t.Errorf("told of %v, and went on to %s", got, after)
	}
}

// Where nothing is new the feed costs one call.
func TestNothingNewTakesOneCall(t *testing.T) {
	calls := 0
	fake, c := account(t, func(f *requesttrackertest.Fake) { f.Before = func(*http.Request) { calls++ } })
	fake.Open(ina)
	_, live := changed(t, c, "")
	fake.Pass(time.Minute)
	calls = 0
	if _, next := changed(t, c, live); next != live || calls != 1 {
		t.Errorf("%d calls, from %s to %s", calls, live, next)
	}
}

// A query's dates are read in our user's time zone, whatever they say themselves.
func TestPastTicketsAreThoseSinceInEveryTimeZone(t *testing.T) {
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) // where the day is another one in most of them
	for _, hours := range []int{-12, -5, 0, 14} {
		fake := requesttrackertest.New(&helpdesktest.Book{Now: func() time.Time { return now }})
		fake.Zone = time.FixedZone("there", hours*3600)
		c, id := serve(t, fake), fake.Open(ina)
		for _, try := range []struct {
			since time.Duration
			want  bool
		}{{-time.Minute, true}, {-30 * time.Hour, true}, {time.Minute, false}, {20 * time.Hour, false}} {
			if got := past(t, c, now.Add(try.since)); slices.Contains(got, id) != try.want {
				t.Errorf("zone %+d, since %s: %v, should hold the ticket: %t", hours, try.since, got, try.want)
			}
		}
	}
}

func TestACursorOfAnotherIsRefused(t *testing.T) {
	_, c := account(t, nil)
	for _, cursor := range []string{"x", "transaction ", "transaction -1", "2026-11-27T10:00:00Z"} {
		if _, _, err := c.Changes(t.Context(), cursor); err == nil || !strings.Contains(err.Error(), "none of ours") {
			t.Errorf("%q: %v", cursor, err)
		}
	}
	if _, _, err := c.Past(t.Context(), time.Now(), "1 OR id > 0"); err == nil {
		t.Error("a cursor that is a query passes")
	}
}

// past lists all past tickets.
func past(t *testing.T, c helpdesk.Connector, since time.Time) (all []string) {
	t.Helper()
	archive, ok := c.(helpdesk.Archive)
	if !ok {
		t.Fatal("it is no helpdesk.Archive")
	}
	for cursor := ""; ; {
		ids, next, err := archive.Past(t.Context(), since, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, ids...); next == "" {
			return all
		}
		cursor = next
	}
}
