package freshdesk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
)

// follow reads the feed from a cursor to where it ends for now.
func follow(t *testing.T, c *freshdesk.Connector, cursor string) (all []desk.Notice, end string) {
	t.Helper()
	for range 1000 {
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

// beginning is the cursor of now, with which nothing is told.
func beginning(t *testing.T, c *freshdesk.Connector) string {
	t.Helper()
	some, cursor, err := c.Changes(t.Context(), "")
	if err != nil || len(some) > 0 || cursor == "" {
		t.Fatalf("now: %d notices, %q, %v", len(some), cursor, err)
	}
	return cursor
}

func tickets(notices []desk.Notice) (ids []string) {
	for _, n := range notices {
		if !slices.Contains(ids, n.Ref.ID) {
			ids = append(ids, n.Ref.ID)
		}
	}
	return ids
}

// standing is an account whose clock stands until Pass moves it, so that a second is as long as a test wants.
func standing(t *testing.T) (*freshdesktest.Fake, *freshdesk.Connector) {
	t.Helper()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fake := freshdesktest.New(&helpdesktest.Book{Now: func() time.Time { return noon }})
	return fake, serve(t, fake)
}

func TestASecondChangeWithinTheSecondIsNotLost(t *testing.T) {
	fake, c := standing(t)
	id := fake.Open(ina, "")
	cursor := beginning(t, c)
	fake.Pass(10 * time.Second)
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: "One."}, 0)
	some, next := follow(t, c, cursor)
	if len(some) != 0 {
		t.Fatalf("told of a second that is not over: %v", some)
	}
	fake.Pass(400 * time.Millisecond)
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: "Two."}, 0)
	fake.Pass(3 * time.Second)
	some, _ = follow(t, c, next)
	if len(some) != 1 || some[0].Ref.ID != id {
		t.Fatalf("told of %v, want one change", some)
	}
	if got := len(read(t, c, id).Content.Messages); got != 3 {
		t.Errorf("what was told of reads with %d messages, want 3", got)
	}
}

func TestTheListIsReadByTimeWhereItsPagesEnd(t *testing.T) {
	for name, exclusive := range map[string]bool{"from": false, "after": true} {
		t.Run("updated_since means "+name, func(t *testing.T) {
			fake, c := standing(t)
			fake.PageCap, fake.Exclusive = 3, exclusive // 300 tickets at most
			cursor := beginning(t, c)
			want := 0
			for range 250 {
				fake.Open(ina, "") // all within one second
				want++
			}
			fake.Pass(time.Second)
			for range 15 {
				for range 20 {
					fake.Open(ina, "")
					want++
				}
				fake.Pass(time.Second)
			}
			fake.Pass(3 * time.Second)
			some, end := follow(t, c, cursor)
			if got := len(tickets(some)); got != want {
				t.Errorf("told of %d tickets, want %d", got, want)
			}
			again, _ := follow(t, c, cursor)
			if !slices.Equal(some, again) {
				t.Error("the same cursor tells otherwise the second time")
			}
			if rest, _ := follow(t, c, end); len(rest) != 0 {
				t.Errorf("%d changes behind the end", len(rest))
			}
		})
	}
}

// TestATicketThatMovesWhileTheListIsReadHidesNoOther changes a ticket of the first page between two pages, whereupon all others move
// up by one.
func TestATicketThatMovesWhileTheListIsReadHidesNoOther(t *testing.T) {
	fake, c := standing(t)
	cursor := beginning(t, c)
	var want []string
	for range 350 {
		want = append(want, fake.Open(ina, ""))
		fake.Pass(time.Second)
	}
	fake.Pass(3 * time.Second)
	reads := 0
	fake.Before = func(r *http.Request) {
		if r.URL.Path == "/api/v2/tickets" && r.URL.Query().Get("order_by") == "updated_at" {
			if reads > 0 {
				fake.Book.Change(want[reads], func(*helpdesktest.Ticket) bool { return true })
			}
			reads++
		}
	}
	some, _ := follow(t, c, cursor)
	got := tickets(some)
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("ticket %s was never told", id)
		}
	}
	if reads < 4 {
		t.Errorf("the list was read in %d pages, want several", reads)
	}
}

