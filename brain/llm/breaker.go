package llm

import (
	"sync"
	"time"
)

// After breakAfter failures in a row no ticket waits for the endpoint any more, for firstRest; then one call tries it. When
// that fails, too, the rest doubles, up to maxRest.
const (
	breakAfter = 5
	firstRest  = 30 * time.Second
	maxRest    = 5 * time.Minute
)

// breakerState is a metric's value.
type breakerState int

const (
	breakerClosed breakerState = iota
	breakerHalfOpen
	breakerOpen
)

// breaker keeps tickets from waiting for an endpoint that is down.
type breaker struct {
	now func() time.Time

	mu      sync.Mutex
	state   breakerState
	fails   int
	rest    time.Duration
	until   time.Time
	probing bool
}

// allow returns how many calls may be made: all that are wanted, one to try, or none.
func (b *breaker) allow(want int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == breakerOpen && !b.now().Before(b.until) {
		b.state = breakerHalfOpen
	}
	switch {
	case b.state == breakerClosed:
		return want
	case b.state == breakerHalfOpen && !b.probing:
		b.probing = true
		return 1
	}
	return 0
}

// cancel gives back what allow granted when no call was made after all.
func (b *breaker) cancel() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}

// done tells how a call ended: whether the endpoint itself is in trouble.
func (b *breaker) done(trouble bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !trouble {
		b.state, b.fails, b.rest, b.probing = breakerClosed, 0, 0, false
		return
	}
	b.fails++
	switch {
	case b.state == breakerHalfOpen:
		b.open(min(2*b.rest, maxRest))
	case b.state == breakerClosed && b.fails >= breakAfter:
		b.open(firstRest)
	}
}

func (b *breaker) open(rest time.Duration) {
	b.state, b.rest, b.until, b.probing = breakerOpen, rest, b.now().Add(rest), false
}

func (b *breaker) current() breakerState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}
