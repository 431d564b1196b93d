package gorgias_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

func TestIntake(t *testing.T) {
	fake := gorgiastest.New(&helpdesktest.Book{})
	id := fake.Open(ina, "chat")
	_, body := fake.Hook("token-of-today", id)
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: func(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
			return gorgias.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now})
		},
		Sign: func(secret string, _ time.Time, _ []byte) http.Header {
			h, _ := fake.Hook(secret, id)
			return h
		},
		Body: body, Tickets: []string{id}, Signature: gorgias.TokenHeader, Unsigned: true,
		Secret: "token-of-today", Older: "token-of-yesterday", Foreign: "token-of-others",
	})
}

func TestAWebhookNamesItsTicket(t *testing.T) {
	for body, want := range map[string]helpdesk.Hint{
		`{"ticket": "1042", "channel": "chat"}`:                       {Ticket: "1042", Urgent: true},
		`{"ticket": 1042, "channel": "email", "new": 1}`:              {Ticket: "1042"},
		`{"ticket": "1042", "channel": null}`:                         {Ticket: "1042"},
		`{"ticket": "1042", "channel": {"a": 1}}`:                     {Ticket: "1042"},
		`{"ticket": " 1042 ", "channel": "instagram-direct-message"}`: {Ticket: "1042", Urgent: true},
	} {
		got, err := gorgias.ParseHook([]byte(body))
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{"", "{}", `{"ticket": ""}`, `{"ticket": "{{ticket.id}}"}`, `{"ticket": "../users"}`, `{"ticket": -4}`, `{"ticket": 0}`, `{"ticket": 1.5}`, `[]`, `{"ticket": "1"} x`} {
		if _, err := gorgias.ParseHook([]byte(body)); err == nil {
			t.Errorf("%s passes", body)
		}
	}
}

const hookURL = "https://hooks.shop.example/hooks/shop"

func TestRegisteringAgainChangesTheOneThatIsThere(t *testing.T) {
	fake, c := account(t, nil)
	for _, at := range []string{"https://other.example/hook", hookURL, hookURL} {
		fake.TurnOff()
		got, err := c.Register(t.Context(), at, "secret-of-"+at[8:13])
		if err != nil || got != "secret-of-"+at[8:13] {
			t.Fatal(got, err)
		}
	}
	all := fake.Integrations()
	if len(all) != 2 || all[1].Off || !all[0].Off {
		t.Fatalf("integrations %+v: want two, ours turned on again and the other left alone", all)
	}
	headers, _ := all[1].HTTP["headers"].(map[string]any)
	triggers, _ := all[1].HTTP["triggers"].(map[string]any)
	form, _ := all[1].HTTP["form"].(map[string]any)
	if headers[gorgias.TokenHeader] != "secret-of-hooks" || triggers["ticket-message-failed"] != true || len(triggers) != len(gorgias.HookTriggers) ||
		form["ticket"] != "{{ticket.id}}" || all[1].HTTP["method"] != "POST" || all[1].HTTP["url"] != hookURL {
		t.Errorf("registered %+v", all[1].HTTP)
	}
}

func TestWhatCannotBeRegisteredIsRefused(t *testing.T) {
	_, c := account(t, nil)
	for _, test := range [][2]string{{"http://hooks.shop.example/x", "long-enough"}, {"hooks", "long-enough"}, {hookURL, ""}, {hookURL, "short"}, {hookURL, "long-enough\r\nX: y"}} {
		_, err := c.Register(t.Context(), test[0], test[1])
		refusal(t, err)
	}
	_, c = account(t, func(f *gorgiastest.Fake) { f.NotAdmin = true })
	_, err := c.Register(t.Context(), hookURL, "long-enough")
	if r := refusal(t, err); !strings.Contains(r.Why, "admin") {
		t.Errorf("without the right: %+v", r)
	}
}

// TestWhatIsToBePastedIsWhatIsRead fills in the template as Gorgias does.
func TestWhatIsToBePastedIsWhatIsRead(t *testing.T) {
	text := gorgias.Vendor.Paste(hookURL)
	for _, part := range append([]string{hookURL, gorgias.TokenHeader, "ticket: " + gorgias.HookForm["ticket"], "channel: " + gorgias.HookForm["channel"], "POST"}, gorgias.HookTriggers...) {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %q:\n%s", part, text)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := func() map[string]string {
		return map[string]string{
			"account": "acme", "email": "bot@acme.example", "key": "k", "from": "help@acme.example", "help_center": "acme", "snooze": "48h", "sign": "yes", "per_minute": "240",
		}
	}
	c, err := gorgias.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: good(), Settle: 2 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if l := c.Limits(); l.Settle != 2*time.Minute || l.Stamps {
		t.Errorf("limits %+v: want the settle time that was set, and no stamps", l)
	}
	for name, bad := range map[string][]string{
		"account": {"", "http://acme.gorgias.com", "https://", "https://u:p@acme.gorgias.com"}, "email": {"", "a:b"}, "key": {"", " "}, "from": {"nobody"},
		"help_center": {"http://acme.gorgias.help"}, "snooze": {"0s", "soon"}, "sign": {"maybe"}, "per_minute": {"0", "many"},
	} {
		for _, value := range bad {
			settings := good()
			settings[name] = value
			if _, err := gorgias.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: settings}); err == nil {
				t.Errorf("%s %q passes", name, value)
			}
		}
	}
	for _, s := range gorgias.Vendor.Settings {
		if s.Help == "" || s.Secret != (s.Name == "key") {
			t.Errorf("setting %+v", s)
		}
	}
}
