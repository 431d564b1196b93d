package helpscout_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/helpscout/helpscouttest"
)

// Each test here holds one thing that Help Scout does otherwise than one would think.

var ina = helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp stays dark", Text: "It does not charge."}

func read(t *testing.T, c *helpscout.Connector, ticket string) *desk.Snapshot {
	t.Helper()
	s, err := c.Read(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, c *helpscout.Connector, ticket string, w desk.Write) escalate.MessageID {
	t.Helper()
	m, err := c.Write(t.Context(), ticket, w)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// refused is the refusal that a write met.
func refused(t *testing.T, c *helpscout.Connector, ticket string, w desk.Write) *desk.Refused {
	t.Helper()
	_, err := c.Write(t.Context(), ticket, w)
	r, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		t.Fatalf("%s: got %v, want a *desk.Refused", w.Kind, err)
	}
	return r
}

// statusAt sets a conversation's status at the helpdesk.
func statusAt(fake *helpscouttest.Fake, id, status string) {
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Status = status; return true })
}

func statusOf(fake *helpscouttest.Fake, id string) string {
	t, _ := fake.Book.Ticket(id)
	return t.Status
}

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

// TestAReplyNeverClosesAConversation lets the customer open a closed conversation again between our reading and our reply.
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

// TestAReplyThatComesBackAsAnotherKindIsStillOurs matters in chats: not found again, it would be sent again.
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

func TestTagsOfOthersAreKept(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"vip", "refund"}; return true })
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"Refund", "Reason: long", "a,b"}})
	got := read(t, c, id).Content.Tags
	if want := []string{"vip", "refund", "reason: long", "a b"}; !slices.Equal(got, want) {
		t.Errorf("tags: got %q, want %q", got, want)
	}
	puts := 0
	fake.Before = func(r *http.Request) {
		if r.Method == http.MethodPut {
			puts++
		}
	}
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"vip"}})
	if puts != 0 {
		t.Errorf("tags that were there were written %d times", puts)
	}
}

// meanwhile lets somebody else put tags of their own right after each of the next n of ours.
func meanwhile(fake *helpscouttest.Fake, id string, n int) *int {
	puts := 0
	fake.Before = func(r *http.Request) {
		if r.Method == http.MethodPut {
			puts++
		}
		if r.Method == http.MethodGet && puts > 0 && puts <= n {
			fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"theirs"}; return true })
		}
	}
	return &puts
}

func TestTagsThatSomebodyTakesAwayArePutAgain(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	puts := meanwhile(fake, id, 1)
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"ours"}})
	if got := read(t, c, id).Content.Tags; !slices.Equal(got, []string{"theirs", "ours"}) || *puts != 2 {
		t.Errorf("tags %q after %d writes, want both after 2", got, *puts)
	}
	fake, c = account(t, nil)
	id = fake.Open(ina, "")
	puts = meanwhile(fake, id, 100)
	_, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteTags, Tags: []string{"ours"}})
	if err == nil || *puts > 3 {
		t.Errorf("after %d writes that were undone: %v, want an error after 3", *puts, err)
	}
}

func TestAPriorityIsATag(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"vip", "priority-low"}; return true })
	write(t, c, id, desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityUrgent})
	s := read(t, c, id)
	if want := []string{"vip", "priority-urgent"}; !slices.Equal(s.Content.Tags, want) || s.Content.Priority != escalate.PriorityUrgent {
		t.Errorf("tags %q, priority %q; want %q", s.Content.Tags, s.Content.Priority, want)
	}
	write(t, c, id, desk.Write{Kind: desk.WritePriority})
	if s = read(t, c, id); !slices.Equal(s.Content.Tags, []string{"vip"}) || s.Content.Priority != escalate.PriorityNone {
		t.Errorf("taken away: tags %q, priority %q", s.Content.Tags, s.Content.Priority)
	}
	if r := refused(t, c, id, desk.Write{Kind: desk.WritePriority, Priority: "pressing"}); r.RetryAfter != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestATeamIsNobody(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Team(id)
	if s := read(t, c, id); s.Assignee != "" {
		t.Errorf("assigned to a team, it reads as %q's", s.Assignee)
	}
}

func TestNobodyTakesTheAssigneeAway(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	write(t, c, id, desk.Write{Kind: desk.WriteAssign, Agent: "256"})
	write(t, c, id, desk.Write{Kind: desk.WriteAssign})
	if s := read(t, c, id); s.Assignee != "" {
		t.Errorf("it reads as %q's", s.Assignee)
	}
	if r := refused(t, c, id, desk.Write{Kind: desk.WriteAssign, Agent: "ana"}); r.RetryAfter != 0 {
		t.Errorf("somebody who is no user: %+v", r)
	}
}

func TestOnHoldBecomesPending(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOnHold})
	if got := statusOf(fake, id); got != "pending" {
		t.Errorf("it is %s", got)
	}
	if r := refused(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusGone}); r.RetryAfter != 0 {
		t.Errorf("gone: %+v", r)
	}
}

func TestAMergedConversationTakesNoWrites(t *testing.T) {
	fake, c := account(t, nil)
	from, into := fake.Open(ina, ""), fake.Open(ina, "")
	fake.Merge(from, into)
	for _, w := range []desk.Write{
		{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."},
		{Kind: desk.WriteNote, Key: "note-1", Text: "Hello."},
		{Kind: desk.WriteTags, Tags: []string{"a"}},
		{Kind: desk.WriteStatus, Status: escalate.StatusPending},
	} {
		if _, err := c.Write(t.Context(), from, w); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: got %v, want desk.ErrNotFound", w.Kind, err)
		}
	}
	if s := read(t, c, into); len(s.Content.Messages) != 2 || s.Merged != "" {
		t.Errorf("the other reads as %+v", s)
	}
}

