package freshdesk_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Each test here holds one thing that Freshdesk does otherwise than one would think.

var ina = helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp stays dark", Text: "It does not charge."}

func read(t *testing.T, c *freshdesk.Connector, ticket string) *desk.Snapshot {
	t.Helper()
	s, err := c.Read(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, c *freshdesk.Connector, ticket string, w desk.Write) escalate.MessageID {
	t.Helper()
	m, err := c.Write(t.Context(), ticket, w)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// refused is the refusal that a write met.
func refused(t *testing.T, c *freshdesk.Connector, ticket string, w desk.Write) *desk.Refused {
	t.Helper()
	_, err := c.Write(t.Context(), ticket, w)
	r, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		t.Fatalf("%s: got %v, want a *desk.Refused", w.Kind, err)
	}
	return r
}

func TestANoteSaysThatItIsPrivate(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	for name, files := range map[string][]desk.Upload{"alone": nil, "with a file": {{Name: "a.txt", Type: "text/plain", Body: []byte("a")}}} {
		m := write(t, c, id, desk.Write{Kind: desk.WriteNote, Key: "note-" + strings.ReplaceAll(name, " ", "-"), Text: "For the team.", Files: files})
		if said, private := fake.SaidPrivate(id, string(m)); !said || !private {
			t.Errorf("a note %s: said %v, private %v; want both", name, said, private)
		}
	}
	for _, m := range read(t, c, id).Content.Messages[1:] {
		if m.Public {
			t.Errorf("a note reads as public: %+v", m)
		}
	}
}

func TestTagsOfOthersAreKept(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"vip", "Refund"}; return true })
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"refund", "reason: " + strings.Repeat("long ", 10), "a,b"}})
	got := read(t, c, id).Content.Tags
	if want := []string{"vip", "Refund", "reason: long long long long long", "a b"}; !slices.Equal(got, want) {
		t.Errorf("tags: got %q, want %q", got, want)
	}
}

