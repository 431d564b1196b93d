package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/requesttracker/requesttrackertest"
)

// TestTicketsOfTheRealThing lets tickets of a real Request Tracker go their way through the real binary. Customers write mails; what
// they get is what RT mails to them.
func TestTicketsOfTheRealThing(t *testing.T) {
	requesttrackertest.NeedLive(t)
	p := openPeerRT(t)
	for _, step := range []struct {
		name string
		run  func(*testing.T, *peerRT)
	}{
		{"a person is asked for: note, claim, reply, solved", handsOver},
		{"an approved draft is sent once, though the ticket moves as it is sent", sendsOnce},
		{"a colleague's reply in RT wins", colleagueWins},
		{"a ticket is found whose webhook was lost", webhookLost},
	} {
		if !t.Run(step.name, func(t *testing.T) {
			at := *p
			world := *p.killWorld
			world.t = t
			at.killWorld = &world
			step.run(t, &at)
		}) {
			break // the rest would only wait
		}
	}
}

// writes has a customer open a ticket by mail.
func (p *peerRT) writes(o helpdesktest.Opening) (number string) {
	p.t.Helper()
	return p.Mails(p.t, "", requesttrackertest.MailOf(o.Name, o.Email, o.Subject, o.Text, nil))
}

func handsOver(t *testing.T, p *peerRT) {
	t.Helper()
	ina := helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "A person, please", Text: "Can I talk to a human being please?"}
	number := p.writes(ina)
	card := p.card("A person, please")
	p.awaitRT("one internal note", func() bool { return p.said(number, "Comment") == 1 })

	due := time.Now().Add(30 * time.Hour).UTC().Truncate(time.Second)
	p.Call(t, p.Ana, http.MethodPut, "/ticket/"+number, map[string]any{"Due": due.Format(time.DateTime)})
	if got := p.reads(number).Deadlines.Resolution; !got.Equal(due) {
		t.Errorf("it is due at %s, want %s", got, due)
	}

	card.Click("Claim").As("ana")
	p.shows(card, "Claimed by")
	p.awaitRT("Ana as owner", func() bool { return p.ticket(number).Owner.ID == "ana" })

	const answer = "Ana here, how can I help?"
	card.Click("Reply").As("ana")
	p.slack.User("ana").ExpectModal("Reply").Fill("What do you want to say?", answer).Fill("Where does it go?", "Reply and solve").Submit()
	p.await("her reply in the customer's mail", func() bool { return p.mailed(ina.Email, answer) == 1 })
	p.awaitRT("the ticket solved", func() bool { return p.ticket(number).Status == "resolved" })
	p.shows(card, "Resolved by")
	p.settles()
	if n := p.mailed(ina.Email, answer); n != 1 {
		t.Errorf("the customer got the reply %d times", n)
	}
	if n := p.replies(number, answer); n != 1 {
		t.Errorf("RT has her reply %d times", n)
	}
	if n := p.mailed(ina.Email, "handed this to a person"); n != 0 {
		t.Errorf("the internal note is in %d mails to the customer", n)
	}
	if n := p.said(number, "Comment"); n != 1 {
		t.Errorf("RT has %d comments, want the one note", n)
	}
	if n := p.mailed(ina.Email, "warmline:"); n != 0 {
		t.Errorf("the marker is in %d mails to the customer", n)
	}
	// RT waits two seconds for an answer, which on a busy machine may not do for each; of many changes some are told.
	if taken, _, refused := p.relay.counts(); taken == 0 || refused != 0 {
		t.Errorf("the bot took %d webhooks and refused %d; RT signs each", taken, refused)
	}
	if n := p.count(`SELECT COUNT(*) FROM notice WHERE desk = 'rt' AND delivery LIKE 'rt-shop.example-%'`); n == 0 {
		t.Error("no notice came by webhook")
	}
}

// reads reads a ticket as the bot does.
func (p *peerRT) reads(number string) *desk.Snapshot {
	p.t.Helper()
	v, err := vendorOf("rt")
	if err != nil {
		p.t.Fatal(err)
	}
	var c helpdesk.Connector
	if c, err = v.Connect(p.Account(p.URL)); err != nil {
		p.t.Fatal(err)
	}
	s, err := c.Read(p.t.Context(), number)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// drafted opens a ticket for which an answer is drafted.
func (p *peerRT) drafted(email, subject string) (number string) {
	p.t.Helper()
	question := surelyAnswered(p.t)
	question.Email, question.Subject = email, subject
	return p.writes(question)
}

func sendsOnce(t *testing.T, p *peerRT) {
	t.Helper()
	const email, subject = "jo@customer.example", "A question of Jo"
	number := p.drafted(email, subject)
	card := p.card(subject)
	card.ExpectText("Draft to approve")
	before := len(p.proxy.answers())
	p.proxy.once(func() {
		p.Call(t, p.Ana, http.MethodPost, "/ticket/"+number+"/comment", map[string]any{"Content": "I look into it.", "ContentType": "text/plain"})
	})
	card.Click("Approve & send").As("ben")
	p.shows(card, "Resolved by")
	p.settles()
	if got := p.proxy.answers()[before:]; !slices.Equal(got, []int{http.StatusPreconditionFailed, http.StatusCreated}) {
		t.Errorf("RT answered %v to the replies, want a refusal because the ticket moved, and then one that it took", got)
	}
	if n := p.replies(number, "Ben Okoro"); n != 1 {
		t.Errorf("RT has %d replies in Ben's name", n)
	}
	if n := p.mailed(email, "Ben Okoro"); n != 1 {
		t.Errorf("the customer got %d mails in Ben's name", n)
	}
	if got := p.ticket(number).Status; got != "stalled" {
		t.Errorf("the ticket is %s, want stalled: it waits for its customer", got)
	}
}

func colleagueWins(t *testing.T, p *peerRT) {
	t.Helper()
	const email, subject = "kim@customer.example", "A question of Kim"
	number := p.drafted(email, subject)
	card := p.card(subject)
	card.Click("Approve & send").As("ben")
	p.shows(card, "approved, goes out at")
	p.Call(t, p.Ana, http.MethodPost, "/ticket/"+number+"/correspond", map[string]any{"Content": "Kim, I have it. Ana", "ContentType": "text/plain"})
	p.privately("ben", "a colleague replied in the helpdesk")
	p.settles()
	if n := p.replies(number, "Ben Okoro"); n != 0 {
		t.Errorf("RT has %d replies that Ben approved", n)
	}
	if n := p.mailed(email, "Ben Okoro"); n != 0 {
		t.Errorf("the customer got %d mails that Ben approved", n)
	}
}

func webhookLost(t *testing.T, p *peerRT) {
	t.Helper()
	p.relay.drop(true)
	defer p.relay.drop(false)
	number := p.writes(helpdesktest.Opening{Name: "Lou", Email: "lou@customer.example", Subject: "Nobody told", Text: "Can I talk to a human being please?"})
	p.card("Nobody told")
	if _, lost, _ := p.relay.counts(); lost == 0 {
		t.Error("no webhook was lost, so that this proves nothing")
	}
	if n := p.count(`SELECT COUNT(*) FROM notice WHERE ref = '` + number + `' AND delivery LIKE 'poll:%'`); n == 0 {
		t.Error("it was not found by polling")
	}
}
