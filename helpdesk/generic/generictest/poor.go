package generictest

import (
	"net/http"
	"strconv"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

func (f *Fake) poorTicket(w http.ResponseWriter, r *http.Request) {
	t, ok := f.known(r.URL.Query().Get("nr"))
	if !ok {
		refuse(w, http.StatusNotFound, "no such ticket")
		return
	}
	posts := []object{}
	for i := range t.Messages {
		m := &t.Messages[i]
		name, _ := f.name(&t, m)
		hidden := 1
		if m.Public {
			hidden = 0
		}
		by := map[escalate.Role]string{escalate.RoleCustomer: "customer", escalate.RoleAgent: "team", escalate.RoleBot: "bot"}[m.Role]
		nr, _ := strconv.Atoi(m.ID)
		posts = append(posts, object{"nr": nr, "hidden": hidden, "by": by, "who": name, "text": m.Body, "ts": m.At.Unix(), "ip": nil})
	}
	state, _ := strconv.Atoi(t.Status)
	answer(w, object{"ticket": object{"nr": t.Number, "title": t.Subject, "state": state, "customer": t.Customer.Name, "mail": t.Customer.Email, "posts": posts}})
}

// poorPost adds a post, and does not say which. What is not hidden is seen.
func (f *Fake) poorPost(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Ticket int64  `json:"ticket"`
		Hidden int    `json:"hidden"`
		Text   string `json:"text"`
	}
	if !take(w, r, &in) {
		return
	}
	if in.Text == "" {
		refuse(w, http.StatusBadRequest, "text is empty")
		return
	}
	_, ok := f.Book.Add(strconv.FormatInt(in.Ticket, 10), helpdesktest.Message{Role: escalate.RoleBot, Author: Me.Email, Public: in.Hidden != 1, Body: in.Text})
	f.poorDone(w, ok)
}

func (f *Fake) poorState(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Ticket int64 `json:"ticket"`
		State  *int  `json:"state"`
	}
	if !take(w, r, &in) {
		return
	}
	if in.State == nil || *in.State < 0 || *in.State > 2 {
		refuse(w, http.StatusBadRequest, "no such state")
		return
	}
	_, ok := f.Book.Change(strconv.FormatInt(in.Ticket, 10), func(t *helpdesktest.Ticket) bool {
		t.Status = strconv.Itoa(*in.State)
		return true
	})
	f.poorDone(w, ok)
}

func (f *Fake) poorDone(w http.ResponseWriter, ok bool) {
	if !ok {
		refuse(w, http.StatusNotFound, "no such ticket")
		return
	}
	answer(w, object{"ok": true})
}

// body is a text as the helpdesk keeps it.
func (f *Fake) body(text string) string {
	if f.poor {
		return text
	}
	return richtext.HTML(text)
}

// plain is the other way.
func (f *Fake) plain(body string) string {
	if f.poor {
		return body
	}
	return richtext.Text(body)
}
