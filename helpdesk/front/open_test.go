package front_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/front/fronttest"
	"warmline/helpdesk/helpdesktest"
)

func opening() desk.Opening {
	return desk.Opening{
		Key: "press-1", Subject: "Lamp", Text: "It does not charge.", Customer: escalate.Customer{Name: "Ina Berg", Email: "ina@customer.example"},
		Tags: []string{escalate.TagEscalated},
	}
}

func (w *world) opens() string {
	w.t.Helper()
	id, err := w.c.Open(w.t.Context(), opening())
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// By default Front would put an imported message into the customer's newest conversation, archive it and let no rule see it.
func TestAnOpenedConversationIsOpenAndItsOwn(t *testing.T) {
	w := newWorld(t)
	other := w.ticket()
	id := w.opens()
	if id == other {
		t.Error("it went into the customer's other conversation")
	}
	equal(t, "status", w.read(id).Status, escalate.StatusOpen)
	held, _ := w.book.Ticket(id)
	equal(t, "rules see it", held.Extra["ruled"], any(true))
	equal(t, "text", w.newest(id).Text, "It does not charge.")
}

// The answer to a repeat names a message that never comes.
func TestAnImportWhoseAnswerWasLostIsFoundByTheTextsLastLine(t *testing.T) {
	w := newWorld(t)
	lost := false
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if lost || !strings.HasSuffix(r.URL.Path, "/imported_messages") {
			return false
		}
		lost = true
		w.ServeHTTP(httptest.NewRecorder(), r)
		rw.WriteHeader(http.StatusBadGateway)
		return true
	}
	if _, err := w.c.Open(t.Context(), opening()); err == nil {
		t.Fatal("a lost answer passes")
	} else if isRefusal(err) {
		t.Fatalf("a lost answer is a refusal: %v", err)
	}
	for range 120 { // beyond the first page of what the same customer wrote since
		w.ticket()
	}
	w.clock.add(30 * 24 * time.Hour)
	imports := w.called("POST /inboxes/")
	id := w.opens()
	equal(t, "imports", w.called("POST /inboxes/"), imports)
	if again := w.opens(); again != id {
		t.Errorf("again: %s, want %s", again, id)
	}
}

// What Front has taken and does not show yet is neither there nor refused: a repeat finds it.
func TestAnImportThatIsNotShownYetIsLeftOpen(t *testing.T) {
	w := newWorld(t)
	w.Late, w.Lag = 20*time.Second, 20*time.Second
	_, err := w.c.Open(t.Context(), opening())
	if err == nil || isRefusal(err) {
		t.Fatalf("got %v, want an error that leaves it open", err)
	}
	if _, err := w.c.Open(t.Context(), opening()); err == nil || isRefusal(err) { // too early, and harmless
		t.Fatalf("got %v, want an error that leaves it open", err)
	}
	w.clock.add(time.Minute)
	w.opens()
	equal(t, "conversations", len(w.book.Tickets(nil)), 1)
}

// A failure after the import must not read as if nothing had been made.
func TestALookUpThatIsRefusedAfterTheImportLeavesItOpen(t *testing.T) {
	w := newWorld(t)
	w.Forbidden = []string{"messages"}
	if _, err := w.c.Open(t.Context(), opening()); err == nil || isRefusal(err) {
		t.Errorf("got %v, want an error that leaves it open", err)
	}
}

func TestAConversationIsOpenedInASharedMailbox(t *testing.T) {
	for channel, want := range map[string]string{"": "", fronttest.Mailbox: "", "nobody@shop.example": "the setting channel", "ana@shop.example": "the setting channel"} {
		w := newWorld(t)
		a := w.Account("shop", "")
		a.Settings["url"], a.Settings["channel"] = w.url, channel
		_, err := connect(t, a).(desk.Opener).Open(t.Context(), opening()) //nolint:forcetypeassert // Front's is one
		switch {
		case want == "" && err != nil:
			t.Errorf("channel %q: %v", channel, err)
		case want != "" && (!isRefusal(err) || !strings.Contains(err.Error(), want)):
			t.Errorf("channel %q: got %v, want a refusal that names %s", channel, err, want)
		}
	}
}

func TestAConversationForNobodyIsRefused(t *testing.T) {
	w := newWorld(t)
	for name, change := range map[string]func(*desk.Opening){
		"e-mail address": func(o *desk.Opening) { o.Customer.Email = " " }, "key": func(o *desk.Opening) { o.Key = "" },
	} {
		o := opening()
		change(&o)
		if _, err := w.c.Open(t.Context(), o); !isRefusal(err) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	equal(t, "calls", len(w.Calls()), 0)
}

// A customer who quotes such a line in a later message, or another's, opens nothing.
func TestOnlyTheFirstMessageNamesWhatWasOpened(t *testing.T) {
	w := newWorld(t)
	id := w.Create(helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp", Text: "Hello.\n\n[ref:reply-1]"})
	w.clock.add(time.Second)
	w.Says(id, "See below.\n\n[ref:open:press-1]", nil)
	all := w.read(id).Content.Messages
	equal(t, "first", all[0].Text, "Hello.\n\n[ref:reply-1]")
	equal(t, "second", all[1].Text, "See below.\n\n[ref:open:press-1]")
	if w.opens() == id {
		t.Error("a later message passes for the conversation's own")
	}
}
