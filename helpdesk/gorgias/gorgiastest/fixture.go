package gorgiastest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// moment is how much time goes by with everything that somebody does: the poll tells of a change once its second is over.
const moment = 3 * time.Second

// Fixture is the account with what somebody may do in it, for helpdesktest.Run. It fills the account with macros and articles.
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
			f.Says(ticket, text)
		},
		CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
			t.Helper()
			f.Book.Add(ticket, f.incoming(ticket, text, files))
			f.Pass(moment)
		},
		Count: func(t *testing.T, ticket, text string) int {
			t.Helper()
			return len(f.with(ticket, text))
		},
		FilesOf: func(t *testing.T, ticket, text string) (all []desk.Upload) {
			t.Helper()
			for _, m := range f.with(ticket, text) {
				all = append(all, m.Files...)
			}
			return all
		},
		Brand: func(t *testing.T, ticket string, n int) string {
			t.Helper()
			name := []string{"North Lamps", "South Lamps"}[n]
			f.Book.SetBrand(ticket, name)
			return name
		},
		Macros: macros, Articles: articles,
		Agent: escalate.AgentID(agent.ID), AgentName: agent.Name, AgentEmail: strings.ToUpper(agent.Email[:1]) + agent.Email[1:], Missing: "404404",
	}
}

// Open opens a ticket as its customer, by a channel.
func (f *Fake) Open(o helpdesktest.Opening, channel string) string {
	t := f.Book.Open(helpdesktest.Ticket{
		Subject: o.Subject, Status: "open", Priority: "normal", Channel: channel, Customer: escalate.Customer{Name: o.Name, Email: o.Email},
	})
	f.Book.Add(t.ID, f.incoming(t.ID, o.Text, nil))
	return t.ID
}

// Says adds a message of a ticket's customer.
func (f *Fake) Says(ticket, text string) {
	f.Book.Add(ticket, f.incoming(ticket, text, nil))
	f.Pass(moment)
}

// incoming is a message of a ticket's customer. An e-mail quotes what was said before.
func (f *Fake) incoming(ticket, text string, files []desk.Upload) helpdesktest.Message {
	t, _ := f.Book.Ticket(ticket)
	meta := &Meta{Channel: t.Channel, Via: t.Channel, SaidPublic: true}
	from, to := t.Customer.Email, Inbox
	switch t.Channel {
	case "email":
		meta.Quoted = "\n\nOn Tuesday, Support wrote:\n> We are looking into it."
	case "contact_form", "help-center", "api":
		from, to = "", ""
	case "phone":
	default:
		from, to = "customer-of-"+t.Channel, "shop-at-"+t.Channel
	}
	if from != "" {
		meta.Source = map[string]any{
			"type": t.Channel, "from": map[string]any{"name": t.Customer.Name, "address": from}, "to": []any{map[string]any{"name": "", "address": to}},
			"cc": []any{}, "bcc": nil, "extra": nil,
		}
	}
	return helpdesktest.Message{
		Role: escalate.RoleCustomer, Author: t.Customer.Email, Public: true, Body: richtext.HTML(text), Files: files, Extra: map[string]any{extraMeta: meta},
	}
}

// Writes adds a message that somebody wrote in Gorgias itself.
func (f *Fake) Writes(ticket string, m helpdesktest.Message, meta Meta) string {
	meta.Channel = cmp.Or(meta.Channel, "email")
	meta.Via = cmp.Or(meta.Via, "helpdesk")
	meta.Sent = f.now()
	m.Extra = map[string]any{extraMeta: &meta}
	m, _ = f.Book.Add(ticket, m)
	return m.ID
}

// Trash puts a ticket into the trash, and Spam says that it is spam.
func (f *Fake) Trash(ticket string) { f.extra(ticket, extraTrashed, f.now()) }

// Spam says that a ticket is spam.
func (f *Fake) Spam(ticket string) { f.extra(ticket, extraSpam, true) }

func (f *Fake) extra(ticket, name string, value any) {
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool {
		if t.Extra == nil {
			t.Extra = make(map[string]any)
		}
		t.Extra[name] = value
		return true
	})
}

// Sent are the texts that a ticket's customer has got: neither what is internal, nor what was only imported, nor what failed.
func (f *Fake) Sent(ticket string) (out []string) {
	t, _ := f.Book.Ticket(ticket)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range t.Messages {
		if meta := metaOf(m); m.Public && !meta.Imported && !meta.Sent.IsZero() {
			out = append(out, richtext.Text(m.Body))
		}
	}
	return out
}

