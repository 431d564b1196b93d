package front_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/front"
	"warmline/helpdesk/front/fronttest"
	"warmline/helpdesk/helpdesktest"
)

// spec is Front's own specification of its Core API (github.com/frontapp/front-api-specs), with every request schema closed.
func spec() helpdesktest.Spec {
	return helpdesktest.Spec{File: "front/core-api.json", Allow: faultOfSpec}
}

// faultOfSpec reports what the specification itself says otherwise in its words.
func faultOfSpec(r *http.Request, err error) bool {
	body := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
	switch what := err.Error(); {
	case body && r.Method == http.MethodPost && strings.Contains(what, "Content-Type"):
		// "Must use Content-Type: multipart/form-data if specified", of attachments; but the request has application/json alone.
		return true
	case r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/assignee") && strings.Contains(what, "not nullable"):
		// "Set it to null to unassign", of what is a string.
		return true
	case r.URL.Path == "/message_templates" && what == "query parameter page_token is not in the specification":
		// Its answer links to pages with it.
		return true
	}
	return false
}

func TestContract(t *testing.T) { contract(t, func(*fronttest.Fake) {}) }

func TestContractWithoutTicketing(t *testing.T) {
	contract(t, func(f *fronttest.Fake) { f.Ticketing = false })
}

func TestContractWithAFeedThatTellsOfTheSameInstantAgain(t *testing.T) {
	contract(t, func(f *fronttest.Fake) { f.AfterIncludes = true })
}

func contract(t *testing.T, change func(*fronttest.Fake)) {
	t.Helper()
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		fake := fronttest.New(&helpdesktest.Book{})
		change(fake)
		server := httptest.NewServer(m.Wrap(spec().Hold(t, fake)))
		t.Cleanup(server.Close)
		return fake.Fixture(connect(t, fake.Account("shop", server.URL)))
	})
}

func connect(t *testing.T, a helpdesk.Account) helpdesk.Connector {
	t.Helper()
	c, err := front.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
