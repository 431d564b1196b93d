package requesttracker_test

import (
	"errors"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/requesttracker"
)

var ina = helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp stays dark", Text: "It does not charge."}

const answerText = "Hold the button for five seconds."

func answerOf(key string) desk.Write {
	return desk.Write{Kind: desk.WriteReply, Key: key, Text: answerText}
}

func read(t *testing.T, c *requesttracker.Connector, ticket string) *desk.Snapshot {
	t.Helper()
	s, err := c.Read(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// last is the newest message of a ticket.
func last(t *testing.T, c *requesttracker.Connector, ticket string) escalate.Message {
	t.Helper()
	all := read(t, c, ticket).Content.Messages
	return all[len(all)-1]
}

func write(t *testing.T, c *requesttracker.Connector, ticket string, w desk.Write) escalate.MessageID {
	t.Helper()
	m, err := c.Write(t.Context(), ticket, w)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// refused is the refusal that a write met.
func refused(t *testing.T, c *requesttracker.Connector, ticket string, w desk.Write) *desk.Refused {
	t.Helper()
	_, err := c.Write(t.Context(), ticket, w)
	r, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		t.Fatalf("got %v, want a *desk.Refused", err)
	}
	return r
}
