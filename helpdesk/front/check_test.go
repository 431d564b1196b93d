package front_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/front"
	"warmline/helpdesk/front/fronttest"
	"warmline/helpdesk/helpdesktest"
)

// faults are what a check found wrong.
func (w *world) faults() (all []string) {
	w.t.Helper()
	found, err := w.c.Check(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range found {
		if !f.OK {
			all = append(all, f.What+": "+f.Says)
		}
	}
	return all
}

func TestCheckNamesTheScopeThatIsMissing(t *testing.T) {
	w := newWorld(t)
	equal(t, "faults", len(w.faults()), 0)
	for first, scope := range map[string]string{
		"events": "events:*:read", "teammates": "teammates:read", "tags": "tags:read", "company": "statuses:read",
		"knowledge_bases": "knowledge_bases:read", "message_templates": "message_templates:read", "conversations": "conversations:read",
	} {
		w.Forbidden = []string{first}
		faults := w.faults()
		if len(faults) != 1 || !strings.Contains(faults[0], scope) {
			t.Errorf("without %s: got %q", scope, faults)
		}
	}
	for _, call := range w.Calls() {
		if !strings.HasPrefix(call, "GET ") {
			t.Errorf("a check called %s", call)
		}
	}
}

func TestCheckSaysThatTheTokenIsNotTaken(t *testing.T) {
	fake := fronttest.New(&helpdesktest.Book{})
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	a := fake.Account("shop", server.URL)
	a.Settings["token"] = "another"
	found, err := connect(t, a).Check(t.Context())
	if err != nil || len(found) != 1 || found[0].OK || !strings.Contains(found[0].Says, "API tokens") {
		t.Errorf("got %+v, %v", found, err)
	}
}

func TestCheckSaysWhatStandsForWaiting(t *testing.T) {
	w := newWorld(t)
	w.Ticketing = false
	found, err := w.c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var said string
	for _, f := range found {
		if f.What == "ticketing" && f.OK {
			said = f.Says
		}
	}
	if !strings.Contains(said, "waiting-for-customer") {
		t.Errorf("of ticketing it says %q", said)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	for name, change := range map[string]func(map[string]string){
		"no token":            func(s map[string]string) { delete(s, "token") },
		"a token of two":      func(s map[string]string) { s["token"] = "a b" },
		"a relative address":  func(s map[string]string) { s["url"] = "api2.frontapp.com" },
		"no help centre":      func(s map[string]string) { s["help_center"] = "help.example.com" },
		"a script":            func(s map[string]string) { s["help_center"] = "javascript:alert(1)" },
		"no number":           func(s map[string]string) { s["per_minute"] = "many" },
		"less than no number": func(s map[string]string) { s["per_minute"] = "-1" },
	} {
		a := fronttest.New(&helpdesktest.Book{}).Account("shop", "http://127.0.0.1:1")
		change(a.Settings)
		if _, err := front.Vendor.Connect(a); err == nil || strings.Contains(err.Error(), fronttest.Token) {
			t.Errorf("%s: got %v, want an error without the token", name, err)
		}
	}
	c, err := front.Vendor.Connect(helpdesk.Account{Settings: map[string]string{"token": " " + fronttest.Token + "\n", "per_minute": "100"}})
	if err != nil || c.Limits().Settle < 90e9 {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestTheTokenIsNotPrinted(t *testing.T) {
	o := front.Options{Name: "shop", Token: fronttest.Token}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(verb, o); strings.Contains(s, fronttest.Token) {
			t.Errorf("%s prints %s", verb, s)
		}
	}
}

func TestPasteNamesTheAddress(t *testing.T) {
	if s := front.Vendor.Paste("https://bot.example/hooks/shop"); strings.Count(s, "https://bot.example/hooks/shop") != 2 {
		t.Errorf("it says %s", s)
	}
	for _, s := range front.Vendor.Settings {
		if s.Help == "" || s.Name == "" || s.Secret != (s.Name == "token") {
			t.Errorf("setting %+v", s)
		}
	}
}
