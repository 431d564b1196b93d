package requesttracker_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/requesttracker"
	"warmline/helpdesk/requesttracker/requesttrackertest"
	"warmline/helpdesk/richtext"
)

// RT answers 200 to a change that it did not make.
func TestAChangeThatRTOnlySeemsToMakeIsARefusal(t *testing.T) {
	for name, test := range map[string]struct {
		lacks string
		write desk.Write
		says  string
	}{
		"somebody who may not own tickets": {"", desk.Write{Kind: desk.WriteAssign, Agent: "ana"}, "OwnTicket"},
		"nobody who has that name":         {"", desk.Write{Kind: desk.WriteAssign, Agent: "nosuch"}, "does not exist"},
		"a name of digits that nobody has": {"", desk.Write{Kind: desk.WriteAssign, Agent: "4711"}, "no user"},
		"a status without the right":       {"ModifyTicket", desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved}, "Permission Denied"},
		"a priority without the right":     {"ModifyTicket", desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityHigh}, "ModifyTicket"},
		"tags without the right":           {"ModifyCustomField", desk.Write{Kind: desk.WriteTags, Tags: []string{"vip"}}, "ModifyCustomField"},
	} {
		t.Run(name, func(t *testing.T) {
			fake, c := account(t, func(f *requesttrackertest.Fake) {
				f.NotGranted, f.MayNotOwn = map[string]bool{test.lacks: true}, map[string]bool{"ana": true}
			})
			test.write.Key = "job-1"
			if r := refused(t, c, fake.Open(ina), test.write); !strings.Contains(r.Why, test.says) || r.Moved || r.RetryAfter != 0 {
				t.Errorf("%+v, want it to say %q", r, test.says)
			}
		})
	}
}

// Without the right to reassign, RT keeps the owner that somebody else has made.
func TestAnOwnerIsNotTakenOverWithoutTheRight(t *testing.T) {
	fake, c := account(t, func(f *requesttrackertest.Fake) { f.NotGranted = map[string]bool{"ReassignTicket": true} })
	id := fake.Open(ina)
	fake.Sets(id, func(t *helpdesktest.Ticket) { t.Assignee = "ben" })
	if r := refused(t, c, id, desk.Write{Kind: desk.WriteAssign, Key: "job-1", Agent: "ana"}); !strings.Contains(r.Why, "ReassignTicket") {
		t.Errorf("%+v", r)
	}
	if got := read(t, c, id).Assignee; got != "ben" {
		t.Errorf("the owner is %q", got)
	}
}

// A user whose name is a number would be taken for the user of that number.
func TestAUserWhoseNameIsANumberIsFound(t *testing.T) {
	book := &helpdesktest.Book{Agents: []helpdesktest.Agent{{ID: "1001", Name: "Ana Ruiz", Email: "ana@shop.example"}, {ID: "77", Name: "Ben Okoro", Email: "ben@shop.example"}}}
	fake := requesttrackertest.New(book)
	c := serve(t, fake)
	agent, err := c.AgentByEmail(t.Context(), "ben@shop.example")
	if err != nil || agent != "77" {
		t.Fatal(agent, err)
	}
	id := fake.Open(ina)
	write(t, c, id, desk.Write{Kind: desk.WriteAssign, Key: "job-1", Agent: "77"})
	if got := read(t, c, id).Assignee; got != "77" {
		t.Errorf("the owner is %q", got)
	}
	fake.Writes(id, "Comment", helpdesktest.Message{Role: escalate.RoleAgent, Author: "77", Body: "Internal."}, "")
	if m := last(t, c, id); m.Role != escalate.RoleAgent || m.Author != "Ben Okoro" || m.Public {
		t.Errorf("his comment reads as %+v", m)
	}
}

