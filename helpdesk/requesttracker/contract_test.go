package requesttracker_test

import (
	"net/http/httptest"
	"testing"

	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/requesttracker"
	"warmline/helpdesk/requesttracker/requesttrackertest"
)

// account opens a fake RT and connects to it.
func account(t *testing.T, change func(*requesttrackertest.Fake)) (*requesttrackertest.Fake, *requesttracker.Connector) {
	t.Helper()
	fake := requesttrackertest.New(&helpdesktest.Book{})
	if change != nil {
		change(fake)
	}
	return fake, serve(t, fake)
}

// serve connects to a fake RT.
func serve(t *testing.T, fake *requesttrackertest.Fake) *requesttracker.Connector {
	t.Helper()
	return connect(t, fake, serveURL(t, fake))
}

func serveURL(t *testing.T, fake *requesttrackertest.Fake) string {
	t.Helper()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return server.URL
}

func connect(t *testing.T, fake *requesttrackertest.Fake, url string) *requesttracker.Connector {
	t.Helper()
	k, err := requesttracker.Vendor.Connect(fake.Account("shop", url))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := k.(*requesttracker.Connector)
	if !ok {
		t.Fatalf("the vendor connects a %T", k)
	}
	return c
}

func TestContract(t *testing.T) {
	for name, extension := range map[string]bool{"as it comes": false, "with the extension": true} {
		t.Run(name, func(t *testing.T) {
			helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
				t.Helper()
				fake := requesttrackertest.New(&helpdesktest.Book{})
				fake.Extension = extension
				server := httptest.NewServer(m.Wrap(fake))
				t.Cleanup(server.Close)
				return fake.Fixture(connect(t, fake, server.URL))
			})
		})
	}
}
