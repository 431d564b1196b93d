package helpdesk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

const (
	oldSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	newSecret = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMDE="
	body      = `{"type":"ticket.updated","ticket":"1042","channel":"chat"}`
)

// delivery is a webhook signed with a key at an instant.
func delivery(t *testing.T, key string, at time.Time, text string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/shop", strings.NewReader(text))
	if err := helpdesk.SignWebhook(r.Header, key, "msg-1", at, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return r
}

// intake returns a handler and what it has received.
func intake(t *testing.T, o helpdesk.WebhookOptions) (http.Handler, *[]desk.Notice) {
	t.Helper()
	verify, err := helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: []string{newSecret, oldSecret}, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	received := new([]desk.Notice)
	o.Desk, o.Verify, o.Logger = "shop", verify, slog.New(slog.DiscardHandler)
	if o.Receive == nil {
		o.Receive = func(_ context.Context, n desk.Notice) error { *received = append(*received, n); return nil }
	}
	h, err := helpdesk.Webhook(o)
	if err != nil {
		t.Fatal(err)
	}
	return h, received
}

func TestOnlyGenuineFreshDeliveriesComeIn(t *testing.T) {
	tamper := func(change func(*http.Request)) *http.Request {
		r := delivery(t, newSecret, noon, body)
		change(r)
		return r
	}
	other := "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA=="
	for _, tc := range []struct {
		name string
		r    *http.Request
		want int
	}{
		{"signed with the new key", delivery(t, newSecret, noon, body), 204},
		{"signed with the old key", delivery(t, oldSecret, noon, body), 204},
		{"one of two signatures fits", tamper(func(r *http.Request) {
			r.Header.Set("webhook-signature", "v1,bm90IHRoaXMgb25l "+r.Header.Get("webhook-signature"))
		}), 204},
		{"five minutes old", delivery(t, newSecret, noon.Add(-5*time.Minute), body), 204},
		{"older", delivery(t, newSecret, noon.Add(-5*time.Minute-time.Second), body), 401},
		{"from the future", delivery(t, newSecret, noon.Add(5*time.Minute+time.Second), body), 401},
		{"another's key", delivery(t, other, noon, body), 401},
		{"no signature", tamper(func(r *http.Request) { r.Header.Del("webhook-signature") }), 401},
		{"another id", tamper(func(r *http.Request) { r.Header.Set("webhook-id", "msg-2") }), 401},
		{"no id", tamper(func(r *http.Request) { r.Header.Del("webhook-id") }), 401},
		{"a moved timestamp", tamper(func(r *http.Request) { r.Header.Set("webhook-timestamp", strconv.FormatInt(noon.Unix()+1, 10)) }), 401},
		{"a changed body", tamper(func(r *http.Request) { r.Body = http.NoBody }), 401},
		{"fetched, not posted", tamper(func(r *http.Request) { r.Method = http.MethodGet }), 405},
		{"no JSON", delivery(t, newSecret, noon, "hello"), 400},
		{"no ticket", delivery(t, newSecret, noon, "{}"), 400},
		{"longer than 1 MiB", delivery(t, newSecret, noon, strings.Repeat(" ", 1<<20)+body), 413},
	} {
		h, received := intake(t, helpdesk.WebhookOptions{})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, tc.r)
		if w.Code != tc.want || (tc.want == 204) != (len(*received) == 1) {
			t.Errorf("%s: answered %d with %d notices, want %d", tc.name, w.Code, len(*received), tc.want)
		}
	}
}

func TestDeliveryBecomesNotices(t *testing.T) {
	h, received := intake(t, helpdesk.WebhookOptions{})
	h.ServeHTTP(httptest.NewRecorder(), delivery(t, newSecret, noon, body))
	batch, several := intake(t, helpdesk.WebhookOptions{Parse: func([]byte) ([]helpdesk.Hint, error) {
		return []helpdesk.Hint{{Ticket: "1"}, {Ticket: "2"}}, nil
	}})
	batch.ServeHTTP(httptest.NewRecorder(), delivery(t, newSecret, noon, body))
	notice := func(ticket, delivery string, urgent bool) desk.Notice {
		return desk.Notice{Ref: escalate.Ref{Desk: "shop", ID: ticket}, Delivery: delivery, Urgent: urgent}
	}
	want := []desk.Notice{notice("1042", "msg-1", true), notice("1", "msg-1/1", false), notice("2", "msg-1/2", false)}
	if diff := cmp.Diff(want, append(*received, *several...)); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

func TestNo2xxBeforeTheNoticeIsKept(t *testing.T) {
	h, _ := intake(t, helpdesk.WebhookOptions{Receive: func(context.Context, desk.Notice) error { return errors.New("disk full") }})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, delivery(t, newSecret, noon, body))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("answered %d %q, want a 503 that asks for another delivery and tells nothing", w.Code, w.Body)
	}
}

func TestBadSecretIsAStartUpErrorThatDoesNotRepeatIt(t *testing.T) {
	for _, keys := range [][]string{nil, {""}, {"whsec_"}, {newSecret, " "}, {"plain-password!"}, {"whsec_c2hvcnQ="}} {
		_, err := helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: keys})
		if err == nil {
			t.Errorf("%q was taken", keys)
		} else if strings.Contains(err.Error(), "plain-password") || strings.Contains(err.Error(), "c2hvcnQ") {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
	var out bytes.Buffer
	secrets := helpdesk.Secrets{Keys: []string{newSecret}}
	slog.New(slog.NewTextHandler(&out, nil)).Info("settings", "secrets", secrets)
	fmt.Fprintf(&out, "%v %+v %#v %s", secrets, secrets, secrets, secrets)
	if strings.Contains(out.String(), newSecret) {
		t.Errorf("a secret was printed: %s", &out)
	}
	if _, err := helpdesk.Webhook(helpdesk.WebhookOptions{Desk: "shop"}); err == nil {
		t.Error("a webhook that nothing verifies was taken")
	}
}

func FuzzWebhookNeverPanicsOnSignedBodies(f *testing.F) {
	f.Add(body)
	f.Add(`{"ticket":"\u0000"}`)
	f.Add(`[{"ticket":1}]`)
	f.Fuzz(func(t *testing.T, text string) {
		h, received := intake(t, helpdesk.WebhookOptions{})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, delivery(t, newSecret, noon, text))
		if w.Code == http.StatusNoContent && (len(*received) != 1 || (*received)[0].Ref.ID == "") {
			t.Errorf("2xx with notices %v", *received)
		}
	})
}
