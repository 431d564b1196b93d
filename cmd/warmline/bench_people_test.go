package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack"
)

// benchTickets are what customers write, each for the channel at its place in benchChannels.
var benchTickets = []builtin.NewTicket{
	{Subject: "Delivery time to Cork", Text: "Hello, how many days does the delivery to Cork take, and when do I get the tracking link?"},
	{Subject: "Refund for my order", Text: "I sent the parcel back two weeks ago. Please refund order MB-48006 to my card."},
	{Subject: "Nothing works", Text: "This is the worst shop I have ever bought from. I am sick of it, nobody does anything!"},
	{Subject: "A question", Text: "Please let me talk to a human.", Category: "orders"},
}

// writeTicket is a customer's new ticket; it returns its number.
func (w *benchWorld) writeTicket(i int) (string, error) {
	t := benchTickets[i%len(benchTickets)]
	t.Channel, t.Customer = "email", builtin.Customer{Name: "Ina Berg", Email: fmt.Sprintf("ina%d@example.com", i)}
	var made struct {
		ID string `json:"id"`
	}
	return made.ID, w.post(w.desk+"/desk/api/tickets", t, nil, &made)
}

// warmUp brings one ticket to its card, so that connections are open and channels known, as they are all day.
func (w *benchWorld) warmUp(b *testing.B) {
	b.Helper()
	id, err := w.writeTicket(0)
	if err == nil {
		err = w.deliver(id)
	}
	if err != nil {
		b.Fatal(err)
	}
	w.awaitCards(b, []string{id})
}

// deliver is the helpdesk's webhook about a ticket.
func (w *benchWorld) deliver(id string) error {
	hint := map[string]string{"type": "ticket.updated", "ticket": id}
	return w.post(w.hook, hint, func(h http.Header, body []byte) error {
		return helpdesk.SignWebhook(h, benchSecret, "bench-"+id, time.Now(), body)
	}, nil)
}

// press has a person press a button of a card, also one that the card does not show any more: Slack's clients lag.
// It returns how long Slack waited for the acknowledgement.
func (w *benchWorld) press(c shownCard, action desk.Action, person string) (time.Duration, error) {
	var result struct {
		Acked bool   `json:"acked"`
		Took  int64  `json:"ack_ms"`
		Error string `json:"error"`
	}
	err := w.post(w.slack+"/_control/click", map[string]any{
		"channel": c.channel, "ts": c.ts, "action_id": action, "value": c.token, "user": person, "force": true,
	}, nil, &result)
	if err == nil && !result.Acked {
		err = fmt.Errorf("press %s of %s: %s", action, person, result.Error)
	}
	return time.Duration(result.Took) * time.Millisecond, err
}

// post sends JSON, signed if need be, and reads the answer.
func (w *benchWorld) post(url string, body any, sign func(http.Header, []byte) error, answer any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if sign != nil {
		if err := sign(req.Header, raw); err != nil {
			return err
		}
	}
	res, err := w.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close() // it was read
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode > 299 {
		return fmt.Errorf("post %s: %s: %s", url, res.Status, got)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(got, answer)
}

// shownCard is a card as the workspace shows it.
type shownCard struct {
	channel, ts, token string
	at                 time.Time // since when
}

// awaitCards waits until every ticket has a card. The instants are the workspace's own: it writes its journal in the same
// moment in which it shows a message.
func (w *benchWorld) awaitCards(b *testing.B, ids []string) map[string]shownCard {
	b.Helper()
	deadline := time.After(time.Minute)
	for {
		w.readJournal(b)
		missing := 0
		for _, id := range ids {
			if _, ok := w.cards[id]; !ok {
				missing++
			}
		}
		if missing == 0 {
			return w.cards
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-deadline:
			b.Fatalf("%d of %d tickets have no card", missing, len(ids))
		}
	}
}

// readJournal adds the cards that were posted since the last reading.
func (w *benchWorld) readJournal(b *testing.B) {
	b.Helper()
	journal, err := os.Open(w.journal)
	if err != nil {
		b.Fatal(err)
	}
	defer journal.Close() // only read
	if _, err := journal.Seek(w.read, io.SeekStart); err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewReader(journal); ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return // what follows the last newline is still being written
		}
		if err != nil {
			b.Fatal(err)
		}
		w.read += int64(len(line))
		if bytes.Contains(line, []byte(`"kind":"message_posted"`)) {
			w.noteCard(b, line)
		}
	}
}

func (w *benchWorld) noteCard(b *testing.B, line []byte) {
	b.Helper()
	var r localslack.Record
	if err := json.Unmarshal(line, &r); err != nil {
		b.Fatal(err)
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(r.Message.Text, "#"), " ")
	if r.Message.ThreadTS != "" || r.Message.Text == number {
		return
	}
	if _, twice := w.cards[number]; twice {
		b.Fatalf("ticket %s has two cards", number)
	}
	w.cards[number] = shownCard{channel: r.Message.Channel, ts: r.Message.TS, token: tokenIn(r.Message.Blocks), at: r.At}
}

// tokenIn is the value of a card's Claim button.
func tokenIn(raw json.RawMessage) string {
	var blocks []struct {
		Elements []struct {
			Action string `json:"action_id"`
			Value  string `json:"value"`
		} `json:"elements"`
	}
	_ = json.Unmarshal(raw, &blocks) // other blocks have other elements
	for _, block := range blocks {
		for _, e := range block.Elements {
			if e.Action == string(desk.ActClaim) {
				return e.Value
			}
		}
	}
	return ""
}

// stay is how long a webhook was with the intake.
type stay struct{ came, answered time.Time }

// intakeClock notes when the first webhook about each ticket came and was accepted.
type intakeClock struct {
	mu    sync.Mutex
	stays map[string]stay
}

func (c *intakeClock) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		came := time.Now()
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		var hint struct {
			Ticket string `json:"ticket"`
		}
		if errors.Join(err, json.Unmarshal(body, &hint)) != nil {
			http.Error(rw, "not a hint", http.StatusBadRequest)
			return
		}
		status := &statusNote{ResponseWriter: rw}
		next.ServeHTTP(status, r)
		c.mu.Lock()
		defer c.mu.Unlock()
		if _, known := c.stays[hint.Ticket]; !known && status.code == http.StatusNoContent {
			c.stays[hint.Ticket] = stay{came, time.Now()}
		}
	})
}

func (c *intakeClock) of(id string) stay {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stays[id]
}

// statusNote remembers what was answered.
type statusNote struct {
	http.ResponseWriter
	code int
}

func (n *statusNote) WriteHeader(code int) {
	n.code = code
	n.ResponseWriter.WriteHeader(code)
}