// RT shows the ticket that one was merged into as if it were that, and writes to it.
func TestNothingIsWrittenToTheTicketThatOneWasMergedInto(t *testing.T) {
	fake, c := account(t, nil)
	from, into := fake.Open(ina), fake.Open(ina)
	fake.Merge(from, into)
	for _, w := range []desk.Write{
		answerOf("reply-1"),
		{Kind: desk.WriteNote, Key: "job-1", Text: "x"},
		{Kind: desk.WriteStatus, Key: "job-2", Status: escalate.StatusSolved},
		{Kind: desk.WriteAssign, Key: "job-3", Agent: "ana"},
		{Kind: desk.WriteTags, Key: "job-4", Tags: []string{"vip"}},
	} {
		if _, err := c.Write(t.Context(), from, w); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: %v, want desk.ErrNotFound", w.Kind, err)
		}
	}
	s := read(t, c, into)
	if len(s.Content.Messages) != 2 || s.Status != escalate.StatusOpen || s.Assignee != "" || len(s.Content.Tags) != 0 {
		t.Errorf("the other ticket was written to, or lacks what both were asked: %+v", s)
	}
}

// RT answers a reply to no ticket with 400 "Permission Denied", and lists the files of all tickets for one that is not there.
func TestAReplyToADeletedTicketIsNotFound(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina)
	fake.Sets(id, func(t *helpdesktest.Ticket) { t.Status = "deleted" })
	if _, err := c.Write(t.Context(), id, answerOf("reply-1")); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want desk.ErrNotFound", err)
	}
	if s := read(t, c, id); s.Status != escalate.StatusGone {
		t.Errorf("it reads as %s", s.Status)
	}
}

// Without the extension RT refuses every reply that has an If-Match.
func TestWithoutTheExtensionRepliesCarryNoVersion(t *testing.T) {
	fake, c := account(t, func(f *requesttrackertest.Fake) {
		f.Before = func(r *http.Request) {
			if r.Method == http.MethodPost && r.Header.Get("If-Match") != "" {
				t.Errorf("%s carries If-Match", r.URL.Path)
			}
		}
	})
	id := fake.Open(ina)
	w := answerOf("reply-1")
	w.Stamp = "1" // of a time when it was installed
	write(t, c, id, w)
	if s := read(t, c, id); s.Stamp != "" {
		t.Errorf("a stamp is shown: %q", s.Stamp)
	}
}

// Whoever says that the extension is there while it is not is told before anything is sent.
func TestTheCheckFindsAMissingExtension(t *testing.T) {
	for _, installed := range []bool{true, false} {
		fake := requesttrackertest.New(&helpdesktest.Book{})
		fake.Extension = true // what the settings say
		c := serve(t, fake)
		fake.Extension = installed
		id := fake.Open(ina)
		findings, err := c.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var found string
		for _, f := range findings {
			if f.What == "stamps" {
				found = strconv.FormatBool(f.OK)
			}
		}
		if found != strconv.FormatBool(installed) {
			t.Errorf("installed: %t, found: %q", installed, found)
		}
		if n := len(read(t, c, id).Content.Messages); n != 1 {
			t.Errorf("the check left %d messages", n-1)
		}
	}
}

// RT breaks names of files that are not ASCII, and fails on those that are not Latin.
func TestNamesOfFilesArriveInAnyScript(t *testing.T) {
	fake, c := account(t, nil)
	for _, name := range []string{"Lampe vörn (2).png", "東京.png", strings.Repeat("sehr lang und mit Ümlaut ", 8) + ".png"} {
		id := fake.Open(ina)
		w := answerOf("reply-1")
		w.Files = []desk.Upload{{Name: name, Type: "image/png", Body: []byte("x")}}
		write(t, c, id, w)
		m := last(t, c, id)
		if len(m.Files) != 1 || m.Files[0].Name != name {
			t.Errorf("%q arrived as %+v", name, m.Files)
		}
	}
	w := answerOf("reply-2")
	w.Files = []desk.Upload{{Name: "empty.txt", Type: "text/plain"}}
	if r := refused(t, c, fake.Open(ina), w); !r.Content {
		t.Errorf("an empty file: %+v, want a refusal because of the content", r)
	}
}

