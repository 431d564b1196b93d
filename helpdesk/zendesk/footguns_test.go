package zendesk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

const text = "Hold the button for five seconds."

func reply() desk.Write { return desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: text} }

// refused writes and returns what it was refused for.
func (w *world) refused(ticket string, write desk.Write) *desk.Refused {
	w.t.Helper()
	_, err := w.c.Write(w.t.Context(), ticket, write)
	refused, ok := errors.AsType[*desk.Refused](err)
	if !ok {
		w.t.Fatalf("write %s: got %v, want it refused", write.Kind, err)
	}
	return refused
}

func (w *world) write(ticket string, write desk.Write) escalate.MessageID {
	w.t.Helper()
	m, err := w.c.Write(w.t.Context(), ticket, write)
	if err != nil {
		w.t.Fatalf("write %s: %v", write.Kind, err)
	}
	return m
}

// TestEveryCommentSaysItsVisibility: left out, it is that of the ticket's first comment, and a note goes to the customer.
func TestEveryCommentSaysItsVisibility(t *testing.T) {
	w := start(t)
	public := w.create()
	internal := w.book.Open(helpdesktest.Ticket{Subject: "Parts", Status: "open", Customer: escalate.Customer{Name: "Ina Berg", Email: "ina@customer.example"}}).ID
	w.book.Add(internal, helpdesktest.Message{Author: w.book.Agents[0].ID, Body: "Which part is it?"})
	w.clock.Pass(time.Minute)
	for _, ticket := range []string{public, internal} {
		w.write(ticket, reply())
		w.clock.Pass(time.Minute)
		w.write(ticket, desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "Check the stock."})
		if m := w.fake.Held(ticket, text); len(m) != 1 || !m[0].Public {
			t.Errorf("ticket %s: the reply is held as %+v, want one that is public", ticket, m)
		}
		if m := w.fake.Held(ticket, "Check the stock."); len(m) != 1 || m[0].Public {
			t.Errorf("ticket %s: the note is held as %+v, want one that is not public", ticket, m)
		}
	}
	if n := w.fake.Unsaid(); n != 0 {
		t.Errorf("%d comments did not say whether they are public", n)
	}
}

// TestALightAgentsReplyIsNone: Zendesk keeps it as an internal note and answers 200.
func TestALightAgentsReplyIsNone(t *testing.T) {
	w := start(t)
	w.fake.Light = true
	ticket := w.create()
	if r := w.refused(ticket, reply()); !strings.Contains(r.Why, "the customer never got it") || r.Moved || r.RetryAfter != 0 {
		t.Errorf("refused as %+v", r)
	}
	found, err := w.c.Check(t.Context())
	if err != nil || found[1].OK || !strings.Contains(found[1].Says, "light agents") {
		t.Errorf("the check found %+v, %v", found, err)
	}
}

// TestAStampCountsOnlyOnceItsSecondIsOver: two changes within one second leave the same updated_at.
func TestAStampCountsOnlyOnceItsSecondIsOver(t *testing.T) {
	w := start(t)
	w.fake.Pass = nil // a customer and we within one second
	ticket := w.create()
	early := w.read(ticket).Stamp
	w.fake.CustomerSays(ticket, "Wait, it works now!")

	blind := reply()
	blind.Stamp = strings.TrimSuffix(early, "?")
	blind.Key = "blind"
	w.write(ticket, blind) // what would happen: Zendesk sees nothing wrong
	if n := len(w.fake.Held(ticket, text)); n != 1 {
		t.Fatalf("the account holds %d replies: the danger that this is about is gone", n)
	}

	careful := reply()
	careful.Stamp = early
	if r := w.refused(ticket, careful); !r.Moved {
		t.Errorf("refused as %+v, want Moved, so that the ticket is read again", r)
	}
	note := desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "Check the stock."}
	if r := w.refused(ticket, note); r.Moved || r.RetryAfter <= 0 {
		t.Errorf("a note is refused as %+v, want it put off", r)
	}
	if n := len(w.fake.Held(ticket, text)); n != 1 {
		t.Errorf("sent all the same")
	}
	w.clock.Pass(2 * time.Second)
	careful.Stamp = w.read(ticket).Stamp
	w.write(ticket, careful)
}

