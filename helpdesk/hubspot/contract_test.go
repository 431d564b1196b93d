package hubspot_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot"
	"warmline/helpdesk/hubspot/hubspottest"
)

// ourReading is the API as far as we call it. HubSpot's own specification may not be shared; this one was written down from its pages.
var ourReading = spec()

func spec() helpdesktest.Spec {
	file, err := filepath.Abs(filepath.Join("testdata", "our-reading.yaml"))
	if err != nil {
		panic(err)
	}
	return helpdesktest.Spec{File: file, Skip: func(r *http.Request) bool {
		return strings.HasPrefix(r.URL.Path, "/hubfs/") // files lie elsewhere, at addresses that the API gives out
	}}
}

// TestOurReadingIsThere fails where Hold would only say that it was skipped.
func TestOurReadingIsThere(t *testing.T) {
	found, err := filepath.Glob(ourReading.File)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", ourReading.File, found, err)
	}
}

func TestContract(t *testing.T) { contract(t, func(*hubspottest.Fake) {}) }

func TestContractWhereMergedTicketsAreGone(t *testing.T) {
	contract(t, func(f *hubspottest.Fake) { f.MergedGone, f.NoThreadAssignee, f.NoClient = true, true, true })
}

func contract(t *testing.T, change func(*hubspottest.Fake)) {
	t.Helper()
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		fake := hubspottest.New(&helpdesktest.Book{})
		change(fake)
		server := httptest.NewServer(m.Wrap(ourReading.Hold(t, fake)))
		t.Cleanup(server.Close)
		return fake.Fixture(connect(t, fake.Account("shop", server.URL)))
	})
}

func connect(t *testing.T, a helpdesk.Account) *hubspot.Connector {
	t.Helper()
	k, err := hubspot.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := k.(*hubspot.Connector)
	if !ok {
		t.Fatalf("the vendor connects a %T", k)
	}
	return c
}
