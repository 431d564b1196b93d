package front_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/front"
	"warmline/helpdesk/front/fronttest"
	"warmline/helpdesk/helpdesktest"
)

func intakeOf(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	return front.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now})
}

func TestAppIntake(t *testing.T) {
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: intakeOf, Sign: fronttest.SignApp,
		Body: []byte(`{"type":"inbound_received","authorization":{"id":"cmp_k30"},"payload":{"id":"evt_1","type":"inbound","emitted_at":1703102616.5,` +
			`"conversation":{"id":"cnv_yo1kg5q","type":"conversation"},"source":null,"target":null}}`),
		Tickets: []string{"cnv_yo1kg5q"}, Signature: "X-Front-Signature", TimeHeader: "X-Front-Request-Timestamp",
		Secret: "app-signing-key-1", Older: "app-signing-key-0", Foreign: "app-signing-key-x",
	})
}

func TestRuleIntake(t *testing.T) {
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: intakeOf, Sign: fronttest.SignRule,
		Body: []byte(`{"_links":{},"id":"evt_1","type":"conversations_merged","emitted_at":1703102616,"conversation":{"id":"cnv_yo1kg5q"},` +
			`"target":{"_meta":{"type":"deleted_conversation_ids"},"data":["cnv_1",{"id":"cnv_2"},7,null]}}`),
		Tickets: []string{"cnv_yo1kg5q", "cnv_1", "cnv_2"}, Signature: "X-Front-Signature",
		Secret: "api-secret-1", Older: "api-secret-0", Foreign: "api-secret-x",
	})
}

// vectors are known answers, made from the formulas that Front publishes.
var vectors = []struct {
	name, secret, ms, body, signature string
}{
	{"front_rule", "api-secret", "", `{"id":"x"}`, "xJd0Nou8EKyIP2jaTqM/Ib2kF74="},
	{"front_app", "app-secret", "1764000000000", `{"id":"x"}`, "Dtm9EyFDyaOm+AEhEm2GWBRYv3mlmWrwWoWWEzJa6GY="},
}

func TestKnownSignatures(t *testing.T) {
	for _, v := range vectors {
		in, err := intakeOf([]string{v.secret}, func() time.Time { return time.UnixMilli(1764000000000) })
		if err != nil {
			t.Fatal(err)
		}
		h := http.Header{"X-Front-Signature": {v.signature}}
		if v.ms != "" {
			h.Set("X-Front-Request-Timestamp", v.ms)
		}
		if _, err := in.Verify(h, []byte(v.body)); err != nil {
			t.Errorf("%s: %v", v.name, err)
		}
		// The same signature as of the other kind of webhook.
		if v.ms == "" {
			h.Set("X-Front-Request-Timestamp", "1764000000000")
		} else {
			h.Del("X-Front-Request-Timestamp")
		}
		if _, err := in.Verify(h, []byte(v.body)); err == nil {
			t.Errorf("%s passes as the other kind", v.name)
		}
	}
}

// The vectors that lie beside the project are those above, or more.
func TestKnownSignaturesAreTheSharedOnes(t *testing.T) {
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "webhook-signature-vectors.json"))
	if err != nil {
		t.Skip("SKIPPED: webhook-signature-vectors.json is not here; WARMLINE_FIXTURES names its folder")
	}
	all := make(map[string]struct {
		Secret, Body, Expected string
		MS                     string `json:"timestamp_ms"`
	})
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		s := all[v.name]
		if s.Secret != v.secret || s.Body != v.body || s.Expected != v.signature || s.MS != v.ms {
			t.Errorf("%s: got %+v, want %+v", v.name, s, v)
		}
	}
}

// Front wants its challenge back before it saves an address, and gets it only when it signed.
func TestTheChallengeIsEchoedToWhoSigned(t *testing.T) {
	body := []byte(`{"type":"sync","authorization":{"id":"cmp_abc"}}`)
	for _, secret := range []string{"app-signing-key-1", "somebody-elses-key"} {
		in, err := intakeOf([]string{"app-signing-key-1"}, func() time.Time { return noon })
		if err != nil {
			t.Fatal(err)
		}
		hook, err := helpdesk.Webhook(helpdesk.WebhookOptions{
			Desk: "shop", Verify: in.Verify, Parse: in.Parse, Challenge: in.Challenge, Receive: (&noted{}).receive,
		})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/shop", strings.NewReader(string(body)))
		r.Header = fronttest.SignApp(secret, noon, body)
		r.Header.Set("X-Front-Challenge", "d41d8cd9")
		rec := httptest.NewRecorder()
		hook.ServeHTTP(rec, r)
		if secret == "app-signing-key-1" {
			equal(t, "status", rec.Code, http.StatusOK)
			equal(t, "answer", rec.Body.String(), "d41d8cd9")
		} else {
			equal(t, "status", rec.Code, http.StatusUnauthorized)
			equal(t, "echoed", strings.Contains(rec.Body.String(), "d41d8cd9"), false)
		}
	}
}

// The account's own webhooks are taken, whichever of the two ways they come.
func TestWebhooksOfTheAccount(t *testing.T) {
	w := newWorld(t)
	id := w.book.Open(helpdesktest.Ticket{Channel: "whatsapp", Customer: escalate.Customer{Name: "Ina", Email: "+491"}}).ID
	w.Says(id, "Anyone there?", nil)
	in, err := front.Vendor.Intake(w.Account("shop", ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, make := range []func(ticket, secret string) (http.Header, []byte){w.Hook, w.RuleHook} {
		h, body := make(id, fronttest.HookSecret)
		if _, err := in.Verify(h, body); err != nil {
			t.Fatal(err)
		}
		hints, err := in.Parse(body)
		if err != nil || len(hints) != 1 || hints[0] != (helpdesk.Hint{Ticket: id, Urgent: true}) {
			t.Errorf("got %+v, %v; want one urgent hint of %s", hints, err, id)
		}
	}
}

func TestWebhooksThatAreAboutNoTicket(t *testing.T) {
	in, err := intakeOf([]string{"app-signing-key-1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		`{"type":"sync","authorization":{"id":"cmp_abc"}}`,
		`{"type":"new_comment_added","payload":{"type":"comment","conversation":{"id":"cnv_1","type":"discussion"}}}`,
		`{"type":"inbound","conversation":{"id":"cnv_1","is_private":true}}`,
		`{"type":"inbound_received","payload":null}`,
	} {
		if hints, err := in.Parse([]byte(body)); err != nil || len(hints) != 0 {
			t.Errorf("%s: got %+v, %v; want none", body, hints, err)
		}
	}
	linked := []byte(`{"id":"evt_1","type":"inbound","_links":{"related":{"conversation":"https://x.api.frontapp.com/conversations/cnv_7"}}}`)
	if hints, err := in.Parse(linked); err != nil || len(hints) != 1 || hints[0].Ticket != "cnv_7" {
		t.Errorf("a preview that links to its conversation: got %+v, %v", hints, err)
	}
	for _, body := range []string{`{}`, `[]`, `null`, `"cnv_1"`, `{"ticket":"1"}`} {
		if hints, err := in.Parse([]byte(body)); err == nil {
			t.Errorf("%s: got %+v, want an error", body, hints)
		}
	}
}

// noted keeps notices.
type noted struct{ all []desk.Notice }

func (n *noted) receive(_ context.Context, notice desk.Notice) error {
	n.all = append(n.all, notice)
	return nil
}
