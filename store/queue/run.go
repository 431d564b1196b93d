package queue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"warmline/escalate/desk"
)

const (
	pollShared = time.Second
	pollAlone  = time.Minute
	// roundPause is the first pause after a round that the database refused; it doubles up to roundPauseMax.
	roundPause    = 50 * time.Millisecond
	roundPauseMax = 5 * time.Second
	// roundWait bounds one round.
	roundWait = 30 * time.Second
	// leaveWait is how long a handler may take to notice that draining has cut it off.
	leaveWait = 2 * time.Second
)

var (
	errLost     = errors.New("lease lost: another process has the job")
	errDraining = errors.New("draining: the process ends")
)

// Run runs jobs until ctx ends. Then it starts nothing more, waits up to Options.Drain for what runs, cuts off the rest and
// gives it back, so that another process starts it at once. It returns nil, or what could not be drained or started.
func (r *Runner) Run(ctx context.Context) error {
	// Jobs outlive ctx: draining is what ends them.
	base, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cut(nil)
	if err := r.update(ctx, func(tx Tx) error {
		for _, c := range r.crons {
			if err := c.register(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}); err != nil && ctx.Err() != nil {
		return nil
	} else if err != nil {
		return fmt.Errorf("start queue: %w", err)
	}
	stop := r.opts.Store.Listen(r.committed)
	defer stop()
	d := dispatcher{Runner: r, base: base, pause: roundPause, renewed: time.Now()}
	for ctx.Err() == nil {
		d.sleep(ctx.Done(), d.round(true)) //nolint:contextcheck // a round uses base: it finishes what outlives ctx
	}
	return d.drain(cut) //nolint:contextcheck // ctx has ended; draining uses base
}

// dispatcher is the loop that claims, renews and finishes. Everything that it writes in one turn is one transaction.
type dispatcher struct {
	*Runner
	base    context.Context //nolint:containedctx // the context of handlers, which outlives that of Run
	pause   time.Duration
	renewed time.Time // when leases were last renewed, by our own monotonic clock
}

// round does what there is to do now and returns how long there is nothing more.
func (d *dispatcher) round(claiming bool) time.Duration {
	ctx, cancel := context.WithTimeout(d.base, roundWait)
	defer cancel()
	d.sleeps.Store(never) // what is enqueued from here on may come too late for this round, so it wakes the next
	began := time.Now()
	t := d.plan(claiming, began)
	if err := d.update(ctx, func(tx Tx) error { return t.run(ctx, tx) }); err != nil {
		d.opts.Logger.WarnContext(ctx, "queue round failed", "cause", err, "again_in", d.pause)
		d.putBackEnded(t.ended)
		d.expire(began)
		pause := d.pause
		d.pause = min(2*d.pause, roundPauseMax)
		return pause
	}
	d.pause = roundPause
	d.settle(t, began)
	if t.again {
		return 0
	}
	wait := d.opts.Poll
	if t.next != never {
		wait = min(wait, at(t.next).Sub(t.now))
	}
	d.sleeps.Store(t.now.Add(wait).UnixMicro())
	return wait
}

// idle reports whether nothing runs, so that no lease is to be renewed.
func (d *dispatcher) idle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.running) == 0
}

// sleep waits until there may be something to do: at the latest so long, or when leases of what still runs are to be renewed.
func (d *dispatcher) sleep(done <-chan struct{}, wait time.Duration) {
	for until := time.Now().Add(wait); ; {
		pause := time.Until(until)
		if !d.idle() {
			pause = min(pause, d.opts.Heartbeat-time.Since(d.renewed))
		}
		timer := time.NewTimer(max(pause, 0))
		select {
		case <-timer.C:
			if !time.Now().Before(until) || !d.idle() {
				return
			}
		case <-d.wake:
			timer.Stop()
			return
		case <-done:
			timer.Stop()
			return
		}
	}
}

// turn is what one round is to do, and what came of it.
type turn struct {
	claim  claim
	crons  map[string]*timetable
	ended  []*run
	renew  []*run
	claims bool
	alone  bool            // no other process has the database
	mine   map[string]bool // by job id: what this process runs

	now     time.Time
	stale   map[*run]bool
	started []job
	again   bool
	next    int64
}

func (d *dispatcher) plan(claiming bool, now time.Time) *turn {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &turn{crons: d.crons, ended: d.ended, claims: claiming, alone: !d.opts.Store.Shared()}
	d.ended = nil
	free := make(map[string]int, len(d.opts.Kinds))
	for name, kind := range d.opts.Kinds {
		free[name] = kind.Workers - d.busy[name]
	}
	ended := make(map[*run]bool, len(t.ended))
	for _, r := range t.ended {
		free[r.leased.Kind]++
		ended[r] = true
	}
	t.mine = make(map[string]bool, len(d.running))
	for id, r := range d.running {
		if ended[r] {
			continue
		}
		t.mine[id] = true
		if now.Sub(d.renewed) >= d.opts.Heartbeat {
			t.renew = append(t.renew, r)
		}
	}
	t.claim = claim{
		owner: d.opts.Owner, lease: d.opts.Lease, pace: d.opts.Pace, list: d.list, free: free,
	}
	return t
}

