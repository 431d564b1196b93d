package freshdesk_test

import (
	"net/http/httptest"
	"testing"

	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
)

// account opens a fake account and connects to it.
func account(t *testing.T, change func(*freshdesktest.Fake)) (*freshdesktest.Fake, *freshdesk.Connector) {
	t.Helper()
	fake := freshdesktest.New(&helpdesktest.Book{})
	if change != nil {
		change(fake)
	}
	return fake, serve(t, fake)
}

// serve connects to a fake account, every request held to our reading of the API.
func serve(t *testing.T, fake *freshdesktest.Fake) *freshdesk.Connector {
	t.Helper()
	server := httptest.NewServer(ourReading.Hold(t, fake))
	t.Cleanup(server.Close)
	return connect(t, fake, server.URL)
}

func connect(t *testing.T, fake *freshdesktest.Fake, url string) *freshdesk.Connector {
	t.Helper()
	k, err := freshdesk.Vendor.Connect(fake.Account("shop", url))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := k.(*freshdesk.Connector)
	if !ok {
		t.Fatalf("the vendor connects a %T", k)
	}
	return c
}

func TestContract(t *testing.T) {
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		fake := freshdesktest.New(&helpdesktest.Book{})
		server := httptest.NewServer(m.Wrap(ourReading.Hold(t, fake)))
		t.Cleanup(server.Close)
		return fake.Fixture(connect(t, fake, server.URL))
	})
}