// meanwhile lets somebody else put tags of their own right after the next n of ours.
func meanwhile(fake *freshdesktest.Fake, id string, n int) *int {
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

func TestAFieldThatFreshdeskDoesNotKnowIsRefused(t *testing.T) {
	fake := freshdesktest.New(&helpdesktest.Book{})
	id := fake.Open(ina, "")
	for name, call := range map[string]struct{ method, path, body string }{
		"field of a ticket":  {"PUT", "/api/v2/tickets/" + id, `{"statuz": 3}`},
		"type of a field":    {"PUT", "/api/v2/tickets/" + id, `{"status": "3"}`},
		"field of a reply":   {"POST", "/api/v2/tickets/" + id + "/reply", `{"body": "x", "private": true}`},
		"field of a note":    {"POST", "/api/v2/tickets/" + id + "/notes", `{"body": "x", "public": false}`},
		"parameter of lists": {"GET", "/api/v2/tickets?since=2026-01-01", ""},
		"page size":          {"GET", "/api/v2/tickets?per_page=101", ""},
		"page":               {"GET", "/api/v2/tickets?page=301", ""},
		"include":            {"GET", "/api/v2/tickets?include=conversations", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), call.method, call.path, strings.NewReader(call.body))
		r.SetBasicAuth(freshdesktest.Key, "X")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		fake.ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"errors":[{`) {
			t.Errorf("%s: answered %d %s, want 400 and what is wrong", name, w.Code, w.Body)
		}
	}
}

func TestAWebChatIsAnsweredInItsOwnForm(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.OpenChat(ina)
	s := read(t, c, id)
	if s.Content.Channel != "chat" || s.Content.Messages[0].Text != ina.Text {
		t.Errorf("it reads as %+v", s.Content)
	}
	const text = "Hold the <button>.\n  - five seconds"
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: text})
	m := read(t, c, id).Content.Messages[1]
	if m.Text != text || m.Marker != "reply:1" || m.Role != escalate.RoleBot {
		t.Errorf("the reply reads as %+v", m)
	}
	if got := fake.Texts(id)[1]; got != text+"\n\n[ref:reply:1]" {
		t.Errorf("the customer reads %q", got)
	}
	r := refused(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:2", Text: text, Files: []desk.Upload{{Name: "a.txt", Type: "text/plain", Body: []byte("a")}}})
	if !r.Content || len(fake.Texts(id)) != 2 {
		t.Errorf("with a file: %+v", r)
	}
}

func TestDeadlinesAreNotTakenFromTheAnswerToAWrite(t *testing.T) {
	fake, c := account(t, func(f *freshdesktest.Fake) { f.DueLag = 5 * time.Second })
	id := fake.Open(ina, "")
	old := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	fake.Due(id, desk.Deadlines{FirstResponse: old, Resolution: old})
	write(t, c, id, desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityUrgent})
	if got := read(t, c, id).Deadlines; !got.Resolution.Equal(old) {
		t.Errorf("at once: got %v, want the old ones", got)
	}
	fake.Pass(6 * time.Second)
	if got := read(t, c, id).Deadlines; got.Resolution.Equal(old) || got.Resolution.IsZero() || !got.FirstResponse.IsZero() {
		t.Errorf("seconds later: got %v, want new ones", got)
	}
}

func TestADeadlineThatWasMetIsNone(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	at := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	fake.Due(id, desk.Deadlines{FirstResponse: at, Resolution: at})
	write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."})
	if got := read(t, c, id).Deadlines; !got.FirstResponse.IsZero() || !got.Resolution.Equal(at) {
		t.Errorf("after the first response: %v", got)
	}
	write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved})
	if got := read(t, c, id).Deadlines; got != (desk.Deadlines{}) {
		t.Errorf("solved: %v", got)
	}
}

func TestAnArchivedTicketIsReadAndNotWritten(t *testing.T) {
	for _, redirects := range []bool{false, true} {
		fake, c := account(t, func(f *freshdesktest.Fake) { f.Redirects = redirects })
		id := fake.Open(ina, "")
		fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: "<p>Thanks!</p>"}, 0)
		fake.Archive(id)
		s := read(t, c, id)
		if s.Status != escalate.StatusClosed || len(s.Content.Messages) != 2 {
			t.Errorf("redirected %v: it reads as %s with %d messages", redirects, s.Status, len(s.Content.Messages))
		}
		for _, w := range []desk.Write{
			{Kind: desk.WriteReply, Key: "reply:1", Text: "Hello."}, {Kind: desk.WriteNote, Key: "note-1", Text: "Hello."}, {Kind: desk.WriteTags, Tags: []string{"a"}},
		} {
			if r := refused(t, c, id, w); !strings.Contains(r.Why, "archived") || r.RetryAfter != 0 {
				t.Errorf("redirected %v, %s: %+v", redirects, w.Kind, r)
			}
		}
	}
}

func TestOnlyAgentsSayWhereATicketWasMerged(t *testing.T) {
	fake, c := account(t, nil)
	id, other := fake.Open(ina, ""), fake.Open(ina, "")
	claim := richtext.HTML("This ticket is closed and merged into ticket " + other)
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: claim}, 0)
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleParticipant, Author: "lawyer@else.example", Body: claim}, 0)
	ana := fake.Book.Agents[0].ID
	open := fake.Open(ina, "")
	fake.Says(open, helpdesktest.Message{Role: escalate.RoleAgent, Author: ana, Body: claim}, 2)
	if s := read(t, c, open); s.Merged != "" || s.Status != escalate.StatusOpen {
		t.Errorf("a ticket that is open was merged into %q", s.Merged)
	}
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: ana, Public: true, Body: claim}, 0)
	write(t, c, id, desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "The customer says: merged into ticket " + other})
	write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusClosed})
	if s := read(t, c, id); s.Merged != "" || s.Status != escalate.StatusClosed {
		t.Errorf("a customer merged it into %q", s.Merged)
	}
	fake.Merge(id, other)
	if s := read(t, c, id); s.Merged != other || s.Status != escalate.StatusGone {
		t.Errorf("merged: %q, %s", s.Merged, s.Status)
	}
}

func TestDeletedAndSpamAreNobodysWork(t *testing.T) {
	fake, c := account(t, nil)
	spam, deleted := fake.Open(ina, ""), fake.Open(ina, "")
	fake.Spam(spam)
	fake.Book.Change(deleted, func(t *helpdesktest.Ticket) bool { t.Deleted = true; return true })
	if s := read(t, c, spam); s.Status != escalate.StatusClosed {
		t.Errorf("spam: %s", s.Status)
	}
	if s := read(t, c, deleted); s.Status != escalate.StatusGone {
		t.Errorf("deleted: %s", s.Status)
	}
}

func TestAConversationIsReadWholeWhateverItsPagesHold(t *testing.T) {
	fake, c := account(t, func(f *freshdesktest.Fake) { f.PageSize = 30 })
	id := fake.Open(ina, "")
	for range 95 {
		fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: "<p>And?</p>"}, 0)
	}
	if got := len(read(t, c, id).Content.Messages); got != 96 {
		t.Errorf("%d messages, want 96", got)
	}
}
