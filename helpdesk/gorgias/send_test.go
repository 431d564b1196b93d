package gorgias_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

// TestAReplyIsSentAndNotOnlyImported holds replies to naming no time at which they were sent: with one Gorgias takes a message for
// something that went out by other means, and sends nothing.
func TestAReplyIsSentAndNotOnlyImported(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	m := write(t, c, id, answerOf("reply-1"))
	if _, meta := fake.Made(id, string(m)); meta.Imported {
		t.Error("the reply was imported; nobody sends it")
	}
	if got := fake.Sent(id); !slices.Equal(got, []string{answerText}) {
		t.Errorf("the customer got %q, want the reply", got)
	}
}

func TestAReplyThatFailsAtOnceIsRefused(t *testing.T) {
	fake, c := account(t, func(f *gorgiastest.Fake) { f.SendingError = "Invalid grant" })
	id := fake.Open(ina, "email")
	r := refused(t, c, id, answerOf("reply-1"))
	if !strings.Contains(r.Why, "Invalid grant") || r.RetryAfter != 0 {
		t.Errorf("refused with %+v, want Gorgias' own word, and no other try", r)
	}
	notSent(t, c, id)
}

// notSent checks that the newest message, which failed, reads neither as sent nor as seen by the customer.
func notSent(t *testing.T, c *gorgias.Connector, id string) {
	t.Helper()
	m := last(t, c, id)
	if m.Marker != "" || m.Public || m.Role != escalate.RoleBot || !strings.Contains(m.Text, "Invalid grant") || !strings.HasSuffix(m.Text, answerText) {
		t.Errorf("a reply that failed reads as %+v", m)
	}
}

func TestAReplyThatFailsLaterDoesNotCountAsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, c := bubble(t, func(f *gorgiastest.Fake) { f.SendAfter, f.SendingError = 1000, "Invalid grant" })
		id := fake.Open(ina, "email")
		began := time.Now()
		write(t, c, id, answerOf("reply-1"))
		if waited := time.Since(began); waited < time.Second || waited > 4*time.Second {
			t.Errorf("it was watched for %s, want some seconds", waited)
		}
		if m := last(t, c, id); m.Marker != "reply-1" || !m.Public {
			t.Errorf("a reply on its way reads as %+v; it would be sent twice", m)
		}
		fake.Settle(id)
		notSent(t, c, id)
		// Somebody who repeats it with the same key, as after a lost answer, gets through.
		fake.SendAfter, fake.SendingError = 0, ""
		write(t, c, id, answerOf("reply-1"))
		if m := last(t, c, id); m.Marker != "reply-1" || !m.Public || m.Text != answerText {
			t.Errorf("the repeat reads as %+v", m)
		}
		if got := fake.Sent(id); !slices.Equal(got, []string{answerText}) {
			t.Errorf("the customer got %q, want the reply once", got)
		}
	})
}

// TestWhatFailsBeforeAReplyLeavesNothingOpen breaks each call before the one that sends: nobody has to wait and read back then.
func TestWhatFailsBeforeAReplyLeavesNothingOpen(t *testing.T) {
	w := answerOf("reply-1")
	w.Files = []desk.Upload{{Name: "a.txt", Type: "text/plain", Body: []byte("a")}}
	w.Author = "Ana Ruiz"
	calls := []string{"GET /api/tickets/1", "GET /api/users/0", "GET /api/users", "POST /api/upload"}
	for _, broken := range calls {
		fake := gorgiastest.New(&helpdesktest.Book{})
		struck := false
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method+" "+r.URL.Path == broken {
				struck = true
				rw.WriteHeader(http.StatusBadGateway)
				return
			}
			fake.ServeHTTP(rw, r)
		}))
		t.Cleanup(server.Close)
		c := connect(t, fake, server.URL)
		if id := fake.Open(ina, "email"); id != "1" {
			t.Fatal(id)
		}
		if r := refused(t, c, "1", w); r.RetryAfter == 0 || !struck || len(fake.Sent("1")) != 0 {
			t.Errorf("%s broken: %+v, struck %v", broken, r, struck)
		}
	}
}

func TestAReplyIsWatchedUntilItIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, c := bubble(t, func(f *gorgiastest.Fake) { f.SendAfter = 2 })
		id := fake.Open(ina, "email")
		began := time.Now()
		write(t, c, id, answerOf("reply-1"))
		if waited := time.Since(began); waited != 600*time.Millisecond || len(fake.Sent(id)) != 1 {
			t.Errorf("it was watched for %s and %d were sent, want one at the third look", waited, len(fake.Sent(id)))
		}
	})
}

func TestANoteIsNeverPublic(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "chat") // where a message goes out at once
	file := []desk.Upload{{Name: "a.txt", Type: "text/plain", Body: []byte("a")}}
	for name, files := range map[string][]desk.Upload{"alone": nil, "with-a-file": file} {
		m := write(t, c, id, desk.Write{Kind: desk.WriteNote, Key: "note-" + name, Text: "For the team."})
		made, meta := fake.Made(id, string(m))
		if made.Public || !meta.SaidPublic || meta.Channel != "internal-note" || meta.Via != "internal-note" || meta.Imported {
			t.Errorf("a note %s (%d files) was made as %+v %+v", name, len(files), made, meta)
		}
	}
	for _, m := range read(t, c, id).Content.Messages[1:] {
		if m.Public {
			t.Errorf("a note reads as public: %+v", m)
		}
	}
	if got := fake.Sent(id); len(got) != 0 {
		t.Errorf("the customer got %q", got)
	}
}

func TestAReplySaysThatItIsPublic(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	m := write(t, c, id, answerOf("reply-1"))
	if made, meta := fake.Made(id, string(m)); !made.Public || !meta.SaidPublic {
		t.Errorf("public %v, and said so %v; want both", made.Public, meta.SaidPublic)
	}
}

func TestTheMarkerIsHidden(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	m := write(t, c, id, answerOf("reply-1"))
	if made, meta := fake.Made(id, string(m)); meta.External != "warmline:reply-1" || strings.Contains(made.Body, "reply-1") {
		t.Errorf("external_id %q and text %q: want the marker in the one and not in the other", meta.External, made.Body)
	}
	r := refused(t, c, id, answerOf(strings.Repeat("x", 300)))
	if !r.Content {
		t.Errorf("a key that no marker holds: %+v", r)
	}
}

func TestAnAuthorWhomNoUserIsCalledSigns(t *testing.T) {
	for _, author := range []string{"Bo Lind", gorgiastest.Machine.Name, gorgiastest.Me.Name} {
		fake, c := account(t, nil)
		id := fake.Open(ina, "email")
		w := answerOf("reply-1")
		w.Author = author
		m := write(t, c, id, w)
		if made, _ := fake.Made(id, string(m)); made.Author != gorgiastest.Me.ID {
			t.Errorf("%s: it went out as %s", author, made.Author)
		}
		if got := fake.Sent(id); len(got) != 1 || got[0] != answerText+"\n\n— "+author {
			t.Errorf("the customer got %q, want it signed", got)
		}
		if m := last(t, c, id); m.Role != escalate.RoleAgent || m.Author != author || m.Text != answerText || m.Marker != "reply-1" {
			t.Errorf("it reads as %+v", m)
		}
	}
}

func TestWithoutTheRightToListUsersRepliesAreSigned(t *testing.T) {
	fake, c := account(t, func(f *gorgiastest.Fake) { f.NotListed = true })
	id := fake.Open(ina, "email")
	w := answerOf("reply-1")
	w.Author = "Ana Ruiz"
	write(t, c, id, w)
	if m := last(t, c, id); m.Role != escalate.RoleAgent || m.Author != "Ana Ruiz" || m.Text != answerText {
		t.Errorf("it reads as %+v", m)
	}
}

