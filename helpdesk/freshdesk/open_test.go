package freshdesk_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

func opening(key string) desk.Opening {
	return desk.Opening{Key: key, Subject: ina.Subject, Text: ina.Text, Customer: escalate.Customer{Name: ina.Name, Email: ina.Email}}
}

func TestATicketWhoseAnswerWasLostIsFoundByItsReference(t *testing.T) {
	fake := freshdesktest.New(&helpdesktest.Book{})
	lost := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && !lost {
			lost = true
			fake.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c := connect(t, fake, server.URL)
	_, err := c.Open(t.Context(), opening("press-1"))
	if r, ok := errors.AsType[*desk.Refused](err); err == nil || ok {
		t.Fatalf("got %v, %v; want an error that leaves it open", r, err)
	}
	for range 40 { // beyond the first page of what the same customer wrote since
		fake.Open(ina, "")
	}
	fake.Pass(45 * 24 * time.Hour)
	id, err := c.Open(t.Context(), opening("press-1"))
	if err != nil || id != "1" {
		t.Errorf("again: %q, %v; want the ticket that is there", id, err)
	}
	s := read(t, c, id)
	if m := s.Content.Messages[0]; m.Text != ina.Text || m.Marker != "" || m.Role != escalate.RoleCustomer {
		t.Errorf("it reads as %+v", m)
	}
}

func TestAReferenceOfAnotherKindIsPartOfTheCustomersText(t *testing.T) {
	fake, c := account(t, nil)
	o := ina
	o.Text = "As you wrote:\n\n[ref:reply:1]"
	id := fake.Open(o, "")
	if m := read(t, c, id).Content.Messages[0]; m.Text != o.Text || m.Marker != "" {
		t.Errorf("it reads as %+v", m)
	}
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: richtext.HTML("x\n\n[ref:open:press-2]")}, 0)
	again, err := c.Open(t.Context(), opening("press-2"))
	if err != nil || again == id {
		t.Errorf("a later message passes for the ticket's own: %q, %v", again, err)
	}
}

func TestATicketForNobodyIsRefused(t *testing.T) {
	_, c := account(t, nil)
	for name, change := range map[string]func(*desk.Opening){
		"e-mail address": func(o *desk.Opening) { o.Customer.Email = "" }, "key": func(o *desk.Opening) { o.Key = "" },
	} {
		o := opening("press-1")
		change(&o)
		if _, err := c.Open(t.Context(), o); !isRefused(err) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*desk.Refused](err)
	return ok
}

func TestWhatCannotBeWrittenIsRefusedBeforeItIsSent(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	calls := 0
	fake.Before = func(r *http.Request) {
		if r.Method != http.MethodGet {
			calls++
		}
	}
	big := make([]byte, 11<<20)
	for _, w := range []desk.Write{
		{Kind: desk.WriteAssign, Agent: "ana"},
		{Kind: desk.WriteAssign, Agent: "-1"},
		{Kind: desk.WritePriority, Priority: "severe"},
		{Kind: desk.WritePriority},
		{Kind: desk.WriteStatus, Status: escalate.StatusGone},
		{Kind: "survey"},
		{Kind: desk.WriteNote, Key: "note-1", Text: "x", Files: []desk.Upload{{Name: "a", Body: big}, {Name: "b", Body: big}}},
	} {
		if r := refused(t, c, id, w); r.RetryAfter != 0 || r.Why == "" {
			t.Errorf("%+v", r)
		}
	}
	if calls != 0 {
		t.Errorf("%d calls were made all the same", calls)
	}
}

func TestTheAccountsOwnStatuses(t *testing.T) {
	fake := freshdesktest.New(&helpdesktest.Book{})
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	a := fake.Account("shop", server.URL)
	a.Settings["statuses"] = "6=pending, 7=on_hold,8=solved"
	k, err := freshdesk.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	id := fake.Open(ina, "")
	for number, want := range map[string]escalate.Status{
		"2": escalate.StatusOpen, "3": escalate.StatusPending, "4": escalate.StatusSolved, "5": escalate.StatusClosed, "6": escalate.StatusPending,
		"7": escalate.StatusOnHold, "8": escalate.StatusSolved, "9": escalate.StatusOpen,
	} {
		fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Status = number; return true })
		s, err := k.Read(t.Context(), id)
		if err != nil || s.Status != want {
			t.Errorf("%s: %v, %v; want %s", number, s.Status, err, want)
		}
	}
	if _, err := k.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOnHold}); err != nil {
		t.Error(err)
	}
	if held, _ := fake.Book.Ticket(id); held.Status != "7" {
		t.Errorf("on hold is written as %s", held.Status)
	}
	if _, err := k.Write(t.Context(), id, desk.Write{Kind: desk.WriteAssign}); err != nil {
		t.Errorf("unassign: %v", err)
	}
}
