package front_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/front"
	"warmline/helpdesk/helpdesktest"
)

// follow reads the feed from a cursor to its end.
func (w *world) follow(cursor string) (tickets []string, end string) {
	w.t.Helper()
	for range 1000 {
		notices, next, err := w.c.Changes(w.t.Context(), cursor)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, n := range notices {
			tickets = append(tickets, n.Ref.ID)
		}
		if next == cursor {
			return tickets, cursor
		}
		cursor = next
	}
	w.t.Fatal("the feed has no end")
	return nil, ""
}

func (w *world) live() string {
	w.t.Helper()
	_, cursor, err := w.c.Changes(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	return cursor
}

// A hundred and thirty events of one instant are nine of Front's pages; one more of that instant comes after they were read.
func TestEventsOfOneInstantAreNotLost(t *testing.T) {
	for _, inclusive := range []bool{false, true} {
		w := newWorld(t)
		w.AfterIncludes = inclusive
		w.ticket()
		cursor := w.live()
		var wanted []string
		for range 130 {
			wanted = append(wanted, w.ticket())
		}
		got, cursor := w.follow(cursor)
		slices.Sort(got)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Fatalf("%d of %d tickets were found", len(got), len(wanted))
		}
		late := w.ticket()
		if got, _ := w.follow(cursor); len(got) != 1 || got[0] != late {
			t.Errorf("got %q, want %s alone, of the same instant", got, late)
		}
	}
}

// Should Front pass over the order that it is asked for, nothing is lost either.
func TestAFeedThatComesNewestFirstLosesNothing(t *testing.T) {
	w := newWorld(t)
	w.NewestFirst = true
	cursor := w.live()
	for range 200 {
		w.clock.add(20 * time.Millisecond)
		w.ticket()
	}
	got, end := w.follow(cursor)
	equal(t, "tickets", len(got), 200)
	rest, _ := w.follow(end)
	equal(t, "tickets behind the end", len(rest), 0)
}