func TestNewerStamps(t *testing.T) {
	c := start(t).c
	const before, at, after = "2026-11-23T11:59:59Z", "2026-11-23T12:00:00Z", "2026-11-23T12:00:01Z"
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{after, at, true},
		{at, before, true},
		{before, at, false},
		{at, at, false},
		{after + "?", at, true},
		{after, at + "?", true},
		{at, at + "?", true},  // nothing was sent with the other
		{at + "?", at, false}, // the reading may lack what came within the second
		{at + "?", at + "?", false},
		{"2026-11-23T13:00:01+01:00", at, true},
		{"", at, false},
		{at, "", false},
		{"x", "y", false},
	} {
		if got := c.Limits().Newer(tc.a, tc.b); got != tc.want {
			t.Errorf("%s newer than %s: got %t", tc.a, tc.b, got)
		}
	}
}

// TestAReplyThatIsAppliedLateIsNotDoubled: the first call was lost and comes through while the second is on its way.
func TestAReplyThatIsAppliedLateIsNotDoubled(t *testing.T) {
	w := start(t)
	ticket := w.create()
	write := reply()
	write.Stamp = w.read(ticket).Stamp
	w.write(ticket, write)
	if r := w.refused(ticket, write); !r.Moved {
		t.Errorf("the repeat is refused as %+v, want Moved", r)
	}
	s := w.read(ticket)
	if !w.c.Limits().Newer(s.Stamp+"", write.Stamp) && !strings.HasSuffix(s.Stamp, "?") {
		t.Errorf("the stamp %q is not newer than %q", s.Stamp, write.Stamp)
	}
	if n := len(w.fake.Held(ticket, text)); n != 1 {
		t.Errorf("the customer got it %d times", n)
	}
}

// TestANoteThatMeetsAnotherChangeIsPutOff: a refusal without a time would end its job, and the note would be lost.
func TestANoteThatMeetsAnotherChangeIsPutOff(t *testing.T) {
	for _, kind := range []desk.WriteKind{desk.WriteNote, desk.WriteTags} {
		var w *world
		ticket := ""
		w = open(t, noon, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut && ticket != "" { // somebody is quicker
					w.fake.CustomerSays(ticket, "And another thing.")
				}
				h.ServeHTTP(rw, r)
			})
		})
		ticket = w.create()
		if r := w.refused(ticket, desk.Write{Kind: kind, Key: "job-1", Text: text, Tags: []string{"vip"}}); r.RetryAfter <= 0 {
			t.Errorf("%s: refused as %+v, want to be told when to come back", kind, r)
		}
		if len(w.fake.Held(ticket, text)) != 0 || len(w.read(ticket).Content.Tags) != 0 {
			t.Errorf("%s: written although it was refused", kind)
		}
	}
}

// TestTwoCallsThatMeetAreTriedAgain: without a stamp, 409 is no word about the ticket.
func TestTwoCallsThatMeetAreTriedAgain(t *testing.T) {
	w := open(t, noon, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				rw.WriteHeader(http.StatusConflict)
				return
			}
			h.ServeHTTP(rw, r)
		})
	})
	if r := w.refused(w.create(), desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending}); r.RetryAfter <= 0 || r.Moved {
		t.Errorf("refused as %+v", r)
	}
}

