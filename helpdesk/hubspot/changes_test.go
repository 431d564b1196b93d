package hubspot_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot"
	"warmline/helpdesk/hubspot/hubspottest"
)

func connectQuietly(a helpdesk.Account) (helpdesk.Connector, error) { return hubspot.Vendor.Connect(a) }

// changes reads the feed from a cursor to its end.
func (w *world) changes(cursor string) (ids []string, end string) {
	w.t.Helper()
	for range 100 {
		notices, next, err := w.c.Changes(w.t.Context(), cursor)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, n := range notices {
			if !slices.Contains(ids, n.Ref.ID) {
				ids = append(ids, n.Ref.ID)
			}
		}
		if next == cursor {
			return ids, cursor
		}
		cursor = next
		w.clock.add(time.Second) // searches have a pace
	}
	w.t.Fatal("the feed has no end")
	return nil, ""
}

func TestChangesOfTheSameMillisecondAreNeverLost(t *testing.T) {
	w := newWorld(t, nil)
	w.ticket() // history
	_, live, err := w.c.Changes(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	// The clock stands: each of these changes in the same millisecond as all that was read.
	for range 3 {
		id := w.Book.Open(helpdesktest.Ticket{}).ID
		w.Book.Change(id, func(*helpdesktest.Ticket) bool { return true })
		notices, next, err := w.c.Changes(t.Context(), live)
		if err != nil || len(notices) != 1 || notices[0].Ref.ID != id {
			t.Fatalf("got %+v, %v; want %s alone", notices, err, id)
		}
		live = next
	}
}

func TestAnImportWithinOneMillisecondIsReadWhole(t *testing.T) {
	w := newWorld(t, nil)
	w.ticket()
	_, live := w.changes("")
	w.clock.add(time.Second)
	var want []string
	for range 650 {
		want = append(want, w.Book.Open(helpdesktest.Ticket{}).ID)
	}
	w.clock.add(time.Second)
	want = append(want, w.Book.Open(helpdesktest.Ticket{}).ID)
	got, end := w.changes(live)
	equal(t, "tickets", strings.Join(got, ","), strings.Join(want, ","))
	more, _ := w.changes(end)
	equal(t, "behind the end", len(more), 0)
}

// direct brings calls to a handler without a network, so that they fit into a bubble of time.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// What the search shows late, behind what it showed already, the overlap of the poller finds; and nothing is told twice.
func TestWhatTheSearchShowsLateIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := hubspottest.New(&helpdesktest.Book{})
		account := fake.Account("shop", "https://api.hubapi.com")
		var mu sync.Mutex
		late := "" // a ticket that the search does not have yet
		account.Client = &http.Client{Transport: direct{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			fake.ServeHTTP(rec, r)
			var found struct {
				Results []map[string]any `json:"results"`
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &found); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			found.Results = slices.DeleteFunc(found.Results, func(one map[string]any) bool { return one["id"] == late })
			if err := json.NewEncoder(w).Encode(found); err != nil {
				t.Error(err)
			}
		})}}
		c := connect(t, account)
		var cursor string
		var told []string
		p := helpdesk.Poller{
			Desk: "shop", Changes: c.Changes,
			Load: func(context.Context) (string, error) { return cursor, nil },
			Save: func(_ context.Context, next string) error { cursor = next; return nil },
			Receive: func(_ context.Context, n desk.Notice) error {
				mu.Lock()
				defer mu.Unlock()
				told = append(told, n.Ref.ID)
				return nil
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx) }()
		time.Sleep(50 * time.Second)
		hidden := fake.Book.Open(helpdesktest.Ticket{}).ID
		hide := func(id string) (soFar string) {
			mu.Lock()
			defer mu.Unlock()
			late = id
			return strings.Join(told, ",")
		}
		hide(hidden)
		time.Sleep(time.Second)
		newer := fake.Book.Open(helpdesktest.Ticket{}).ID
		time.Sleep(20 * time.Second)
		equal(t, "told at first", hide(""), newer)
		time.Sleep(10 * time.Minute)
		equal(t, "told in the end", hide(""), newer+","+hidden)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestForeignCursorsAreRefused(t *testing.T) {
	w := newWorld(t, nil)
	for _, cursor := range []string{"x", "-1", "1>", "1>x", "1 x", "1 2,x", "99999999999999999999", "32503680000001"} {
		if _, _, err := w.c.Changes(t.Context(), cursor); err == nil {
			t.Errorf("%q passes", cursor)
		}
	}
}

func TestATooFullSearchIsAskedAgainAndNeverPaged(t *testing.T) {
	w := newWorld(t, nil)
	var want int
	for range 450 {
		w.Book.Open(helpdesktest.Ticket{})
		w.clock.add(time.Millisecond)
		want++
	}
	w.clock.add(time.Minute)
	got, _ := w.changes("1")
	equal(t, "tickets", len(got), want)
	var past []string
	cursor := ""
	for range 20 {
		ids, next, err := w.c.Past(t.Context(), noon, cursor)
		if err != nil {
			t.Fatal(err)
		}
		past = append(past, ids...)
		if cursor = next; next == "" {
			break
		}
		w.clock.add(time.Second)
	}
	equal(t, "past tickets", len(past), want)
	older, _, err := w.c.Past(context.Background(), w.clock.now(), "")
	if err != nil || len(older) != 0 {
		t.Errorf("past tickets of the future: %d, %v", len(older), err)
	}
}

var _ desk.FileReader = (*hubspot.Connector)(nil)
