package jira_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira/jiratest"
)

func marked(key string) map[string]any {
	return map[string]any{"properties": []map[string]any{{"key": "warmline", "value": map[string]any{"key": key, "author": "Ana Ruiz"}}}}
}

func TestNobodyElsePassesForUs(t *testing.T) {
	w := site(t, nil)
	w.fake.Say(t, w.ticket, "As you wrote:\n\nHold the button.\n\n[ref:"+note.Key+":b]", nil)
	w.add(helpdesktest.Message{Author: ana.ID, Public: true, Body: jiratest.ADF("copied"), Extra: marked(note.Key)})
	w.add(helpdesktest.Message{Author: ina.Email, Public: true, Body: jiratest.ADF("by an app of theirs"), Extra: marked(note.Key)})
	w.add(helpdesktest.Message{Author: jiratest.Self, Public: true, Body: jiratest.ADF("typed by a person who uses our account")})
	for i, m := range w.read().Content.Messages[1:] {
		want(t, m.Text, m.Marker, "")
		want(t, m.Text, m.Role, []escalate.Role{escalate.RoleCustomer, escalate.RoleAgent, escalate.RoleCustomer, escalate.RoleAgent}[i])
	}
	w.write(note)
	want(t, "comments", len(w.comments()), 5)
}

func TestMarkersAreFoundWhenTheListLacksProperties(t *testing.T) {
	w := site(t, func(f *jiratest.Fake) { f.NoProperties = true })
	w.write(note)
	w.write(note)
	want(t, "comments", len(w.comments()), 1)
	want(t, "marker", w.last().Marker, note.Key)
}

// A comment with files has its marker and in whose name it is in its text, in front of what Jira adds.
func TestACommentWithFilesReadsBackAsItWasWritten(t *testing.T) {
	for _, tc := range []struct{ author, text string }{
		{"", "Here is the drawing."},
		{"Ana Ruiz", "Here is the drawing."},
		{"", "Yours\n\n— the team"},
		{"Ana Ruiz", "Yours\n\n— the team"},
		{"", ""},
		{"Ana Ruiz", ""},
		{"Ana Ruiz", "See [ref:other:b] and *stars*, {code} and !bang!"},
	} {
		w := site(t, nil)
		files := append(slices.Clone(photo), desk.Upload{Name: "a b.txt", Type: "text/plain", Body: []byte("x")})
		id := w.write(desk.Write{Kind: desk.WriteReply, Key: "reply-7", Author: tc.author, Text: tc.text, Files: files})
		m := w.last()
		role, author := escalate.RoleBot, "AI assistant"
		if tc.author != "" {
			role, author = escalate.RoleAgent, tc.author
		}
		want(t, "id", m.ID, id)
		want(t, "text", m.Text, tc.text)
		want(t, "marker", m.Marker, "reply-7")
		want(t, "role", m.Role, role)
		want(t, "author", m.Author, author)
		want(t, "files", len(m.Files), 2)
	}
}

func TestAReplyWithFilesWhoseAnswerIsLostIsFound(t *testing.T) {
	w := site(t, nil)
	server := httptest.NewServer(breaking(w.fake, http.MethodPost, "/attachment", true))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Connector = w.connect()
	withFile := reply
	withFile.Files, withFile.Author = photo, "Ana Ruiz"
	_, err := w.Write(t.Context(), w.ticket, withFile)
	wantSays(t, err, "502")
	want(t, "marker", w.last().Marker, reply.Key)
	want(t, "author", w.last().Author, "Ana Ruiz")
}

func TestFilesThatDoNotArriveSendNothing(t *testing.T) {
	w := site(t, nil)
	server := httptest.NewServer(breaking(w.fake, http.MethodPost, "/attachTemporaryFile", true))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Connector = w.connect()
	withFile := reply
	withFile.Files = photo
	_, err := w.Write(t.Context(), w.ticket, withFile)
	if refused := wantRefused(t, err, "nothing was sent"); refused.RetryAfter == 0 {
		t.Error("it does not say when to try again")
	}
	want(t, "comments", len(w.comments()), 0)
	w.write(withFile)
	want(t, "comments", len(w.comments()), 1)
}

// What a person wrote in Jira through our account is theirs, and is not sent to anybody twice.
func TestAReplyIsNotLookedForFirst(t *testing.T) {
	w := site(t, nil)
	before := len(w.fake.Requests())
	w.write(reply)
	want(t, "calls", len(w.fake.Requests())-before, 1)
}
