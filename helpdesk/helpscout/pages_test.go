package helpscout_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk/helpdesktest"
)

func TestThreadsThatComeAndGoWhileTheyAreReadHideNoOther(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	for range 60 {
		says(fake, id, "And?")
	}
	reads := 0
	fake.Before = func(r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/threads") {
			return
		}
		switch reads++; reads {
		case 2:
			says(fake, id, "One more.")
		case 4:
			fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Messages = t.Messages[:55]; return true })
		}
	}
	for _, want := range []int{61, 55} { // the one that came is at the front of pages that were read
		if got := len(read(t, c, id).Content.Messages); got < want {
			t.Errorf("%d messages, want %d", got, want)
		}
	}
}

func TestPastReachesAsFarAsIsAsked(t *testing.T) {
	fake, c := standing(t)
	older := fake.Open(ina, "")
	fake.Pass(400 * 24 * time.Hour)
	old := fake.Open(ina, "")
	fake.Pass(45 * 24 * time.Hour)
	statusAt(fake, fake.Open(ina, ""), "closed")
	fake.Pass(5 * time.Second)
	ids, next, err := c.Past(t.Context(), fake.Book.Now().Add(-60*24*time.Hour), "")
	if err != nil || next != "" || len(ids) != 2 || ids[0] != old || slices.Contains(ids, older) {
		t.Errorf("past: %q, next %q, %v; want two, %s first", ids, next, err, old)
	}
}

func TestAForeignCursorIsAnError(t *testing.T) {
	_, c := standing(t)
	for _, cursor := range []string{"now", "2026-11-23", "2026-11-23T08:00:00Z x", "2026-11-23T08:00:00Z 1 2026-11-23T08:00:00Z 5", "2026-11-23T08:00:00Z 2 x 5", "2026-11-23T08:00:00Z 2 2026-11-23T08:00:00Z -1"} {
		if _, _, err := c.Changes(t.Context(), cursor); err == nil {
			t.Errorf("the cursor %q passes", cursor)
		}
		if _, _, err := c.Past(t.Context(), time.Time{}, cursor); err == nil {
			t.Errorf("the cursor %q of past conversations passes", cursor)
		}
	}
	for _, cursor := range []string{"x", "x/1", "1/x", "../1"} {
		if _, _, err := c.Macros(t.Context(), cursor); err == nil {
			t.Errorf("the cursor %q of saved replies passes", cursor)
		}
	}
	for _, cursor := range []string{"c1", "c1 0", "c1 x", " 1"} {
		if _, _, err := c.Articles(t.Context(), cursor); err == nil {
			t.Errorf("the cursor %q of articles passes", cursor)
		}
	}
}
