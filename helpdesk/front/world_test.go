package front_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/front"
	"warmline/helpdesk/front/fronttest"
	"warmline/helpdesk/helpdesktest"
)

// world is an account with a clock that only the test moves, and what was asked of its address.
type world struct {
	*fronttest.Fake

	t     *testing.T
	c     *front.Connector
	book  *helpdesktest.Book
	clock *clock
	url   string
	// before, when set, answers instead of the account unless it returns false.
	before func(w http.ResponseWriter, r *http.Request) bool

	mu    sync.Mutex
	hosts map[string]bool
}

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: noon}, hosts: make(map[string]bool)}
	w.book = &helpdesktest.Book{Now: w.clock.now}
	w.Fake = fronttest.New(w.book)
	held := spec().Hold(t, w.Fake)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.before == nil || !w.before(rw, r) {
			held.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	account := w.Account("shop", server.URL)
	account.Client = &http.Client{Transport: w}
	account.Settings["category_field"] = "Topic"
	w.c = connect(t, account).(*front.Connector)
	return w
}

// RoundTrip notes which hosts are called.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.hosts[r.URL.Host] = true
	w.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// ticket is a conversation whose customer wrote once.
func (w *world) ticket() string {
	return w.Create(helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp", Text: "It does not charge."})
}

func (w *world) read(id string) *desk.Snapshot {
	w.t.Helper()
	s, err := w.c.Read(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) write(id string, wr desk.Write) escalate.MessageID {
	w.t.Helper()
	m, err := w.c.Write(w.t.Context(), id, wr)
	if err != nil {
		w.t.Fatalf("%s: %v", wr.Kind, err)
	}
	return m
}

// newest is the newest message of a conversation.
func (w *world) newest(id string) escalate.Message {
	w.t.Helper()
	all := w.read(id).Content.Messages
	return all[len(all)-1]
}

// called counts the calls whose line begins so.
func (w *world) called(line string) (n int) {
	for _, l := range w.Calls() {
		if strings.HasPrefix(l, line) {
			n++
		}
	}
	return n
}

func refusal(t *testing.T, err error) *desk.Refused {
	t.Helper()
	refused, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		t.Fatalf("got %v, want a *desk.Refused", err)
	}
	return refused
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*desk.Refused](err)
	return ok
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func reply(text string) desk.Write {
	return desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: text}
}

var _ helpdesk.Connector = (*front.Connector)(nil)
