package jira_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira"
	"warmline/helpdesk/jira/jiratest"
)

var ina = escalate.Customer{Name: "Ina Berg", Email: "ina@customer.example"}

// world is a site with one request in it, and a connector to it.
type world struct {
	*jira.Connector

	t      *testing.T
	fake   *jiratest.Fake
	url    string
	ticket string
}

// site opens a world; set changes the site's habits before anything happens.
func site(t *testing.T, set func(*jiratest.Fake), settings ...string) *world {
	t.Helper()
	fake := jiratest.New(&helpdesktest.Book{Agents: []helpdesktest.Agent{ana}})
	if set != nil {
		set(fake)
	}
	w := &world{t: t, fake: fake}
	server := httptest.NewServer(held(t, fake))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Connector = w.connect(settings...)
	w.ticket = fake.Open(ina, "Lamp stays dark", "It does not charge.").ID
	return w
}

// connect connects once more, as another process would; settings are names and values.
func (w *world) connect(settings ...string) *jira.Connector {
	w.t.Helper()
	account := w.fake.Account("shop", w.url)
	for i := 0; i < len(settings); i += 2 {
		account.Settings[settings[i]] = settings[i+1]
	}
	c, err := jira.Vendor.Connect(account)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.(*jira.Connector) //nolint:forcetypeassert // it is what the vendor connects
}

func (w *world) write(write desk.Write) escalate.MessageID {
	w.t.Helper()
	id, err := w.Write(w.t.Context(), w.ticket, write)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) read() *desk.Snapshot {
	w.t.Helper()
	s, err := w.Read(w.t.Context(), w.ticket)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// comments are what the site itself holds, without the description.
func (w *world) comments() []helpdesktest.Message {
	w.t.Helper()
	t, ok := w.fake.Book.Ticket(w.ticket)
	if !ok {
		w.t.Fatal("the ticket is gone")
	}
	return t.Messages[1:]
}

// add adds a comment of anybody.
func (w *world) add(m helpdesktest.Message) {
	w.t.Helper()
	if _, ok := w.fake.Book.Add(w.ticket, m); !ok {
		w.t.Fatal("the ticket is gone")
	}
}

func (w *world) change(fn func(*helpdesktest.Ticket)) {
	w.fake.Book.Change(w.ticket, func(t *helpdesktest.Ticket) bool { fn(t); return true })
}

// last is the newest message as it is read.
func (w *world) last() escalate.Message {
	w.t.Helper()
	all := w.read().Content.Messages
	return all[len(all)-1]
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*desk.Refused](err)
	return ok
}

func wantRefused(t *testing.T, err error, says ...string) *desk.Refused {
	t.Helper()
	refused, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		t.Fatalf("got %v, want a *desk.Refused", err)
	}
	wantSays(t, err, says...)
	return refused
}

func wantSays(t *testing.T, err error, says ...string) {
	t.Helper()
	for _, words := range says {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("got %v, want words %q in it", err, words)
		}
	}
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// breaking lets a handler's next call to a path fail, before or after it is served.
func breaking(next http.Handler, method, suffix string, after bool) http.Handler {
	done := false
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if done || r.Method != method || !strings.HasSuffix(r.URL.Path, suffix) {
			next.ServeHTTP(w, r)
			return
		}
		done = true
		if after {
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		w.WriteHeader(http.StatusBadGateway)
	})
}

// clock is a clock that only tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

var _ helpdesk.Registrar = (*jira.Connector)(nil)
