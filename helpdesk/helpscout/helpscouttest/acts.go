package helpscouttest

import (
	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Open opens a conversation as its customer and returns its id. Kind is "email" by default, or "chat".
func (f *Fake) Open(o helpdesktest.Opening, kind string) string {
	t := f.Book.Open(helpdesktest.Ticket{
		Subject: o.Subject, Status: "active", Channel: kind, Customer: escalate.Customer{Name: o.Name, Email: o.Email}, Extra: make(map[string]any),
	})
	f.customer(o.Name, o.Email)
	said := ""
	if kind == "chat" {
		said = "chat"
	}
	f.Says(t.ID, helpdesktest.Message{Role: escalate.RoleCustomer, Author: o.Email, Public: true, Body: richtext.HTML(o.Text)}, said)
	return t.ID
}

// Says adds a thread as whoever wrote it, of a kind of Help Scout's, which follows from who wrote it unless said. A customer's opens
// the conversation again.
func (f *Fake) Says(ticket string, m helpdesktest.Message, kind string) string {
	if m.Extra == nil {
		m.Extra = make(map[string]any)
	}
	if kind != "" {
		m.Extra[extraType] = kind
	}
	f.customer("", m.Author)
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool {
		f.touch(t)
		if m.Role == escalate.RoleCustomer {
			t.Status = "active"
		}
		return true
	})
	m, ok := f.Book.Add(ticket, m)
	if !ok {
		panic("helpscouttest: there is no conversation " + ticket)
	}
	return m.ID
}

// Draft adds a reply that a user has not sent.
func (f *Fake) Draft(ticket, user, html string) string {
	return f.Says(ticket, helpdesktest.Message{Role: escalate.RoleAgent, Author: user, Body: html, Extra: map[string]any{extraState: "draft"}}, "message")
}

// Workflow adds a reply that an automatic workflow sent.
func (f *Fake) Workflow(ticket, html string) string {
	return f.Says(ticket, helpdesktest.Message{
		Role: escalate.RoleAgent, Author: f.Book.Agents[0].ID, Public: true, Body: html, Extra: map[string]any{extraAction: "automatic-workflow"},
	}, "message")
}

// Robot adds a reply of Help Scout's own AI.
func (f *Fake) Robot(ticket, html string) string {
	return f.Says(ticket, helpdesktest.Message{Role: escalate.RoleBot, Public: true, Body: html, Extra: map[string]any{extraSystem: true}}, "message")
}

// Event adds what only the system tells.
func (f *Fake) Event(ticket string) string {
	return f.Says(ticket, helpdesktest.Message{Role: escalate.RoleAgent, Author: f.Book.Agents[0].ID}, "lineitem")
}

// Merge merges one conversation into another as a user does: what was said moves, and the first is there no more.
func (f *Fake) Merge(from, into string) {
	t, _ := f.Book.Change(from, func(t *helpdesktest.Ticket) bool { t.Merged = into; return true })
	for _, m := range t.Messages {
		m.ID = ""
		f.Book.Add(into, m)
	}
	f.Event(into)
}

// Delete deletes a conversation.
func (f *Fake) Delete(ticket string) {
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Deleted = true; return true })
}

// Team assigns a conversation to a team.
func (f *Fake) Team(ticket string) { f.extra(ticket, "team", 901) }

// Move moves a conversation to another inbox.
func (f *Fake) Move(ticket, inbox string) { f.extra(ticket, "mailbox", inbox) }

// State sets a conversation's state: "published", "draft" or "deleted".
func (f *Fake) State(ticket, state string) { f.extra(ticket, extraState, state) }

func (f *Fake) extra(ticket, name string, value any) {
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool {
		f.touch(t)
		t.Extra[name] = value
		return true
	})
}

// Said are the fields of the request that made a thread.
func (f *Fake) Said(ticket, thread string) map[string]any {
	t, _ := f.Book.Ticket(ticket)
	for _, m := range t.Messages {
		if m.ID == thread {
			said, _ := m.Extra[extraSaid].(map[string]any)
			return said
		}
	}
	return nil
}

// CustomerID is the id of whoever has an e-mail address.
func (f *Fake) CustomerID(email string) any { return f.customer("", email)["id"] }