// TestAClosedTicketTakesNothing: it is immutable, and Zendesk's own words say little.
func TestAClosedTicketTakesNothing(t *testing.T) {
	w := start(t)
	ticket := w.create()
	w.write(ticket, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusClosed})
	w.clock.Pass(time.Minute)
	for _, write := range []desk.Write{
		reply(),
		{Kind: desk.WriteNote, Key: "note-1", Text: text},
		{Kind: desk.WriteTags, Tags: []string{"vip"}},
		{Kind: desk.WriteStatus, Status: escalate.StatusOpen},
		{Kind: desk.WritePriority, Priority: escalate.PriorityHigh},
		{Kind: desk.WriteAssign, Agent: escalate.AgentID(w.book.Agents[0].ID)},
	} {
		if r := w.refused(ticket, write); !strings.Contains(r.Why, "a closed ticket takes no change any more") || r.RetryAfter != 0 {
			t.Errorf("%s: refused as %+v", write.Kind, r)
		}
	}
	if s := w.read(ticket); s.Status != escalate.StatusClosed || s.Merged != "" {
		t.Errorf("it reads as %s, merged into %q", s.Status, s.Merged)
	}
}

// TestATagStaysInOnePiece: Zendesk makes two tags of one with a space, and knows no capitals.
func TestATagStaysInOnePiece(t *testing.T) {
	w := start(t)
	ticket := w.create()
	w.write(ticket, desk.Write{Kind: desk.WriteTags, Tags: []string{"High Risk", "topic-Gift,cards", "vip", " "}})
	if got := strings.Join(w.read(ticket).Content.Tags, " "); got != "high_risk topic-gift_cards vip" {
		t.Errorf("the tags are %q", got)
	}
	w.write(ticket, desk.Write{Kind: desk.WriteTags, Tags: []string{"VIP"}})
	w.mu.Lock()
	defer w.mu.Unlock()
	puts := 0
	for _, call := range w.calls {
		if strings.HasPrefix(call, "PUT") {
			puts++
		}
	}
	if puts != 1 {
		t.Errorf("%d calls changed tags, want 1: the second had nothing to add", puts)
	}
}

// TestA429OfOneTicketHoldsNobodyElse: thirty changes in ten minutes is a limit of the ticket's.
func TestA429OfOneTicketHoldsNobodyElse(t *testing.T) {
	w := start(t)
	w.fake.PerTicket, w.fake.PerMinute = 3, 1000
	busy, other := w.create(), w.create()
	status := desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending}
	for range 3 {
		w.write(busy, status)
	}
	if r := w.refused(busy, status); r.RetryAfter < 9*time.Minute {
		t.Errorf("refused as %+v, want ten minutes", r)
	}
	w.write(other, status)
	w.read(busy)
}

// TestA429OfTheAccountHoldsEverybody: whoever goes on calling is only refused more.
func TestA429OfTheAccountHoldsEverybody(t *testing.T) {
	w := start(t)
	w.fake.PerMinute = 12
	ticket := w.create()
	var refused *desk.Refused
	for range 20 {
		if _, err := w.c.Read(t.Context(), ticket); errors.As(err, &refused) {
			break
		}
	}
	if refused == nil || refused.RetryAfter <= 0 {
		t.Fatalf("refused as %+v, want a time", refused)
	}
	w.mu.Lock()
	before := len(w.calls)
	w.mu.Unlock()
	if _, err := w.c.Read(t.Context(), ticket); err == nil {
		t.Error("the next call went out at once")
	}
	w.mu.Lock()
	if len(w.calls) != before {
		t.Error("it was made although the account takes none")
	}
	w.mu.Unlock()
	w.clock.Pass(61 * time.Second)
	w.read(ticket)
}

// TestOurOwnTextReadsBackExactly: Zendesk's plain_body does not tell an entity that was typed from one of its own.
func TestOurOwnTextReadsBackExactly(t *testing.T) {
	w := start(t)
	ticket := w.create()
	write := reply()
	write.Text = "Type &nbsp; and {{ticket.id}}:\n\n\n  so  \n\tso"
	w.write(ticket, write)
	if got := w.read(ticket).Content.Messages[1].Text; got != write.Text {
		t.Errorf("got %q, want %q", got, write.Text)
	}
	if held, _ := w.book.Ticket(ticket); strings.Contains(held.Messages[1].Body, "{{") {
		t.Errorf("Zendesk would fill in %s", held.Messages[1].Body)
	}
}
