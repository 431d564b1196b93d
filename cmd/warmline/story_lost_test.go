package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/zendesk/zendesktest"
)

// lostPoll is how often the stories about lost webhooks have the helpdesk asked, and lostSlack how much later a card may come.
const (
	lostPoll  = time.Minute
	lostSlack = 30 * time.Second
)

var lostTickets = flag.Int("lost.tickets", 20, "how many tickets each vendor tells of, or does not, in a hundred minutes")

// opened is a ticket of a story about lost webhooks.
type opened struct {
	subject string
	at      time.Time
	lost    bool
}

// Webhooks come twice, late, in another order, one in ten never, and then none for an hour: each ticket has its card within the interval
// of the poll and half a minute, and only one.
func TestTicketsWhoseWebhooksAreLostAreFound(t *testing.T) {
	t.Parallel()
	for i, o := range vendorFakes {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { findsTheLost(t, i) })
		})
	}
}

func findsTheLost(t *testing.T, vendor int) {
	s := newStory(t)
	c := s.connect(vendor)
	if z, ok := c.fake.(*zendesktest.Fake); ok {
		z.Withhold = time.Minute // as Zendesk does
	}
	s.config.Desks[0].Poll, s.config.Desks[0].Account.HookSecrets = lostPoll, []string{hookSecret}
	s.open()
	s.later(3*time.Minute + 17*time.Second)
	dice := rand.New(rand.NewPCG(7, uint64(vendor))) //nolint:gosec // the same story every time
	every := 100 * time.Minute / time.Duration(*lostTickets)
	var all []opened
	for n := range *lostTickets {
		chance := 0.1
		if part := float64(n) / float64(*lostTickets); part >= 0.2 && part < 0.8 {
			chance = 1 // nothing comes for an hour
		}
		all = append(all, c.opens(dice, n, chance))
		s.later(time.Duration(dice.Int64N(int64(2 * every))))
	}
	s.later(5 * time.Minute)
	lost, late := c.cardsOf(all)
	t.Logf("%s: of %d tickets %d were never told of; the last of their cards came after %s", c.name, len(all), lost, late)
	if lost < len(all)*3/5 {
		t.Errorf("only %d webhooks were lost: too few to prove anything", lost)
	}
}

// opens opens a ticket and tells of it as webhooks do.
func (c *connected) opens(dice *rand.Rand, n int, chance float64) opened {
	subject := fmt.Sprintf("Case %03d", n)
	id := c.fixture.Create(c.s.t, helpdesktest.Opening{
		Name: "Ina Berg", Email: "ina" + strconv.Itoa(n) + "@customer.example", Subject: subject, Text: "Can I talk to a human being please?",
	})
	o := opened{subject: subject, at: time.Now()}
	switch luck := dice.Float64(); {
	case luck < chance:
		o.lost = true
	case luck < chance+0.2:
		go func(late time.Duration) { // it arrives behind those of later tickets
			time.Sleep(late)
			c.tell(id)
		}(time.Duration(dice.Int64N(int64(lostSlack))))
	case luck < chance+0.4:
		c.tell(id)
		fallthrough
	default:
		c.tell(id)
	}
	return o
}

// tell delivers the webhook of a ticket.
func (c *connected) tell(id string) {
	header, body := c.told(c.s.t, id)
	req := httptest.NewRequestWithContext(c.s.t.Context(), http.MethodPost, "/hooks/"+c.name, bytes.NewReader(body))
	req.Header = header
	w := httptest.NewRecorder()
	c.s.hook(w, req)
	if w.Code/100 != 2 {
		c.s.t.Errorf("%s: the webhook of %s was answered %d: %s", c.name, id, w.Code, w.Body)
	}
}

// cardsOf demands one card of each ticket, in time, and returns how many webhooks were lost and when the last card of those came.
func (c *connected) cardsOf(all []opened) (lost int, late time.Duration) {
	shown := c.s.Channel("support").Messages()
	for _, o := range all {
		var cards int
		var after time.Duration
		for _, m := range shown {
			if (m.ThreadTS == "" || m.ThreadTS == m.TS) && !m.Ephemeral && m.Shows(o.subject) {
				seconds, fraction, _ := strings.Cut(m.TS, ".")
				whole, _ := strconv.ParseInt(seconds, 10, 64)
				micros, _ := strconv.ParseInt(fraction, 10, 64)
				cards, after = cards+1, time.Unix(whole, micros*1000).Sub(o.at)
			}
		}
		if cards != 1 || after > lostPoll+lostSlack {
			c.s.t.Errorf("%s: %s has %d cards, after %s (its webhook was lost: %t)", c.name, o.subject, cards, after, o.lost)
		}
		if o.lost {
			lost, late = lost+1, max(late, after)
		}
	}
	return lost, late
}
