package helpdesk_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func client(t *testing.T, o helpdesk.HTTPOptions) *helpdesk.HTTP {
	t.Helper()
	o.Now = func() time.Time { return noon }
	h, err := helpdesk.NewHTTP(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAnswersSayWhetherACallWasApplied(t *testing.T) {
	const (
		applied   = "applied"
		gone      = "not found"
		refused   = "refused"
		moved     = "moved"
		open      = "open"
		mostWait  = 15 * time.Minute
		noHeader  = 30 * time.Second
		rounding  = time.Millisecond
		tolerance = 2 * rounding
	)
	for _, tc := range []struct {
		name    string
		status  int
		header  string // "Name: value"
		body    string
		stamped bool
		want    string
		wait    time.Duration
	}{
		{name: "done", status: 201, body: `{"id":"m1"}`, want: applied},
		{name: "done, nothing to say", status: 204, want: applied},
		{name: "done, but the answer is broken", status: 200, body: `{"id":`, want: open},
		{name: "no such ticket", status: 404, want: gone},
		{name: "ticket deleted", status: 410, want: gone},
		{name: "invalid", status: 422, body: `{"error":"text is empty"}`, want: refused},
		{name: "wrong token", status: 401, want: refused},
		{name: "conflict of a stamped call", status: 409, stamped: true, want: moved},
		{name: "If-Match of a stamped call", status: 412, stamped: true, want: moved},
		{name: "conflict of another call", status: 409, want: refused},
		{name: "too many", status: 429, header: "Retry-After: 7", want: refused, wait: 7 * time.Second},
		{name: "too many, with a date", status: 429, header: "Retry-After: Mon, 23 Nov 2026 12:00:20 GMT", want: refused, wait: 20 * time.Second},
		{name: "too many, Help Scout's way", status: 429, header: "X-RateLimit-Retry-After: 9", want: refused, wait: 9 * time.Second},
		{name: "too many, Front's way", status: 429, header: "X-RateLimit-Reset: 1795435212.5", want: refused, wait: 12500 * time.Millisecond},
		{name: "too many, Jira's way", status: 429, header: "X-RateLimit-Reset: 2026-11-23T12:00:30Z", want: refused, wait: 30 * time.Second},
		{name: "too many, no word when", status: 429, want: refused, wait: noHeader},
		{name: "too many, nonsense", status: 429, header: "Retry-After: NaN", want: refused, wait: noHeader},
		{name: "too many, for a year", status: 429, header: "Retry-After: 31536000", want: refused, wait: mostWait},
		{name: "too many, until yesterday", status: 429, header: "Retry-After: -5", want: refused, wait: rounding},
		{name: "proxy gave up on the request", status: 408, want: open},
		{name: "server error", status: 500, want: open},
		{name: "gateway timeout", status: 504, header: "Retry-After: 7", want: open},
		{name: "see other", status: 303, want: open},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if name, value, found := strings.Cut(tc.header, ": "); found {
					w.Header().Set(name, value)
				}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			}))
			defer server.Close()
			var answer struct{ ID string }
			err := client(t, helpdesk.HTTPOptions{BaseURL: server.URL}).Do(t.Context(), helpdesk.Call{
				Op: "send reply", Method: http.MethodPost, Path: []string{"tickets"}, Body: map[string]string{}, Stamped: tc.stamped,
			}, &answer)
			var r *desk.Refused
			got := open
			switch {
			case err == nil:
				got = applied
			case errors.Is(err, desk.ErrNotFound):
				got = gone
			case errors.As(err, &r) && r.Moved:
				got = moved
			case r != nil:
				got = refused
			}
			if got != tc.want {
				t.Fatalf("%d is understood as %s (%v), want %s", tc.status, got, err, tc.want)
			}
			if r != nil && (r.RetryAfter-tc.wait).Abs() > tolerance {
				t.Errorf("again in %s, want %s", r.RetryAfter, tc.wait)
			}
			if r != nil && r.Status != tc.status {
				t.Errorf("a refusal with %d says %d", tc.status, r.Status)
			}
			if tc.status == 422 && !strings.Contains(err.Error(), "text is empty") {
				t.Errorf("%q lacks the helpdesk's own word", err)
			}
		})
	}
}

// Go's own transport repeats some calls on a connection that the other side has closed. What may have been applied is never among them.
func TestACallThatMayHaveBeenAppliedIsNeverRepeated(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		var writes atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				writes.Add(1)
				panic(http.ErrAbortHandler)
			}
		}))
		h := client(t, helpdesk.HTTPOptions{BaseURL: server.URL})
		if _, err := h.Send(t.Context(), helpdesk.Call{Op: "open a connection"}); err != nil {
			t.Fatal(err)
		}
		err := h.Do(t.Context(), helpdesk.Call{Op: "write", Method: method, Body: map[string]string{}}, nil)
		server.Close()
		if _, refused := errors.AsType[*desk.Refused](err); err == nil || refused || writes.Load() != 1 {
			t.Errorf("%s: %d calls, %v; want one, and an error that leaves it open", method, writes.Load(), err)
		}
	}
}

func TestNoConnectionIsARefusal(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil { // nobody listens there now
		t.Fatal(err)
	}
	err = client(t, helpdesk.HTTPOptions{BaseURL: "http://" + listener.Addr().String()}).Do(t.Context(), helpdesk.Call{
		Op: "send reply", Method: http.MethodPost, Path: []string{"tickets"},
	}, nil)
	var refused *desk.Refused
	if !errors.As(err, &refused) || refused.RetryAfter == 0 || refused.Status != 0 {
		t.Errorf("got %v, want a refusal to be tried again: nothing can have been applied", err)
	}
}

func TestAnIDNeverLeavesItsPlace(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = append(got, r.RequestURI) }))
	defer server.Close()
	h := client(t, helpdesk.HTTPOptions{BaseURL: server.URL + "/api"})
	for id, want := range map[string]string{
		"7/../../admin": "/api/tickets/7%2F..%2F..%2Fadmin",
		"7?x=1#y":       "/api/tickets/7%3Fx=1%23y",
		"%2e%2e":        "/api/tickets/%252e%252e",
		"":              "", "..": "", ".": "",
	} {
		got = nil
		err := h.Do(t.Context(), helpdesk.Call{Op: "read ticket", Path: []string{"tickets", id}}, nil)
		if called := strings.Join(got, " "); called != want || (want == "") != (err != nil) {
			t.Errorf("id %q called %q, %v; want %q", id, called, err, want)
		}
	}
}

func TestNewHTTPWantsARealAddress(t *testing.T) {
	for _, address := range []string{"", "desk.example", "ftp://desk.example", "http://", "http://%zz"} {
		if _, err := helpdesk.NewHTTP(helpdesk.HTTPOptions{BaseURL: address}); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
}
