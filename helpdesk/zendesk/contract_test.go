package zendesk_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/zendesk"
	"warmline/helpdesk/zendesk/zendesktest"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// world is an account and a connector to it, with a clock that only tests move.
type world struct {
	t     *testing.T
	fake  *zendesktest.Fake
	book  *helpdesktest.Book
	clock *zendesktest.Clock
	url   string
	c     *zendesk.Connector

	mu    sync.Mutex
	calls []string // as they came: "PUT /api/v2/tickets/1"
}

// open serves an account behind what wrap puts before it, with every request held to the specifications.
func open(t *testing.T, at time.Time, wrap func(http.Handler) http.Handler) *world {
	t.Helper()
	w := &world{t: t, clock: zendesktest.NewClock(at)}
	w.book = &helpdesktest.Book{Now: w.clock.Now, Agents: zendesktest.Agents()}
	w.fake = zendesktest.New(w.book)
	w.fake.Pass = w.clock.Pass
	held := hold(t, w.fake)
	server := httptest.NewServer(wrap(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.calls = append(w.calls, r.Method+" "+r.URL.Path)
		w.mu.Unlock()
		held.ServeHTTP(rw, r)
	})))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.connect(nil)
	return w
}

func plainly(h http.Handler) http.Handler { return h }

func start(t *testing.T) *world {
	t.Helper()
	return open(t, noon, plainly)
}

// connect connects anew, with options changed.
func (w *world) connect(change func(*zendesk.Options)) {
	w.t.Helper()
	o := zendesk.Options{
		Name: "shop", URL: w.url, Email: zendesktest.Email, Token: zendesktest.Token, PerMinute: 100_000, Now: w.clock.Now,
		CategoryField: "360012345678", ValueField: zendesktest.ValueField, PlanField: "plan",
	}
	if change != nil {
		change(&o)
	}
	c, err := zendesk.Connect(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.c = c
}

// create opens a ticket as its customer.
func (w *world) create() string {
	return w.fake.Opens(helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp stays dark", Text: "It does not charge."})
}

func (w *world) read(ticket string) *desk.Snapshot {
	w.t.Helper()
	s, err := w.c.Read(w.t.Context(), ticket)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestContract(t *testing.T) {
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		w := open(t, time.Now().Add(-120*time.Hour).Truncate(time.Second), m.Wrap)
		c, err := zendesk.Vendor.Connect(w.fake.Account("shop", w.url))
		if err != nil {
			t.Fatal(err)
		}
		return w.fake.Fixture(c)
	})
}
