package helpdesk

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"warmline/escalate/desk"
)

// Pace is how many calls an account takes, as its vendor documents it. What the account's own answers say is believed over it.
type Pace struct {
	// PerMinute is the account's limit on calls; 0 sets none until an answer names one.
	PerMinute int
	// Burst is how many may be made at once; default a tenth of PerMinute, at least one.
	Burst int
	// WriteCost is how many calls one write counts as; default 1. Help Scout counts two.
	WriteCost int
	// Alone reports that a 429 is about one ticket or endpoint, so that other calls may go on; nil: none is.
	Alone func(http.Header) bool
}

// patienceForPace is how long a call waits for its turn. Longer, and it is refused instead, so that whoever asked can do something
// else meanwhile.
const patienceForPace = 2 * time.Second

// pace keeps one account's calls within its limits: a token bucket, and a time before which no call is made at all, which the
// account's answers set. It is safe for concurrent use.
type pace struct {
	bucket    *rate.Limiter
	writeCost int
	alone     func(http.Header) bool
	now       func() time.Time

	mu    sync.Mutex
	until time.Time // no call before this
}

func newPace(o Pace, now func() time.Time) *pace {
	p := &pace{bucket: rate.NewLimiter(rate.Inf, 1), writeCost: max(o.WriteCost, 1), alone: o.Alone, now: now}
	if o.PerMinute > 0 {
		burst := o.Burst
		if burst <= 0 {
			burst = o.PerMinute / 10
		}
		p.bucket = rate.NewLimiter(rate.Limit(float64(o.PerMinute)/60), max(burst, p.writeCost))
	}
	return p
}

// wait lets a call go when its turn comes, or refuses it when that takes too long.
func (p *pace) wait(ctx context.Context, op string, write bool) error {
	cost := 1
	if write {
		cost = p.writeCost
	}
	now := p.now()
	turn := p.bucket.ReserveN(now, cost)
	delay := max(turn.DelayFrom(now), p.held(now))
	if deadline, ok := ctx.Deadline(); delay > patienceForPace || ok && time.Until(deadline) < delay {
		turn.CancelAt(now)
		return &desk.Refused{Op: op, Why: "the account's limit on calls is used up; nothing was sent", RetryAfter: delay}
	}
	if delay <= 0 {
		return nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &desk.Refused{Op: op, Why: fmt.Sprintf("gave up while it waited for its turn: %v", ctx.Err()), RetryAfter: time.Second}
	}
}

// held is for how long no call is made.
func (p *pace) held(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.Sub(now)
}

// learn reads what an answer says of the account's limits: after a 429, and once nothing is left, nobody calls before the time that
// it names.
func (p *pace) learn(status int, header http.Header) {
	now := p.now()
	var rest time.Duration
	switch left, known := remaining(header); {
	case status == http.StatusTooManyRequests && p.alone != nil && p.alone(header):
		return
	case status == http.StatusTooManyRequests:
		rest = retryAfter(header, now)
	case known && left <= 0:
		rest = time.Second // where it does not say: the window is a minute at most there
		if wait, said := waitIn(header, now); said {
			rest = wait
		}
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := now.Add(rest); until.After(p.until) {
		p.until = until
	}
}

// remaining reads how many calls are left, in any of the vendors' forms.
func remaining(header http.Header) (left int, known bool) {
	for _, name := range []string{
		"RateLimit-Remaining", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining", "X-RateLimit-Remaining-Minute",
	} {
		if n, ok := number(header, name); ok {
			return n, true
		}
	}
	if _, spent := spentWindow(header); spent {
		return 0, true
	}
	// Gorgias: "10/40" are used and allowed.
	used, allowed, ok := strings.Cut(header.Get("X-Gorgias-Account-Api-Call-Limit"), "/")
	u, err1 := strconv.Atoi(strings.TrimSpace(used))
	a, err2 := strconv.Atoi(strings.TrimSpace(allowed))
	return a - u, ok && err1 == nil && err2 == nil
}

// dayRest is for how long nobody calls once HubSpot says that the day's calls are used up. When its day begins it does not say, so this
// is how late work goes on at most.
const dayRest = 5 * time.Minute

// spentWindow reads HubSpot's limits, of which there are three at once: a day, an interval that it names, and a second. It tells how long
// the longest that is used up may last.
func spentWindow(header http.Header) (rest time.Duration, spent bool) {
	const hubspot = "X-HubSpot-RateLimit-"
	none := func(name string) bool { n, ok := number(header, hubspot+name); return ok && n <= 0 }
	switch {
	case none("Daily-Remaining"):
		return dayRest, true
	case none("Remaining"):
		interval := 10 * time.Second
		if ms, ok := number(header, hubspot+"Interval-Milliseconds"); ok && ms > 0 {
			interval = min(time.Duration(ms)*time.Millisecond, longestRetryAfter)
		}
		return interval, true
	case none("Secondly-Remaining"):
		return time.Second, true
	}
	return 0, false
}

func number(header http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(header.Get(name)))
	return n, err == nil
}