// Anybody can write HTML with a comment like ours.
func TestAMarkerIsBelievedOfOurOwnUserOnly(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina)
	body := richtext.HTML(answerText) + "<!-- warmline:reply-1 -->"
	fake.Writes(id, "Correspond", helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: body}, "")
	if m := last(t, c, id); m.Marker != "" || m.Role != escalate.RoleCustomer {
		t.Errorf("the customer's: %+v", m)
	}
	fake.Writes(id, "Comment", helpdesktest.Message{Role: escalate.RoleAgent, Author: "ana", Body: body}, "")
	if m := last(t, c, id); m.Marker != "" || m.Public {
		t.Errorf("an agent's: %+v", m)
	}
	fake.Writes(id, "Correspond", helpdesktest.Message{Role: escalate.RoleBot, Author: requesttrackertest.Me.ID, Public: true, Body: "By hand <!-- warmline:reply-1 -->, as our user"}, "")
	if m := last(t, c, id); m.Marker != "" || m.Role != escalate.RoleBot {
		t.Errorf("ours, with a marker in its middle: %+v", m)
	}
}

func TestAKeyThatCouldEndTheCommentIsRefused(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina)
	for _, key := range []string{"", "a -->", "a\nb", strings.Repeat("k", 195)} {
		if r := refused(t, c, id, answerOf(key)); !r.Content {
			t.Errorf("%q: %+v", key, r)
		}
	}
	if n := len(read(t, c, id).Content.Messages); n != 1 {
		t.Errorf("%d messages were sent", n-1)
	}
}

// Members of two spellings stand in one answer, in any order: type and Type.
func TestRolesAreRead(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina)
	for _, test := range []struct {
		kind, by string
		role     escalate.Role
		author   string
		public   bool
	}{
		{"Correspond", ina.Email, escalate.RoleCustomer, "Ina Berg", true},
		{"Correspond", "ana", escalate.RoleAgent, "Ana Ruiz", true},
		{"Comment", "ana", escalate.RoleAgent, "Ana Ruiz", false},
		{"Correspond", "lawyer@elsewhere.example", escalate.RoleParticipant, "lawyer@elsewhere.example", true},
		{"Correspond", requesttrackertest.System, escalate.RoleBot, "Request Tracker", true},
		{"Correspond", requesttrackertest.Me.ID, escalate.RoleBot, "AI assistant", true},
	} {
		fake.Writes(id, test.kind, helpdesktest.Message{Author: test.by, Public: test.public, Body: "<p>Text.</p>"}, "")
		m := last(t, c, id)
		if m.Role != test.role || m.Author != test.author || m.Public != test.public || m.Text != "Text." {
			t.Errorf("%s by %s: %+v", test.kind, test.by, m)
		}
	}
}

// Mails say the same twice.
func TestOfAMailThatSaysItTwiceTheHTMLIsRead(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina)
	fake.Writes(id, "Correspond", helpdesktest.Message{Author: ina.Email, Public: true, Body: "<p>See <a href=\"https://shop.example/1\">order 1</a></p>"}, "See order 1")
	if m := last(t, c, id); m.Text != "See order 1 (https://shop.example/1)" {
		t.Errorf("it reads as %q", m.Text)
	}
}

func TestTagsOfAnotherAreNotLost(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina)
	raced := false
	fake.Before = func(r *http.Request) {
		if r.Method == http.MethodPut && !raced {
			raced = true
			fake.Sets(id, func(t *helpdesktest.Ticket) { t.Tags = append(t.Tags, "theirs") })
		}
	}
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Key: "job-1", Tags: []string{"ours"}})
	if got := read(t, c, id).Content.Tags; len(got) != 2 || !raced {
		t.Errorf("tags %q, want theirs and ours", got)
	}
}

func TestWithoutAFieldForTagsThatIsSaid(t *testing.T) {
	fake := requesttrackertest.New(&helpdesktest.Book{})
	a := fake.Account("shop", "http://127.0.0.1:1")
	delete(a.Settings, "tags_field")
	delete(a.Settings, "queue")
	k, err := requesttracker.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, able := range k.Abilities() {
		if able.Row == "tags" && (able.Has || !strings.Contains(able.Says, "tags_field")) {
			t.Errorf("%+v", able)
		}
	}
	if c, ok := k.(desk.Opener); ok {
		_, err := c.Open(t.Context(), desk.Opening{Key: "press-1", Customer: escalate.Customer{Email: "a@b.example"}})
		if r, ok := errors.AsType[*desk.Refused](err); !ok || !strings.Contains(r.Why, "setting queue") {
			t.Errorf("without a queue: %v", err)
		}
	}
}
