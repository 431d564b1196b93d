package helpdesktest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

func readsWhole(c *contract) {
	t, f := c.t, c.Fixture
	const more = 120 // beyond any vendor's page
	id := f.Create(t, first)
	texts := []string{first.Text}
	for i := range more {
		texts = append(texts, fmt.Sprintf("Addition %d.", i+1))
		f.CustomerSays(t, id, texts[len(texts)-1])
	}
	s := read(t, f, id)
	want(t, "subject", s.Content.Subject, first.Subject)
	want(t, "customer", s.Content.Customer.Name, first.Name)
	want(t, "customer's e-mail", s.Content.Customer.Email, first.Email)
	want(t, "status", s.Status, escalate.StatusOpen)
	want(t, "has a stamp", s.Stamp != "", f.Desk.Limits().Stamps)
	var got []string
	ids := make(map[escalate.MessageID]bool)
	for i, m := range s.Content.Messages {
		got = append(got, strings.TrimSpace(m.Text))
		ids[m.ID] = true
		if m.Role != escalate.RoleCustomer || !m.Public || m.Marker != "" || m.At.IsZero() {
			t.Fatalf("message %d is not a customer's public message with a time: %+v", i, m)
		}
	}
	if !slices.Equal(got, texts) {
		t.Errorf("read %d messages, want all %d in order: %q", len(got), len(texts), got)
	}
	want(t, "distinct ids", len(ids), len(got))
}

func keepsNoteInternal(c *contract) {
	t, f := c.t, c.Fixture
	id := f.Create(t, first)
	note := desk.Write{Kind: desk.WriteNote, Key: "job-note-1", Text: "Summary for the team."}
	written := write(t, f, id, note)
	again := write(t, f, id, note)
	m := find(t, read(t, f, id), note.Key)
	want(t, "public", m.Public, false)
	want(t, "id", m.ID, written)
	want(t, "id of the repeat", again, written)
	want(t, "notes", f.Count(t, id, note.Text), 1)
}

func sendsReply(c *contract) {
	t, f := c.t, c.Fixture
	id := f.Create(t, first)
	written := write(t, f, id, desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: "Hold the button for five seconds."})
	byBot := find(t, read(t, f, id), "reply-1")
	want(t, "public", byBot.Public, true)
	want(t, "id", byBot.ID, written)
	want(t, "role", byBot.Role, escalate.RoleBot)

	write(t, f, id, desk.Write{Kind: desk.WriteReply, Key: "reply-2", Author: f.AgentName, Text: "I sent you a new one."})
	byPerson := find(t, read(t, f, id), "reply-2")
	want(t, "role of a person's reply", byPerson.Role, escalate.RoleAgent)
	want(t, "author", byPerson.Author, f.AgentName)
}

func readsBackText(c *contract) {
	t, f := c.t, c.Fixture
	const text = "Grüße <b>& \"Dank\"</b>\n\n  - un café, 5 €\n  - 東京 👋🏽\n<!channel> {{name}}"
	id := f.Create(t, first)
	write(t, f, id, desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: text})
	want(t, "text", find(t, read(t, f, id), "reply-1").Text, text)
}

func addsTags(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowTags)
	id := f.Create(t, first)
	tags := func(add ...string) { write(t, f, id, desk.Write{Kind: desk.WriteTags, Key: "job-tags", Tags: add}) }
	tags("refund")
	tags("vip", "refund")
	got := slices.Sorted(slices.Values(read(t, f, id).Content.Tags))
	if wanted := []string{"refund", "vip"}; !slices.Equal(got, wanted) {
		t.Errorf("tags: got %q, want %q", got, wanted)
	}
}

func takesTags(c *contract) {
	t, f := c.t, c.Fixture
	from, ok := c.Desk.(desk.Untagger)
	if !ok {
		t.Skip("SKIPPED: it takes no tags from tickets; a connector with Untag would be held to it here")
	}
	id := f.Create(t, first)
	write(t, f, id, desk.Write{Kind: desk.WriteTags, Key: "job-tags", Tags: []string{"refund", "no-updates"}})
	for range 2 { // the same again is the same as once
		if err := from.Untag(t.Context(), id, []string{"no-updates", "never-there"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, f, id).Content.Tags; !slices.Equal(got, []string{"refund"}) {
		t.Errorf("tags: got %q, want refund alone", got)
	}
}

func setsFields(c *contract) {
	t, f := c.t, c.Fixture
	id := f.Create(t, first)
	for _, status := range []escalate.Status{escalate.StatusPending, escalate.StatusSolved, escalate.StatusOpen} {
		write(t, f, id, desk.Write{Kind: desk.WriteStatus, Key: "job-status", Status: status})
		want(t, "status", read(t, f, id).Status, status)
	}
	able(c, helpdesk.RowAssign)
	for range 2 { // a repeat is harmless
		write(t, f, id, desk.Write{Kind: desk.WriteAssign, Key: "job-assign", Agent: f.Agent})
	}
	want(t, "assignee", read(t, f, id).Assignee, f.Agent)
}

func findsAgent(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowAgents)
	got, err := f.Desk.AgentByEmail(t.Context(), f.AgentEmail)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "agent", got, f.Agent)
	_, err = f.Desk.AgentByEmail(t.Context(), "nobody@nowhere.example")
	wantNotFound(t, "agent nobody", err)
}

func findsChanges(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowPoll)
	f.Create(t, first) // before go-live: never told of
	notices, live, err := f.Changes(t.Context(), "")
	if err != nil || len(notices) != 0 || live == "" {
		t.Fatalf("changes from now: got %d notices, cursor %q, %v; want none and a cursor", len(notices), live, err)
	}
	const tickets = 150 // beyond one page
	wanted := make(map[escalate.Ref]bool)
	for range tickets {
		wanted[escalate.Ref{Desk: f.Name, ID: f.Create(t, first)}] = true
	}
	seen, end := follow(t, f, live)
	got := make(map[escalate.Ref]bool)
	for _, n := range seen {
		got[n.Ref] = true
	}
	want(t, "tickets found", len(got), tickets)
	for ref := range wanted {
		if !got[ref] {
			t.Errorf("the feed lacks ticket %v", ref)
		}
	}
	overlap, _ := follow(t, f, live)
	if !slices.Equal(overlap, seen) {
		t.Error("the same cursor does not give the same notices and deliveries again")
	}
	rest, _ := follow(t, f, end)
	if rest = slices.DeleteFunc(rest, func(n desk.Notice) bool { return slices.Contains(seen, n) }); len(rest) != 0 {
		t.Errorf("%d new notices behind the end, want none", len(rest))
	}
}

// follow reads the feed from a cursor to its end.
func follow(t *testing.T, f Fixture, cursor string) (all []desk.Notice, end string) {
	t.Helper()
	for range 1000 {
		notices, next, err := f.Changes(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			if n.Delivery == "" {
				t.Fatalf("notice without a delivery: %+v", n)
			}
		}
		all = append(all, notices...)
		if next == cursor {
			return all, cursor
		}
		cursor = next
	}
	t.Fatal("the feed has no end")
	return nil, ""
}
