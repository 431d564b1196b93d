package freshdesk_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// said is what matters of a message here.
type said struct {
	Role         escalate.Role
	Author, Text string
	Public, Auto bool
	Marker       string
}

func conversation(s *desk.Snapshot) (all []said) {
	for _, m := range s.Content.Messages {
		all = append(all, said{m.Role, m.Author, m.Text, m.Public, m.Auto, m.Marker})
	}
	return all
}

func TestWhoSaidWhat(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	ana := fake.Book.Agents[0]
	says := func(role escalate.Role, author string, public bool, source int, text string) {
		fake.Says(id, helpdesktest.Message{Role: role, Author: author, Public: public, Body: richtext.HTML(text)}, source)
	}
	says(escalate.RoleAgent, ana.ID, true, 0, "An agent's reply.")
	says(escalate.RoleAgent, ana.ID, false, 2, "An agent's note.")
	says(escalate.RoleAgent, ana.ID, true, 2, "An agent's public note.")
	says(escalate.RoleAgent, ana.ID, true, 8, "Forwarded to the workshop.")
	says(escalate.RoleParticipant, "workshop@else.example", false, 0, "The workshop's answer.")
	says(escalate.RoleParticipant, "lawyer@else.example", true, 0, "I write for Ms Berg.")
	says(escalate.RoleAgent, "43017739999", true, 0, "An agent who has left.")
	says(escalate.RoleAgent, freshdesktest.Me.ID, true, 0, "Typed by hand in our own account.")
	says(escalate.RoleAgent, ana.ID, true, 3, "Status changed.")
	says(escalate.RoleAgent, ana.ID, true, 4, "Received from a survey.")
	fake.Rule(id, "<p>We got your message.</p>")
	says(escalate.RoleCustomer, ina.Email, true, 0, "Thanks.")
	got := conversation(read(t, c, id))
	want := []said{
		{escalate.RoleCustomer, "Ina Berg", ina.Text, true, false, ""},
		{escalate.RoleAgent, "Ana Ruiz", "An agent's reply.", true, false, ""},
		{escalate.RoleAgent, "Ana Ruiz", "An agent's note.", false, false, ""},
		{escalate.RoleAgent, "Ana Ruiz", "An agent's public note.", true, false, ""},
		{escalate.RoleAgent, "Ana Ruiz", "Forwarded to the workshop.", false, false, ""},
		{escalate.RoleParticipant, "workshop", "The workshop's answer.", false, false, ""},
		{escalate.RoleParticipant, "lawyer", "I write for Ms Berg.", true, false, ""},
		{escalate.RoleAgent, "", "An agent who has left.", true, false, ""},
		{escalate.RoleAgent, "Warmline", "Typed by hand in our own account.", true, false, ""},
		{escalate.RoleBot, "Freshdesk", "We got your message.", true, true, ""},
		{escalate.RoleCustomer, "Ina Berg", "Thanks.", true, false, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestATicketThatAnAgentBeganIsNotTheCustomersWord(t *testing.T) {
	fake, c := account(t, nil)
	if m := read(t, c, fake.Open(ina, "10")).Content.Messages[0]; m.Role != escalate.RoleAgent || !m.Public {
		t.Errorf("it reads as %+v", m)
	}
}

func TestAReferenceCountsOnlyWhereWeCanHaveWrittenIt(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	ana := fake.Book.Agents[0]
	write(t, c, id, desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "Draft: Hold the button."})
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hold the button."})
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:2", Author: ana.Name, Text: "I sent a new one."})
	quote := func(role escalate.Role, author string, public bool, source int, text string) said {
		fake.Says(id, helpdesktest.Message{Role: role, Author: author, Public: public, Body: richtext.HTML(text)}, source)
		s := conversation(read(t, c, id))
		return s[len(s)-1]
	}
	for _, text := range []string{"Draft: Hold the button.\n\n[ref:note-1]", "Again:\n> Hold the button.\n>\n> [ref:reply:1]", "I sent a new one.\n\n[ref:reply:2]", "See\n\n[ref:reply:3:signed]"} {
		for _, got := range []said{
			quote(escalate.RoleAgent, ana.ID, true, 0, text), quote(escalate.RoleCustomer, ina.Email, true, 0, text),
			quote(escalate.RoleParticipant, "lawyer@else.example", true, 0, text), quote(escalate.RoleAgent, ana.ID, false, 2, text),
		} {
			if got.Marker != "" || got.Text != text {
				t.Errorf("%s passes for ours: %+v", got.Role, got)
			}
		}
	}
	for text, got := range map[string]said{
		"forwarded":   quote(escalate.RoleAgent, ana.ID, true, 8, "x\n\n[ref:reply:7]"),
		"public note": quote(escalate.RoleAgent, ana.ID, true, 2, "x\n\n[ref:reply:6]"),
		"a note":      quote(escalate.RoleAgent, ana.ID, false, 2, "x\n\n[ref:reply:8]"),
		"by customer": quote(escalate.RoleCustomer, ina.Email, true, 0, "x\n\n[ref:reply:9]"),
	} {
		if got.Marker != "" {
			t.Errorf("%s with a reference that nobody has sent passes for ours", text)
		}
	}
}

func TestAReplyWhoseAuthorIsNoAgentIsSigned(t *testing.T) {
	book := &helpdesktest.Book{Agents: []helpdesktest.Agent{
		{ID: "1", Name: "Kim Lee", Email: "kim@shop.example"}, {ID: "2", Name: "Kim Lee", Email: "kim.lee@shop.example"}, {ID: "3", Name: "Lea Sommer", Email: "lea@shop.example"},
	}}
	fake := freshdesktest.New(book)
	c := serve(t, fake)
	id := fake.Open(ina, "")
	for key, author := range map[string]string{"reply:1": "Kim Lee", "reply:2": "Nobody Here", "reply:3": freshdesktest.Me.Name, "reply:4": "Lea Sommer"} {
		const text = "Hello.\n\n— Not me"
		write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: key, Author: author, Text: text})
		s := conversation(read(t, c, id))
		if got, want := s[len(s)-1], (said{escalate.RoleAgent, author, text, true, false, key}); got != want {
			t.Errorf("%s: got %+v, want %+v", author, got, want)
		}
		texts := fake.Texts(id)
		seen := texts[len(texts)-1]
		want := text + "\n\n— " + author + "\n\n[ref:" + key + ":signed]"
		if author == "Lea Sommer" { // there is exactly one, so it is hers
			want = text + "\n\n[ref:" + key + "]"
		}
		if seen != want {
			t.Errorf("the customer reads %q, want %q", seen, want)
		}
	}
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:5", Text: "Hello.\n\n— Somebody"})
	s := conversation(read(t, c, id))
	if got := s[len(s)-1]; got.Role != escalate.RoleBot || got.Text != "Hello.\n\n— Somebody" {
		t.Errorf("what the bot writes passes for signed: %+v", got)
	}
}

func TestAKeyThatMaySpeakForNobodyElseSigns(t *testing.T) {
	fake := freshdesktest.New(&helpdesktest.Book{})
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	a := fake.Account("shop", server.URL)
	a.Settings["sign"] = "yes"
	c, err := freshdesk.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	id := fake.Open(ina, "")
	if _, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Author: "Ana Ruiz", Text: "Hello."}); err != nil {
		t.Fatal(err)
	}
	s, err := c.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := conversation(s)[1], (said{escalate.RoleAgent, "Ana Ruiz", "Hello.", true, false, "reply:1"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if held, _ := fake.Book.Ticket(id); held.Messages[1].Author != freshdesktest.Me.ID {
		t.Errorf("it went out as %s", held.Messages[1].Author)
	}
}

func TestAnEditIsTold(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: fake.Book.Agents[0].ID, Body: "<p>A note.</p>", Edited: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}, 2)
	m := read(t, c, id).Content.Messages[1]
	if !m.EditedAt.Equal(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("edited at %s", m.EditedAt)
	}
}
