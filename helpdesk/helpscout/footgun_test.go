package helpscout_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
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

// TestAReplyNeverClosesAConversation lets the customer open a closed conversation again between our reading and our reply.

// TestAReplyThatComesBackAsAnotherKindIsStillOurs matters in chats: not found again, it would be sent again.

// meanwhile lets somebody else put tags of their own right after each of the next n of ours.

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
