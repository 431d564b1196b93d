package jira_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira"
	"warmline/helpdesk/jira/jiratest"
)

const hookSecret = "c2VjcmV0LW9uZS1mb3ItamlyYQ"

func intakeOf(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	return jira.Vendor.Intake(helpdesk.Account{Name: "shop", Settings: map[string]string{"project": "SUP"}, HookSecrets: secrets, Now: now})
}

func TestIntake(t *testing.T) {
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: intakeOf,
		Sign:   func(secret string, _ time.Time, body []byte) http.Header { return jiratest.Sign(secret, body) },
		Body: []byte(`{"timestamp":1764158400000,"webhookEvent":"jira:issue_updated","issue_event_type_name":"issue_commented",` +
			`"issue":{"id":"10042","key":"SUP-42","fields":{"project":{"key":"SUP"}}},"changelog":null}`),
		Tickets:   []string{"10042"},
		Signature: "X-Hub-Signature", Secret: hookSecret, Older: "c2VjcmV0LXplcm8tZm9yLWppcmE", Foreign: "c2VjcmV0LW9mLXNvbWVvbmUtZWxzZQ",
	})
}

// The vector is the one of the WebSub specification's samples that Atlassian uses.
func TestTheKnownSignatureIsTaken(t *testing.T) {
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	secret, body, signature := "It's a Secret to Everybody", "Hello World!", "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
	if b, err := os.ReadFile(filepath.Join(folder, "webhook-signature-vectors.json")); err != nil {
		t.Logf("SKIPPED: the recorded vectors are not here, only the one known by heart is tried; WARMLINE_FIXTURES names their folder")
	} else {
		var vectors struct {
			Jira struct{ Secret, Body, Expected string }
		}
		if err := json.Unmarshal(b, &vectors); err != nil {
			t.Fatal(err)
		}
		secret, body, signature = vectors.Jira.Secret, vectors.Jira.Body, vectors.Jira.Expected
	}
	in, err := intakeOf([]string{secret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	h.Set("X-Hub-Signature", signature)
	h.Set("X-Atlassian-Webhook-Identifier", "5f3a1c8e")
	if id, err := in.Verify(h, []byte(body)); err != nil || id != "5f3a1c8e" {
		t.Errorf("delivery %q, %v", id, err)
	}
	if _, err := in.Verify(h, []byte(body+" ")); err == nil {
		t.Error("another body is taken")
	}
}

func TestADeliveryIsNamedByItsIdentifier(t *testing.T) {
	in, err := intakeOf([]string{hookSecret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{}`)
	h := jiratest.Sign(hookSecret, body)
	first, err := in.Verify(h, body)
	if err != nil {
		t.Fatal(err)
	}
	h.Set("X-Atlassian-Webhook-Retry", "2")
	if again, err := in.Verify(h, body); err != nil || again != first {
		t.Errorf("a repeat is %q, %v; want %q", again, err, first)
	}
	h.Add("X-Atlassian-Webhook-Identifier", "another")
	if id, err := in.Verify(h, body); err == nil {
		t.Errorf("two names are taken as %q", id)
	}
	h.Del("X-Atlassian-Webhook-Identifier")
	if id, err := in.Verify(h, body); err != nil || id != helpdesk.BodyID(body) {
		t.Errorf("without a name it is %q, %v; want the body's", id, err)
	}
}

func TestOnlyOurIssuesAreHintedAt(t *testing.T) {
	in, err := intakeOf([]string{hookSecret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		body, ticket string
		bad          bool
	}{
		{body: `{"webhookEvent":"comment_created","issue":{"id":10042,"key":"SUP-42","fields":null},"comment":{"id":1}}`, ticket: "10042"},
		{body: `{"webhookEvent":"jira:issue_deleted","issue":{"id":"10042","key":"SUP-42"}}`, ticket: "10042"},
		{body: `{"webhookEvent":"jira:issue_updated","issue":{"id":"10042","key":"DEV-7","fields":{"project":{"key":"DEV"}}}}`},
		{body: `{"webhookEvent":"comment_created","issue":{"id":"10042","key":"DEV-7"}}`},
		{body: `{"webhookEvent":"user_created","user":{"accountId":"5b10"}}`},
		{body: `{"webhookEvent":"worklog_created","worklog":{"issueId":"10042"}}`},
		{body: `{"webhookEvent":"comment_deleted","issue":null}`},
		{body: `{"webhookEvent":"jira:issue_created","issue":{"id":null,"key":"SUP-42"}}`, bad: true},
		{body: `[]`, bad: true},
	} {
		hints, err := in.Parse([]byte(tc.body))
		got := ""
		if len(hints) == 1 {
			got = hints[0].Ticket
		}
		if got != tc.ticket || len(hints) > 1 || (err != nil) != tc.bad {
			t.Errorf("%s: %+v, %v; want %q", tc.body, hints, err, tc.ticket)
		}
	}
}

func TestWhatTheSiteSendsIsTaken(t *testing.T) {
	w := site(t, nil)
	w.fake.Say(t, w.ticket, "Still dark.", nil)
	in, err := intakeOf([]string{hookSecret}, nil)
	if err != nil {
		t.Fatal(err)
	}
	deliveries := make(map[string]bool)
	for _, event := range []string{"jira:issue_created", "jira:issue_updated", "comment_created"} {
		h, body := w.fake.Hook(w.held(), event, hookSecret)
		id, err := in.Verify(h, body)
		if err != nil {
			t.Fatal(err)
		}
		deliveries[id] = true
		hints, err := in.Parse(body)
		if err != nil || len(hints) != 1 || hints[0].Ticket != w.ticket {
			t.Errorf("%s: %+v, %v", event, hints, err)
		}
	}
	want(t, "deliveries", len(deliveries), 3)
}

func FuzzParseWebhook(f *testing.F) {
	f.Add([]byte(`{"webhookEvent":"comment_created","issue":{"id":10042,"key":"SUP-42","fields":null},"comment":{"id":1}}`))
	f.Add([]byte(`{"webhookEvent":"jira:issue_updated","issue":{"id":"1\u00002","fields":{"project":{"key":"SUP"}}}}`))
	f.Add([]byte(`{"webhookEvent":"jira:issue_updated","issue":{"id":1e400}}`))
	in, err := intakeOf([]string{hookSecret}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		hints, err := in.Parse(body)
		if err != nil && hints != nil {
			t.Error("both an error and hints")
		}
		for _, h := range hints {
			if h.Ticket == "" || bytes.ContainsRune([]byte(h.Ticket), 0) {
				t.Errorf("a hint at %q", h.Ticket)
			}
		}
	})
}
