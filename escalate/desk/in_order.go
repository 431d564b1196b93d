package desk

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// pulse tells an outage of Slack from work that Slack alone cannot take: it beats with every call that went through, and there is one
// every minute at the least, for the groups are read. It is kept in memory; a process that begins anew finds out anew.
type pulse struct {
	mu     sync.Mutex
	beats  int
	failed map[string]int // the beat at which a job failed first, by its id
}

// beat notes that a call went through, for a job or for none.
func (p *pulse) beat(job string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beats++
	delete(p.failed, job)
}

// patientTries is how often a job is tried before it lets others pass, once it is known that Slack is there.
const patientTries = 4

// waits reports whether a job that failed keeps its channel waiting: as long as nothing shows that Slack is there.
func (p *pulse) waits(j *Leased) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed == nil {
		p.failed = map[string]int{}
	}
	first, known := p.failed[j.ID]
	if !known {
		first = p.beats
		p.failed[j.ID] = first
	}
	if j.Attempt <= patientTries || p.beats == first {
		return true
	}
	delete(p.failed, j.ID)
	return false
}

// longestWait bounds how long a channel waits for the next try of its first job.
const longestWait = 15 * time.Second

// inOrder has what is posted to a channel come there in the order in which it was caused, also when Slack is away: what fails keeps its
// place, and the channel waits for it. Work that fails although Slack is there lets the others pass after a few tries.
func (s *Service) inOrder(handle func(context.Context, Leased) error) func(context.Context, Leased) error {
	return func(ctx context.Context, j Leased) error {
		err := handle(ctx, j)
		if err == nil {
			s.pulse.beat(j.ID)
			return nil
		}
		var refused *Refused
		var later *Later
		if errors.As(err, &refused) || errors.As(err, &later) || !strings.HasPrefix(j.Group, channelGroup("")) ||
			errors.Is(ctx.Err(), context.Canceled) || !s.pulse.waits(&j) {
			return err
		}
		var now time.Time
		if s.Store.View(context.WithoutCancel(ctx), func(tx Tx) error { now = tx.Now(); return nil }) != nil {
			return err
		}
		wait := min(time.Second<<min(j.Attempt-1, 10), longestWait)
		return &Later{At: now.Add(wait), Hold: true, Failed: true, Cause: err}
	}
}
