package helpscouttest

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// moment is how much time goes by with everything that somebody does: a list tells of a change once its second is over, and of the
// second before where it begins once more.
const moment = 4 * time.Second

// Fixture is the account with what somebody may do in it, for helpdesktest.Run. It fills the account with saved replies and articles.
func (f *Fake) Fixture(c helpdesk.Connector) helpdesktest.Fixture {
	macros, articles := f.fill()
	agent := f.Book.Agents[0]
	return helpdesktest.Fixture{
		Desk: c, Name: "shop", Changes: c.Changes,
		Create: func(tb testing.TB, o helpdesktest.Opening) string {
			tb.Helper()
			defer f.Pass(moment)
			return f.Open(o, "email")
		},
		CustomerSays: func(t *testing.T, ticket, text string) {
			t.Helper()
			f.customerSays(ticket, text, nil)
		},
		CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
			t.Helper()
			f.customerSays(ticket, text, files)
		},
		Count: func(t *testing.T, ticket, text string) int {
			t.Helper()
			return len(f.with(ticket, text))
		},
		FilesOf: func(t *testing.T, ticket, text string) (files []desk.Upload) {
			t.Helper()
			for _, m := range f.with(ticket, text) {
				files = append(files, m.Files...)
			}
			return files
		},
		Number: func(_ *testing.T, ticket string) string {
			t, _ := f.Book.Ticket(ticket)
			return strconv.FormatInt(numberOf(&t), 10)
		},
		Brand: func(t *testing.T, ticket string, n int) string {
			t.Helper()
			m := f.Mailboxes[n+1]
			f.Move(ticket, strconv.FormatInt(m.ID, 10))
			return m.Name
		},
		Value: func(t *testing.T, ticket, typed string) {
			t.Helper()
			f.Book.SetValue(ticket, typed)
		},
		Merge: func(t *testing.T, from, into string) {
			t.Helper()
			f.Merge(from, into)
		},
		Macros: macros, Articles: articles,
		Agent: escalate.AgentID(agent.ID), AgentName: agent.Name, AgentEmail: "ANA@shop.example", Missing: "404404",
	}
}

func (f *Fake) customerSays(ticket, text string, files []desk.Upload) {
	t, _ := f.Book.Ticket(ticket)
	f.Says(ticket, helpdesktest.Message{Role: escalate.RoleCustomer, Author: t.Customer.Email, Public: true, Body: richtext.HTML(text), Files: files}, "")
	f.Pass(moment)
}

// with are the threads of a conversation that hold a text and no other but a reference of ours.
func (f *Fake) with(ticket, text string) (out []helpdesktest.Message) {
	t, _ := f.Book.Ticket(ticket)
	for _, m := range t.Messages {
		if rest, _ := helpdesk.CutRef(richtext.Text(m.Body)); rest == text {
			out = append(out, m)
		}
	}
	return out
}

// fill gives the account saved replies and Docs, of which not everything is for everybody, and returns what is.
func (f *Fake) fill() ([]helpdesk.Macro, []helpdesk.Article) { return f.fillInboxes(), f.fillDocs() }

func (f *Fake) fillInboxes() []helpdesk.Macro {
	many := Mailbox{ID: 100, Name: "Sales"}
	macros := []helpdesk.Macro{
		{ID: "234567", Title: "Opening hours", Body: "Hi {%customer.firstName,fallback=there%},\n\nwe are open from 9 to 5."},
		{ID: "345678", Title: "In chats", Body: "One moment, please."},
	}
	for i := range int64(45) { // beyond what is read at once
		many.Replies = append(many.Replies, SavedReply{ID: 500000 + i, Name: "Part", HTML: "Number."})
		macros = append(macros, helpdesk.Macro{ID: strconv.FormatInt(500000+i, 10), Title: "Part", Body: "Number."})
	}
	f.Mailboxes = []Mailbox{
		{ID: 9, Name: "Empty"},
		{ID: 85, Name: "Support", Replies: []SavedReply{
			{ID: 234567, Name: "Opening hours", HTML: "Hi {%customer.firstName,fallback=there%},<br /><br />we are open from <b>9 to 5</b>."},
			{ID: 345678, Name: "In chats", Chat: "One moment, please."},
		}},
		many,
	}
	return macros
}

// fillDocs makes sites of which two are open to everybody.
func (f *Fake) fillDocs() []helpdesk.Article {
	f.Sites = []Site{
		{ID: "site1", Status: "active", Public: true},
		{ID: "site2", Status: "active", Public: true, Restricted: true},
		{ID: "site3", Status: "active"},
		{ID: "site4", Status: "inactive", Public: true},
		{ID: "site5", Status: "active", Public: true, Restricted: false},
	}
	f.Collections = []Collection{
		{ID: "c1", Site: "site1", Visibility: "public", Articles: []Article{
			{ID: "a1", Name: "Charging", HTML: "<p>Hold the button.</p><ul><li>five seconds</li></ul>", Status: "published"},
			{ID: "a2", Name: "Draft", HTML: "<p>Not yet.</p>", Status: "notpublished"},
		}},
		{ID: "c2", Site: "site1", Visibility: "private", Articles: []Article{{ID: "b1", Name: "For users", HTML: "<p>Secret.</p>", Status: "published"}}},
	}
	for i, site := range []string{"site2", "site3", "site4"} {
		f.Collections = append(f.Collections, Collection{ID: fmt.Sprintf("c%d", i+3), Site: site, Visibility: "public", Articles: []Article{
			{ID: fmt.Sprintf("d%d", i), Name: "Behind a door", HTML: "<p>Secret.</p>", Status: "published"},
		}})
	}
	open := []helpdesk.Article{{ID: "a1", Title: "Charging", Body: "Hold the button.\n\n- five seconds", URL: "https://docs.shop.example/article/a1"}}
	last := Collection{ID: "c9", Site: "site5", Visibility: "public"}
	for i := range 45 {
		id := fmt.Sprintf("e%02d", i)
		last.Articles = append(last.Articles, Article{ID: id, Name: "Part", HTML: "<p>Number.</p>", Status: "published"})
		open = append(open, helpdesk.Article{ID: id, Title: "Part", Body: "Number.", URL: "https://docs.shop.example/article/" + id})
	}
	f.Collections = append(f.Collections, last)
	return open
}
