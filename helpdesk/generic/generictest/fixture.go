package generictest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// moment is how much time goes by with everything that somebody does: a list tells of a change once its second is over.
const moment = 4 * time.Second

// Fixture is the account with what somebody may do in it, for helpdesktest.Run.
func (f *Fake) Fixture(c helpdesk.Connector) helpdesktest.Fixture {
	agent := f.Book.Agents[0]
	fixture := helpdesktest.Fixture{
		Desk: c, Name: "shop", Changes: c.Changes,
		Create: func(tb testing.TB, o helpdesktest.Opening) string {
			tb.Helper()
			defer f.Pass(moment)
			return f.Open(o, "mail")
		},
		CustomerSays: func(t *testing.T, ticket, text string) { t.Helper(); f.customer(ticket, text, nil) },
		CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
			t.Helper()
			f.customer(ticket, text, files)
		},
		Count: func(t *testing.T, ticket, text string) int { t.Helper(); return f.Count(ticket, text) },
		Due:   func(t *testing.T, ticket string) desk.Deadlines { t.Helper(); return f.due(ticket) },
		Merge: func(t *testing.T, from, into string) { t.Helper(); f.Merge(from, into) },
		Agent: escalate.AgentID(agent.ID), AgentName: agent.Name, AgentEmail: "ANA@shop.example", Missing: "CS-404404",
	}
	if f.poor {
		fixture.Missing = "404404"
	} else {
		fixture.CustomerEdits = f.edit
		fixture.Brand = func(_ *testing.T, ticket string, n int) string {
			name := []string{"North Lamps", "South Lamps"}[n]
			f.Book.SetBrand(ticket, name)
			return name
		}
		fixture.Value = func(_ *testing.T, ticket, typed string) { f.Book.SetValue(ticket, typed) }
		fixture.Number = func(_ *testing.T, ticket string) string {
			t, _ := f.Book.Ticket(ticket)
			return Code(&t)
		}
	}
	return fixture
}

// Count is how many messages and notes have a text and nothing else but a reference of ours.
func (f *Fake) Count(ticket, text string) (n int) {
	t, _ := f.Book.Ticket(ticket)
	for _, m := range t.Messages {
		if rest, _ := helpdesk.CutRef(f.plain(m.Body)); rest == text {
			n++
		}
	}
	return n
}

func (f *Fake) customer(ticket, text string, files []desk.Upload) {
	t, _ := f.Book.Ticket(ticket)
	f.Says(ticket, helpdesktest.Message{Role: escalate.RoleCustomer, Author: t.Customer.Email, Public: true, Body: f.body(text), Files: files})
	f.Pass(moment)
}

func (f *Fake) edit(t *testing.T, ticket, text string) {
	t.Helper()
	f.Pass(moment)
	f.Book.Change(ticket, func(one *helpdesktest.Ticket) bool {
		m := &one.Messages[len(one.Messages)-1]
		m.Body, m.Edited = f.body(text), f.Book.Now()
		return true
	})
}

func (f *Fake) due(ticket string) desk.Deadlines {
	at := f.Book.Now().Truncate(time.Second)
	due := desk.Deadlines{FirstResponse: at.Add(time.Hour), NextResponse: at.Add(2 * time.Hour), Resolution: at.Add(8 * time.Hour)}
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Due = due; return true })
	return due
}

// Hook is a genuine webhook about a ticket, signed as the helpdesk does.
func (f *Fake) Hook(secret, delivery string, at time.Time, ticket string) (http.Header, []byte) {
	if f.poor {
		nr, _ := f.Book.Ticket(ticket)
		body, _ := json.Marshal(object{"ticket": nr.Number, "what": "post"}) // cannot fail
		return Signed(secret, delivery, body), body
	}
	t, _ := f.Book.Ticket(ticket)
	body, _ := json.Marshal(object{"event": "case.changed", "case": object{"id": t.ID, "channel": t.Channel, "subject": t.Subject, "owner": nil}}) // cannot fail
	header := http.Header{}
	if err := helpdesk.SignWebhook(header, secret, delivery, at, body); err != nil {
		panic(err) // a secret in another form
	}
	return header, body
}

// Signed are the headers of a body that the poor helpdesk sends.
func Signed(secret, delivery string, body []byte) http.Header {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	header := http.Header{}
	header.Set("X-Desk-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	header.Set("X-Desk-Delivery", delivery)
	return header
}
