package gorgias_test

import (
	"net/http/httptest"
	"testing"

	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

// account opens a fake account and connects to it.
func account(t *testing.T, change func(*gorgiastest.Fake)) (*gorgiastest.Fake, *gorgias.Connector) {
	t.Helper()
	fake := gorgiastest.New(&helpdesktest.Book{})
	if change != nil {
		change(fake)
	}
	return fake, serve(t, fake)
}

// serve connects to a fake account, every request held to our reading of the API.
func serve(t *testing.T, fake *gorgiastest.Fake) *gorgias.Connector {
	t.Helper()
	server := httptest.NewServer(ourReading.Hold(t, fake))
	t.Cleanup(server.Close)
	return connect(t, fake, server.URL)
}

func connect(t *testing.T, fake *gorgiastest.Fake, url string) *gorgias.Connector {
	t.Helper()
	k, err := gorgias.Vendor.Connect(fake.Account("shop", url))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := k.(*gorgias.Connector)
	if !ok {
		t.Fatalf("the vendor connects a %T", k)
	}
	return c
}

func TestContract(t *testing.T) {
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		fake := gorgiastest.New(&helpdesktest.Book{})
		server := httptest.NewServer(m.Wrap(ourReading.Hold(t, fake)))
		t.Cleanup(server.Close)
		return fake.Fixture(connect(t, fake, server.URL))
	})
}
