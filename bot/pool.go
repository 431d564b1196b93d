package bot

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// acker acknowledges an envelope. A socketmode.Client is one: it may wait for room in its queue, hence the context.
type acker interface {
	AckCtx(ctx context.Context, envelopeID string, payload any) error
}

// envelope is one thing that Slack sent, as it came over the wire.
type envelope struct {
	id       string
	kind     string // "interactive", "slash_commands", "events_api", or unknown
	payload  json.RawMessage
	via      acker
	received time.Time
}

// pool works on envelopes, so many at once. What follows an acknowledgement is beside it: a Slack that stalls there holds up
// no other press.
type pool struct {
	bot    *Bot
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	beside chan struct{} // as many as follow at once

	mu     sync.Mutex // guards closing against submit
	closed bool
	queue  chan envelope
}

func newPool(ctx context.Context, b *Bot) *pool {
	p := &pool{bot: b, queue: make(chan envelope, b.o.Queue), beside: make(chan struct{}, followers*b.o.Queue)}
	p.ctx, p.cancel = context.WithCancel(ctx)
	for range b.o.Workers {
		p.wg.Go(func() {
			for e := range p.queue {
				if rest := b.handle(p.ctx, e); rest != nil {
					p.follow(&e, rest)
				}
			}
		})
	}
	return p
}

// followers is how many may be beside for each that may wait: a burst of presses, and the next, while Slack stalls for ten seconds.
const followers = 8

// follow does what a person still waits for, beside the workers. Where there is no room it is left out: a window would come too
// late anyhow, and a worker that waited for Slack would hold up everybody's acknowledgement.
func (p *pool) follow(e *envelope, rest func(context.Context)) {
	select {
	case p.beside <- struct{}{}:
		p.wg.Go(func() {
			defer func() { <-p.beside }()
			rest(p.ctx)
		})
	default:
		p.bot.log.Warn("slack stalls: a press got no window or answer", "kind", e.label())
		p.bot.metrics.envelopes.WithLabelValues(e.label(), "unfollowed").Inc()
	}
}

// submit hands an envelope over without waiting. When there is no room, or the bot is stopping, the envelope is left
// unacknowledged: Slack sends events again, and tells a person that their click did not work.
func (p *pool) submit(e envelope) {
	e.received = p.bot.o.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		select {
		case p.queue <- e:
			return
		default:
		}
	}
	p.bot.metrics.envelopes.WithLabelValues(e.label(), "overflow").Inc()
}

// drain takes nothing more and waits for what is in hand, at most so long; then it gives up on the rest. No goroutine
// is left when it returns.
func (p *pool) drain(patience time.Duration) {
	p.mu.Lock()
	p.closed = true
	close(p.queue)
	p.mu.Unlock()
	timer := time.AfterFunc(patience, p.cancel)
	p.wg.Wait()
	timer.Stop()
	p.cancel()
}

// label is the envelope's kind as a metric label: one of a closed set.
func (e *envelope) label() string {
	switch e.kind {
	case "interactive", "slash_commands", "events_api":
		return e.kind
	}
	return "unknown"
}