// Settle sends, or fails to send, all that waits on a ticket.
func (f *Fake) Settle(ticket string) {
	t, _ := f.Book.Ticket(ticket)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range t.Messages {
		meta := metaOf(m)
		meta.Looks += f.SendAfter
		f.deliver(meta)
	}
}

// Made is what a message was made with.
func (f *Fake) Made(ticket, message string) (m helpdesktest.Message, meta Meta) {
	t, _ := f.Book.Ticket(ticket)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range t.Messages {
		if one.ID == message {
			return one, *metaOf(one)
		}
	}
	return m, meta
}

// with are the messages of a ticket that hold a text and no other.
func (f *Fake) with(ticket, text string) []helpdesktest.Message {
	t, _ := f.Book.Ticket(ticket)
	return slices.DeleteFunc(t.Messages, func(m helpdesktest.Message) bool { return richtext.Text(m.Body) != text })
}

// signIn is a page that sends whoever reads it to sign in.
const signIn = "sign in"

// fill gives the account macros and a help centre, of which not everything is for everybody, and returns what is.
func (f *Fake) fill() (macros []helpdesk.Macro, articles []helpdesk.Article) {
	says := func(html, text string) []map[string]any {
		return []map[string]any{
			{"name": "addTags", "title": "Add tags", "arguments": map[string]any{"tags": "refund"}},
			{"name": "setResponseText", "title": "Add response text", "type": "user", "arguments": map[string]any{"body_html": html, "body_text": text}},
		}
	}
	f.Macros = []Macro{
		{ID: 310, Name: "Opening hours", Intent: "other/question", Actions: says("<div>Hi {{ticket.customer.firstname}},</div><div><br></div><div>we are open from <b>9 to 5</b>.</div>", "x")},
		{ID: 311, Name: "Only text", Actions: says("", "It takes five days.")},
		{ID: 312, Name: "Tags only", Actions: []map[string]any{{"name": "addTags", "arguments": map[string]any{"tags": "vip"}}}},
		{ID: 313, Name: "For the team", Actions: []map[string]any{{"name": "addInternalNote", "arguments": map[string]any{"body_html": "<p>Secret.</p>"}}}},
		{ID: 314, Name: "Odd", Actions: []map[string]any{{"name": "setResponseText", "arguments": []any{}}}},
	}
	macros = []helpdesk.Macro{
		{ID: "310", Title: "Opening hours", Topic: "other/question", Body: "Hi {{ticket.customer.firstname}},\n\nwe are open from 9 to 5."},
		{ID: "311", Title: "Only text", Body: "It takes five days."},
	}
	for i := range int64(130) { // beyond a page
		f.Macros = append(f.Macros, Macro{ID: 1000 + i, Name: "Thanks", Actions: says("<p>Thank you.</p>", "")})
		macros = append(macros, helpdesk.Macro{ID: strconv.FormatInt(1000+i, 10), Title: "Thanks", Body: "Thank you."})
	}
	index := []string{
		"# Shop help", "", "> What people ask.", "", "## Articles", "", "- [All articles](" + f.site + "/)",
		"- [Elsewhere](https://other.example/en-US/unlisted-5.md)", "- [Signed in only](" + f.site + "/en-US/secret-2.md)",
		"- [Gone](" + f.site + "/en-US/gone-3.md): it was here", "- [Everything](" + f.site + "/llms-full.txt)", "- [Page](" + f.site + "/en-US/page-4.md)",
	}
	f.Pages = map[string]string{"/en-US/secret-2.md": signIn, "/en-US/page-4.md": "<!DOCTYPE html><p>Sign in</p>", "/en-US/unlisted-5.md": "# Draft\n\nNot yet."}
	for i := range 25 { // beyond what is read at once
		path, title, lang := fmt.Sprintf("/en-US/part-%d", 100+i), fmt.Sprintf("Part %d", i), "en-US"
		if i == 24 {
			path, title, lang = "/fr/charger-124", "Charger", "fr"
		}
		index = append(index, "- ["+title+"]("+f.site+path+".md): what it is about")
		f.Pages[path+".md"] = "# " + title + "\n\nHold the **button**.\n\n- five seconds\n"
		articles = append(articles, helpdesk.Article{ID: path, Title: title, Body: "Hold the button.\n\n- five seconds", URL: f.site + path, Lang: lang})
	}
	f.Pages["/llms.txt"] = strings.Join(index, "\n") + "\n"
	return macros, articles
}
