package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate/desk"
)

// Options say what a Runner runs and how. Store and Kinds are needed; for all others the zero value is the default.
type Options struct {
	Store Store
	// Kinds are the kinds of job that this runner takes. Jobs of others wait for a runner that knows them.
	Kinds map[string]Kind
	// Crons are what recurs.
	Crons []Cron
	// Owner names this process in its leases. Default: host name and a fresh id. Two live runners must not share one.
	Owner string
	// Lease is how long a job stays with a process that says nothing more; so long is what a crashed process ran waits.
	// Default: 30 s.
	Lease time.Duration
	// Heartbeat is how often leases are renewed. Default: a third of Lease. It must be well below Lease, else jobs run
	// twice.
	Heartbeat time.Duration
	// Poll is how long the dispatcher sleeps at most, and so how late it notices what it is not told of: jobs that another
	// process enqueued or let go, and a wall clock that was put forward. Default: 1 s where other processes share the
	// database, else 1 min, which is the most that keeps occurrences of crons from being missed.
	Poll time.Duration
	// Drain is how long Run waits for what still runs once its context has ended. Default: 20 s.
	Drain time.Duration
	// RetryMin and RetryMax bound the pause after a failed attempt: RetryMin after the first, doubled each time, up to
	// RetryMax, half of it jitter. Default: 1 s and 10 min.
	RetryMin, RetryMax time.Duration
	// Pace says how fast groups go. Default: no limit.
	Pace Pace
	// Logger is told of failed attempts, lost leases and jobs given up. Default: nothing is logged.
	Logger *slog.Logger
	// Registerer takes the queue's metrics. Default: there are none.
	Registerer prometheus.Registerer
	// Ended is told how every attempt ended. It is called by many goroutines and must not block. Default: nobody is told.
	Ended func(kind string, o Outcome)
}

// Kind is how jobs of a kind are run.
type Kind struct {
	// Handle does a job. When it returns nil the job is finished, if it was not by tx.Finish; when it returns *desk.Later
	// it runs again then; any other error, or a panic, is a failed attempt. Its context ends with Timeout, when the lease is
	// lost, or when draining takes too long.
	Handle func(ctx context.Context, j desk.Leased) error
	// Workers is how many may run at once in this process. Default: 4.
	Workers int
	// Timeout bounds one attempt. Default: 2 min.
	Timeout time.Duration
	// MaxAttempts is how many attempts there are before the job is given up. Default: 15, about an hour.
	MaxAttempts int
	// Dead is called in the transaction that gives a job up, so that what follows from it is the same commit. May be nil.
	Dead func(ctx context.Context, tx desk.Tx, j desk.Leased, cause error) error
}

// Outcome is how a run ended.
type Outcome string

// The outcomes.
const (
	Done     Outcome = "done"
	Retried  Outcome = "retried"
	Deferred Outcome = "later" // the handler asked to run again at an instant
	Given    Outcome = "dead"
	Lost     Outcome = "lost" // another process took the lease
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{Done, Retried, Deferred, Given, Lost}

// Runner runs jobs. It is made by New and runs once.
type Runner struct {
	opts    Options
	crons   map[string]*timetable
	list    lister
	metrics *metrics // nil without a Registerer

	wake    chan struct{} // holds one: something may have become startable, or has ended
	sleeps  atomic.Int64  // until when the dispatcher sleeps, Unix microseconds
	workers sync.WaitGroup

	draining atomic.Bool // whether what ends is waited for

	mu      sync.Mutex
	running map[string]*run // by job id
	busy    map[string]int  // by kind
	full    map[string]bool // by kind: whether the last round had no worker left for more
	ended   []*run          // to be finished by the next round
}

// New returns a Runner, or what is wrong with its options.
func New(opts Options) (*Runner, error) {
	if err := opts.fill(); err != nil {
		return nil, fmt.Errorf("new queue runner: %w", err)
	}
	r := &Runner{
		opts: opts, crons: make(map[string]*timetable), list: newLister(slices.Sorted(maps.Keys(opts.Kinds))),
		wake: make(chan struct{}, 1), running: make(map[string]*run), busy: make(map[string]int), full: make(map[string]bool),
	}
	for _, c := range opts.Crons {
		s, err := c.validate(opts.Kinds)
		if err == nil && r.crons[c.Name] != nil {
			err = fmt.Errorf("cron %q is there twice", c.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("new queue runner: %w", err)
		}
		r.crons[c.Name] = &timetable{Cron: c, schedule: s}
	}
	if opts.Registerer != nil {
		var err error
		if r.metrics, err = newMetrics(r, opts.Registerer); err != nil {
			return nil, fmt.Errorf("new queue runner: register metrics: %w", err)
		}
	}
	return r, nil
}

// fill checks the options and puts the defaults in.
func (o *Options) fill() error {
	if o.Store == nil {
		return errors.New("no store")
	}
	o.Lease = cmp.Or(o.Lease, 30*time.Second)
	o.Heartbeat = cmp.Or(o.Heartbeat, o.Lease/3)
	o.Poll = cmp.Or(o.Poll, pollAlone)
	if o.Store.Shared() {
		o.Poll = min(o.Poll, pollShared)
	}
	o.Drain = cmp.Or(o.Drain, 20*time.Second)
	o.RetryMin = cmp.Or(o.RetryMin, time.Second)
	o.RetryMax = cmp.Or(o.RetryMax, 10*time.Minute)
	o.Owner = cmp.Or(o.Owner, newOwner())
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Kinds = maps.Clone(o.Kinds)
	for name, kind := range o.Kinds {
		if kind.Handle == nil {
			return fmt.Errorf("kind %q has no handler", name)
		}
		kind.Workers = cmp.Or(kind.Workers, 4)
		kind.Timeout = cmp.Or(kind.Timeout, 2*time.Minute)
		kind.MaxAttempts = cmp.Or(kind.MaxAttempts, 15)
		o.Kinds[name] = kind
	}
	return nil
}

func newOwner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return host + "/" + ulid.Make().String()
}

// Owner returns the name under which the runner holds leases.
func (r *Runner) Owner() string { return r.opts.Owner }

func (r *Runner) update(ctx context.Context, fn func(Tx) error) error {
	return r.opts.Store.Update(ctx, func(tx desk.Tx) error { return with(tx, fn) })
}

func (r *Runner) view(ctx context.Context, fn func(Tx) error) error {
	return r.opts.Store.View(ctx, func(tx desk.Tx) error { return with(tx, fn) })
}

func with(tx desk.Tx, fn func(Tx) error) error {
	mine, ok := tx.(Tx)
	if !ok {
		return fmt.Errorf("store's transaction %T is not a queue.Tx", tx)
	}
	return fn(mine)
}

// signal wakes the dispatcher.
func (r *Runner) signal() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake already
	}
}

// committed hears what a commit of this process changed.
func (r *Runner) committed(c Commit) {
	if len(c.Finished) > 0 {
		r.mu.Lock()
		for _, id := range c.Finished {
			if run, ok := r.running[id]; ok {
				run.finished.Store(true)
			}
		}
		r.mu.Unlock()
	}
	// What may start at once wakes it however long it sleeps: the clock may have been put forward past that.
	if !c.Due.IsZero() && (c.Due.UnixMicro() < r.sleeps.Load() || !c.Due.After(c.At)) {
		r.signal()
	}
}
