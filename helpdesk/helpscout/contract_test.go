package helpscout_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/helpscout/helpscouttest"
)

// account opens a fake account and connects to it.
func account(t *testing.T, change func(*helpscouttest.Fake)) (*helpscouttest.Fake, *helpscout.Connector) {
	t.Helper()
	fake := helpscouttest.New(&helpdesktest.Book{})
	if change != nil {
		change(fake)
	}
	return fake, serve(t, fake)
}

// serve connects to a fake account, every request held to our reading of the API.
func serve(t *testing.T, fake *helpscouttest.Fake) *helpscout.Connector {
	t.Helper()
	return connect(t, fake, httpServer(t, fake))
}

func connect(t *testing.T, fake *helpscouttest.Fake, url string) *helpscout.Connector {
	t.Helper()
	k, err := helpscout.Vendor.Connect(fake.Account("shop", url))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := k.(*helpscout.Connector)
	if !ok {
		t.Fatalf("the vendor connects a %T", k)
	}
	return c
}

// TestContract lets the account's calls go wrong, and not those for a token, which are posted, too, and have tests of their own.
func TestContract(t *testing.T) {
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		fake := helpscouttest.New(&helpdesktest.Book{})
		held := ourReading.Hold(t, fake)
		mux := http.NewServeMux()
		mux.Handle(helpscouttest.TokenPath, held)
		mux.Handle("/", m.Wrap(held))
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		return fake.Fixture(connect(t, fake, server.URL))
	})
}
