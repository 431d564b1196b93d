package requesttracker_test

import (
	"maps"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/requesttracker"
	"warmline/helpdesk/requesttracker/requesttrackertest"
)

// tooMuch are the tests of the contract that a real RT is not asked for, by the end of their names, and why.
var tooMuch = map[string]string{
	"reads_the_whole_conversation": "it takes 120 mails",
	"lists_past_tickets":           "it takes 130 tickets, and no others; TestFeedOfTheRealThing lists some",
	"finds_every_change":           "it takes 150 tickets; TestFeedOfTheRealThing follows some",
	"gives_up_at_the_deadline":     "within 50 ms RT does not even answer the reading before",
}

// TestContractOfTheRealThing holds the connector to the contract over a real RT, as far as it takes no hundreds of tickets.
func TestContractOfTheRealThing(t *testing.T) {
	l := requesttrackertest.NeedLive(t)
	at, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		_, name, _ := strings.Cut(t.Name(), "/")
		if why := tooMuch[name]; why != "" {
			t.Skipf("SKIPPED: not on a real RT: %s; TestContract runs it", why)
		}
		server := httptest.NewServer(m.Wrap(httputil.NewSingleHostReverseProxy(at)))
		t.Cleanup(server.Close)
		k, err := requesttracker.Vendor.Connect(l.Account(server.URL))
		if err != nil {
			t.Fatal(err)
		}
		return l.Fixture(k, server.URL)
	})
}

// TestFeedOfTheRealThing follows changes in an RT whose time zone is New York, and in which there is a queue that we may not see.
func TestFeedOfTheRealThing(t *testing.T) {
	l := requesttrackertest.NeedLive(t)
	c, err := requesttracker.Vendor.Connect(l.Account(l.URL))
	if err != nil {
		t.Fatal(err)
	}
	_, live, err := c.Changes(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	wanted := make(map[string]bool)
	for range 3 {
		l.Opens(t, "Secret")
		wanted[l.Opens(t, "General")] = true
		l.Opens(t, "Secret")
	}
	found := make(map[string]bool)
	for deadline := time.Now().Add(90 * time.Second); len(found) < len(wanted) && time.Now().Before(deadline); {
		notices, _, err := c.Changes(t.Context(), live)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			found[n.Ref.ID] = true
		}
		l.Waits(t, time.Second)
	}
	if !maps.Equal(found, wanted) {
		t.Errorf("it told of the tickets %v, want %v and none of the other queue", found, wanted)
	}
	for _, try := range []struct {
		since time.Duration
		want  bool
	}{{-time.Hour, true}, {time.Hour, false}} {
		got := past(t, c, time.Now().Add(try.since))
		for id := range wanted {
			if slices.Contains(got, id) != try.want {
				t.Errorf("since %s: past tickets %v, in which %s should be: %t", try.since, got, id, try.want)
			}
		}
	}
}