// run is the transaction of a round. It may run more than once.
func (t *turn) run(ctx context.Context, tx Tx) error {
	t.now, t.stale, t.started, t.again, t.next = tx.Now(), make(map[*run]bool), nil, false, never
	var todo chores
	if t.claims {
		var err error
		if todo, err = look(ctx, tx); err != nil {
			return fmt.Errorf("look for work: %w", err)
		}
		if todo.fresh {
			if err := meet(ctx, tx); err != nil {
				return fmt.Errorf("meet groups: %w", err)
			}
		}
	}
	if err := t.tend(ctx, tx); err != nil || !t.claims {
		return err
	}
	cron, err := tick(ctx, tx, t.crons, t.alone)
	if err != nil {
		return err
	}
	if todo.leases {
		if err := reap(ctx, tx, t.mine); err != nil {
			return fmt.Errorf("reap lost leases: %w", err)
		}
	}
	if todo.groups || todo.fresh || todo.leases || t.freed() {
		if t.again, err = refresh(ctx, tx); err != nil {
			return fmt.Errorf("refresh groups: %w", err)
		}
	}
	if t.started, err = t.claim.jobs(ctx, tx); err != nil {
		return err
	}
	next, err := nextDue(ctx, tx)
	t.next = min(next, cron)
	return err
}

// tend finishes what has ended and renews the leases of what runs.
func (t *turn) tend(ctx context.Context, tx Tx) error {
	for _, r := range t.ended {
		if err := Finish(ctx, tx, r.leased); errors.Is(err, desk.ErrStale) {
			t.stale[r] = true
		} else if err != nil {
			return err
		}
	}
	for _, r := range t.renew {
		held, err := renew(ctx, tx, r.leased, t.claim.lease)
		if err != nil {
			return fmt.Errorf("renew lease: %w", err)
		}
		t.stale[r] = !held
	}
	return nil
}

// freed reports whether this round finishes a job that held a group.
func (t *turn) freed() bool {
	return slices.ContainsFunc(t.ended, func(r *run) bool { return r.leased.Group != "" })
}

// settle does what follows from a committed round.
func (d *dispatcher) settle(t *turn, began time.Time) {
	for _, r := range t.ended {
		outcome := Done
		if t.stale[r] && !r.finished.Load() {
			outcome = Lost
		}
		d.leave(r, outcome)
	}
	for _, r := range t.renew {
		if t.stale[r] {
			r.cut(errLost)
		}
	}
	if began.Sub(d.renewed) >= d.opts.Heartbeat || len(t.mine) == 0 {
		d.renewed = began // or there was nothing to renew
	}
	for i := range t.started {
		d.launch(d.base, t.started[i].leased(d.opts.Owner))
	}
	d.markFull(t)
}

// markFull notes of which kinds no more could be started, so that the end of one that runs is a reason to look again.
func (d *dispatcher) markFull(t *turn) {
	if !t.claims {
		return
	}
	left := maps.Clone(t.claim.free)
	for i := range t.started {
		left[t.started[i].kind]--
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, n := range left {
		d.full[name] = n <= 0
		if n <= 0 && d.busy[name] < d.opts.Kinds[name].Workers {
			t.again = true // one has ended meanwhile
		}
	}
}

// putBackEnded keeps what a refused round was to finish for the next one.
func (d *dispatcher) putBackEnded(ended []*run) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = append(ended, d.ended...)
}

// expire cuts off what runs when its leases could not be renewed for so long that another process has them by now.
func (d *dispatcher) expire(now time.Time) {
	if now.Sub(d.renewed) < d.opts.Lease {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.running {
		if now.Sub(r.began) >= d.opts.Lease {
			r.cut(errLost)
		}
	}
}

// drain waits for what runs, then cuts it off, then gives back what did not even notice that.
func (d *dispatcher) drain(cut context.CancelCauseFunc) error {
	d.draining.Store(true)
	if d.wait(d.opts.Drain) {
		return nil
	}
	cut(errDraining)
	if d.wait(leaveWait) {
		return nil
	}
	return d.release()
}

// wait goes on finishing and renewing until nothing runs any more; false when that takes too long.
func (d *dispatcher) wait(atMost time.Duration) bool {
	deadline := time.Now().Add(atMost)
	for {
		pause := d.round(false)
		d.mu.Lock()
		left := len(d.running)
		d.mu.Unlock()
		if left == 0 {
			d.workers.Wait()
			return true
		}
		until := time.Until(deadline)
		if until <= 0 {
			return false
		}
		d.sleep(nil, min(pause, until))
	}
}

// release gives back the leases of handlers that ignore the end of their context. Fencing keeps them from finishing.
func (d *dispatcher) release() error {
	d.mu.Lock()
	left := make([]*run, 0, len(d.running))
	for _, r := range d.running {
		left = append(left, r)
	}
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.base), roundWait)
	defer cancel()
	err := d.update(ctx, func(tx Tx) error {
		for _, r := range left {
			err := putBack(ctx, tx, r.leased, back{at: tx.Now(), attempt: r.leased.Attempt, cause: errDraining})
			if err != nil && !errors.Is(err, desk.ErrStale) {
				return err
			}
		}
		return nil
	})
	return errors.Join(fmt.Errorf("drain queue: %d jobs ignore the end of their context; given back", len(left)), err)
}
