package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
	"warmline/internal/localslack/slackstory"
)

// connected is a vendor's fake in a story.
type connected struct {
	*stormy
	s *story
}

// tellOf is tell with a vendor's fake as the only helpdesk, and the demo's people as its agents.
func tellOf(t *testing.T, i int, play func(s *story, c *connected)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t)
		c := s.connect(i)
		s.open()
		s.later(time.Minute) // until its feed has said what "now" is
		play(s, c)
	})
}

// connect makes a vendor's account the story's only one. What is between stands before its fake.
func (s *story) connect(i int, between ...func(http.Handler) http.Handler) *connected {
	s.t.Helper()
	c := &connected{s: s, stormy: newStormy(
		s.t, i, helpdesktest.Agent{ID: "71", Name: "Ana Ferreira", Email: "ana@mossbrook.example"},
		helpdesktest.Agent{ID: "72", Name: "Ben Okoro", Email: "ben@mossbrook.example"},
	)}
	// A name of the loopback host lets those connectors talk plainly that otherwise insist on TLS.
	var front http.Handler = c.fake
	for _, wrap := range between {
		front = wrap(front)
	}
	c.reach(s.t, "http://127.0.0.1", s.client(s.serve(front)))
	s.config.Desks = []deskConfig{{Vendor: c.vendor, Account: c.account, Poll: 5 * time.Second}}
	return c
}

// asksForAPerson opens a ticket that goes to people.
func (c *connected) asksForAPerson() (id string, card *slackstory.Card) {
	c.s.t.Helper()
	id = c.fixture.Create(c.s.t, helpdesktest.Opening{
		Name: "Ina Berg", Email: "ina@customer.example", Subject: "A person, please, " + c.name, Text: "Can I talk to a human being please?",
	})
	c.s.later(3 * time.Minute) // some feeds show nothing of the newest minute
	return id, c.s.Channel("support").ExpectCard("A person, please, " + c.name)
}

// holds waits until the vendor itself holds a ticket like that.
func (c *connected) holds(what, id string, like func(helpdesktest.Ticket) bool) {
	c.s.t.Helper()
	c.s.eventually(c.name+": "+what, func() bool { t, ok := c.book.Ticket(id); return ok && like(t) }, func() string {
		t, _ := c.book.Ticket(id)
		var out strings.Builder
		out.WriteString("status " + t.Status + ", assignee " + t.Assignee)
		for _, m := range t.Messages {
			out.WriteString("\n  " + string(m.Role) + map[bool]string{true: " public: ", false: " internal: "}[m.Public] + m.Body)
		}
		return out.String()
	})
}

// count is how many public or internal messages of ours a ticket holds that contain a text.
func (c *connected) count(id, text string, public bool) (n int) {
	t, _ := c.book.Ticket(id)
	for _, m := range t.Messages {
		if m.Role != escalate.RoleCustomer && m.Public == public && strings.Contains(plainBody(m.Body), text) {
			n++
		}
	}
	return n
}

// The way of a ticket through every vendor: read, handed over with one internal note, claimed, answered once, solved.
func TestATicketOfEveryVendorGoesItsWay(t *testing.T) {
	t.Parallel()
	for i, o := range vendorFakes {
		t.Run(o.name, func(t *testing.T) {
			tellOf(t, i, func(s *story, c *connected) {
				id, card := c.asksForAPerson()
				c.holds("one internal note", id, func(helpdesktest.Ticket) bool { return c.count(id, "Warmline handed this to a person", false) == 1 })
				if n := c.count(id, "Warmline handed this", true); n != 0 {
					t.Fatalf("the note is public in %d messages", n)
				}
				s.claim(card, "ana")
				c.holds("Ana as assignee", id, func(t helpdesktest.Ticket) bool { return t.Assignee != "" })
				card.Click("Reply").As("ana")
				s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Ana here, how can I help?").
					Fill("Where does it go?", "Reply and solve").Submit()
				c.holds("her reply", id, func(helpdesktest.Ticket) bool { return c.count(id, "Ana here, how can I help?", true) == 1 })
				card.ExpectText("Resolved by")
				s.later(10 * time.Minute)
				if n := c.count(id, "Ana here, how can I help?", true); n != 1 {
					t.Errorf("the customer got the reply %d times", n)
				}
				if n := c.count(id, "Warmline handed this to a person", false); n != 1 {
					t.Errorf("there are %d notes", n)
				}
			})
		})
	}
}

// A ticket that an agent merges into another is nobody's any more; the other one is read at once, though nothing else told of it.
func TestAMergedTicketIsFollowedToWhereItWent(t *testing.T) {
	tellOf(t, 0, func(s *story, c *connected) {
		into, _ := c.asksForAPerson()
		from, card := c.asksForAPerson()
		c.fixture.Merge(s.t, from, into)
		s.later(3 * time.Minute)
		card.ExpectNoButton("Claim")
		s.eventually("the notice of the merge", func() bool {
			var known bool
			err := s.app.store.View(s.t.Context(), func(tx desk.Tx) error {
				found, err := tx.TicketByRef(s.t.Context(), escalate.Ref{Desk: c.name, ID: from})
				known = err == nil && found.Conversation.Status == escalate.StatusGone
				return err
			})
			return err == nil && known
		}, func() string { return "" })
	})
}

// plainBody is a message's text in whichever format its vendor keeps it.
func plainBody(body string) string {
	if text, err := richtext.TextOfADF(json.RawMessage(body)); err == nil && strings.HasPrefix(body, "{") {
		return text
	}
	return richtext.Text(body)
}

// A HubSpot ticket that somebody made by hand has no conversation in which the customer could be answered. People get it all the same,
// the note stands on its record, and the card says why a reply did not go out.
func TestATicketThatCannotBeAnsweredGoesToPeopleAndSaysSo(t *testing.T) {
	tellOf(t, vendorAt(t, "hubspot"), func(s *story, c *connected) {
		id := c.book.Open(helpdesktest.Ticket{
			Subject: "Called us", Status: "1", Customer: escalate.Customer{Name: "Ina Berg", Email: "ina@customer.example"},
			Extra: map[string]any{"bare": true, "content": "Can I talk to a human being please?"},
		}).ID
		s.later(3 * time.Minute)
		card := s.Channel("support").ExpectCard("Called us")
		c.holds("the note on its record", id, func(helpdesktest.Ticket) bool { return c.count(id, "Warmline handed this to a person", false) == 1 })
		s.claim(card, "ana")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Ana here, how can I help?").Submit()
		s.later(time.Minute) // in which it could be undone
		card.ExpectText("has no conversation in which the customer can be answered")
		s.later(10 * time.Minute)
		if n := c.count(id, "Ana here, how can I help?", true) + c.count(id, "Warmline handed this", true); n != 0 {
			t.Errorf("%d messages are public", n)
		}
	})
}

// vendorAt is a vendor's place among the fakes.
func vendorAt(t *testing.T, name string) int {
	t.Helper()
	for i, o := range vendorFakes {
		if o.name == name {
			return i
		}
	}
	t.Fatalf("there is no fake of %s", name)
	return 0
}
