package helpscout_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" // it is what Help Scout signs with
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/helpscout/helpscouttest"
)

func intake(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	return helpscout.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now})
}

func TestIntake(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{})
	id := fake.Open(ina, "chat")
	_, body := fake.Hook("secret-of-today", "convo.created", id)
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: intake,
		Sign: func(secret string, _ time.Time, body []byte) http.Header {
			return helpscouttest.Sign(secret, "convo.created", body)
		},
		Body: body, Tickets: []string{id}, Signature: http.CanonicalHeaderKey(helpscout.SignatureHeader), // as it arrives
		Secret: "secret-of-today", Older: "secret-of-yesterday", Foreign: "secret-of-others",
	})
}

// TestTheFormulaOfTheSDKVerifies computes the signature as Help Scout's own SDK does, with nothing of ours.
func TestTheFormulaOfTheSDKVerifies(t *testing.T) {
	body := []byte(`{"id":291938}`)
	mac := hmac.New(sha1.New, []byte("mZ9XbGHodX"))
	mac.Write(body)
	verifies(t, "mZ9XbGHodX", base64.StdEncoding.EncodeToString(mac.Sum(nil)), body)
}

func TestTheKnownSignatureVerifies(t *testing.T) {
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "webhook-signature-vectors.json"))
	if err != nil {
		t.Skip("SKIPPED: no known signatures; WARMLINE_FIXTURES names the folder that has webhook-signature-vectors.json")
	}
	var vectors struct {
		HelpScout struct{ Secret, Body, Expected string } `json:"helpscout"`
	}
	if err := json.Unmarshal(raw, &vectors); err != nil || vectors.HelpScout.Expected == "" {
		t.Fatalf("no vector: %v", err)
	}
	v := vectors.HelpScout
	verifies(t, v.Secret, v.Expected, []byte(v.Body))
}