func TestWhatAListShowsLateIsFoundInItsOverlap(t *testing.T) {
	fake, c := standing(t)
	fake.Lag = 30 * time.Second
	cursor := beginning(t, c)
	fake.Pass(time.Second)
	id := fake.Open(ina, "")
	fake.Pass(10 * time.Second)
	if some, _ := follow(t, c, cursor); len(some) != 0 {
		t.Fatalf("told of %v, which the list cannot show yet", some)
	}
	fake.Pass(30 * time.Second)
	if some, _ := follow(t, c, cursor); !slices.Equal(tickets(some), []string{id}) { // as the poller does, from two minutes before
		t.Errorf("told of %v, want %s", some, id)
	}
}

func TestPastReachesBeyondThirtyDays(t *testing.T) {
	fake, c := standing(t)
	old := fake.Open(ina, "")
	fake.Pass(45 * 24 * time.Hour)
	fake.Open(ina, "")
	fake.Pass(3 * time.Second)
	var asked []string
	fake.Before = func(r *http.Request) {
		if r.URL.Path == "/api/v2/tickets" {
			asked = append(asked, r.URL.Query().Get("updated_since"))
		}
	}
	ids, next, err := c.Past(t.Context(), fake.Book.Now().Add(-60*24*time.Hour), "")
	if err != nil || next != "" || len(ids) != 2 || ids[0] != old {
		t.Errorf("past: %q, next %q, %v; want both, %s first", ids, next, err, old)
	}
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if asked[0] == "" || !strings.HasSuffix(asked[0], "Z") {
		t.Errorf("the list was asked for since %q", asked[0])
	}
}

func TestAChatIsUrgent(t *testing.T) {
	fake, c := standing(t)
	cursor := beginning(t, c)
	fake.Pass(time.Second)
	chat, mail := fake.Open(ina, "7"), fake.Open(ina, "1")
	fake.Pass(3 * time.Second)
	some, _ := follow(t, c, cursor)
	urgent := map[string]bool{}
	for _, n := range some {
		urgent[n.Ref.ID] = n.Urgent
	}
	if !urgent[chat] || urgent[mail] || len(urgent) != 2 {
		t.Errorf("urgent: %v", urgent)
	}
}

func TestAForeignCursorIsAnError(t *testing.T) {
	_, c := standing(t)
	for _, cursor := range []string{"now", "2026-11-23", "2026-11-23T08:00:00Z x", "2026-11-23T08:00:00Z 0", "2026-11-23T08:00:00Z 9999"} {
		if _, _, err := c.Changes(t.Context(), cursor); err == nil {
			t.Errorf("the cursor %q passes", cursor)
		}
		if _, _, err := c.Past(t.Context(), time.Time{}, cursor); err == nil {
			t.Errorf("the cursor %q of past tickets passes", cursor)
		}
	}
	for _, cursor := range []string{"x1", "a1", "a1:0", "a1:x", "1"} {
		if _, _, err := c.Articles(t.Context(), cursor); err == nil {
			t.Errorf("the cursor %q of articles passes", cursor)
		}
	}
}

// TestAFullSecondBeforeThePlaceHidesNothing begins right behind a second in which more than a page of tickets changed.
func TestAFullSecondBeforeThePlaceHidesNothing(t *testing.T) {
	fake, c := standing(t)
	for range 150 {
		fake.Open(ina, "")
	}
	fake.Pass(time.Second)
	cursor := beginning(t, c)
	id := fake.Open(ina, "")
	fake.Pass(time.Second) // the full second is over, the ticket's is not
	some, next := follow(t, c, cursor)
	if len(some) != 0 || next != cursor {
		t.Fatalf("told of %d changes in a second that is not over, and went from %s to %s", len(some), cursor, next)
	}
	fake.Pass(3 * time.Second)
	if some, _ = follow(t, c, next); !slices.Equal(tickets(some), []string{id}) {
		t.Errorf("told of %v, want %s", some, id)
	}
}
