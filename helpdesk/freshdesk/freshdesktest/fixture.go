package freshdesktest

import (
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// moment is how much time goes by with everything that somebody does: a list tells of a change once its second is over.
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
			return f.Open(o, "1")
		},
		CustomerSays: func(t *testing.T, ticket, text string) {
			t.Helper()
			f.customer(ticket, text, nil)
		},
		CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
			t.Helper()
			f.customer(ticket, text, files)
		},
		Count: func(t *testing.T, ticket, text string) (n int) {
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
		Due: func(t *testing.T, ticket string) desk.Deadlines {
			t.Helper()
			return f.someDue(ticket)
		},
		Brand: func(t *testing.T, ticket string, n int) string {
			t.Helper()
			id := slices.Sorted(maps.Keys(Products))[n]
			f.Book.SetBrand(ticket, id)
			return Products[id]
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

func (f *Fake) someDue(ticket string) desk.Deadlines {
	at := f.now().Truncate(time.Second)
	due := desk.Deadlines{FirstResponse: at.Add(time.Hour), NextResponse: at.Add(2 * time.Hour), Resolution: at.Add(8 * time.Hour)}
	f.Due(ticket, due)
	return due
}

func (f *Fake) customer(ticket, text string, files []desk.Upload) {
	t, _ := f.Book.Ticket(ticket)
	f.Says(ticket, helpdesktest.Message{Role: escalate.RoleCustomer, Author: t.Customer.Email, Public: true, Body: richtext.HTML(text), Files: files}, 0)
	f.Pass(moment)
}

// with are the messages of a ticket that hold a text and no other but a reference of ours.
func (f *Fake) with(ticket, text string) []helpdesktest.Message {
	t, _ := f.Book.Ticket(ticket)
	held := f.Texts(ticket)
	var out []helpdesktest.Message
	for i, m := range t.Messages {
		if rest, _ := helpdesk.CutRef(held[i]); rest == text {
			out = append(out, m)
		}
	}
	return slices.Clip(out)
}

// fill gives the account canned responses and a help centre, of which not everything is for everybody, and returns what is.
func (f *Fake) fill() ([]helpdesk.Macro, []helpdesk.Article) {
	f.Canned = []CannedFolder{
		{ID: 9, Personal: true, Responses: []Canned{{ID: 90, Title: "Mine", HTML: "<p>My own words.</p>"}}},
		{ID: 31, Responses: []Canned{
			{ID: 310, Title: "Opening hours", HTML: "<p>Hi {{ticket.requester.name}},</p><p>we are open from <b>9 to 5</b>.</p>"},
			{ID: 311, Title: "Only me", HTML: "<p>Not for others.</p>", Visibility: 1},
		}},
		{ID: 100, Responses: []Canned{{ID: 1000, Title: "Refund", HTML: "<p>It takes five days.</p>", Visibility: 2}}},
	}
	public := func(id int64, title, html string) Article {
		return Article{ID: id, Title: title, HTML: html, Status: 2, Lang: "en"}
	}
	many := Folder{ID: 13, Visibility: 1}
	for i := range int64(130) { // beyond a page
		many.Articles = append(many.Articles, public(2000+i, "Part", "<p>Number.</p>"))
	}
	f.Categories = []Category{
		{ID: 1, Folders: []Folder{
			{ID: 11, Visibility: 1, Articles: []Article{public(101, "Charging", "<p>Hold the button.</p><ul><li>five seconds</li></ul>"), {ID: 102, Title: "Draft", HTML: "<p>Not yet.</p>", Status: 1}}, Folders: []Folder{
				{ID: 111, Visibility: 1, Articles: []Article{public(1110, "Deep", "<p>Below.</p>")}},
				{ID: 112, Visibility: 3, Articles: []Article{public(1120, "Agents below", "<p>Secret.</p>")}},
			}},
			{ID: 12, Visibility: 3, Articles: []Article{public(120, "For agents", "<p>Secret.</p>")}, Folders: []Folder{
				{ID: 121, Visibility: 1, Articles: []Article{public(1210, "Below agents", "<p>Secret.</p>")}},
			}},
			{ID: 14, Articles: []Article{public(140, "Nobody said", "<p>Secret.</p>")}},
		}},
		{ID: 2, Folders: []Folder{{ID: 15, Visibility: 2, Articles: []Article{public(150, "Signed in", "<p>Secret.</p>")}}, many}},
		{ID: 3},
	}
	macros := []helpdesk.Macro{
		{ID: "310", Title: "Opening hours", Body: "Hi {{ticket.requester.name}},\n\nwe are open from 9 to 5."}, {ID: "1000", Title: "Refund", Body: "It takes five days."},
	}
	return macros, f.publicArticles(many)
}

func (f *Fake) publicArticles(many Folder) []helpdesk.Article {
	article := func(id, title, body string) helpdesk.Article {
		return helpdesk.Article{ID: id, Title: title, Body: body, Lang: "en", URL: f.site + "/support/solutions/articles/" + id}
	}
	out := []helpdesk.Article{article("101", "Charging", "Hold the button.\n\n- five seconds"), article("1110", "Deep", "Below.")}
	for _, a := range many.Articles {
		out = append(out, article(strconv.FormatInt(a.ID, 10), a.Title, "Number."))
	}
	return out
}