func verifies(t *testing.T, secret, signature string, body []byte) {
	t.Helper()
	in, err := intake([]string{secret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	first, err := in.Verify(http.Header{"X-Helpscout-Signature": {signature}}, body)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := in.Verify(http.Header{"X-Helpscout-Signature": {signature}}, body); err != nil || again != first {
		t.Errorf("a replay is %q, %v; want %q as before", again, err, first)
	}
}

func TestAWebhookNamesItsConversation(t *testing.T) {
	for body, want := range map[string]helpdesk.Hint{
		`{"id": 291938, "type": "chat", "new": {}}`: {Ticket: "291938", Urgent: true},
		`{"id": "291938", "type": "email"}`:         {Ticket: "291938"},
		`{"id": 291938}`:                            {Ticket: "291938"}, // deleted
		`{"id": "00291938", "type": null}`:          {Ticket: "291938"},
	} {
		got, err := helpscout.ParseHook([]byte(body))
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{"", "{}", `{"id": ""}`, `{"id": "x"}`, `{"id": "../users"}`, `{"id": -4}`, `{"id": 0}`, `{"id": 1.5}`, `{"id": 1e3}`, `[]`, `{"id": 1} x`} {
		if got, err := helpscout.ParseHook([]byte(body)); err == nil {
			t.Errorf("%s passes as %+v", body, got)
		}
	}
}

// TestOtherEventsArePassedOver lets the account send what is about no conversation: refused, it would turn the webhook off.
func TestOtherEventsArePassedOver(t *testing.T) {
	in, err := intake([]string{"secret-of-today"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	hook, err := helpdesk.Webhook(helpdesk.WebhookOptions{
		Desk: "shop", Verify: in.Verify, Parse: in.Parse, Challenge: in.Challenge,
		Receive: func(_ context.Context, n desk.Notice) error { got = append(got, n.Ref.ID); return nil },
		Logger:  slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(event, secret, body string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header = helpscouttest.Sign(secret, event, []byte(body))
		if event == "" {
			r.Header.Del(helpscout.EventHeader)
		}
		w := httptest.NewRecorder()
		hook.ServeHTTP(w, r)
		return w.Code
	}
	for _, event := range []string{"helpscout.test", "customer.updated", "tag.created", "satisfaction.ratings", "beacon.chat.created"} {
		if status := send(event, "secret-of-today", `{"id": 7}`); status/100 != 2 || len(got) > 0 {
			t.Errorf("%s: answered %d, told of %q", event, status, got)
		}
		if status := send(event, "secret-of-others", `{"id": 7}`); status != http.StatusUnauthorized {
			t.Errorf("%s, forged: answered %d", event, status)
		}
	}
	for i, event := range []string{"convo.status", "convo.deleted", ""} {
		if status := send(event, "secret-of-today", `{"id": 7}`); status/100 != 2 || len(got) != i+1 {
			t.Errorf("%q: answered %d, told of %q", event, status, got)
		}
	}
}

func TestRegisteringAgainChangesTheWebhookThatIsThere(t *testing.T) {
	fake, c := account(t, nil)
	const ours, theirs = "https://hooks.shop.example/hooks/shop", "https://else.example/"
	register := func(address, secret string) string {
		t.Helper()
		with, err := c.Register(t.Context(), address, secret)
		if err != nil {
			t.Fatal(err)
		}
		return with
	}
	register(theirs, "secret-of-theirs")
	for _, secret := range []string{"secret-of-yesterday", "secret-of-today"} {
		if with := register(ours, secret); with != secret || fake.Hooks()[ours] != secret {
			t.Errorf("it signs with %q, want %q", fake.Hooks()[ours], secret)
		}
	}
	fake.TurnOff()
	made := register(ours, "")
	if hooks := fake.Hooks(); len(made) != 40 || hooks[ours] != made || len(hooks) != 1 {
		t.Errorf("turned off and registered again: %v, signed with %q; want ours alone, with a new secret", hooks, made)
	}
	if _, err := intake([]string{made}, nil); err != nil {
		t.Errorf("the new secret is refused by our own intake: %v", err)
	}
	for address, secret := range map[string]string{"http://hooks.shop.example/": "secret-of-today", ours + "/x": strings.Repeat("s", 41)} {
		_, err := c.Register(t.Context(), address, secret)
		if r, ok := errors.AsType[*desk.Refused](err); !ok || r.RetryAfter != 0 || strings.Contains(err.Error(), strings.Repeat("s", 41)) {
			t.Errorf("%s with %d characters: got %v, want a refusal that keeps the secret", address, len(secret), err)
		}
	}
}

func TestWhatIsToBePastedNamesEveryEvent(t *testing.T) {
	text := helpscout.Vendor.Paste("https://hooks.shop.example/hooks/shop")
	for _, part := range []string{"https://hooks.shop.example/hooks/shop", "convo.created", "convo.customer.reply.created", "convo.merged", "convo.deleted", "40 characters"} {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %q:\n%s", part, text)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := func() map[string]string {
		return map[string]string{"app_id": "id", "app_secret": "s", "inboxes": "85, 86", "docs_key": "k", "per_minute": "400", "settle": "2m", "url": "https://api.helpscout.net"}
	}
	k, err := helpscout.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: good()})
	if err != nil {
		t.Fatal(err)
	}
	if l := k.Limits(); l.Settle != 2*time.Minute || l.Stamps {
		t.Errorf("limits %+v: want the settle time that was set, and no stamps", l)
	}
	for name, bad := range map[string][]string{
		"app_id": {"", " "}, "app_secret": {""}, "inboxes": {"Support", "85,", "85;86"}, "per_minute": {"0", "many"}, "settle": {"0s", "soon"}, "sign": {"maybe"},
		"url": {"http://api.helpscout.net", "api.helpscout.net", "https://user:pw@api.helpscout.net"}, "docs_url": {"http://docsapi.helpscout.net"},
	} {
		for _, value := range bad {
			settings := good()
			settings[name] = value
			if _, err := helpscout.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: settings}); err == nil || strings.Contains(err.Error(), "pw@") {
				t.Errorf("%s %q: %v", name, value, err)
			}
		}
	}
	for _, s := range helpscout.Vendor.Settings {
		if s.Help == "" || s.Secret != slices.Contains([]string{"app_secret", "docs_key"}, s.Name) {
			t.Errorf("setting %+v", s)
		}
	}
}
