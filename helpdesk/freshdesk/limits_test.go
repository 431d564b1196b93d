package freshdesk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk/freshdesk/freshdesktest"
)

func TestCannedResponsesNeedAnAdministratorsKey(t *testing.T) {
	_, c := account(t, func(f *freshdesktest.Fake) { f.NotAdmin = true })
	_, _, err := c.Macros(t.Context(), "")
	if r, ok := errors.AsType[*desk.Refused](err); !ok || !strings.Contains(r.Why, "administrator") || !strings.Contains(r.Why, "--macros") {
		t.Errorf("macros: got %v, want a refusal that says what to do", err)
	}
	findings, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if faults := faultsOf(findings); len(faults) != 1 || faults[0].What != "canned responses" || !strings.Contains(faults[0].Says, "--macros") {
		t.Errorf("faults: %+v", faults)
	}
}

func TestNothingOfAFolderThatNotEverybodyMaySeeIsRead(t *testing.T) {
	fake, c := account(t, nil)
	fixture := fake.Fixture(c)
	var asked []string
	fake.Before = func(r *http.Request) { asked = append(asked, r.URL.Path) }
	cursor, n := "", 0
	for {
		page, next, err := c.Articles(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		n += len(page)
		if cursor = next; cursor == "" {
			break
		}
	}
	if n != len(fixture.Articles) {
		t.Errorf("%d articles, want %d", n, len(fixture.Articles))
	}
	for _, path := range asked {
		for _, closed := range []string{"/12/", "/112/", "/121/", "/14/", "/15/"} {
			if strings.Contains(path, "/folders"+closed) {
				t.Errorf("asked for %s", path)
			}
		}
	}
}

func TestTheLimitOnCallsIsARefusalWithATime(t *testing.T) {
	fake, c := account(t, func(f *freshdesktest.Fake) { f.PerMinute = 6 })
	id := fake.Open(ina, "")
	var r *desk.Refused
	for range 5 {
		_, err := c.Read(t.Context(), id)
		if refused, ok := errors.AsType[*desk.Refused](err); ok {
			r = refused
			break
		}
	}
	if r == nil || r.RetryAfter < 50*time.Second || r.RetryAfter > time.Minute+time.Second {
		t.Errorf("got %+v, want a refusal until the minute is over", r)
	}
}

func TestTheLimitOfOneListStopsNothingElse(t *testing.T) {
	fake, c := account(t, func(f *freshdesktest.Fake) { f.PerMinute, f.ListPerMinute = 200, 2 })
	id := fake.Open(ina, "")
	cursor := beginning(t, c)
	var err error
	for range 3 {
		_, _, err = c.Changes(t.Context(), cursor)
	}
	if r, ok := errors.AsType[*desk.Refused](err); !ok || r.RetryAfter < 50*time.Second {
		t.Fatalf("the list beyond its limit: %v", err)
	}
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
}
