package simulate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"warmline/brain"
	"warmline/escalate"
)

// ErrNoAnswers says that nothing in the history tells which answer was right, so that nothing can be measured.
var ErrNoAnswers = errors.New("the history names no answer")

// Brain reads a ticket: the one method of the live brain that a simulation needs. It is called from several goroutines at
// once, with tickets that end before the first human reply.
type Brain interface {
	Assess(ctx context.Context, now time.Time, t *escalate.Ticket) (escalate.Assessment, error)
}

// Options says what to replay. Past and Build are needed; every other zero value is the default its comment names.
type Options struct {
	Past     []brain.Past    // the team's own tickets, at best with the answer that solved each
	Macros   []brain.Macro   // as the team has them
	Articles []brain.Article // the same

	// Policy decides. Nil is the default policy with every topic promoted to auto.
	Policy *escalate.Policy
	// Build makes a brain of what it is given, and of nothing else. It is called once for each fold, never at the same time.
	Build func(ctx context.Context, k brain.Knowledge) (Brain, error)

	Budget  float64   // the largest share of wrong answers among those that are sent, 0..1; 0.02 by default
	Unknown float64   // the share of questions that nothing on file answers, 0..1; 0 estimates it from the past
	Seed    string    // draws which answers are left out; "1" by default. Same seed and past, same result
	Since   time.Time // score the tickets from here on; zero scores the latest fifth

	// Progress hears how many of the steps are done and what is being done; nil is not called. Never called concurrently.
	Progress func(done, total int, stage string)
}

// Result is what one replay saw. Reports, other budgets and other policies are computed from it without asking a brain again.
// It is not changed by any of its methods and safe for concurrent use.
type Result struct {
	Rows  []Row // in the order of the history; a ticket may have two: with and without its answer on file
	Split Split // how the past was parted
	Share Share // how many questions are expected to be new

	budget float64
	seed   string
	policy *escalate.Policy
	macros map[string]string // the title of a macro or article, by id
}

// Run replays the past. It fails when ctx ends, when a brain cannot be built, or when there is nothing to measure by
// (ErrNoAnswers).
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Budget < 0 || o.Budget > 1 || o.Unknown < 0 || o.Unknown >= 1 {
		return nil, fmt.Errorf("simulate: budget %v and share of unknown questions %v must lie between 0 and 1", o.Budget, o.Unknown)
	}
	o.Budget, o.Seed = cmp.Or(o.Budget, 0.02), cmp.Or(o.Seed, "1")
	o.Policy = cmp.Or(o.Policy, promoted())
	w, err := newWork(&o)
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	rows, err := w.score(ctx)
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	r := &Result{
		Rows: rows, Split: w.split, Share: w.share, budget: o.Budget, seed: o.Seed, policy: o.Policy, macros: titles(&o),
	}
	r.Share.of(rows)
	show(rows, r.Share.Expected, o.Seed)
	return r, nil
}

// promoted is the default policy with every topic on the top rung: what a simulation asks is what the machine could do.
func promoted() *escalate.Policy {
	p := escalate.DefaultPolicy()
	p.Stage = escalate.StageAuto
	return p
}

func titles(o *Options) map[string]string {
	t := map[string]string{}
	for _, a := range o.Articles {
		t[a.ID] = a.Title
	}
	for _, m := range o.Macros {
		t[m.ID] = m.Title
	}
	return t
}