// What was read before a fault is not read again for ever, and what was not is read then.
func TestAFaultInTheFeedLosesNothing(t *testing.T) {
	w := newWorld(t)
	cursor := w.live()
	wanted := make(map[string]bool)
	for range 60 {
		w.clock.add(time.Second)
		wanted[w.ticket()] = true
	}
	calls := 0
	w.before = func(rw http.ResponseWriter, _ *http.Request) bool {
		if calls++; calls == 3 {
			rw.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}
	got, _ := w.follow(cursor)
	for _, id := range got {
		delete(wanted, id)
	}
	equal(t, "tickets lost", len(wanted), 0)
	equal(t, "tickets told", len(got), 60)
}

// A reply that is sent late has an event that is older than others that were read by then. Reading from where the poller was a while ago,
// which it does each time, finds it.
func TestAnEventThatShowsLateIsFoundByTheOverlap(t *testing.T) {
	w := newWorld(t)
	w.Late = time.Minute
	old := w.ticket()
	cursor := w.live()
	w.clock.add(time.Second)
	w.write(old, reply("Hold the button."))
	w.clock.add(time.Second)
	young := w.ticket()
	before, end := w.follow(cursor)
	w.clock.add(time.Minute)
	after, _ := w.follow(cursor)
	if rest, _ := w.follow(end); !slices.Equal(before, []string{young}) || len(rest) != 0 || !slices.Equal(after, []string{old, young}) {
		t.Errorf("got %q, then %q, and behind the end %q", before, after, rest)
	}
}

func TestAnEmptyAccountHasACursor(t *testing.T) {
	w := newWorld(t)
	cursor := w.live()
	if cursor == "" {
		t.Fatal("there is no cursor")
	}
	w.clock.add(time.Hour * 24 * 3650) // the cursor is of the server's clock
	id := w.ticket()
	if got, _ := w.follow(cursor); len(got) != 1 || got[0] != id {
		t.Errorf("got %q, want %s", got, id)
	}
}

func TestForeignCursorsAreRefused(t *testing.T) {
	w := newWorld(t)
	for _, cursor := range []string{"now", "1", "1.5", "-1.000", "1e9.000 evt_1", "99999999999.000", "https://evil.example?page_token=x"} {
		if _, _, err := w.c.Changes(t.Context(), cursor); err == nil {
			t.Errorf("the cursor %q was taken", cursor)
		}
	}
	equal(t, "calls", len(w.Calls()), 0)
}

// Discussions among the team, tasks and private conversations are no tickets.
func TestOnlyConversationsAreTold(t *testing.T) {
	w := newWorld(t)
	cursor := w.live()
	for _, kind := range []any{"discussion", "task", "conversation", nil} {
		w.clock.add(time.Second)
		w.book.Change(w.ticket(), func(t *helpdesktest.Ticket) bool {
			t.Extra = map[string]any{"type": kind}
			return true
		})
	}
	got, _ := w.follow(cursor)
	equal(t, "tickets", len(got), 2)
	ids, _, err := w.c.Past(t.Context(), noon.Add(-time.Hour), "")
	if err != nil || len(ids) != 2 {
		t.Errorf("past: got %q, %v; want 2", ids, err)
	}
}

func TestAChatIsUrgent(t *testing.T) {
	w := newWorld(t)
	cursor := w.live()
	w.clock.add(time.Second)
	id := w.book.Open(helpdesktest.Ticket{Channel: "front_chat", Customer: escalate.Customer{Name: "Ina", Email: "visitor-7"}}).ID
	w.Says(id, "Anyone there?", nil)
	notices, _, err := w.c.Changes(t.Context(), cursor)
	if err != nil || len(notices) != 1 || !notices[0].Urgent {
		t.Errorf("got %+v, %v; want an urgent notice", notices, err)
	}
	s := w.read(id)
	equal(t, "channel", s.Content.Channel, "chat")
	equal(t, "customer's e-mail", s.Content.Customer.Email, "")
	equal(t, "customer", s.Content.Customer.Name, "Ina")
}

// Each conversation comes once, where its last change is.
func TestThePastIsReadOldestChangeFirst(t *testing.T) {
	w := newWorld(t)
	w.ticket()
	w.clock.add(time.Hour)
	since := w.clock.now()
	var wanted []string
	for range 40 {
		w.clock.add(time.Second)
		wanted = append(wanted, w.ticket())
	}
	w.clock.add(time.Second)
	w.Says(wanted[0], "And?", nil)
	wanted = append(wanted[1:], wanted[0])
	ids, next, err := w.c.Past(t.Context(), since, "")
	if err != nil || next != "" || !slices.Equal(ids, wanted) {
		t.Errorf("got %q, %q, %v; want %q", ids, next, err, wanted)
	}
}

// The pages of a list are linked on a host of the company's own. Only the account's address is ever called.
func TestOnlyTheAccountsAddressIsCalled(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	for i := range 150 {
		w.Says(id, strconv.Itoa(i), []desk.Upload{{Name: "a.txt", Type: "text/plain", Body: []byte("x")}})
	}
	m := w.newest(id)
	file, err := w.c.OpenFile(t.Context(), id, m.ID, m.Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	equal(t, "messages", len(w.read(id).Content.Messages), 151)
	w.mu.Lock()
	defer w.mu.Unlock()
	equal(t, "hosts called", len(w.hosts), 1)
}

// A list that leads back to a page of its own has no end.
func TestAListThatGoesRoundIsAnError(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	for name, next := range map[string]string{
		"round": `"https://x.api.frontapp.com/conversations/1/messages?page_token=a"`, "no token": `"https://evil.example/"`, "no address": `":"`,
	} {
		w.before = func(rw http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/conversations/"+id+"/messages" {
				return false
			}
			_, _ = fmt.Fprintf(rw, `{"_pagination":{"next":%s},"_results":[]}`, next)
			return true
		}
		if s, err := w.c.Read(t.Context(), id); err == nil {
			t.Errorf("%s: read %+v", name, s)
		}
	}
}

// Front's limit is the company's: once it is used up nobody is called until it begins anew.
func TestTheAccountsLimitIsKept(t *testing.T) {
	w := newWorld(t)
	w.PerMinute = 7
	id := w.ticket()
	w.read(id)
	w.read(id)
	if _, err := w.c.Write(t.Context(), id, reply("one")); err != nil {
		t.Fatal(err) // the seventh call
	}
	before := len(w.Calls())
	_, err := w.c.Write(t.Context(), id, reply("two"))
	refused := refusal(t, err)
	if refused.RetryAfter < 50*time.Second || refused.RetryAfter > 61*time.Second {
		t.Errorf("retry after %s, want what is left of the minute", refused.RetryAfter)
	}
	equal(t, "calls", len(w.Calls()), before)
	w.clock.add(time.Minute)
	if _, err := w.c.Write(t.Context(), id, reply("two")); err != nil {
		t.Error(err)
	}
}

// A burst on one resource says nothing about the others.
func TestABurstOnOneResourceStopsNoOther(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		rw.Header().Set("X-Front-Tier", "2")
		rw.Header().Set("Retry-After", "3")
		rw.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	_, err := w.c.Write(t.Context(), id, reply("one"))
	if refused := refusal(t, err); refused.RetryAfter < 3*time.Second {
		t.Errorf("retry after %s, want 3 s", refused.RetryAfter)
	}
	w.read(id)
}

var _ desk.FileReader = (*front.Connector)(nil)
