package hubspot_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot/hubspottest"
)

func TestANoteIsNeverAMessage(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.write(id, desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "Only for us."})
	equal(t, "type", w.posted()["type"], any("COMMENT"))
	m := w.newest(id)
	equal(t, "public", m.Public, false)
	equal(t, "role", m.Role, escalate.RoleBot)
	// Nor is anybody else's comment, whatever it says of itself.
	w.put(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: hubspottest.Actor(w.Book.Agents[1]), Body: "<p>Careful with her.</p>"})
	m = w.newest(id)
	equal(t, "public", m.Public, false)
	equal(t, "role", m.Role, escalate.RoleAgent)
	equal(t, "author", m.Author, "Ben Okafor")
	for _, sent := range w.Posted() {
		equal(t, "type", sent["type"], any("COMMENT"))
	}
}

func TestAReplyHasAllThatHubSpotRequires(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.write(id, reply("Hold the button."))
	sent := w.posted()
	equal(t, "type", sent["type"], any("MESSAGE"))
	equal(t, "channel", fmt.Sprint(sent["channelId"], sent["channelAccountId"]), "1002301")
	equal(t, "sender", sent["senderActorId"], any(hubspottest.Actor(hubspottest.Bot)))
	equal(t, "subject", sent["subject"], any("Lamp"))
	if to := fmt.Sprint(sent["recipients"]); strings.Count(to, "deliveryIdentifiers") != 1 || !strings.Contains(to, "ina@customer.example") {
		t.Errorf("recipients: %s", to)
	}
	w.write(id, desk.Write{Kind: desk.WriteReply, Key: "reply-2", Author: "Ben Okafor", Text: "I am here, too."})
	equal(t, "sender", w.posted()["senderActorId"], any(hubspottest.Actor(w.Book.Agents[1])))
}

// HubSpot refuses numbers; so do its fake and our reading of it.
func TestAllPropertiesAreStrings(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	for _, wr := range []desk.Write{
		{Kind: desk.WriteAssign, Agent: "80101"},
		{Kind: desk.WriteStatus, Status: escalate.StatusPending},
		{Kind: desk.WritePriority, Priority: escalate.PriorityHigh},
		{Kind: desk.WriteTags, Tags: []string{"7"}},
	} {
		w.write(id, wr)
	}
	for body, want := range map[string]int{
		`{"properties":{"hs_pipeline_stage":2}}`: http.StatusBadRequest, `{"properties":{"hubspot_owner_id":80101}}`: http.StatusBadRequest,
		`{"properties":{"hs_pipeline_stage":"2"}}`: http.StatusOK, `{"propertys":{"hs_pipeline_stage":"2"}}`: http.StatusBadRequest,
		`{"properties":{"hs_pipeline_stage":"77"}}`: http.StatusBadRequest, `{"properties":{"no_such":"2"}}`: http.StatusBadRequest,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, "/crm/v3/objects/tickets/"+id, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+hubspottest.Token)
		rec := &recorder{header: http.Header{}}
		w.ServeHTTP(rec, r)
		equal(t, body, rec.status, want)
	}
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }

func TestACutMessageIsReadWhole(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	const long = "First this. Then that. And in the end it burned."
	w.put(id, helpdesktest.Message{
		Role: escalate.RoleCustomer, Author: "ina@customer.example", Public: true, Body: "<p>" + long + "</p>", Extra: map[string]any{"cut": 11},
	})
	equal(t, "text", w.newest(id).Text, long)
}

func TestAMessageThatCouldNotBeSentIsNone(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.put(id, helpdesktest.Message{
		Role: escalate.RoleAgent, Author: hubspottest.Actor(hubspottest.Bot), Public: true, Body: "<p>Hello.<br><br>[ref:reply-1]</p>",
		Extra: map[string]any{"client": "INTEGRATION", "app": hubspottest.App, "status": "FAILED"},
	})
	equal(t, "messages", len(w.read(id).Content.Messages), 1)
}

func TestAReplyGoesToTheCustomerNotToWhoWroteLast(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.put(id, helpdesktest.Message{Role: escalate.RoleParticipant, Author: "lawyer@other.example", Public: true, Body: "<p>We will sue.</p>"})
	m := w.newest(id)
	equal(t, "role", m.Role, escalate.RoleParticipant)
	equal(t, "e-mail", m.Email, "lawyer@other.example")
	w.write(id, reply("Hold the button."))
	if to := fmt.Sprint(w.posted()["recipients"]); strings.Contains(to, "lawyer") || !strings.Contains(to, "ina@customer.example") {
		t.Errorf("recipients: %s", to)
	}
}

