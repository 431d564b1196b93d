package helpscout_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/helpscout/helpscouttest"
)

func TestANoteIsNeverPublicAndLeavesTheStatus(t *testing.T) {
	fake, c := account(t, nil)
	for _, status := range []string{"active", "pending", "closed"} {
		id := fake.Open(ina, "")
		statusAt(fake, id, status)
		for name, files := range map[string][]desk.Upload{"alone": nil, "with-a-file": {{Name: "a.txt", Type: "text/plain", Body: []byte("a")}}} {
			write(t, c, id, desk.Write{Kind: desk.WriteNote, Key: "note-" + name, Text: "For the team.", Files: files})
		}
		s := read(t, c, id)
		if len(s.Content.Messages) != 3 {
			t.Fatalf("it reads with %d messages, want 3", len(s.Content.Messages))
		}
		for _, m := range s.Content.Messages[1:] {
			if m.Public {
				t.Errorf("a note reads as public: %+v", m)
			}
		}
		held, _ := fake.Book.Ticket(id)
		for _, m := range held.Messages[1:] {
			if m.Public {
				t.Errorf("Help Scout holds a note as public: %+v", m)
			}
		}
		if got := statusOf(fake, id); got != status {
			t.Errorf("a note made a conversation that is %s %s", status, got)
		}
	}
}

func TestAReplyIsNoDraftAndSaysSo(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	m := write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
	said := fake.Said(id, string(m))
	if draft, ok := said["draft"]; !ok || draft != false {
		t.Errorf("the reply said of draft: %v, %v; want false", draft, ok)
	}
	if _, ok := said["imported"]; ok {
		t.Error("an imported reply is mailed to nobody")
	}
}

func TestAReplyDoesNotChangeTheStatusByItself(t *testing.T) {
	fake, c := account(t, nil)
	for status, want := range map[string]string{"active": "active", "pending": "pending", "closed": "active"} {
		id := fake.Open(ina, "")
		statusAt(fake, id, status)
		m := write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
		if said := fake.Said(id, string(m))["status"]; said != want || statusOf(fake, id) != want {
			t.Errorf("after a reply to a conversation that is %s: said %v, is %s; want %s", status, said, statusOf(fake, id), want)
		}
	}
}

func TestAReplyNeverClosesAConversation(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	statusAt(fake, id, "closed")
	fake.Before = func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/reply") {
			fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: "Still dark."}, "")
		}
	}
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
	if got := statusOf(fake, id); got != "active" {
		t.Errorf("the conversation is %s, and somebody waits in it", got)
	}
}

func TestAReplyGoesToTheConversationsCustomer(t *testing.T) {
	fake, c := account(t, func(f *helpscouttest.Fake) { f.BareCustomer = true })
	id := fake.Open(ina, "")
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleParticipant, Author: "lawyer@else.example", Public: true, Body: "We represent her."}, "customer")
	m := write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
	customer, _ := fake.Said(id, string(m))["customer"].(map[string]any)
	if got, want := asText(customer["id"]), asText(fake.CustomerID(ina.Email)); got != want {
		t.Errorf("the reply went to customer %s, want %s", got, want)
	}
	s := read(t, c, id)
	if s.Content.Customer.Email != ina.Email || s.Content.Customer.Name != ina.Name {
		t.Errorf("the customer reads as %+v", s.Content.Customer)
	}
	if got := s.Content.Messages[1]; got.Role != escalate.RoleParticipant || got.Email != "lawyer@else.example" {
		t.Errorf("a third party reads as %+v", got)
	}
}

func TestSpamIsNotAnswered(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	statusAt(fake, id, "spam")
	if s := read(t, c, id); s.Status != escalate.StatusClosed {
		t.Errorf("spam reads as %s", s.Status)
	}
	r := refused(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
	if r.RetryAfter != 0 || !strings.Contains(r.Why, "spam") || statusOf(fake, id) != "spam" {
		t.Errorf("got %+v, and it is %s", r, statusOf(fake, id))
	}
}

func TestTheIdOfAReplyIsFoundInEitherHeader(t *testing.T) {
	for _, only := range []bool{false, true} {
		fake, c := account(t, func(f *helpscouttest.Fake) { f.OnlyLocation = only })
		id := fake.Open(ina, "")
		m := write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
		if got := read(t, c, id).Content.Messages[1]; got.ID != m || m == "" {
			t.Errorf("Location alone %v: the reply is %q, and reads as %q", only, m, got.ID)
		}
	}
}

func TestATakenReplyWithoutAnIdIsLeftOpen(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/reply") {
			fake.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusCreated)
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c := connect(t, fake, server.URL)
	id := fake.Open(ina, "")
	_, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
	if _, refused := errors.AsType[*desk.Refused](err); err == nil || refused || errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want an error that leaves it open", err)
	}
	if got := read(t, c, id).Content.Messages[1].Marker; got != "reply:1" {
		t.Errorf("it is read back with the marker %q", got)
	}
}

func TestAReplyOfSomebodyWithoutAnAccountIsSigned(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	m := write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Author: "Jo Novak", Text: "I sent a new one."})
	if said := asText(fake.Said(id, string(m))["user"]); said != helpscouttest.Me.ID {
		t.Errorf("it went out as user %s, want our own", said)
	}
	got := read(t, c, id).Content.Messages[1]
	if got.Role != escalate.RoleAgent || got.Author != "Jo Novak" || got.Text != "I sent a new one." || got.Marker != "reply:1" {
		t.Errorf("it reads as %+v", got)
	}
}

func TestAnAppThatMaySpeakForNobodyElseSigns(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{})
	a := fake.Account("shop", httpServer(t, fake))
	a.Settings["sign"] = "yes"
	k, err := helpscout.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := k.(*helpscout.Connector)
	id := fake.Open(ina, "")
	m := write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Author: "Ana Ruiz", Text: "Hello."})
	got := read(t, c, id).Content.Messages[1]
	if said := asText(fake.Said(id, string(m))["user"]); said != helpscouttest.Me.ID || got.Author != "Ana Ruiz" || got.Role != escalate.RoleAgent {
		t.Errorf("it went out as user %s, and reads as %+v", said, got)
	}
}

func TestTwoUsersOfOneNameAreNeither(t *testing.T) {
	twins := []helpdesktest.Agent{{ID: "256", Name: "Ana Ruiz", Email: "ana@shop.example"}, {ID: "257", Name: "Ana Ruiz", Email: "ana2@shop.example"}}
	fake := helpscouttest.New(&helpdesktest.Book{Agents: twins})
	c := serve(t, fake)
	id := fake.Open(ina, "")
	m := write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Author: "Ana Ruiz", Text: "Hello."})
	if said := asText(fake.Said(id, string(m))["user"]); said != helpscouttest.Me.ID {
		t.Errorf("it went out as user %s, who may be the wrong one", said)
	}
}
