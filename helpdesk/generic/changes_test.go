package generic_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/generic"
	"warmline/helpdesk/generic/generictest"
	"warmline/helpdesk/helpdesktest"
)

// row is an entry of a list of changes.
type row struct {
	ID      string    `json:"id"`
	Changed time.Time `json:"changed"`
}

// feed is a list of changes that tests arrange.
type feed struct {
	now    time.Time
	rows   []row
	newest bool
	asked  []string
	during func(page int) // called before each page
}

func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f.asked = append(f.asked, r.URL.RawQuery)
	page := 1
	if q.Get("page") != "" {
		_, _ = fmt.Sscan(q.Get("page"), &page)
	}
	if f.during != nil {
		f.during(page)
	}
	since, _ := time.Parse(time.RFC3339, q.Get("changed_since"))
	rows := slices.DeleteFunc(slices.Clone(f.rows), func(x row) bool { return x.Changed.Before(since) })
	slices.SortStableFunc(rows, func(a, b row) int { return a.Changed.Compare(b.Changed) })
	if f.newest {
		slices.Reverse(rows)
	}
	const size = 3
	rows = rows[min(len(rows), (page-1)*size):min(len(rows), page*size)]
	w.Header().Set("Date", f.now.Format(http.TimeFormat))
	_ = json.NewEncoder(w).Encode(map[string]any{"data": rows})
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func (f *feed) connect(t *testing.T, oldNew ...string) *generic.Connector {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	change := append([]string{"pages: {size: 100}", "pages: {size: 3}"}, oldNew...)
	c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL, Secret: "s", Mapping: mapping(t, generictest.Rich, change...), Now: func() time.Time { return f.now }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// all follows a feed to its end and returns what it tells, by delivery.
func all(t *testing.T, c helpdesk.Connector, cursor string) (told []string, end string) {
	t.Helper()
	for range 100 {
		notices, next, err := c.Changes(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			told = append(told, n.Delivery)
		}
		if next == cursor {
			return told, next
		}
		cursor = next
	}
	t.Fatal("the feed has no end")
	return nil, ""
}

func want(t *testing.T, what string, got []string, wanted ...string) {
	t.Helper()
	if !slices.Equal(got, wanted) {
		t.Errorf("%s: got %q, want %q", what, got, wanted)
	}
}

func at(s int, ms ...int) time.Time {
	out := noon.Add(time.Duration(s) * time.Second)
	if len(ms) > 0 {
		out = out.Add(time.Duration(ms[0]) * time.Millisecond)
	}
	return out
}

func told(rows ...row) (out []string) {
	for _, r := range rows {
		out = append(out, "poll:"+r.ID+"@"+r.Changed.Format(time.RFC3339Nano))
	}
	return out
}

func orders() map[string][]string {
	return map[string][]string{"oldest": nil, "newest": {"order: oldest", "order: newest"}}
}

// TestASecondIsToldOnceItIsOver: what changes later in the same second would be lost behind a cursor that has passed it.
func TestASecondIsToldOnceItIsOver(t *testing.T) {
	for order, change := range orders() {
		f := &feed{now: at(10), newest: order == "newest", rows: []row{{"a", at(0)}, {"b", at(8, 200)}, {"c", at(9)}}}
		c := f.connect(t, change...)
		got, next := all(t, c, "at:"+noon.Format(time.RFC3339))
		want(t, order, got, told(f.rows[0], f.rows[1])...)
		f.now = at(12)
		f.rows = append(f.rows, row{"d", at(9, 900)})
		got, _ = all(t, c, next)
		want(t, order+", later", got, told(f.rows[2], f.rows[3])...)
	}
}

// TestASecondLongerThanAPageIsToldWhole: bulk changes put a thousand tickets into one second.
func TestASecondLongerThanAPageIsToldWhole(t *testing.T) {
	for order, change := range orders() {
		f := &feed{now: at(60), newest: order == "newest", rows: []row{{"before", at(0)}}}
		for i := range 20 {
			f.rows = append(f.rows, row{fmt.Sprintf("bulk%02d", i), at(5)})
		}
		f.rows = append(f.rows, row{"behind", at(6)}, row{"end", at(7)})
		got, _ := all(t, f.connect(t, change...), "at:"+noon.Format(time.RFC3339))
		want(t, order, got, told(f.rows...)...)
	}
}

// TestWhatChangesWhileTheListIsReadIsNotPassedOver lets a ticket of the first page move to the end of the list, so that all behind it
// move up by one.
func TestWhatChangesWhileTheListIsReadIsNotPassedOver(t *testing.T) {
	for order, change := range orders() {
		f := &feed{now: at(60), newest: order == "newest"}
		for i := range 9 {
			f.rows = append(f.rows, row{fmt.Sprintf("t%d", i), at(i * 2)})
		}
		moved := false
		calls := 0
		f.during = func(int) {
			if calls++; calls == 2 && !moved {
				moved = true
				f.rows[0].Changed = at(50)
			}
		}
		got, _ := all(t, f.connect(t, change...), "at:"+noon.Format(time.RFC3339))
		for i := 1; i < 9; i++ {
			if !slices.Contains(got, told(f.rows[i])[0]) {
				t.Errorf("%s: ticket t%d is passed over: %q", order, i, got)
			}
		}
	}
}

func TestAListInAnotherOrderIsAFault(t *testing.T) {
	for order, change := range orders() {
		f := &feed{now: at(60), newest: order == "oldest", rows: []row{{"a", at(0)}, {"b", at(5)}}}
		_, _, err := f.connect(t, change...).Changes(t.Context(), "at:"+noon.Format(time.RFC3339))
		if err == nil || !strings.Contains(err.Error(), "order: "+order) {
			t.Errorf("%s: got %v", order, err)
		}
	}
}

func TestACursorOfOthersIsAFault(t *testing.T) {
	c := (&feed{now: noon}).connect(t)
	for _, cursor := range []string{"7", "at:", "at:yesterday", "cursor:x"} {
		if _, _, err := c.Changes(t.Context(), cursor); err == nil {
			t.Errorf("%q passes", cursor)
		}
	}
	if _, next, err := c.Changes(t.Context(), ""); err != nil || next != "at:2026-11-23T12:00:00Z" {
		t.Errorf("the beginning is %q, %v", next, err)
	}
}

// TestAFeedWithACursorOfItsOwnIsFollowed begins at an instant and then gives the helpdesk back what it gave.
func TestAFeedWithACursorOfItsOwnIsFollowed(t *testing.T) {
	pages := map[string]string{
		"":   `{"data": [{"id": 1, "changed": 1795435201}], "next": "p2"}`,
		"p2": `{"data": [{"id": 1, "changed": 1795435201}, {"id": 2, "changed": 1795435202}], "next": "p3"}`,
		"p3": `{"data": [], "next": null}`,
	}
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		w.Header().Set("Date", noon.Format(http.TimeFormat))
		_, _ = fmt.Fprint(w, pages[r.URL.Query().Get("after")])
	}))
	defer server.Close()
	m := mapping(t, generictest.Rich, "/cases?changed_since={since}&size=100&page={page}", "/feed?from={since}&after={cursor}", "  pages: {size: 100}\n", "",
		"order: oldest", "order: cursor\n  cursor: next\n  since: unix")
	c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL, Secret: "s", Mapping: m, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	_, begin, err := c.Changes(t.Context(), "")
	if err != nil || begin != "at:2026-11-23T12:00:00Z" {
		t.Fatalf("%q, %v", begin, err)
	}
	asked = nil
	got, end := all(t, c, begin)
	want(t, "told", got, "poll:1@2026-11-23T12:00:01Z", "poll:1@2026-11-23T12:00:01Z", "poll:2@2026-11-23T12:00:02Z")
	want(t, "asked", asked, "from=1795435200", "after=p2", "after=p3")
	if end != "cursor:p3" {
		t.Errorf("the end is %q", end)
	}
}

// TestWithoutAListWebhooksAloneTell: a poll finds nothing, calls nobody and keeps its place.
func TestWithoutAListWebhooksAloneTell(t *testing.T) {
	fake := generictest.NewPoor(&helpdesktest.Book{})
	fake.Before = func(r *http.Request) { t.Errorf("%s %s is called", r.Method, r.URL) }
	c := serve(t, fake)
	for _, cursor := range []string{"", "webhooks"} {
		var notices []desk.Notice
		notices, next, err := c.Changes(t.Context(), cursor)
		if len(notices) != 0 || next != "webhooks" || err != nil {
			t.Errorf("%v, %q, %v", notices, next, err)
		}
	}
}
