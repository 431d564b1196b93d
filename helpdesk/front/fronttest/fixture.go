package fronttest

import (
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Create opens a conversation as its customer.
func (f *Fake) Create(o helpdesktest.Opening) string {
	t := f.book.Open(helpdesktest.Ticket{Subject: o.Subject, Customer: escalate.Customer{Name: o.Name, Email: o.Email}})
	f.Says(t.ID, o.Text, nil)
	return t.ID
}

// Says adds a message of the customer's, which opens the conversation again.
func (f *Fake) Says(ticket, text string, files []desk.Upload) bool {
	_, ok := f.book.Add(ticket, helpdesktest.Message{
		ID: "msg_" + base36(f.book.Next()), Role: escalate.RoleCustomer, Public: true, Body: richtext.HTML(text), Files: files,
	})
	f.book.Change(ticket, func(t *helpdesktest.Ticket) bool {
		if t.Status != "archived" {
			return false
		}
		t.Status = "open"
		delete(t.Extra, "status_id")
		return true
	})
	return ok
}

// Put adds a message or comment as it is, with an id of the right kind.
func (f *Fake) Put(ticket string, m helpdesktest.Message) helpdesktest.Message {
	kind := map[bool]string{true: "msg_", false: "com_"}[m.Public]
	m.ID = kind + base36(f.book.Next())
	m, _ = f.book.Add(ticket, m)
	return m
}

// Merge merges one conversation into another.
func (f *Fake) Merge(from, into string) {
	f.change(from, "conversations_merged", func(t *helpdesktest.Ticket) { t.Merged = into })
}

// Holds are the messages and comments with a text, as the account holds them, sent or not.
func (f *Fake) Holds(ticket, text string) (all []helpdesktest.Message) {
	t, _ := f.book.Ticket(ticket)
	for _, m := range t.Messages {
		plain := richtext.Text(m.Body)
		if isComment(&m) {
			plain = richtext.TextOfMarkdown(m.Body)
		}
		rest, _ := helpdesk.CutRef(plain)
		rest, _, _ = strings.Cut(rest, "\n\n— ")
		if rest == text {
			all = append(all, m)
		}
	}
	return all
}

// Fixture is the contract's way to act in the fake.
func (f *Fake) Fixture(c helpdesk.Connector) helpdesktest.Fixture {
	f.mu.Lock()
	name := f.name
	f.mu.Unlock()
	a := f.book.Agents[0]
	return helpdesktest.Fixture{
		Desk: c, Name: name, Changes: c.Changes,
		Create: func(_ testing.TB, o helpdesktest.Opening) string { return f.Create(o) },
		CustomerSays: func(t *testing.T, ticket, text string) {
			t.Helper()
			f.says(t, ticket, text, nil)
		},
		CustomerSends: f.says,
		Count:         func(_ *testing.T, ticket, text string) int { return len(f.Holds(ticket, text)) },
		FilesOf: func(_ *testing.T, ticket, text string) (all []desk.Upload) {
			for _, m := range f.Holds(ticket, text) {
				all = append(all, m.Files...)
			}
			return all
		},
		Brand: func(_ *testing.T, ticket string, n int) string {
			name := []string{"North Lamps", "South Lamps"}[n]
			f.book.SetBrand(ticket, name)
			return name
		},
		Value: func(_ *testing.T, ticket, typed string) { f.book.SetValue(ticket, typed) },
		Merge: func(_ *testing.T, from, into string) { f.Merge(from, into) },
		Number: func(_ *testing.T, ticket string) string {
			t, _ := f.book.Ticket(ticket)
			return strings.Join(f.ticketIDs(&t), "")
		},
		Macros: f.macros(), Articles: f.articles(),
		Agent: escalate.AgentID(a.ID), AgentName: a.Name, AgentEmail: strings.ToUpper(a.Email), Missing: "cnv_404404",
	}
}

func (f *Fake) says(t *testing.T, ticket, text string, files []desk.Upload) {
	t.Helper()
	if !f.Says(ticket, text, files) {
		t.Fatalf("there is no conversation %s", ticket)
	}
}

func (f *Fake) macros() (all []helpdesk.Macro) {
	for _, t := range f.library {
		if t.Owner == "" {
			all = append(all, helpdesk.Macro{ID: t.ID, Title: t.Name, Body: richtext.Text(t.Body)})
		}
	}
	return all
}

// articles are those that everybody may read.
func (f *Fake) articles() (all []helpdesk.Article) {
	for _, a := range f.bases[1].Articles {
		for _, locale := range []string{"en", "es"} {
			c, ok := a.In[locale]
			if !ok || c.Status != "published" || a.Category == "kbc_9" {
				continue
			}
			all = append(all, helpdesk.Article{
				ID: a.ID + ":" + locale, Title: c.Name, Body: richtext.Text(c.HTML), Lang: locale,
				URL: "https://help.shop.example/" + locale + a.Slug,
			})
		}
	}
	return all
}
