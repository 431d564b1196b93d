package front_test

import (
	"net/http"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Front answers 301 at each of the nineteen operations on a conversation that was merged. Nothing may follow it into the other one.
func TestAMergedConversationIsNeverWrittenTo(t *testing.T) {
	for _, ticketing := range []bool{true, false} {
		w := newWorld(t)
		w.Ticketing = ticketing
		from, into := w.ticket(), w.ticket()
		w.Merge(from, into)
		file := []desk.Upload{{Name: "a.txt", Type: "text/plain", Body: []byte("x")}}
		for _, wr := range []desk.Write{
			reply("Hold the button."),
			{Kind: desk.WriteReply, Key: "reply-2", Text: "Here.", Files: file},
			{Kind: desk.WriteReply, Key: "reply-3", Text: "Mine.", Author: "Ana Ruiz"},
			{Kind: desk.WriteNote, Key: "note-1", Text: "Summary."},
			{Kind: desk.WriteNote, Text: "Without a key."},
			{Kind: desk.WriteNote, Key: "note-2", Text: "With a file.", Files: file},
			{Kind: desk.WriteAssign, Agent: "tea_6r55a"},
			{Kind: desk.WriteTags, Tags: []string{"refund"}},
			{Kind: desk.WriteStatus, Status: escalate.StatusPending},
			{Kind: desk.WriteStatus, Status: escalate.StatusSolved},
			{Kind: desk.WritePriority, Priority: escalate.PriorityHigh},
		} {
			_, err := w.c.Write(t.Context(), from, wr)
			if refused := refusal(t, err); !refused.Moved {
				t.Errorf("%s: got %v, want that it moved", wr.Kind, err)
			}
		}
		s := w.read(from)
		equal(t, "status", s.Status, escalate.StatusGone)
		equal(t, "merged into", s.Merged, into)
		other, _ := w.book.Ticket(into)
		equal(t, "messages of the other", len(other.Messages), 1)
		equal(t, "tags of the other", len(other.Tags), 0)
		equal(t, "calls at the other", w.called("POST /conversations/"+into), 0)
	}
}

func TestAMergeWhileItIsReadIsAMerge(t *testing.T) {
	w := newWorld(t)
	from, into := w.ticket(), w.ticket()
	w.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/conversations/"+from+"/comments" {
			w.Merge(from, into)
		}
		return false
	}
	equal(t, "merged into", w.read(from).Merged, into)
}

// The feed tells of a merge under the conversation that is left; whoever knows the other one must hear of it, too.
func TestTheFeedTellsOfBothSidesOfAMerge(t *testing.T) {
	w := newWorld(t)
	from, into := w.ticket(), w.ticket()
	_, live, err := w.c.Changes(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.add(1)
	w.Merge(from, into)
	notices, _, err := w.c.Changes(t.Context(), live)
	if err != nil || len(notices) != 2 || notices[0].Ref.ID != into || notices[1].Ref.ID != from || notices[0].Delivery == notices[1].Delivery {
		t.Fatalf("got %+v, %v; want notices of %s and %s", notices, err, into, from)
	}
}

func TestNoOtherRedirectIsAMerge(t *testing.T) {
	for name, answer := range map[string]struct {
		status   int
		location string
	}{
		"found":              {http.StatusFound, "https://shop.api.frontapp.com/conversations/cnv_other"},
		"elsewhere":          {http.StatusMovedPermanently, "https://shop.api.frontapp.com/login"},
		"to a message":       {http.StatusMovedPermanently, "https://shop.api.frontapp.com/messages/msg_1"},
		"to no conversation": {http.StatusMovedPermanently, "https://shop.api.frontapp.com/conversations/..%2f..%2fme"},
		"nowhere":            {http.StatusMovedPermanently, ""},
		"to itself":          {http.StatusMovedPermanently, "SELF"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.ticket()
			w.before = func(rw http.ResponseWriter, _ *http.Request) bool {
				location := answer.location
				if location == "SELF" {
					location = "https://shop.api.frontapp.com/conversations/" + id
				}
				rw.Header().Set("Location", location)
				rw.WriteHeader(answer.status)
				return true
			}
			s, err := w.c.Read(t.Context(), id)
			if err == nil {
				t.Fatalf("read %+v", s)
			}
			_, err = w.c.Write(t.Context(), id, reply("Hold the button."))
			if !isRedirect(err) {
				t.Errorf("got %v, want the redirect itself, which leaves open what was applied", err)
			}
		})
	}
}

func isRedirect(err error) bool {
	_, ok := err.(*helpdesk.RedirectError) //nolint:errorlint // nothing may have wrapped it into a refusal
	return ok
}
