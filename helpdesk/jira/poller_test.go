package jira_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira"
	"warmline/helpdesk/jira/jiratest"
)

// direct brings calls to a handler without a socket, which would stop the fake clock.
type direct struct{ to http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.to.ServeHTTP(w, r)
	return w.Result(), nil
}

// late is a site whose searches lag, and a connector to it.
func late(t *testing.T) (*jiratest.Fake, helpdesk.Connector) {
	t.Helper()
	fake := jiratest.New(&helpdesktest.Book{Agents: []helpdesktest.Agent{ana}})
	fake.Zone, fake.Lag = "Asia/Kolkata", 30*time.Second
	account := fake.Account("shop", "https://shop.atlassian.net")
	account.Client = &http.Client{Transport: direct{fake}}
	c, err := jira.Vendor.Connect(account)
	if err != nil {
		t.Fatal(err)
	}
	return fake, c
}

// An hour of changes, several in each minute, that searches show up to half a minute late and out of order.
func TestThePollerIsToldOfEveryChangeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, c := late(t)
		fake.Open(ina, "Before go-live", "Old.")
		time.Sleep(5 * time.Minute)
		var told []string
		cursor := ""
		poller := helpdesk.Poller{
			Desk: "shop", Changes: c.Changes,
			Load: func(context.Context) (string, error) { return cursor, nil },
			Save: func(_ context.Context, next string) error { cursor = next; return nil },
			Receive: func(_ context.Context, n desk.Notice) error {
				told = append(told, n.Ref.ID)
				return nil
			},
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- poller.Run(ctx) }()
		time.Sleep(time.Minute + 30*time.Second)
		var opened []string
		for range 240 {
			time.Sleep(15*time.Second + 137*time.Millisecond)
			opened = append(opened, fake.Open(ina, "Lamp", "Dark.").ID)
		}
		time.Sleep(5 * time.Minute)
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if slices.Sort(told); !slices.Equal(told, slices.Sorted(slices.Values(opened))) {
			t.Errorf("told %d times of %d tickets", len(told), len(opened))
		}
	})
}
