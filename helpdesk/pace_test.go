package helpdesk_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// answers is a transport that answers at once with a status and headers that a test sets.
type answers struct {
	status int
	header http.Header
	calls  atomic.Int64
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.calls.Add(1)
	return &http.Response{StatusCode: a.status, Header: a.header, Body: http.NoBody, Request: r}, nil
}

func paced(t *testing.T, p helpdesk.Pace) (*helpdesk.HTTP, *answers) {
	t.Helper()
	a := &answers{status: http.StatusNoContent, header: http.Header{}}
	h, err := helpdesk.NewHTTP(helpdesk.HTTPOptions{BaseURL: "https://desk.example", Client: &http.Client{Transport: a}, Pace: p})
	if err != nil {
		t.Fatal(err)
	}
	return h, a
}

func call(t *testing.T, h *helpdesk.HTTP, method string) *desk.Refused {
	t.Helper()
	err := h.Do(t.Context(), helpdesk.Call{Op: "call", Method: method}, nil)
	var refused *desk.Refused
	if err != nil && !errors.As(err, &refused) {
		t.Fatal(err)
	}
	return refused
}

func TestCallsKeepToTheAccountsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, a := paced(t, helpdesk.Pace{PerMinute: 60, Burst: 3})
		begun := time.Now()
		for range 5 {
			if r := call(t, h, "GET"); r != nil {
				t.Fatalf("refused: %v", r)
			}
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("five calls at 60 a minute, three at once, took %s, want 2 s", took)
		}
		var refused atomic.Int64
		for range 5 { // nobody waits longer than two seconds: whoever asks can do something else
			go func() {
				if r := call(t, h, "GET"); r != nil && r.RetryAfter > 0 {
					refused.Add(1)
				}
			}()
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		if refused.Load() != 3 || a.calls.Load() != 7 {
			t.Errorf("%d refused and %d made, want 3 and 7", refused.Load(), a.calls.Load())
		}
	})
}

func TestAWriteMayCountAsTwoCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := paced(t, helpdesk.Pace{PerMinute: 60, Burst: 4, WriteCost: 2})
		begun := time.Now()
		for range 3 {
			if r := call(t, h, "POST"); r != nil {
				t.Fatalf("refused: %v", r)
			}
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("three writes took %s, want 2 s", took)
		}
	})
}

func TestWhatAnAnswerSaysOfTheLimitIsKept(t *testing.T) {
	for _, tc := range []struct {
		name   string
		status int
		header map[string]string
		alone  bool
		held   time.Duration
	}{
		{"a 429", 429, map[string]string{"Retry-After": "20"}, false, 20 * time.Second},
		{"a 429 of one ticket alone", 429, map[string]string{"Retry-After": "20"}, true, 0},
		{"nothing left", 204, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}, false, 30 * time.Second},
		{"nothing left, Zendesk's way", 204, map[string]string{"RateLimit-Remaining": "0", "RateLimit-Reset": "9"}, false, 9 * time.Second},
		{"nothing left, Gorgias' way", 204, map[string]string{"X-Gorgias-Account-Api-Call-Limit": "40/40"}, false, time.Second},
		{"nothing left, Help Scout's way", 204, map[string]string{"X-RateLimit-Remaining-Minute": "0", "X-RateLimit-Retry-After": "5"}, false, 5 * time.Second},
		{"nothing left of HubSpot's interval", 204, map[string]string{
			"X-HubSpot-RateLimit-Remaining": "0", "X-HubSpot-RateLimit-Interval-Milliseconds": "10000", "X-HubSpot-RateLimit-Secondly-Remaining": "0",
		}, false, 10 * time.Second},
		{"nothing left of HubSpot's interval, which it does not name", 204, map[string]string{"X-HubSpot-RateLimit-Remaining": "0"}, false, 10 * time.Second},
		{"nothing left of HubSpot's second", 204, map[string]string{
			"X-HubSpot-RateLimit-Remaining": "99", "X-HubSpot-RateLimit-Secondly-Remaining": "0",
		}, false, time.Second},
		{"nothing left of HubSpot's day", 204, map[string]string{
			"X-HubSpot-RateLimit-Remaining": "99", "X-HubSpot-RateLimit-Daily-Remaining": "0",
		}, false, 5 * time.Minute},
		{"a 429 of HubSpot's interval", 429, map[string]string{
			"X-HubSpot-RateLimit-Remaining": "0", "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
		}, false, 10 * time.Second},
		{"some left in all of HubSpot's windows", 204, map[string]string{
			"X-HubSpot-RateLimit-Remaining": "1", "X-HubSpot-RateLimit-Secondly-Remaining": "1", "X-HubSpot-RateLimit-Daily-Remaining": "1",
		}, false, 0},
		{"some left", 204, map[string]string{"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "30"}, false, 0},
		{"nonsense", 204, map[string]string{"X-RateLimit-Remaining": "none", "X-Gorgias-Account-Api-Call-Limit": "a/b"}, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, a := paced(t, helpdesk.Pace{Alone: func(http.Header) bool { return tc.alone }})
				a.status = tc.status
				for name, value := range tc.header {
					a.header.Set(name, value)
				}
				call(t, h, "GET")
				a.status, a.header = http.StatusNoContent, http.Header{}
				begun := time.Now()
				for call(t, h, "GET") != nil {
					time.Sleep(time.Second / 2)
				}
				if took := time.Since(begun); took < tc.held || took > tc.held+time.Second {
					t.Errorf("the next call was made after %s, want %s", took, tc.held)
				}
			})
		})
	}
}
