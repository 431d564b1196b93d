package hubspot_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func opening(key string, who escalate.Customer) desk.Opening {
	return desk.Opening{Key: key, Subject: "Lamp", Text: "It does <b>not</b> charge & I wait.", Customer: who, Tags: []string{escalate.TagEscalated, "a;b"}}
}

var (
	ina = escalate.Customer{Name: "Ina Berg", Email: "ina@customer.example"}
	uma = escalate.Customer{Name: "Uma", Email: "uma@customer.example"}
)

func (w *world) opens(o desk.Opening) string {
	w.t.Helper()
	id, err := w.c.Open(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// Who is no contact yet becomes one, once.
func TestATicketIsOpenedForWhoeverItIsFor(t *testing.T) {
	w := newWorld(t, nil)
	w.ticket() // makes Ina a contact
	for _, who := range []escalate.Customer{ina, uma, {Email: "kim@customer.example"}} {
		id := w.opens(opening("press-"+who.Email[:3], who))
		s := w.read(id)
		equal(t, "customer", s.Content.Customer.Email, who.Email)
		equal(t, "status", s.Status, escalate.StatusOpen)
		equal(t, "text", s.Content.Messages[0].Text, "It does <b>not</b> charge & I wait.")
		equal(t, "tags", strings.Join(s.Content.Tags, "|"), escalate.TagEscalated+"|a,b")
		equal(t, "again", w.opens(opening("press-"+who.Email[:3], who)), id)
	}
}

// loses lets the answer to the next post to a path be lost.
func (w *world) loses(path string) {
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, path) {
			return false
		}
		w.before = nil
		w.ServeHTTP(httptest.NewRecorder(), r)
		rw.WriteHeader(http.StatusBadGateway)
		return true
	}
}

func TestATicketWhoseAnswerWasLostIsFoundByItsReference(t *testing.T) {
	w := newWorld(t, nil)
	w.Lag = 24 * time.Hour // the search shows nothing: it is not what is asked
	w.ticket()
	w.loses("/objects/tickets")
	if _, err := w.c.Open(t.Context(), opening("press-1", ina)); err == nil || isRefused(err) {
		t.Fatalf("got %v, want an error that leaves it open", err)
	}
	for range 120 { // beyond one reading of many
		w.ticket()
	}
	made := len(w.Book.Tickets(nil))
	w.opens(opening("press-1", ina))
	equal(t, "tickets", len(w.Book.Tickets(nil)), made)
}

func TestAContactWhoseAnswerWasLostIsMadeOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.loses("/objects/contacts")
	id := w.opens(opening("press-1", uma))
	equal(t, "customer", w.read(id).Content.Customer.Email, uma.Email)
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*desk.Refused](err)
	return ok
}

func TestATicketForNobodyIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	for name, change := range map[string]func(*desk.Opening){
		"e-mail address": func(o *desk.Opening) { o.Customer.Email = " " }, "key": func(o *desk.Opening) { o.Key = "" },
	} {
		o := opening("press-1", ina)
		change(&o)
		if _, err := w.c.Open(t.Context(), o); !isRefused(err) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	equal(t, "calls", len(w.Calls()), 0)
	w.Forbidden = []string{"/crm/v3/objects/contacts"}
	if _, err := w.c.Open(t.Context(), opening("press-1", ina)); !isRefused(err) {
		t.Errorf("without a scope: %v", err)
	}
	w = newWorld(t, nil)
	w.Pipelines[0].Stages = w.Pipelines[0].Stages[3:]
	if _, err := w.c.Open(t.Context(), opening("press-1", ina)); !isRefused(err) || !strings.Contains(err.Error(), "setting stages") {
		t.Errorf("without a stage: %v", err)
	}
}
