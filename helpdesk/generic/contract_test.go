package generic_test

import (
	"net/http/httptest"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/generic"
	"warmline/helpdesk/generic/generictest"
	"warmline/helpdesk/helpdesktest"
)

// serve connects to a fake account.
func serve(t *testing.T, fake *generictest.Fake) helpdesk.Connector {
	t.Helper()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return connect(t, fake, server.URL)
}

func connect(t *testing.T, fake *generictest.Fake, url string) helpdesk.Connector {
	t.Helper()
	c, err := generic.Vendor.Connect(fake.Account("shop", url))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestContract(t *testing.T) {
	for name, open := range map[string]func(*helpdesktest.Book) *generictest.Fake{"rich": generictest.New, "poor": generictest.NewPoor} {
		t.Run(name, func(t *testing.T) {
			helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
				t.Helper()
				fake := open(&helpdesktest.Book{})
				server := httptest.NewServer(m.Wrap(fake))
				t.Cleanup(server.Close)
				return fake.Fixture(connect(t, fake, server.URL))
			})
		})
	}
}
