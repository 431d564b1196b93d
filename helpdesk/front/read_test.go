package front_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// One conversation with everything that Front has in it.
func TestReadTellsWhoWroteWhat(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	put := func(m helpdesktest.Message) {
		w.clock.add(time.Second)
		w.Put(id, m)
	}
	put(helpdesktest.Message{Role: escalate.RoleParticipant, Author: "lawyer@firm.example", Public: true, Body: "<p>We represent Ms Berg.</p>"})
	put(helpdesktest.Message{Role: escalate.RoleAgent, Author: "tea_6r55a", Public: true, Body: "<p>Ana here.</p>"})
	put(helpdesktest.Message{Role: escalate.RoleAgent, Public: true, Body: "<p>From my phone.</p>"})
	for _, kind := range []string{"rule", "macro", "ai", "api", "integration"} {
		put(helpdesktest.Message{Role: escalate.RoleAgent, Public: true, Body: "<p>We are closed.</p>", Extra: map[string]any{"author_type": kind}})
	}
	put(helpdesktest.Message{Role: escalate.RoleAgent, Author: "tea_6r55a", Body: "**Careful**, she is upset. [ref:x]"})
	put(helpdesktest.Message{Role: escalate.RoleAgent, Body: "Tagged by a rule.", Extra: map[string]any{"author_type": "rule"}})
	put(helpdesktest.Message{Role: escalate.RoleAgent, Author: "tea_6r55a", Public: true, Body: "Among us.", Extra: map[string]any{"type": "internal"}})
	put(helpdesktest.Message{Role: escalate.RoleAgent, Author: "tea_6r55a", Public: true, Body: "Draft.", Extra: map[string]any{"draft_mode": "shared"}})
	put(helpdesktest.Message{Role: escalate.RoleAgent, Author: "tea_6r55a", Public: true, Body: "Failed.", Extra: map[string]any{"error_type": "expired"}})

	var got []string
	for _, m := range w.read(id).Content.Messages {
		line := string(m.Role) + " " + m.Author + ": " + m.Text
		if !m.Public {
			line = "note " + line
		}
		if m.Auto {
			line = "auto " + line
		}
		if m.Marker != "" {
			line += " (" + m.Marker + ")"
		}
		got = append(got, line)
	}
	want := []string{
		"customer Ina Berg: It does not charge.",
		"participant lawyer@firm.example: We represent Ms Berg.",
		"agent Ana Ruiz: Ana here.",
		"agent support@shop.example: From my phone.",
		"auto bot Warmline: We are closed.",
		"auto bot Warmline: We are closed.",
		"auto bot Warmline: We are closed.",
		"auto bot Warmline: We are closed.",
		"auto bot Warmline: We are closed.",
		"note agent Ana Ruiz: Careful, she is upset. [ref:x]",
		"auto note bot Warmline: Tagged by a rule.",
		"note agent Ana Ruiz: Among us.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReadTellsWhatAConversationIsAbout(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	w.book.Change(id, func(t *helpdesktest.Ticket) bool {
		t.Extra, t.Tags = map[string]any{"topic": " Charging "}, []string{"vip"}
		return true
	})
	s := w.read(id)
	equal(t, "category", s.Content.Category, "Charging")
	equal(t, "url", s.Content.URL, "https://app.frontapp.com/open/"+id)
	equal(t, "channel", s.Content.Channel, "email")
	equal(t, "tags", strings.Join(s.Content.Tags, " "), "vip")
	equal(t, "deadlines", s.Deadlines, desk.Deadlines{})
}

