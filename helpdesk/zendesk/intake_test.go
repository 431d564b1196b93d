package zendesk_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/zendesk"
	"warmline/helpdesk/zendesk/zendesktest"
)

// secrets are in Zendesk's form; the first is the test secret of its documentation.
const (
	secret  = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
	older   = "b2xkZXJfc2VjcmV0X29mX3RoZV9hY2NvdW50"
	foreign = "c29tZWJvZHlfZWxzZXNfc2VjcmV0"
)

func intakeOf(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	return zendesk.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now})
}

func TestIntake(t *testing.T) {
	w := start(t)
	ticket := w.create()
	_, body := w.fake.Hook(ticket, "ticket.comment_added", secret)
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: intakeOf, Sign: zendesktest.Sign, Body: body, Tickets: []string{ticket},
		Signature: "X-Zendesk-Webhook-Signature", TimeHeader: "X-Zendesk-Webhook-Signature-Timestamp",
		Secret: secret, Older: older, Foreign: foreign,
	})
}

// verify brings a body with a signature to the intake, at the time that it says it was signed.
func verify(t *testing.T, secret, timestamp, signature, body string) error {
	t.Helper()
	at, err := time.Parse(time.RFC3339, timestamp)
	if err != nil {
		at = noon
	}
	in, err := intakeOf([]string{secret}, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	h.Set("X-Zendesk-Webhook-Signature", signature)
	h.Set("X-Zendesk-Webhook-Signature-Timestamp", timestamp)
	_, err = in.Verify(h, []byte(body))
	return err
}

func TestTheKnownSignaturesHold(t *testing.T) {
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	file, err := os.ReadFile(filepath.Join(folder, "webhook-signature-vectors.json")) //nolint:gosec // where the tests' data are
	if err != nil {
		t.Skip("SKIPPED: the signature vectors are not here; WARMLINE_FIXTURES names the folder of the recorded fixtures")
	}
	type vector struct{ Secret, Timestamp, Body, Expected, Expected_body_then_ts string } //nolint:revive // as the file has it
	var vectors map[string]vector
	var all map[string]json.RawMessage
	if err := json.Unmarshal(file, &all); err != nil {
		t.Fatal(err)
	}
	vectors = make(map[string]vector)
	for name, raw := range all {
		var v vector
		if json.Unmarshal(raw, &v) == nil {
			vectors[name] = v
		}
	}
	now, old := vectors["zendesk"], vectors["zendesk_old_docs_order_DO_NOT_USE"]
	if now.Expected == "" || old.Expected_body_then_ts == "" {
		t.Fatal("the vectors lack Zendesk's")
	}
	if err := verify(t, now.Secret, now.Timestamp, now.Expected, now.Body); err != nil {
		t.Errorf("the current order is refused: %v", err)
	}
	if verify(t, old.Secret, old.Timestamp, old.Expected_body_then_ts, old.Body) == nil {
		t.Error("the order of an old copy of the documentation is taken: body, then time")
	}
}

func TestBytesCannotMoveBetweenTimeAndBody(t *testing.T) {
	const stamp, body = "2026-11-23T12:00:00Z", `{"ticket_id":"1"}`
	signature := zendesktest.Sign(secret, noon, []byte(body)).Get("X-Zendesk-Webhook-Signature")
	if err := verify(t, secret, stamp, signature, body); err != nil {
		t.Fatal(err)
	}
	for at := 1; at < len(stamp); at++ {
		if verify(t, secret, stamp[:at], signature, stamp[at:]+body) == nil {
			t.Errorf("taken with the time cut to %q", stamp[:at])
		}
	}
	for at := 1; at < len(body); at++ {
		if verify(t, secret, stamp+body[:at], signature, body[at:]) == nil {
			t.Errorf("taken with %q moved to the time", body[:at])
		}
	}
}

func TestAnEventThatIsSentAgainIsOneDelivery(t *testing.T) {
	w := start(t)
	_, body := w.fake.Hook(w.create(), "ticket.created", secret)
	in, err := intakeOf([]string{secret}, w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	ids := make(map[string]bool)
	for range 3 { // signed anew each time
		w.clock.Pass(time.Minute)
		id, err := in.Verify(zendesktest.Sign(secret, w.clock.Now(), body), body)
		if err != nil {
			t.Fatal(err)
		}
		ids[id] = true
	}
	if len(ids) != 1 {
		t.Errorf("one event has the deliveries %v", ids)
	}
	body = []byte(`{"ticket_id": "1"}`) // a trigger's body is the same for every change
	for range 3 {
		w.clock.Pass(time.Minute)
		id, err := in.Verify(zendesktest.Sign(secret, w.clock.Now(), body), body)
		if err != nil {
			t.Fatal(err)
		}
		ids[id] = true
	}
	if len(ids) != 4 {
		t.Errorf("three changes have %d deliveries", len(ids)-1)
	}
}

func TestOnlyTicketsAreHints(t *testing.T) {
	in, err := intakeOf([]string{secret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"type":"zen:event-type:ticket.created","subject":"zen:ticket:12","detail":{"id":"12","via":{"channel":"email"}}}`:        "12",
		`{"type":"zen:event-type:ticket.merged","detail":{"id":12,"via":null,"tags":null},"event":null,"new":[1]}`:                 "12",
		`{"type":"zen:event-type:ticket.comment_added","subject":"zen:ticket:12","detail":{"via":{"channel":"native_messaging"}}}`: "12 urgent",
		`{"type":"zen:event-type:user.created","subject":"zen:user:9","detail":{"id":"9"}}`:                                        "",
		`{"type":"zen:event-type:article.published","subject":"zen:article:9","detail":{"id":"9"}}`:                                "",
		`{"ticket_id":12,"channel":"Chat"}`:                                    "12 urgent",
		`{"ticket_id":"{{ticket.id}}"}`:                                        "", // the test button
		`{"ticket_id":"12; drop"}`:                                             "error",
		`{"type":"zen:event-type:ticket.created"}`:                             "error",
		`{"type":"zen:event-type:ticket.created","subject":"zen:ticket:../1"}`: "error",
		`{"hello":"world"}`:                                                    "error",
		`null`:                                                                 "error",
		`[]`:                                                                   "error",
		`"x"`:                                                                  "error",
	} {
		hints, err := in.Parse([]byte(body))
		got := ""
		for _, h := range hints {
			got = h.Ticket
			if h.Urgent {
				got += " urgent"
			}
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: got %q (%v), want %q", body, got, err, want)
		}
	}
}

func TestPasteSaysWhatRegisterDoes(t *testing.T) {
	text := zendesk.Vendor.Paste("https://bot.example/hooks/shop")
	for _, wanted := range []string{"https://bot.example/hooks/shop", "ticket.comment_added", "ticket.merged", "Reveal secret", "{{ticket.id}}"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("it does not say %q:\n%s", wanted, text)
		}
	}
}

func FuzzHints(f *testing.F) {
	for _, seed := range []string{
		`{"type":"zen:event-type:ticket.created","subject":"zen:ticket:12","detail":{"id":"12","via":{"channel":"email","source":{"from":[]}}}}`,
		`{"ticket_id":12}`, `null`, `{"type":1,"subject":{},"detail":{"id":-1}}`,
	} {
		f.Add([]byte(seed))
	}
	in, err := intakeOf([]string{secret}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		hints, err := in.Parse(body)
		if err != nil && len(hints) > 0 || len(hints) > 1 {
			t.Fatalf("%d hints, %v", len(hints), err)
		}
		for _, h := range hints {
			if strings.Trim(h.Ticket, "0123456789") != "" || h.Ticket == "" {
				t.Fatalf("the ticket is %q", h.Ticket)
			}
		}
	})
}

func TestRegisterMakesOneWebhook(t *testing.T) {
	const url = "https://bot.example/hooks/shop"
	w := start(t)
	for i := range 103 { // beyond a page
		w.fake.AddHook("other", "https://other.example/"+strings.Repeat("x", i))
	}
	first, err := w.c.Register(t.Context(), url, "a secret of ours, which Zendesk does not take")
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.c.Register(t.Context(), url, "")
	if err != nil || again != first {
		t.Errorf("again: %q, %v; want %q", again, err, first)
	}
	n := 0
	for _, at := range w.fake.Hooks() {
		if at == url {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d webhooks have our address, want 1", n)
	}
	// What it returns verifies what the account sends.
	header, body := w.fake.Hook(w.create(), "ticket.created", first)
	in, err := intakeOf([]string{first}, w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Verify(header, body); err != nil {
		t.Error(err)
	}
	if _, err := base64.StdEncoding.DecodeString(first); err != nil {
		t.Error("the fake's secret is not in Zendesk's form")
	}
}

func TestRegisterSaysWhatStandsInItsWay(t *testing.T) {
	const url = "https://bot.example/hooks/shop"
	w := start(t)
	w.fake.AddHook("by hand", url, "conditional_ticket_events")
	if _, err := w.c.Register(t.Context(), url, ""); err == nil || !strings.Contains(err.Error(), `"by hand"`) || !strings.Contains(err.Error(), "delete it") {
		t.Errorf("a webhook connected to triggers: %v", err)
	}
	if _, err := w.c.Register(t.Context(), "http://bot.example/hooks", ""); err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("an http address: %v", err)
	}
	w.fake.Role = "agent"
	if _, err := w.c.Register(t.Context(), "https://bot.example/other", ""); err == nil || !strings.Contains(err.Error(), "must be an admin") {
		t.Errorf("no admin: %v", err)
	}
	if slices.Contains(w.fake.Hooks(), "https://bot.example/other") {
		t.Error("registered without the right to")
	}
}