func TestAnAuthorWhoIsNoUserIsSigned(t *testing.T) {
	w := newWorld(t, nil)
	w.Book.Agents = append(w.Book.Agents, helpdesktest.Agent{ID: "80103", Name: "Ben Okafor", Email: "ben2@shop.example"})
	id := w.ticket()
	for _, author := range []string{"Zoe Lind", "Ben Okafor", hubspottest.Bot.Name} { // nobody, two, and the bot's own user
		w.write(id, desk.Write{Kind: desk.WriteReply, Key: "reply-" + author[:3], Author: author, Text: "I sent it."})
		equal(t, "sender for "+author, w.posted()["senderActorId"], any(hubspottest.Actor(hubspottest.Bot)))
		m := w.newest(id)
		equal(t, "author", m.Author, author)
		equal(t, "role", m.Role, escalate.RoleAgent)
		equal(t, "text", m.Text, "I sent it.")
		w.clock.add(time.Second)
	}
}

func TestAllThreadsOfATicketAreRead(t *testing.T) {
	w := newWorld(t, nil)
	w.NewestFirst = true
	id := w.ticket()
	for i := range 3 {
		w.put(id, helpdesktest.Message{
			Role: escalate.RoleCustomer, Author: "ina@customer.example", Public: true, Body: fmt.Sprintf("<p>%d</p>", i),
			Extra: map[string]any{"thread": fmt.Sprintf("9%d", i%2)},
		})
	}
	var got []string
	for _, m := range w.read(id).Content.Messages {
		got = append(got, m.Text)
	}
	equal(t, "texts", strings.Join(got, "|"), "It does not charge.|0|1|2")
	w.write(id, reply("Hold it."))
	equal(t, "thread of the reply", w.posted()["thread"], any("90")) // where the customer wrote last
}

// Nobody can be answered where there is no conversation. The team's notes are on the record, and ours goes there.
func TestATicketWithoutAConversation(t *testing.T) {
	w := newWorld(t, nil)
	id := w.Book.Open(helpdesktest.Ticket{Subject: "By hand", Extra: map[string]any{"bare": true, "content": "He called & waits."}}).ID
	s := w.read(id)
	if len(s.Content.Messages) != 1 || s.Content.Messages[0].Text != "He called & waits." {
		t.Errorf("messages: %+v", s.Content.Messages)
	}
	if r := w.refused(id, reply("Hello.")); r.RetryAfter != 0 || !strings.Contains(r.Why, "no conversation") {
		t.Errorf("reply: %+v", r)
	}
	w.PutNote(id, w.Book.Agents[0], "Call him back.")
	file := desk.Upload{Name: "plan.txt", Type: "text/plain", Body: []byte("first this")}
	note := desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "Handed over.", Files: []desk.Upload{file}}
	first := w.write(id, note)
	equal(t, "the note again", w.write(id, note), first)
	all := w.read(id).Content.Messages
	if len(all) != 3 || all[0].Text != "He called & waits." || all[0].Role != escalate.RoleCustomer {
		t.Fatalf("messages: %+v", all)
	}
	if m := all[1]; m.Text != "Call him back." || m.Role != escalate.RoleAgent || m.Author != "Ana Ruiz" || m.Public {
		t.Errorf("an agent's note reads as %+v", m)
	}
	if m := all[2]; m.ID != first || m.Text != "Handed over." || m.Role != escalate.RoleBot || m.Marker != "note-1" || m.Public || len(m.Files) != 1 {
		t.Errorf("our note reads as %+v", m)
	}
	body, err := w.c.OpenFile(t.Context(), id, first, all[2].Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	got, err := io.ReadAll(body)
	equal(t, "file", string(got), "first this")
	equal(t, "error", err, nil)
	w.write(id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved})
	equal(t, "status", w.read(id).Status, escalate.StatusSolved)
}

// Notes on the record belong to what the team knows, also where there is a conversation; one that quotes our marker is none of ours.
func TestNotesOnTheRecordAreReadWithTheConversation(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.clock.add(time.Second)
	w.PutNote(id, w.Book.Agents[1], "As it said:\n\nHanded over.\n\n[ref:note-1]")
	all := w.read(id).Content.Messages
	if len(all) != 2 || all[1].Role != escalate.RoleAgent || all[1].Author != "Ben Okafor" || all[1].Public || all[1].Marker != "" {
		t.Errorf("messages: %+v", all)
	}
	w.Forbidden = []string{"/crm/v3/objects/notes"}
	equal(t, "messages for a token that may not read notes", len(w.read(id).Content.Messages), 1)
}

