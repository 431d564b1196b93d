package freshdesk_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
)

func TestCheckSaysWhatIsWrongAndHowToMendIt(t *testing.T) {
	for name, tc := range map[string]struct {
		serve func(*freshdesktest.Fake) http.Handler
		key   string
		what  string
		says  string
	}{
		"another key":  {func(f *freshdesktest.Fake) http.Handler { return f }, "other", "the API key", "copy the key anew"},
		"a scope":      {func(f *freshdesktest.Fake) http.Handler { f.Scope = 2; return f }, freshdesktest.Key, "the agent's scope", "global access"},
		"no Freshdesk": {func(*freshdesktest.Fake) http.Handler { return http.NotFoundHandler() }, freshdesktest.Key, "the account", "not a domain of your own"},
		"a domain that points elsewhere": {
			func(*freshdesktest.Fake) http.Handler {
				return http.RedirectHandler("https://acme.freshdesk.com/", http.StatusFound)
			},
			freshdesktest.Key, "the account", "not a domain of your own",
		},
	} {
		t.Run(name, func(t *testing.T) {
			fake := freshdesktest.New(&helpdesktest.Book{})
			server := httptest.NewServer(tc.serve(fake))
			t.Cleanup(server.Close)
			a := fake.Account("shop", server.URL)
			a.Settings["key"] = tc.key
			c, err := freshdesk.Vendor.Connect(a)
			if err != nil {
				t.Fatal(err)
			}
			findings, err := c.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			faults := faultsOf(findings)
			if len(faults) != 1 || faults[0].What != tc.what || !strings.Contains(faults[0].Says, tc.says) || strings.Contains(faults[0].Says, tc.key) {
				t.Errorf("faults: %+v", faults)
			}
		})
	}
}

// faultsOf are the findings that are none to be glad of.
func faultsOf(findings []helpdesk.Finding) (faults []helpdesk.Finding) {
	for _, f := range findings {
		if !f.OK {
			faults = append(faults, f)
		}
	}
	return faults
}