// TestOnlyOurOwnConversationsAreMergedInto answers a conversation with addresses that are no other conversation of this account.
func TestOnlyOurOwnConversationsAreMergedInto(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{})
	location, status := "", http.StatusMovedPermanently
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v2/conversations/") {
			w.Header().Set("Location", location)
			w.WriteHeader(status)
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c := connect(t, fake, server.URL)
	for _, location = range []string{
		"", "https://evil.example/v2/conversations/7", "/v2/conversations/1", "/v2/customers/7", "/v2/conversations/7/threads", "/v2/conversations/x", "::",
	} {
		if s, err := c.Read(t.Context(), "1"); err == nil || errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%q is taken: %+v, %v", location, s, err)
		}
	}
	for _, location = range []string{server.URL + "/v2/conversations/7", "/v2/conversations/7"} {
		if s, err := c.Read(t.Context(), "1"); err != nil || s.Merged != "7" || s.Status != escalate.StatusGone {
			t.Errorf("%q: %+v, %v", location, s, err)
		}
	}
	status = http.StatusFound
	if s, err := c.Read(t.Context(), "1"); err == nil {
		t.Errorf("moved for now, it reads as %+v", s)
	}
}

func TestADeletedConversationIsGone(t *testing.T) {
	fake, c := account(t, nil)
	deleted, marked := fake.Open(ina, ""), fake.Open(ina, "")
	fake.Delete(deleted)
	fake.State(marked, "deleted")
	if _, err := c.Read(t.Context(), deleted); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want desk.ErrNotFound", err)
	}
	if s := read(t, c, marked); s.Status != escalate.StatusGone {
		t.Errorf("it reads as %s", s.Status)
	}
	if _, err := c.Write(t.Context(), marked, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a reply to it: %v", err)
	}
}

func TestAnIdNeverLeavesItsPlace(t *testing.T) {
	fake, c := account(t, nil)
	asked := 0
	fake.Before = func(*http.Request) { asked++ }
	for _, id := range []string{"", "../users", "1/threads", "1?x=1", "-1", "1.0", "١", strings.Repeat("1", 40)} {
		if _, err := c.Read(t.Context(), id); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("read %q: %v", id, err)
		}
		if _, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOpen}); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("write %q: %v", id, err)
		}
		if _, err := c.OpenFile(t.Context(), id, "1", "1"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("open file of %q: %v", id, err)
		}
		if _, err := c.OpenFile(t.Context(), "1", "1", escalate.FileID(id)); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("open file %q: %v", id, err)
		}
	}
	if asked != 0 {
		t.Errorf("%d calls were made", asked)
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

func TestWritesCountDoubleAndTheLimitNamesATime(t *testing.T) {
	fake, c := account(t, func(f *helpscouttest.Fake) { f.PerMinute = 12 })
	id := fake.Open(ina, "")
	var r *desk.Refused
	writes := 0
	for range 12 {
		_, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending})
		if refused, ok := errors.AsType[*desk.Refused](err); ok {
			r = refused
			break
		}
		writes++
	}
	if writes != 5 { // the token counts one
		t.Errorf("%d writes in a minute of 12 calls, want 5", writes)
	}
	if r == nil || r.RetryAfter < 50*time.Second || r.RetryAfter > time.Minute+time.Second {
		t.Errorf("got %+v, want a refusal until the minute is over", r)
	}
}

func TestWhatHelpScoutDoesNotKnowIsRefused(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{})
	id := fake.Open(ina, "")
	w := httptest.NewRecorder()
	form := strings.NewReader("grant_type=client_credentials&client_id=" + helpscouttest.AppID + "&client_secret=" + helpscouttest.AppSecret)
	ask := httptest.NewRequestWithContext(t.Context(), http.MethodPost, helpscouttest.TokenPath, form)
	ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	fake.ServeHTTP(w, ask)
	if w.Code != http.StatusOK {
		t.Fatalf("no token: %s", w.Body)
	}
	for name, call := range map[string]struct{ method, path, body string }{
		"a reply without a customer": {"POST", "/reply", `{"text": "x"}`},
		"a reply to nobody":          {"POST", "/reply", `{"text": "x", "customer": {"id": 1}}`},
		"a reply without a text":     {"POST", "/reply", `{"customer": {"id": 238601}}`},
		"a field of a reply":         {"POST", "/reply", `{"text": "x", "customer": {"id": 238601}, "public": true}`},
		"a field of a note":          {"POST", "/notes", `{"text": "x", "draft": false}`},
		"an unknown user":            {"POST", "/notes", `{"text": "x", "user": 1}`},
		"a file without bytes":       {"POST", "/notes", `{"text": "x", "attachments": [{"fileName": "a"}]}`},
		"a status":                   {"PATCH", "", `{"op": "replace", "path": "/status", "value": "solved"}`},
		"an operation":               {"PATCH", "", `{"op": "add", "path": "/assignTo", "value": 256}`},
		"tags of another kind":       {"PUT", "/tags", `{"tags": [1]}`},
		"a parameter":                {"GET", "/threads?size=100", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), call.method, "/v2/conversations/"+id+call.path, strings.NewReader(call.body))
		r.Header.Set("Authorization", "Bearer token-1")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		fake.ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"errors":[{`) {
			t.Errorf("%s: answered %d %s, want 400 and what is wrong", name, w.Code, w.Body)
		}
	}
}