func TestAKeyThatSpeaksForNobodyElseSigns(t *testing.T) {
	fake := gorgiastest.New(&helpdesktest.Book{})
	server := httptest.NewServer(ourReading.Hold(t, fake))
	t.Cleanup(server.Close)
	a := fake.Account("shop", server.URL)
	a.Settings["sign"] = "yes"
	c, err := gorgias.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	id := fake.Open(ina, "email")
	w := answerOf("reply-1")
	w.Author = "Ana Ruiz"
	m, err := c.Write(t.Context(), id, w)
	if err != nil {
		t.Fatal(err)
	}
	if made, _ := fake.Made(id, string(m)); made.Author != gorgiastest.Me.ID || !strings.HasSuffix(fake.Sent(id)[0], "— Ana Ruiz") {
		t.Errorf("it went out as %s: %q", made.Author, fake.Sent(id))
	}
}

func TestAReplyGoesByTheWayTheCustomerWrote(t *testing.T) {
	for channel, want := range map[string]string{
		"email": "email to ina@customer.example from support@shop.example", "contact_form": "email to ina@customer.example from support@shop.example",
		"help-center": "email to ina@customer.example from support@shop.example", "api": "email to ina@customer.example from support@shop.example",
		"chat": "chat to customer-of-chat from shop-at-chat", "sms": "sms to customer-of-sms from shop-at-sms",
		"whatsapp":                 "whatsapp to customer-of-whatsapp from shop-at-whatsapp",
		"instagram-direct-message": "instagram-direct-message to customer-of-instagram-direct-message from shop-at-instagram-direct-message",
	} {
		fake, c := account(t, nil)
		id := fake.Open(ina, channel)
		m := write(t, c, id, answerOf("reply-1"))
		_, meta := fake.Made(id, string(m))
		from, _ := meta.Source["from"].(map[string]any)
		to, _ := meta.Source["to"].([]any)
		first, _ := to[0].(map[string]any)
		if got := fmt.Sprint(meta.Channel, " to ", first["address"], " from ", from["address"]); got != want || len(to) != 1 {
			t.Errorf("%s: answered by %s, want %s", channel, got, want)
		}
	}
	for _, channel := range []string{"facebook", "instagram-comment", "twitter", "phone", "yotpo-review"} { // in public, or by voice
		fake, c := account(t, nil)
		id := fake.Open(ina, channel)
		if r := refused(t, c, id, answerOf("reply-1")); !strings.Contains(r.Why, "Gorgias") || len(fake.Sent(id)) != 0 {
			t.Errorf("%s: %+v", channel, r)
		}
	}
}

// TestAReplyGoesToTheCustomerWhoeverWroteLast lets somebody else write into the ticket.
func TestAReplyGoesToTheCustomerWhoeverWroteLast(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	fake.Writes(id, participant("lawyer@other.example", "Hand over the file."), gorgiastest.Meta{Source: map[string]any{
		"type": "email", "from": map[string]any{"address": "lawyer@other.example"}, "to": []any{map[string]any{"address": gorgiastest.Inbox}},
	}})
	m := write(t, c, id, answerOf("reply-1"))
	_, meta := fake.Made(id, string(m))
	if to := fmt.Sprint(meta.Source["to"]); !strings.Contains(to, ina.Email) || strings.Contains(to, "lawyer") {
		t.Errorf("it went to %s", to)
	}
}

func TestATicketInTheTrashTakesNoMessage(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	fake.Trash(id)
	for _, kind := range []desk.WriteKind{desk.WriteReply, desk.WriteNote} {
		if r := refused(t, c, id, desk.Write{Kind: kind, Key: "k", Text: "x"}); !strings.Contains(r.Why, "trash") {
			t.Errorf("%s: %+v", kind, r)
		}
	}
}
