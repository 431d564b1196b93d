package jira_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira/jiratest"
)

func opening(key string, who escalate.Customer) desk.Opening {
	return desk.Opening{
		Key: key, Subject: "Lamp stays\ndark", Text: "It does *not* charge [at all].", Customer: who, Tags: []string{escalate.TagEscalated},
	}
}

var uma = escalate.Customer{Name: "Uma Stein", Email: "uma@customer.example"}

func (w *world) opens(o desk.Opening) string {
	w.t.Helper()
	id, err := w.Open(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// Who has no account in Jira gets one, and is made the project's customer.
func TestARequestIsOpenedForWhoeverItIsFor(t *testing.T) {
	w := site(t, nil)
	for _, who := range []escalate.Customer{ina, uma, {Email: "kim@customer.example"}} {
		id := w.opens(opening("press-"+who.Email[:3], who))
		s, err := w.Read(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "customer", s.Content.Customer.Email, who.Email)
		want(t, "subject", s.Content.Subject, "Lamp stays dark")
		want(t, "text", s.Content.Messages[0].Text, "It does *not* charge [at all].")
		if again := w.opens(opening("press-"+who.Email[:3], who)); again != id {
			t.Errorf("again: %s, want %s", again, id)
		}
	}
}

func TestARequestWhoseAnswerWasLostIsFoundByItsReference(t *testing.T) {
	w := site(t, nil)
	server := httptest.NewServer(breaking(w.fake, http.MethodPost, "/servicedeskapi/request", true))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Connector = w.connect()
	_, err := w.Open(t.Context(), opening("press-1", uma))
	if err == nil || isRefused(err) {
		t.Fatalf("got %v, want an error that leaves it open", err)
	}
	for range 130 { // beyond the first page
		w.fake.Open(uma, "Another", "Something else.")
	}
	made := len(w.fake.Book.Tickets(nil))
	w.opens(opening("press-1", uma))
	want(t, "requests", len(w.fake.Book.Tickets(nil)), made)
}

// The labels come with a second call: when it fails, the request is there all the same.
func TestARequestWithoutItsLabelsYetIsLeftOpen(t *testing.T) {
	w := site(t, nil)
	server := httptest.NewServer(breaking(w.fake, http.MethodPut, "/10002", false))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Connector = w.connect()
	if _, err := w.Open(t.Context(), opening("press-1", ina)); err == nil || isRefused(err) {
		t.Fatalf("got %v, want an error that leaves it open", err)
	}
	id := w.opens(opening("press-1", ina))
	held, _ := w.fake.Book.Ticket(id)
	if len(w.fake.Book.Tickets(nil)) != 2 || len(held.Tags) != 1 {
		t.Errorf("%d requests, labels %q; want two and one", len(w.fake.Book.Tickets(nil)), held.Tags)
	}
}

func TestARequestTypeIsChosenThatAsksForNoMoreThanThereIs(t *testing.T) {
	for name, says := range map[string]string{
		"": "", "get HELP": "", "Report a fault": "", "Order something": "Customfield_10044", "Call me": "no description", "For yourself": "agent of the project",
		"Nothing": "request_type",
	} {
		w := site(t, nil, "request_type", name)
		_, err := w.Open(t.Context(), opening("press-1", ina))
		if says == "" {
			if err != nil {
				t.Errorf("%q: %v", name, err)
			}
			continue
		}
		if want(t, "requests after "+name, len(w.fake.Book.Tickets(nil)), 1); !isRefused(err) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, want a refusal that says %q", name, err, says)
		}
	}
	w := site(t, func(f *jiratest.Fake) { f.Types = f.Types[:3] })
	_, err := w.Open(t.Context(), opening("press-1", ina))
	wantRefused(t, err, "project SUP", "make one")
}

func TestACustomerWhomWeMayNotAddIsNamed(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.Lacks = map[string]bool{"ADMINISTER": true} })
	_, err := w.Open(t.Context(), opening("press-1", uma))
	wantRefused(t, err, "add uma@customer.example as a customer of project SUP")
	w.opens(opening("press-1", ina)) // who is one
}

func TestARequestForNobodyIsRefused(t *testing.T) {
	w := site(t, nil)
	before := len(w.fake.Requests())
	for name, change := range map[string]func(*desk.Opening){
		"e-mail address": func(o *desk.Opening) { o.Customer.Email = "" }, "key": func(o *desk.Opening) { o.Key = "" },
	} {
		o := opening("press-1", ina)
		change(&o)
		if _, err := w.Open(t.Context(), o); !isRefused(err) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	want(t, "calls", len(w.fake.Requests()), before)
}

// A reference in a description is ours only when it says that it opened a request.
func TestAReferenceInADescriptionIsTheCustomersUnlessItOpened(t *testing.T) {
	w := site(t, nil)
	w.change(func(t *helpdesktest.Ticket) { t.Messages[0].Body = jiratest.ADF("See:\n\n[ref:reply-1:b]") })
	want(t, "text", w.read().Content.Messages[0].Text, "See:\n\n[ref:reply-1:b]")
	if m := w.read().Content.Messages[0]; m.Marker != "" || m.Role != escalate.RoleCustomer {
		t.Errorf("it reads as %+v", m)
	}
}
