package zendesktest

import (
	"crypto/sha256"
	"io"
	"net/http"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

// idempotent is a ticket that was made with an Idempotency-Key.
type idempotent struct {
	body   [32]byte
	ticket string
	at     time.Time
}

// createTicket makes a ticket, once for each Idempotency-Key within two hours.
func (f *Fake) createTicket(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	var in struct {
		Ticket ticketIn `json:"ticket"`
	}
	if !read(w, r, &in) {
		return
	}
	key := r.Header.Get("Idempotency-Key")
	f.mu.Lock()
	before, again := f.opened[key]
	f.mu.Unlock()
	if again = again && key != "" && f.now().Sub(before.at) < 2*time.Hour; again {
		f.openedBefore(w, before, sha256.Sum256(body))
		return
	}
	w.Header().Set("X-Idempotency-Lookup", "miss")
	requester, known := f.whose(in.Ticket.Requester.String())
	if why := f.invalid(&in.Ticket); why != "" || in.Ticket.Comment == nil || !known {
		recordInvalid(w, or(why, "Requester or comment: is missing"))
		return
	}
	t := f.openTicket(&in.Ticket, requester)
	f.mu.Lock()
	f.opened[key] = idempotent{sha256.Sum256(body), t.ID, f.now()}
	f.mu.Unlock()
	answer(w, http.StatusCreated, map[string]any{"ticket": f.ticketJSON(&t, false), "audit": f.auditJSON(&t, nil)})
}

func (f *Fake) openedBefore(w http.ResponseWriter, before idempotent, body [32]byte) {
	w.Header().Set("X-Idempotency-Lookup", "hit")
	if before.body != body {
		problem(w, http.StatusBadRequest, "IdempotentRequestError", "The request's parameters differ from those of the first")
		return
	}
	t, _ := f.book.Ticket(before.ticket)
	answer(w, http.StatusCreated, map[string]any{"ticket": f.ticketJSON(&t, false)})
}

func (f *Fake) openTicket(in *ticketIn, requester string) helpdesktest.Ticket {
	f.mu.Lock()
	p := f.people[strings.ToLower(requester)]
	f.mu.Unlock()
	t := helpdesktest.Ticket{
		Subject: in.Subject, Status: "new", Channel: "api", Tags: in.Tags, Customer: escalate.Customer{Name: p.name, Email: requester},
		Extra: map[string]any{"external_id": in.ExternalID},
	}
	m, _ := f.written(in, &t)
	if author, ok := f.whose(in.Submitter.String()); ok {
		m.Author = author // the submitter always becomes the author of the first comment
	}
	m.At = f.now()
	t.Messages = []helpdesktest.Message{*m}
	return f.book.Open(t)
}
