package jira_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira/jiratest"
)

var (
	note  = desk.Write{Kind: desk.WriteNote, Key: "job-note-1", Text: "Summary for the team."}
	reply = desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: "Hold the button for five seconds."}
	photo = []desk.Upload{{Name: "lamp.png", Type: "image/png", Body: []byte("\x89PNG\r\n\x1a\n\x00\xff")}}
)

// What the site does with a comment of which nobody says who may see it is the reason for all tests below.
func TestPlatformCommentsArePublicByDefault(t *testing.T) {
	w := site(t, nil)
	body := []byte(`{"body":` + jiratest.ADF("not meant for customers") + `}`)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/rest/api/3/issue/"+w.ticket+"/comment", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(jiratest.Email, jiratest.Token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var got struct {
		JSDPublic bool `json:"jsdPublic"`
	}
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil || !got.JSDPublic {
		t.Fatalf("a comment without a word about it is public %t, %v; want true", got.JSDPublic, err)
	}
}

func TestANoteIsNeverPublic(t *testing.T) {
	for name, set := range map[string]func(*jiratest.Fake){
		"as it should be":                   nil,
		"the answer is behind the property": func(f *jiratest.Fake) { f.AnswersEarly = true },
		"nothing is public":                 func(f *jiratest.Fake) { f.KeepsInternal = true },
	} {
		t.Run(name, func(t *testing.T) {
			w := site(t, set)
			withFile := desk.Write{Kind: desk.WriteNote, Key: "job-note-2", Text: "Photo of the part.", Files: photo}
			for range 2 {
				w.write(note)
				w.write(withFile)
			}
			want(t, "comments", len(w.comments()), 2)
			for _, m := range w.comments() {
				if m.Public || m.Extra["explicit"] != true {
					t.Errorf("public %t, said so %v", m.Public, m.Extra["explicit"])
				}
			}
			want(t, "ever shown to customers", len(w.fake.Shown()), 0)
			for _, m := range w.read().Content.Messages[1:] {
				want(t, "read as public", m.Public, false)
				want(t, "role", m.Role, escalate.RoleBot)
			}
		})
	}
}

func TestAReplySaysThatItIsPublic(t *testing.T) {
	w := site(t, nil)
	w.write(reply)
	withFile := reply
	withFile.Key, withFile.Files = "reply-2", photo
	w.write(withFile)
	for _, m := range w.comments() {
		if !m.Public || m.Extra["explicit"] != true {
			t.Errorf("public %t, said so %v", m.Public, m.Extra["explicit"])
		}
	}
	want(t, "how text goes", w.comments()[0].Extra["via"], any("platform"))
	want(t, "how files go", w.comments()[1].Extra["via"], any("request"))
}

func TestANoteThatCameOutPublicIsTakenBack(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.IgnoresInternal = true })
	id := w.write(note)
	want(t, "id of the repeat", w.write(note), id)
	second := note
	second.Key, second.Text = "job-note-2", "Another one."
	w.write(second)
	want(t, "comments", len(w.comments()), 2)
	for _, m := range w.comments() {
		want(t, "public", m.Public, false)
		want(t, "written through", m.Extra["via"], any("request"))
	}
	want(t, "ever shown to customers, before the site was known", len(w.fake.Shown()), 1)
	for i, m := range w.read().Content.Messages[1:] {
		want(t, "marker", m.Marker, []string{"job-note-1", "job-note-2"}[i])
		want(t, "text", m.Text, []string{note.Text, second.Text}[i])
	}
	found, err := w.Check(t.Context())
	if err != nil || !strings.Contains(found[len(found)-1].Says, "taken back") {
		t.Errorf("check does not tell of it: %+v, %v", found, err)
	}
}

func TestANoteLeftPublicByACrashIsTakenBackByItsRepeat(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.IgnoresInternal = true })
	w.add(helpdesktest.Message{Author: jiratest.Self, Public: true, Body: jiratest.ADF(note.Text), Extra: map[string]any{
		"properties": []map[string]any{{"key": "warmline", "value": map[string]any{"key": note.Key}}},
	}})
	w.write(note)
	want(t, "comments", len(w.comments()), 1)
	want(t, "public", w.comments()[0].Public, false)
}