func TestAChatIsAnsweredInTheChat(t *testing.T) {
	w := newWorld(t, nil)
	id := w.Book.Open(helpdesktest.Ticket{
		Channel: "1000", Customer: escalate.Customer{Name: "Ina Berg", Email: "ina@customer.example"}, Extra: map[string]any{"source_type": "CHAT"},
	}).ID
	w.Says(id, "Anyone there?", nil)
	equal(t, "channel", w.read(id).Content.Channel, "chat")
	w.write(id, reply("Yes."))
	equal(t, "subject", w.posted()["subject"], any(""))
	if to := fmt.Sprint(w.posted()["recipients"]); !strings.Contains(to, "CHANNEL_SPECIFIC_OPAQUE_ID") {
		t.Errorf("recipients: %s", to)
	}
	notices, _, err := w.c.Changes(t.Context(), "0")
	if err != nil || len(notices) != 1 || !notices[0].Urgent {
		t.Errorf("notices: %+v, %v", notices, err)
	}
}

func TestWhatIsWrittenToAMergedTicketIsRefused(t *testing.T) {
	for _, gone := range []bool{false, true} {
		w := newWorld(t, nil)
		w.MergedGone = gone
		from, into := w.ticket(), w.ticket()
		w.Merge(from, into)
		for _, wr := range []desk.Write{reply("Hello."), {Kind: desk.WriteNote, Key: "n", Text: "x"}, {Kind: desk.WriteStatus, Status: escalate.StatusSolved}, {Kind: desk.WriteAssign, Agent: "80101"}} {
			if r := w.refused(from, wr); !r.Moved {
				t.Errorf("%s: %+v", wr.Kind, r)
			}
		}
		equal(t, "status of the other", w.read(into).Status, escalate.StatusOpen)
		equal(t, "posted", len(w.Posted()), 0)
	}
}

func TestFilesAreFetchedWithoutCredentialsAndFromNoOtherHost(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.Says(id, "This is how it looks.", []desk.Upload{{Name: "lamp.png", Type: "image/png", Body: []byte("PNG")}})
	m := w.newest(id)
	r, err := w.c.OpenFile(t.Context(), id, m.ID, m.Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	equal(t, "calls with credentials", w.Leaked(), 0)
	for _, host := range []string{"http://127.0.0.1:1", "https://evil.example", "https://hubspot.com.evil.example", "http://f.hubspotusercontent-na1.net", "https://u:p@app.hubspot.com"} {
		w.FileURL = host
		if _, err := w.c.OpenFile(t.Context(), id, m.ID, m.Files[0].ID); err == nil {
			t.Errorf("a file at %s was opened", host)
		}
	}
	// Another ticket's file is none of this ticket's.
	other := w.ticket()
	if _, err := w.c.OpenFile(t.Context(), other, m.ID, m.Files[0].ID); err == nil {
		t.Error("another ticket's file was opened")
	}
}

// A file that was uploaded for a reply that then was not sent has reached nobody, and a reply whose file was not taken is not sent.
func TestAReplyAndItsFilesArriveTogetherOrNotAtAll(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	wr := reply("See here.")
	wr.Files = []desk.Upload{{Name: "a.png", Type: "image/png", Body: []byte("PNG")}, {Name: "b.txt", Type: "text/plain", Body: []byte("b")}}
	fails := 2
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && r.URL.Path == "/files/v3/files" {
			if fails--; fails == 0 {
				rw.WriteHeader(http.StatusBadGateway)
				return true
			}
		}
		return false
	}
	if r := w.refused(id, wr); r.RetryAfter == 0 {
		t.Errorf("nothing was sent, so it can be tried again: %+v", r)
	}
	equal(t, "messages", len(w.read(id).Content.Messages), 1)
	w.write(id, wr)
	equal(t, "messages", len(w.read(id).Content.Messages), 2)
	equal(t, "files", len(w.newest(id).Files), 2)
	wr.Files = make([]desk.Upload, 11)
	if r := w.refused(id, wr); !r.Content {
		t.Errorf("too many files: %+v", r)
	}
}
