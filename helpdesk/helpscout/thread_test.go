package helpscout_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout/helpscouttest"
)

func TestEventsAndDraftsAreNoMessages(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Event(id)
	fake.Draft(id, "256", "<p>Not sent yet.</p>")
	if got := read(t, c, id).Content.Messages; len(got) != 1 {
		t.Errorf("it reads with %d messages, want the customer's alone: %+v", len(got), got)
	}
}

func TestOnlyKnownKindsOfThreadArePublic(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	for kind, want := range map[string]bool{
		"message": true, "chat": true, "beaconchat": true, "phone": true, "forwardchild": true, "note": false, "forwardparent": false, "hologram": false,
	} {
		m := fake.Says(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: "256", Public: true, Body: "<p>Hello.</p>"}, kind)
		s := read(t, c, id)
		got := s.Content.Find(escalate.MessageID(m))
		if got == nil || got.Public != want || got.Role != escalate.RoleAgent || got.Author != "Ana Ruiz" {
			t.Errorf("%s reads as %+v, want public %v", kind, got, want)
		}
	}
}

func TestWhatNobodyWroteIsABots(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	for _, m := range []string{fake.Workflow(id, "<p>We got it.</p>"), fake.Robot(id, "<p>Have you tried…</p>")} {
		if got := read(t, c, id).Content.Find(escalate.MessageID(m)); got == nil || got.Role != escalate.RoleBot || !got.Auto || got.Marker != "" {
			t.Errorf("it reads as %+v", got)
		}
	}
}

func TestAReferenceCountsOnlyWhereWeCanHaveWrittenIt(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	const copied = "<p>I will.</p><p>[ref:reply:1]</p>"
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: copied}, "")
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: "256", Body: copied}, "note")
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Author: "Ana Ruiz", Text: "I will."})
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: "256", Public: true, Body: copied}, "message")
	var marked []escalate.MessageID
	s := read(t, c, id)
	for _, m := range s.Content.Messages {
		if m.Marker != "" {
			marked = append(marked, m.ID)
		}
	}
	if len(marked) != 1 || marked[0] != s.Content.Messages[3].ID {
		t.Errorf("marked are %q of %+v, want ours alone", marked, s.Content.Messages)
	}
}

func TestAReplyThatComesBackAsAnotherKindIsStillOurs(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "chat")
	for i, author := range []string{helpscouttest.Me.ID, "256"} {
		for j, kind := range []string{"chat", "beaconchat", "message"} {
			key := string(rune('a'+i)) + string(rune('0'+j))
			fake.Says(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: author, Public: true, Body: "<p>Hello.</p><p>[ref:" + key + "]</p>"}, kind)
			s := read(t, c, id)
			if m := s.Content.Messages[len(s.Content.Messages)-1]; m.Marker != key || !m.Public {
				t.Errorf("%s of %s reads as %+v", kind, author, m)
			}
		}
	}
}

func TestAConversationIsOpenedAsItsCustomerWould(t *testing.T) {
	fake, c := account(t, nil)
	o := desk.Opening{Key: "press-1", Subject: "Lamp", Text: "It does not charge.", Customer: escalate.Customer{Name: "Ina Berg", Email: "ina+x@customer.example"}}
	id, err := c.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if m := read(t, c, id).Content.Messages[0]; m.Text != o.Text || m.Role != escalate.RoleCustomer || m.Author != "Ina Berg" {
		t.Errorf("it reads as %+v", m)
	}
	says(fake, id, "Hello?")
	if again, err := c.Open(t.Context(), o); err != nil || again != id {
		t.Errorf("again: %q, %v; want %s", again, err, id)
	}
	for _, email := range []string{"", "ina", `"a b"@customer.example`, `x" OR status:"active`} {
		o.Customer.Email = email
		_, err := c.Open(t.Context(), o)
		if r, ok := errors.AsType[*desk.Refused](err); !ok || !r.Content {
			t.Errorf("for %q: %v", email, err)
		}
	}
}

func TestFilesAreBoundTogether(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	limits := c.Limits()
	half := desk.Upload{Name: "a.bin", Type: "application/octet-stream", Body: bytes.Repeat([]byte{0xff}, int(limits.MaxUpload/2))}
	w := desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Here.", Files: []desk.Upload{half, half}}
	m := write(t, c, id, w)
	f := read(t, c, id).Content.Find(m).Files
	if len(f) != 2 || f[0].ID == f[1].ID {
		t.Fatalf("it reads with files %+v", f)
	}
	r, err := c.OpenFile(t.Context(), id, m, f[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, half.Body) {
		t.Errorf("it opens with %d bytes, %v", len(got), err)
	}
	w.Key, w.Files = "reply:2", append(w.Files, half)
	if r := refused(t, c, id, w); !r.Content {
		t.Errorf("too much: %+v", r)
	}
	held, _ := fake.Book.Ticket(id)
	if len(held.Messages) != 2 {
		t.Errorf("what was refused arrived all the same")
	}
}

// TestWhatAnInboxPutsBelowAReplyHidesItNot: not found again, it would be sent again.
func TestWhatAnInboxPutsBelowAReplyHidesItNot(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	const below = "<p>The Shop · Lamp Street 1</p>"
	said := func(author, html string) escalate.Message {
		t.Helper()
		m := fake.Says(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: author, Public: true, Body: html}, "message")
		return *read(t, c, id).Content.Find(escalate.MessageID(m))
	}
	for _, tc := range []struct{ author, html, marker, by, text string }{
		{helpscouttest.Me.ID, "<p>Hello.</p><p>[ref:reply:1]</p>" + below, "reply:1", "AI assistant", "Hello.\n\nThe Shop · Lamp Street 1"},
		{helpscouttest.Me.ID, "<p>Hello.</p><p>— Jo Novak</p><p>[ref:reply:2:signed]</p>" + below, "reply:2", "Jo Novak", "Hello.\n\nThe Shop · Lamp Street 1"},
		{"256", "<p>Hello.</p><p>[ref:reply:3]</p>" + below, "reply:3", "Ana Ruiz", "Hello.\n\nThe Shop · Lamp Street 1"},
		// By hand, with one of ours quoted.
		{helpscouttest.Me.ID, "<p>As I said:</p><p>[ref:reply:1]</p>" + below, "", "Warmline Bot", "As I said:\n\n[ref:reply:1]\n\nThe Shop · Lamp Street 1"},
		{"256", "<p>As it said:</p><p>[ref:reply:1]</p>" + below, "", "Ana Ruiz", "As it said:\n\n[ref:reply:1]\n\nThe Shop · Lamp Street 1"},
	} {
		if m := said(tc.author, tc.html); m.Marker != tc.marker || m.Author != tc.by || m.Text != tc.text {
			t.Errorf("%s reads as %q of %s, %q; want %q of %s, %q", tc.html, m.Marker, m.Author, m.Text, tc.marker, tc.by, tc.text)
		}
	}
}
