package gorgias_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

var ina = helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp stays dark", Text: "It does not charge."}

const answerText = "Hold the button for five seconds."

func answerOf(key string) desk.Write {
	return desk.Write{Kind: desk.WriteReply, Key: key, Text: answerText}
}

func read(t *testing.T, c *gorgias.Connector, ticket string) *desk.Snapshot {
	t.Helper()
	s, err := c.Read(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// last is the newest message of a ticket.
func last(t *testing.T, c *gorgias.Connector, ticket string) escalate.Message {
	t.Helper()
	all := read(t, c, ticket).Content.Messages
	return all[len(all)-1]
}

func write(t *testing.T, c *gorgias.Connector, ticket string, w desk.Write) escalate.MessageID {
	t.Helper()
	m, err := c.Write(t.Context(), ticket, w)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// refused is the refusal that a write met.
func refused(t *testing.T, c *gorgias.Connector, ticket string, w desk.Write) *desk.Refused {
	t.Helper()
	_, err := c.Write(t.Context(), ticket, w)
	return refusal(t, err)
}

func refusal(t *testing.T, err error) *desk.Refused {
	t.Helper()
	r, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		t.Fatalf("got %v, want a *desk.Refused", err)
	}
	return r
}

// direct hands requests to a handler without a network, so that they pass through a bubble of fake time.
type direct struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	res := w.Result()
	res.Request = r
	return res, nil
}

// bubble connects to a fake account within synctest. It is to be called in the bubble.
func bubble(t *testing.T, change func(*gorgiastest.Fake)) (*gorgiastest.Fake, *gorgias.Connector) {
	t.Helper()
	fake := gorgiastest.New(&helpdesktest.Book{})
	if change != nil {
		change(fake)
	}
	a := fake.Account("shop", "http://127.0.0.1:1")
	a.Client = &http.Client{Transport: direct{ourReading.Hold(t, fake)}}
	k, err := gorgias.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := k.(*gorgias.Connector)
	if !ok {
		t.Fatalf("the vendor connects a %T", k)
	}
	return fake, c
}
