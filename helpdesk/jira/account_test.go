package jira_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/jira"
	"warmline/helpdesk/jira/jiratest"
)

func TestTooManyWritesToOneIssueHoldNoOther(t *testing.T) {
	c := &clock{time.Date(2026, 11, 23, 12, 0, 1, 0, time.UTC)}
	w := at(t, c, func(f *jiratest.Fake) { f.PerIssue = 1 })
	w.write(reply)
	again := reply
	again.Key = "reply-2"
	_, err := w.Write(t.Context(), w.ticket, again)
	if refused := wantRefused(t, err, "Rate limit"); refused.RetryAfter < 10*time.Second || refused.RetryAfter > 11*time.Second {
		t.Errorf("again in %s, want 10 s", refused.RetryAfter)
	}
	other := w.fake.Open(ina, "Another", "Else.")
	if _, err := w.Write(t.Context(), other.ID, reply); err != nil {
		t.Errorf("another issue is held too: %v", err)
	}
}

func TestTooManyCallsHoldTheAccount(t *testing.T) {
	c := &clock{time.Date(2026, 11, 23, 12, 0, 1, 0, time.UTC)}
	w := at(t, c, func(f *jiratest.Fake) { f.PerMinute = 3 })
	// A call that would wait for longer than it may last is refused at once.
	impatient, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
	defer cancel()
	for range 3 {
		w.write(reply)
	}
	_, err := w.Write(impatient, w.ticket, reply) // none is left, as the last answer said
	wantRefused(t, err, "limit")
	want(t, "calls while the account is held", len(w.fake.Requests()), 3)
	c.at = c.at.Add(2 * time.Second)
	_, err = w.Write(t.Context(), w.ticket, reply)
	if refused := wantRefused(t, err, "429"); refused.RetryAfter < 10*time.Second {
		t.Errorf("again in %s, want 10 s", refused.RetryAfter)
	}
	c.at = c.at.Add(9 * time.Second)
	_, err = w.Read(impatient, w.ticket)
	wantRefused(t, err, "limit")
	want(t, "calls while the account is held", len(w.fake.Requests()), 4)
}

func TestSettingsAreChecked(t *testing.T) {
	good := map[string]string{"url": "https://shop.atlassian.net", "email": "w@shop.example", "token": "ATATT-secret", "project": "SUP, IT"}
	for _, tc := range []struct{ name, value, says string }{
		{"url", "", "url"},
		{"url", "shop.atlassian.net", "https://"},
		{"email", "", "email"},
		{"token", "", "api-tokens"},
		{"project", " , ", "project"},
		{"project", `SUP" OR project = "DEV`, "capital letters"},
		{"project", "sup", "capital letters"},
		{"statuses", "waiting=Waiting", "waiting"},
		{"statuses", "pending", "name=value"},
		{"priorities", "medium=Medium", "medium"},
		{"slas", "close=Time", "close"},
		{"agents", "ana@shop.example", "name=value"},
		{"api", "api.atlassian.com", "base url"},
		{"value_field", "Order value", "customfield_10050"},
		{"value_field", "customfield_1,*all", "customfield_10050"},
	} {
		settings := map[string]string{tc.name: tc.value}
		for name, value := range good {
			if _, ok := settings[name]; !ok {
				settings[name] = value
			}
		}
		_, err := jira.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: settings})
		wantSays(t, err, tc.says)
		if err != nil && strings.Contains(err.Error(), "ATATT") {
			t.Errorf("the token is in the error: %v", err)
		}
	}
	c, err := jira.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: good})
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, c); strings.Contains(got, "ATATT") {
			t.Errorf("the token is printed by %s: %s", verb, got)
		}
	}
	want(t, "settles after", c.Limits().Settle, 90*time.Second)
}

// A token with scopes works at another host than people do.
func TestPeopleAreSentToTheSiteAndCallsToTheAPI(t *testing.T) {
	w := site(t, nil)
	c := w.connect("url", "https://shop.atlassian.net", "api", w.url)
	s, err := c.Read(t.Context(), w.ticket)
	if err != nil || s.Content.URL != "https://shop.atlassian.net/browse/SUP-1" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestCheckSaysHowToMendWhatIsWrong(t *testing.T) {
	for _, tc := range []struct {
		name     string
		lacks    string
		settings []string
		says     []string
	}{
		{"wrong token", "", []string{"token", "wrong"}, []string{"401", "new token"}},
		{"no such project", "", []string{"project", "NONE"}, []string{"no service project"}},
		{"no agent", "SERVICEDESK_AGENT", []string{"project", jiratest.Project}, []string{"Service project agent", "grant"}},
		{"may not comment", "ADD_COMMENTS", []string{"project", jiratest.Project}, []string{"Add comments"}},
	} {
		w := site(t, func(f *jiratest.Fake) { f.Lacks = map[string]bool{tc.lacks: true} }, tc.settings...)
		found, err := w.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		bad := slices.DeleteFunc(found, func(f helpdesk.Finding) bool { return f.OK })
		if len(bad) != 1 {
			t.Errorf("%s: %d faults, want 1: %+v", tc.name, len(bad), bad)
			continue
		}
		for _, words := range tc.says {
			if !strings.Contains(bad[0].Says, words) {
				t.Errorf("%s: %q lacks %q", tc.name, bad[0].Says, words)
			}
		}
	}
}

func TestAWebhookIsRegisteredOnce(t *testing.T) {
	w := site(t, nil)
	for _, secret := range []string{"c2VjcmV0LW9uZS1mb3ItamlyYQ", "c2VjcmV0LXR3by1mb3ItamlyYQ"} {
		got, err := w.Register(t.Context(), "https://warmline.shop.example/hooks/shop", secret)
		if err != nil || got != secret {
			t.Fatalf("signs with %q, %v", got, err)
		}
	}
	if _, err := w.Register(t.Context(), "https://other.example/hooks", "c2VjcmV0LW9uZS1mb3ItamlyYQ"); err != nil {
		t.Fatal(err)
	}
	hooks := w.fake.Hooks()
	if len(hooks) != 2 || hooks[0]["secret"] != "c2VjcmV0LXR3by1mb3ItamlyYQ" || hooks[0]["excludeBody"] != false || hooks[0]["enabled"] != true {
		t.Errorf("webhooks: %+v", hooks)
	}
	if _, err := w.Register(t.Context(), "https://warmline.shop.example/hooks/shop", "short"); err == nil {
		t.Error("a short secret is taken: anybody could guess it")
	}
	humble := site(t, func(f *jiratest.Fake) { f.Lacks = map[string]bool{"ADMINISTER": true} })
	_, err := humble.Register(t.Context(), "https://warmline.shop.example/hooks/shop", "c2VjcmV0LW9uZS1mb3ItamlyYQ")
	wantRefused(t, err, "403", "let an administrator")
}

func TestEveryCallCarriesTheCredentials(t *testing.T) {
	w := site(t, nil)
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.Header.Del("Authorization") },
		func(r *http.Request) { r.SetBasicAuth(jiratest.Email, "wrong") },
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/rest/api/3/myself", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		want(t, "status without them", res.StatusCode, http.StatusUnauthorized)
	}
	wrong := w.connect("token", "wrong")
	_, err := wrong.Write(t.Context(), w.ticket, reply)
	wantRefused(t, err, "401", "token")
	_, err = wrong.Read(t.Context(), w.ticket)
	wantRefused(t, err, "401")
	want(t, "comments", len(w.comments()), 0)
}