// Real answers have nulls, numbers for text and fields that the specification does not know, and lack some that it requires.
func TestOddAnswersAreRead(t *testing.T) {
	w := newWorld(t)
	answers := map[string]string{
		"/conversations/cnv_1": `{"id":"cnv_1","subject":null,"status":"unassigned","assignee":null,"recipient":null,"tags":null,"links":null,
			"custom_fields":null,"created_at":null,"is_private":null,"metadata":null,"new":[1]}`,
		"/conversations/cnv_1/messages": `{"_pagination":null,"_results":[
			{"id":12,"message_uid":null,"type":null,"is_inbound":true,"created_at":"1701292639.5","recipients":[
				{"handle":"ina@customer.example","role":"from","name":null,"_links":null}],"body":"<p>1</p>","attachments":null},
			{"id":"msg_2","message_uid":"u2","is_inbound":null,"created_at":1701292640123,"author":{"id":"tea_1","first_name":null,
				"last_name":"Ruiz","email":"ana@shop.example"},"recipients":null,"body":null,"text":"2","attachments":[{"id":"fil_1","filename":null,
				"content_type":null,"size":"17"},{"id":null}],"_links":{"related":null}},
			{"id":"msg_3","is_inbound":true,"created_at":"2023-11-29T21:17:21Z","recipients":[],"body":"","blurb":"3"},
			{"id":"msg_4","is_inbound":true,"created_at":null,"recipients":null,"body":{},"blurb":"4"}]}`,
		"/conversations/cnv_1/comments": `{"_results":[{"id":"com_1","author":null,"body":null,"posted_at":1701292642}]}`,
	}
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		_, _ = io.WriteString(rw, answers[r.URL.Path])
		return true
	}
	s := w.read("cnv_1")
	equal(t, "status", s.Status, escalate.StatusOpen)
	equal(t, "customer", s.Content.Customer.Name, "ina@customer.example")
	equal(t, "customer's e-mail", s.Content.Customer.Email, "ina@customer.example")
	var got []string
	for _, m := range s.Content.Messages {
		got = append(got, strings.Join([]string{string(m.ID), string(m.Role), m.Author, m.Text, m.At.UTC().Format("15:04:05.000")}, "|"))
	}
	want := "12|customer|ina@customer.example|1|21:17:19.500\nu2|agent|Ruiz|2|21:17:20.123\n" +
		"msg_3|customer||3|21:17:21.000\nmsg_4|customer||4|21:17:21.000\ncom_1|bot|||21:17:22.000"
	equal(t, "messages", strings.Join(got, "\n"), want)
	equal(t, "file", s.Content.Messages[1].Files[0], escalate.File{ID: "fil_1", Size: 17})
	equal(t, "files", len(s.Content.Messages[1].Files), 1)
}

// Front opens any file by its id alone; here it is opened only where it belongs, and never at an address that a message gives.
func TestAFileIsOpenedOnlyWhereItBelongs(t *testing.T) {
	w := newWorld(t)
	file := []desk.Upload{{Name: "a.txt", Type: "text/plain", Body: []byte("secret")}}
	mine, other := w.ticket(), w.ticket()
	w.Says(other, "Mine.", file)
	theirs := w.newest(other)
	w.write(mine, desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "With a file.", Files: file})
	note := w.newest(mine)
	for _, x := range []struct {
		ticket string
		m      escalate.MessageID
		f      escalate.FileID
		ok     bool
	}{
		{other, theirs.ID, theirs.Files[0].ID, true},
		{mine, note.ID, note.Files[0].ID, true},
		{mine, theirs.ID, theirs.Files[0].ID, false},
		{mine, note.ID, theirs.Files[0].ID, false},
		{other, "..", theirs.Files[0].ID, false},
		{other, theirs.ID, "", false},
	} {
		r, err := w.c.OpenFile(t.Context(), x.ticket, x.m, x.f)
		if !x.ok {
			if !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%+v: got %v, want not found", x, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%+v: %v", x, err)
		}
		body, _ := io.ReadAll(r)
		_ = r.Close()
		equal(t, "file", string(body), "secret")
	}
}

func TestArticlesAndMacrosHoldNothingThatIsNotPublic(t *testing.T) {
	w := newWorld(t)
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, next, err := w.c.Articles(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page {
			if strings.Contains(strings.ToLower(a.Body), "secret") || a.ID == "kba_4:en" || a.URL == "" {
				t.Errorf("article %+v is not for everybody", a)
			}
		}
		cursor = next
	}
	equal(t, "articles of other knowledge bases that were read", w.called("GET /knowledge_base_articles/kba_i1")+w.called("GET /knowledge_base_articles/kba_u1"), 0)
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, next, err := w.c.Macros(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			equal(t, "a teammate's own", m.ID == "rsp_own", false)
		}
		cursor = next
	}
	for _, cursor := range []string{"x", "%", "limit=3"} {
		if _, _, err := w.c.Macros(t.Context(), cursor); err == nil {
			t.Errorf("the cursor %q was taken", cursor)
		}
	}
}