func TestANoteThatCannotBeTakenBackSaysSo(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) {
		f.IgnoresInternal, f.Lacks = true, map[string]bool{"DELETE_OWN_COMMENTS": true}
	})
	_, err := w.Write(t.Context(), w.ticket, note)
	wantSays(t, err, "public", "by hand")
}

func TestAReplyThatTheCustomerHasIsNotTakenBack(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.AnswersEarly = true })
	id := w.write(reply)
	want(t, "comments", len(w.comments()), 1)
	want(t, "id", escalate.MessageID(w.comments()[0].ID), id)
	want(t, "public", w.comments()[0].Public, true)
}

func TestAReplyThatStayedInternalIsTakenBack(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.KeepsInternal = true })
	_, err := w.Write(t.Context(), w.ticket, reply)
	wantRefused(t, err, "internal", "agent")
	want(t, "comments", len(w.comments()), 0)
}

func TestNothingInternalIsReadAsPublic(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) {
		f.Book.Agents = append(f.Book.Agents, helpdesktest.Agent{ID: "5b10bo", Name: "Bo"})
	})
	byProperty := map[string]any{"properties": []map[string]any{{"key": "sd.public.comment", "value": map[string]any{"internal": true}}}}
	w.add(helpdesktest.Message{Author: "5b10bo", Public: false, Body: jiratest.ADF("a note")})
	w.add(helpdesktest.Message{Author: "5b10bo", Public: true, Body: jiratest.ADF("a note by its property"), Extra: byProperty})
	w.add(helpdesktest.Message{Author: "5b10bo", Public: true, Body: jiratest.ADF("for a role"), Extra: map[string]any{
		"visibility": map[string]any{"type": "role", "value": "Administrators", "identifier": "Administrators"},
	}})
	w.change(func(t *helpdesktest.Ticket) { t.Customer = escalate.Customer{Name: ana.Name, Email: ana.Email} })
	w.add(helpdesktest.Message{Author: ana.ID, Public: false, Body: jiratest.ADF("the reporter is one of us, and writes a note")})
	for _, m := range w.read().Content.Messages[1:] {
		want(t, m.Text, m.Public, false)
		want(t, m.Text, m.Role, escalate.RoleAgent)
	}
	w.add(helpdesktest.Message{Author: "5b10bo", Public: true, Body: jiratest.ADF("a reply")})
	want(t, "a reply", w.last().Public, true)
	w.add(helpdesktest.Message{Author: ana.ID, Public: true, Body: jiratest.ADF("the reporter asks")})
	want(t, "who asks", w.last().Role, escalate.RoleCustomer)
}

// Jira keeps what a stranger answers by e-mail internal, and still no agent wrote it.
func TestAStrangerIsNoAgent(t *testing.T) {
	w := site(t, nil)
	for name, extra := range map[string]map[string]any{"by e-mail": {"sees": false}, "by a rule": {"name": "Kim"}} {
		w.add(helpdesktest.Message{Author: "kim@partner.example", Public: false, Body: jiratest.ADF("Pay here instead."), Extra: extra})
		want(t, name, w.last().Role, escalate.RoleParticipant)
		want(t, name+", public", w.last().Public, false)
	}
}

func TestFilesHaveTheirCommentsVisibility(t *testing.T) {
	w := site(t, nil)
	w.write(desk.Write{Kind: desk.WriteNote, Key: "n", Text: "Part.", Files: photo})
	w.write(desk.Write{Kind: desk.WriteReply, Key: "r", Text: "Drawing.", Files: photo})
	if slices.ContainsFunc(w.fake.Requests(), func(s string) bool { return strings.HasSuffix(s, "/attachments") }) {
		t.Error("a file was hung at the issue, where customers see it whatever the comment is")
	}
	all := w.read().Content.Messages
	for i, public := range []bool{false, true} {
		m := all[i+1]
		if m.Public != public || len(m.Files) != 1 || m.Files[0].Name != "lamp.png" {
			t.Errorf("message %d: %+v", i+1, m)
		}
	}
	want(t, "files of the first message", len(all[0].Files), 0)
}
