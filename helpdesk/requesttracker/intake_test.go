package requesttracker_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/requesttracker"
	"warmline/helpdesk/requesttracker/requesttrackertest"
)

func TestIntake(t *testing.T) {
	fake := requesttrackertest.New(&helpdesktest.Book{})
	id := fake.Open(ina)
	_, body := fake.Hook(requesttrackertest.HookSecret, time.Now(), id)
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: func(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
			return requesttracker.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now})
		},
		Sign: func(secret string, at time.Time, body []byte) http.Header {
			h := http.Header{}
			if err := helpdesk.SignWebhook(h, secret, "rt-shop.example-87", at, body); err != nil {
				t.Fatal(err)
			}
			return h
		},
		Body: body, Tickets: []string{id}, Signature: "Webhook-Signature", TimeHeader: "Webhook-Timestamp",
		Secret: requesttrackertest.HookSecret, Older: "whsec_b2xkZXItc2VjcmV0LW9mLW91cnM=", Foreign: "whsec_c29tZWJvZHktZWxzZSdzLXNlY3JldA==",
	})
}

func TestAWebhookNamesItsTicket(t *testing.T) {
	for _, body := range []string{`{"type":"ticket.updated","ticket":"1042"}`, `{"ticket":1042,"new":1}`} {
		got, err := requesttracker.ParseHook([]byte(body))
		if err != nil || len(got) != 1 || got[0] != (helpdesk.Hint{Ticket: "1042"}) {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{"", "{}", `{"ticket": ""}`, `{"ticket": "../users"}`, `{"ticket": -4}`, `{"ticket": 0}`, `[]`, `{"ticket": "1"} x`} {
		if _, err := requesttracker.ParseHook([]byte(body)); err == nil {
			t.Errorf("%s passes", body)
		}
	}
}

// TestWhatIsToBePastedIsWhole holds the instructions to the files that .ci/peers-rt installs.
func TestWhatIsToBePastedIsWhole(t *testing.T) {
	const hook = "https://warmline.shop.example/hooks/o'neill"
	text := requesttracker.Vendor.Paste(hook)
	for _, part := range []string{
		`url => 'https://warmline.shop.example/hooks/o\'neill'`, "rt-setup-database-5 --action insert --datafile warmline-scrip.pl",
		"Plugin('RT::Extension::Warmline');", "stamps=yes",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %q", part)
		}
	}
	for _, file := range []string{requesttracker.Scrip, requesttracker.Extension} {
		if !strings.Contains(text, "\n----8<----\n"+file+"----8<----\n") {
			t.Errorf("it lacks a file, or has changed it:\n%s", file)
		}
	}
}

// A delivery holds nothing that a customer wrote, because the scrip reads nothing of it.
func TestTheScripSaysNothingOfCustomers(t *testing.T) {
	for _, word := range []string{"Subject", "Content =>", "Requestor", "Content(", "EmailAddress"} {
		if strings.Contains(strings.ReplaceAll(requesttracker.Scrip, "Content             => $body", ""), word) {
			t.Errorf("the scrip reads %q", word)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := func() map[string]string {
		return map[string]string{
			"url": "https://acme.example/rt/", "token": requesttrackertest.Token, "stamps": "yes", "queue": "General", "tags_field": "Tags",
			"priorities": "0, 10, 20, 30", "status_pending": "waiting",
		}
	}
	c, err := requesttracker.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: good(), Settle: 2 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	l := c.Limits()
	if l.Settle != 2*time.Minute || !l.Stamps || !l.Newer("100", "99") || l.Newer("99", "100") || l.Newer("9", "") {
		t.Errorf("limits %+v: want the settle time that was set, and stamps that are in order", l)
	}
	for name, bad := range map[string][]string{
		"url":        {"", "http://rt.acme.example", "https://", "https://u:p@rt.acme.example", "https://rt.acme.example/?x=1"},
		"token":      {"", " ", "1-27-abc", "secret", "2-27-0123456789abcdef0123456789abcdef"},
		"stamps":     {"maybe"},
		"priorities": {"1,2,3", "0,0,1,2", "a,b,c,d", "4,3,2,1", "1,2,3,4,5"}, "status_pending": {"resolved"},
	} {
		for _, value := range bad {
			settings := good()
			settings[name] = value
			_, err := requesttracker.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: settings})
			if err == nil {
				t.Errorf("%s %q passes", name, value)
			} else if name == "token" && value != "" && value != " " && strings.Contains(err.Error(), value) {
				t.Errorf("the error repeats the token: %v", err)
			}
		}
	}
	for _, s := range requesttracker.Vendor.Settings {
		if s.Help == "" || s.Secret != (s.Name == "token") {
			t.Errorf("setting %+v", s)
		}
	}
}

func TestTheCheckSaysWhatIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*requesttrackertest.Fake)
		what   string
		says   string
	}{
		"no right to reply":   {func(f *requesttrackertest.Fake) { f.NotGranted = map[string]bool{"ReplyToTicket": true} }, "replies", "ReplyToTicket"},
		"no right to comment": {func(f *requesttrackertest.Fake) { f.NotGranted = map[string]bool{"CommentOnTicket": true} }, "internal notes", "CommentOnTicket"},
		"no field for tags":   {func(f *requesttrackertest.Fake) { f.NoTags = true }, "tags", "SeeCustomField"},
		"no class":            {func(f *requesttrackertest.Fake) { f.NotGranted = map[string]bool{"SeeClass": true} }, "articles", "SeeClass"},
		"nobody's user": {func(f *requesttrackertest.Fake) {
			f.Unprivileged = map[string]bool{requesttrackertest.Me.ID: true}
		}, "the user", "not privileged"},
	} {
		t.Run(name, func(t *testing.T) {
			fake, c := account(t, test.change)
			fake.Open(ina)
			findings, err := c.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if f.What == test.what && !f.OK && strings.Contains(f.Says, test.says) {
					return
				}
			}
			t.Errorf("%+v do not say that %s needs %s", findings, test.what, test.says)
		})
	}
}

func TestTheCheckSaysWhenTheTokenOrTheAddressIsWrong(t *testing.T) {
	fake := requesttrackertest.New(&helpdesktest.Book{})
	for name, test := range map[string]struct {
		path, token, what string
	}{
		"another token": {"", "1-27-" + strings.Repeat("f", 32), "the token"},
		"another path":  {"/rt", requesttrackertest.Token, "the url"},
	} {
		t.Run(name, func(t *testing.T) {
			a := fake.Account("shop", serveURL(t, fake)+test.path)
			a.Settings["token"] = test.token
			c, err := requesttracker.Vendor.Connect(a)
			if err != nil {
				t.Fatal(err)
			}
			findings, err := c.Check(t.Context())
			if err != nil || len(findings) != 1 || findings[0].OK || findings[0].What != test.what {
				t.Errorf("%+v, %v", findings, err)
			}
			if strings.Contains(findings[0].Says, test.token) {
				t.Error("it repeats the token")
			}
		})
	}
}

func TestTheTokenShowsInNothingThatIsPrinted(t *testing.T) {
	o := requesttracker.Options{Name: "shop", URL: "https://rt.acme.example", Token: requesttrackertest.Token}
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if said := fmt.Sprintf(form, o); strings.Contains(said, requesttrackertest.Token) || !strings.Contains(said, "rt.acme.example") {
			t.Errorf("%s prints %q", form, said)
		}
	}
}
