package hubspot_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot"
	"warmline/helpdesk/hubspot/hubspottest"
)

// world is an account with a clock that only the test moves, every request held to our reading of the API.
type world struct {
	*hubspottest.Fake

	t     *testing.T
	c     *hubspot.Connector
	clock *clock
	// before, when set, answers instead of the account unless it returns false.
	before func(w http.ResponseWriter, r *http.Request) bool
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

// newWorld opens an account, with settings changed: "" takes one away.
func newWorld(t *testing.T, settings map[string]string) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: noon}}
	w.Fake = hubspottest.New(&helpdesktest.Book{Now: w.clock.now})
	held := ourReading.Hold(t, w.Fake)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.before == nil || !w.before(rw, r) {
			held.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(server.Close)
	account := w.Account("shop", server.URL)
	maps.Copy(account.Settings, settings)
	w.c = connect(t, account)
	return w
}

// ticket is one whose customer wrote once.
func (w *world) ticket() string {
	return w.Create(helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp", Text: "It does not charge."})
}

// put adds a message a second later.
func (w *world) put(id string, m helpdesktest.Message) {
	w.t.Helper()
	w.clock.add(time.Second)
	if _, ok := w.Put(id, m); !ok {
		w.t.Fatalf("there is no ticket %s", id)
	}
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

// refused is the refusal of a write.
func (w *world) refused(id string, wr desk.Write) *desk.Refused {
	w.t.Helper()
	_, err := w.c.Write(w.t.Context(), id, wr)
	refused, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		w.t.Fatalf("%s: got %v, want a *desk.Refused", wr.Kind, err)
	}
	return refused
}

// newest is the newest message of a ticket.
func (w *world) newest(id string) escalate.Message {
	w.t.Helper()
	messages := w.read(id).Content.Messages
	return messages[len(messages)-1]
}

// posted is the newest message or comment that was asked for.
func (w *world) posted() map[string]any {
	w.t.Helper()
	sent := w.Posted()
	if len(sent) == 0 {
		w.t.Fatal("nothing was posted")
	}
	return sent[len(sent)-1]
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

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func reply(text string) desk.Write {
	return desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: text}
}
