package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// maxBackoff caps the wait between attempts while another socket is up.
	maxBackoff = 30 * time.Second
	// deafBackoff caps it while none is: then nothing that people press arrives, and the bot is back within 5 s of Slack's
	// own return. Two sockets ask 40 times a minute at most, of the 50 that Slack answers; what it says of waiting counts.
	deafBackoff = 4 * time.Second
	// drainTime is how long work in hand may take after Run was told to stop.
	drainTime = 3 * time.Second
	// lingerTime lets the last acknowledgements, which slack-go writes from a queue of its own, reach the socket.
	lingerTime = 50 * time.Millisecond
)

// Run signs in, keeps the sockets up and works on what comes in, until ctx ends; then it finishes what it has in hand,
// acknowledges it, and returns nil. It returns an *AuthError when Slack does not accept a token.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.signIn(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	live, stop := context.WithCancel(context.WithoutCancel(ctx)) // outlives ctx while work in hand is finished
	defer stop()
	pool := newPool(live, b)
	fatal := make(chan error, b.o.Sockets)
	var sockets sync.WaitGroup
	for n := range b.o.Sockets {
		sockets.Go(func() {
			if err := newSocket(b, pool, n).run(live); err != nil {
				fatal <- err
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-fatal:
	}
	pool.drain(drainTime)
	pause(live, lingerTime)
	stop()
	sockets.Wait()
	return err
}

// Ready returns once Slack has greeted the first socket, so that what people press arrives, or when ctx ends.
func (b *Bot) Ready(ctx context.Context) error {
	select {
	case <-b.up:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("connect to Slack: %w", ctx.Err())
	}
}

// Check asks Slack once who we are. It returns an *AuthError when Slack refuses the bot token, and nil also when Slack
// does not answer: Run goes on asking.
func (b *Bot) Check(ctx context.Context) error {
	_, err := b.identity(ctx)
	if auth, ok := errors.AsType[*AuthError](err); ok {
		return auth
	}
	return nil
}

// signIn asks Slack who we are until it answers.
func (b *Bot) signIn(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		self, err := b.identity(ctx)
		if err == nil {
			b.log.Info("signed in to slack", "team", self.Team, "bot", self.User)
			return nil
		}
		if auth, ok := errors.AsType[*AuthError](err); ok {
			return auth
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the end of ctx is how Run ends, answered or not
		}
		wait := backoff(attempt, deafBackoff)
		b.log.Warn("slack does not answer", "error", err, "again_in", wait)
		pause(ctx, wait)
	}
}

// backoff is the wait after so many attempts: doubling from half a second to most, with jitter so that replicas do not come
// back in step.
func backoff(attempt int, most time.Duration) time.Duration {
	d := min(500*time.Millisecond<<min(attempt, 6), most)
	return d/2 + rand.N(d/2)
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
