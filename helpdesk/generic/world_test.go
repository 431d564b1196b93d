package generic_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

var ina = helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp stays dark", Text: "It does not charge."}

func read(t *testing.T, c helpdesk.Connector, ticket string) *desk.Snapshot {
	t.Helper()
	s, err := c.Read(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// last is the last message of a ticket.
func last(t *testing.T, c helpdesk.Connector, ticket string) escalate.Message {
	t.Helper()
	all := read(t, c, ticket).Content.Messages
	return all[len(all)-1]
}

func write(t *testing.T, c helpdesk.Connector, ticket string, w desk.Write) escalate.MessageID {
	t.Helper()
	id, err := c.Write(t.Context(), ticket, w)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func readJSON(r *http.Request, into any) {
	_ = json.NewDecoder(r.Body).Decode(into) // what is none stays empty, and shows
}
