package front_test

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// Front archives a conversation with every reply that does not say otherwise.
func TestAReplyDoesNotArchive(t *testing.T) {
	for name, files := range map[string][]desk.Upload{
		"JSON": nil, "form": {{Name: "a.txt", Type: "text/plain", Body: []byte("x")}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.ticket()
			r := reply("Hold the button.")
			r.Files = files
			w.write(id, r)
			equal(t, "status", w.read(id).Status, escalate.StatusOpen)
			sent := w.Sent("messages")
			if len(sent) != 1 {
				t.Fatalf("%d replies were sent, want 1", len(sent))
			}
			options, _ := sent[0]["options"].(map[string]any)
			if archive, said := options["archive"]; sent[0]["options[archive]"] != "false" && (!said || archive != false) {
				t.Errorf("it does not say archive false: %v", sent[0])
			}
		})
	}
}

func TestANoteIsACommentAndNeverAMessage(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	for range 2 {
		w.write(id, desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "*Summary* for the team: order LB_20411_x"})
	}
	equal(t, "messages sent", len(w.Sent("messages")), 0)
	equal(t, "comments sent", len(w.Sent("comments")), 1)
	m := w.newest(id)
	equal(t, "public", m.Public, false)
	equal(t, "text", m.Text, "*Summary* for the team: order LB_20411_x")
	body, _ := w.Sent("comments")[0]["body"].(string)
	if !strings.HasPrefix(body, `\*Summary\*`) {
		t.Errorf("the comment is no Markdown that shows the text as it is: %q", body)
	}
}

// Should Front show our comments as those of the person who made the token, a note is still added once.
func TestANoteIsAddedOnceWhoeverFrontSaysWroteIt(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	note := desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "Summary."}
	w.write(id, note)
	w.book.Change(id, func(t *helpdesktest.Ticket) bool {
		t.Messages[1].Author = "tea_6r55a"
		return true
	})
	w.write(id, note)
	equal(t, "comments sent", len(w.Sent("comments")), 1)
	equal(t, "marker", w.newest(id).Marker, "note-1")
}

// An accepted reply is not there yet; it is, before an outcome that was lost is judged.
func TestAnAcceptedReplyIsFoundOnceItIsSent(t *testing.T) {
	w := newWorld(t)
	w.Late = 80 * time.Second
	id := w.ticket()
	accepted := w.write(id, reply("Hold the button."))
	equal(t, "messages right after", len(w.read(id).Content.Messages), 1)
	w.clock.add(w.c.Limits().Settle)
	m := w.newest(id)
	equal(t, "marker", m.Marker, "reply-1")
	equal(t, "id", m.ID, accepted)
	equal(t, "text", m.Text, "Hold the button.")
}

// Without a teammate of that name Front would forget whose words they are.
func TestAReplyOfSomebodyWhomFrontDoesNotKnowIsSigned(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	for _, author := range []string{"Zoë Quist", ""} {
		r := reply("I sent you a new one.\n\n— The team")
		r.Author, r.Key = author, "reply-"+author
		if author != "" {
			r.Key = "reply-zoe"
		}
		w.clock.add(time.Second)
		w.write(id, r)
		m := w.newest(id)
		equal(t, "text", m.Text, r.Text)
		equal(t, "marker", m.Marker, r.Key)
		if author != "" {
			equal(t, "author", m.Author, author)
			equal(t, "role", m.Role, escalate.RoleAgent)
		} else {
			equal(t, "author", m.Author, "AI assistant")
			equal(t, "role", m.Role, escalate.RoleBot)
		}
	}
	equal(t, "sender", w.Sent("messages")[0]["sender_name"], any("Zoë Quist"))
	equal(t, "sender of the bot's", w.Sent("messages")[1]["sender_name"], any("AI assistant"))
}

func TestAReplyIsNeverInTheNameOfOneOfTwo(t *testing.T) {
	w := newWorld(t)
	w.book.Agents = append(w.book.Agents, helpdesktest.Agent{ID: "tea_other", Name: "Ana Ruiz", Email: "ana.ruiz@shop.example"})
	id := w.ticket()
	r := reply("I sent you a new one.")
	r.Author = "Ana Ruiz"
	w.write(id, r)
	if author, said := w.Sent("messages")[0]["author_id"]; said {
		t.Errorf("it is in the name of %v, and there are two", author)
	}
	equal(t, "author", w.newest(id).Author, "Ana Ruiz")
}

// A customer's answer quotes our reply with its marker; so does a teammate's, to the very end.
func TestAQuotedMarkerIsNobodys(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	w.Says(id, "Is this one sent?\n\n[ref:reply-2]", nil) // which the bot's own is not, yet
	w.clock.add(time.Second)
	w.write(id, reply("Hold the button."))
	w.clock.add(time.Second)
	w.Says(id, "I did.\n\nHold the button.\n\n[ref:reply-1]", nil)
	ana := helpdesktest.Message{Role: escalate.RoleAgent, Author: "tea_6r55a", Public: true}
	for _, body := range []string{
		"<p>And?</p><blockquote>Hold the button.<br><br>[ref:reply-1]</blockquote>", "<p>And?</p><p>[ref:reply-1]</p>", "<p>See [ref:reply-9]</p>",
	} {
		w.clock.add(time.Second)
		ana.Body = body
		w.Put(id, ana)
	}
	var marked int
	for i, m := range w.read(id).Content.Messages {
		if m.Marker != "" {
			marked++
			equal(t, "place of the one with the marker", i, 2)
		}
	}
	equal(t, "messages with a marker", marked, 1)
}

func TestTheNameOfAFileCannotBreakItsForm(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	r := reply("Here.")
	r.Files = []desk.Upload{{Name: "a\"; name=\"body\r\nX: y.txt", Type: "text/plain\r\nX-Evil: 1", Body: []byte("x")}}
	w.write(id, r)
	held := w.Holds(id, "Here.")
	if len(held) != 1 || len(held[0].Files) != 1 || string(held[0].Files[0].Body) != "x" {
		t.Fatalf("it arrived as %+v", held)
	}
}
