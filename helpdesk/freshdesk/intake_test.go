package freshdesk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
)

func TestIntake(t *testing.T) {
	fake := freshdesktest.New(&helpdesktest.Book{})
	id := fake.Open(ina, "7")
	_, body := fake.Hook("token-of-today", id)
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: func(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
			return freshdesk.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now})
		},
		Sign: func(secret string, _ time.Time, _ []byte) http.Header {
			h, _ := fake.Hook(secret, id)
			return h
		},
		Body: body, Tickets: []string{id}, Signature: freshdesk.TokenHeader, Unsigned: true,
		Secret: "token-of-today", Older: "token-of-yesterday", Foreign: "token-of-others",
	})
}

func TestAWebhookNamesItsTicket(t *testing.T) {
	for body, want := range map[string]helpdesk.Hint{
		`{"ticket": "1042", "source": "Chat"}`:          {Ticket: "1042", Urgent: true},
		`{"ticket": 1042, "source": "Email", "new": 1}`: {Ticket: "1042"},
		`{"ticket": "1042", "source": null}`:            {Ticket: "1042"},
	} {
		got, err := freshdesk.ParseHook([]byte(body))
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{"", "{}", `{"ticket": ""}`, `{"ticket": "{{ticket.id}}"}`, `{"ticket": "../agents"}`, `{"ticket": -4}`, `{"ticket": 0}`, `[]`, `{"ticket": "1"} x`} {
		if _, err := freshdesk.ParseHook([]byte(body)); err == nil {
			t.Errorf("%s passes", body)
		}
	}
}

// TestWhatIsToBePastedIsWhatIsRead fills in the template as Freshdesk does.
func TestWhatIsToBePastedIsWhatIsRead(t *testing.T) {
	text := freshdesk.Vendor.Paste("https://hooks.shop.example/hooks/shop")
	for _, part := range []string{"https://hooks.shop.example/hooks/shop", freshdesk.TokenHeader, freshdesk.HookBody, "POST", "Ticket Creation", "Ticket Updates"} {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %q:\n%s", part, text)
		}
	}
	filled := strings.NewReplacer("{{ticket.id}}", "1042", "{{ticket.source}}", "Portal").Replace(freshdesk.HookBody)
	got, err := freshdesk.ParseHook([]byte(filled))
	if err != nil || len(got) != 1 || got[0].Ticket != "1042" || strings.Contains(filled, "{{") {
		t.Errorf("%s reads as %+v, %v", filled, got, err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := func() map[string]string {
		return map[string]string{"domain": "acme", "key": "k", "statuses": "8=open", "per_minute": "700"}
	}
	c, err := freshdesk.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: good(), Settle: 2 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if l := c.Limits(); l.Settle != 2*time.Minute || l.Stamps {
		t.Errorf("limits %+v: want the settle time that was set, and no stamps", l)
	}
	for name, bad := range map[string][]string{
		"domain": {"", "http://acme.freshdesk.com"}, "key": {""}, "statuses": {"8", "x=open", "3=open", "8=gone", "8=open,,"}, "per_minute": {"0", "many"}, "sign": {"maybe"},
	} {
		for _, value := range bad {
			settings := good()
			settings[name] = value
			if _, err := freshdesk.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: settings}); err == nil {
				t.Errorf("%s %q passes", name, value)
			}
		}
	}
	for _, s := range freshdesk.Vendor.Settings {
		if s.Help == "" || s.Secret != (s.Name == "key") {
			t.Errorf("setting %+v", s)
		}
	}
}
