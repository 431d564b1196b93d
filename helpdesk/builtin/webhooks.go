package builtin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"warmline/helpdesk"
)

const (
	tellers      = 4 // webhooks under way at once
	webhookTime  = 10 * time.Second
	firstRetry   = 500 * time.Millisecond
	longestRetry = time.Minute
	tellFor      = 24 * time.Hour // how long a webhook is tried
)

// hint is a webhook's body.
type hint struct {
	Type    string    `json:"type"` // always "ticket.updated"
	Ticket  string    `json:"ticket"`
	Channel string    `json:"channel"`
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
}

// Run delivers webhooks until ctx ends or the desk closes, then returns nil once those under way are done or cut off. What is owed is in
// the journal: a change that nobody was told of is told after a restart, and one may be told twice.
func (d *Desk) Run(ctx context.Context) error {
	var claims claims
	var working sync.WaitGroup
	for range tellers {
		working.Go(func() { d.tellAll(ctx, &claims) })
	}
	working.Wait()
	return nil
}

func (d *Desk) tellAll(ctx context.Context, claims *claims) {
	for ctx.Err() == nil && !d.isClosed() {
		c, changed := d.nextOwed(claims)
		if c != nil {
			d.tell(ctx, *c)
			claims.release(c.Seq)
			continue
		}
		select {
		case <-changed:
		case <-d.done:
		case <-ctx.Done():
		}
	}
}

// claims keeps two tellers from telling the same change.
type claims struct {
	mu    sync.Mutex
	taken map[int64]bool
}

func (c *claims) take(seq int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken[seq] {
		return false
	}
	if c.taken == nil {
		c.taken = make(map[int64]bool)
	}
	c.taken[seq] = true
	return true
}

func (c *claims) release(seq int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.taken, seq)
}

// nextOwed claims the oldest change that is owed; with none, it returns what to wait for.
func (d *Desk) nextOwed(claims *claims) (*Change, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := slices.IndexFunc(d.state.owed, claims.take); i >= 0 {
		at, _ := d.state.find(d.state.owed[i])
		return &d.state.changes[at], nil
	}
	return nil, d.changed
}

// tell delivers one webhook, as often as it takes.
func (d *Desk) tell(ctx context.Context, c Change) {
	copies := 1
	if f := d.strike(opWebhook, c.Ticket); f != nil {
		switch f.Kind {
		case drop:
			d.settle(c, WebhookDropped, "fault")
			return
		case duplicate:
			copies = 2
		case lateApply:
			if !d.pause(ctx, f.delay()) {
				return
			}
		}
	}
	retry := firstRetry
	for began := time.Now(); ; retry = min(2*retry, longestRetry) {
		err := d.deliver(ctx, c)
		if err == nil {
			if copies--; copies > 0 {
				continue
			}
			d.settle(c, WebhookDelivered, "")
			return
		}
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > tellFor {
			d.settle(c, WebhookDropped, "given up after 24 hours")
			return
		}
		d.options.Logger.Warn("webhook not delivered", "ticket", c.Ticket, "retry", retry, "error", err)
		if !d.pause(ctx, retry) {
			return
		}
	}
}

func (d *Desk) settle(c Change, kind Kind, why string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.record(&Record{Kind: kind, Ticket: c.Ticket, Change: c.Seq, Why: why}); err != nil {
		d.options.Logger.Error("webhook not journalled", "ticket", c.Ticket, "error", err)
	}
}

func (d *Desk) deliver(ctx context.Context, c Change) error {
	ctx, cancel := context.WithTimeout(ctx, webhookTime)
	defer cancel()
	body, err := json.Marshal(hint{Type: "ticket.updated", Ticket: c.Ticket, Channel: c.Channel, Kind: c.Kind, At: c.At})
	if err != nil {
		return fmt.Errorf("encode webhook: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.options.WebhookURL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make webhook: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if err := helpdesk.SignWebhook(req.Header, d.options.WebhookSecret, "desk-"+c.ID(), d.options.Now(), body); err != nil {
		return err
	}
	client := *d.options.WebhookClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("post webhook: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("post webhook: answered %s", res.Status)
	}
	return nil
}
