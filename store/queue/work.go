package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"warmline/escalate/desk"
)

// run is one attempt under way.
type run struct {
	leased   desk.Leased
	began    time.Time
	cut      context.CancelCauseFunc
	finished atomic.Bool // by the handler's own transaction
}

// launch starts an attempt whose lease is committed.
func (r *Runner) launch(base context.Context, j desk.Leased) {
	ctx, cut := context.WithCancelCause(withBackground(base))
	run := &run{leased: j, began: time.Now(), cut: cut}
	r.mu.Lock()
	r.running[j.ID] = run
	r.busy[j.Kind]++
	r.mu.Unlock()
	r.workers.Go(func() {
		defer cut(nil)
		r.work(ctx, run)
	})
}

// work runs an attempt and writes down how it ended.
func (r *Runner) work(ctx context.Context, run *run) {
	kind := r.opts.Kinds[run.leased.Kind]
	if run.leased.Attempt > kind.MaxAttempts {
		r.conclude(ctx, run, errors.New("given up: every attempt was cut off before it ended"))
		return
	}
	err := handle(ctx, kind, run.leased)
	if errors.Is(context.Cause(ctx), errDraining) && err != nil {
		err = &desk.Later{Cause: errDraining} // at once, by another process
	}
	switch {
	case run.finished.Load():
		if r.leave(run, Done) {
			r.signal()
		}
	case errors.Is(context.Cause(ctx), errLost):
		r.leave(run, Lost)
		r.signal()
	case err == nil:
		r.mu.Lock()
		r.ended = append(r.ended, run)
		r.mu.Unlock()
		r.signal()
	default:
		r.conclude(ctx, run, err)
	}
}

// handle calls the handler; a panic is an error with its stack.
func handle(ctx context.Context, kind Kind, j desk.Leased) (err error) {
	ctx, cancel := context.WithTimeout(ctx, kind.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return kind.Handle(ctx, j)
}

// conclude writes down an attempt that did not do its job, for as long as its lease lasts. If the database cannot be
// reached, the lease runs out and the job starts again elsewhere.
func (r *Runner) conclude(ctx context.Context, run *run, cause error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.opts.Lease)
	defer cancel()
	pause := roundPause
	for {
		outcome, err := r.concludeOnce(ctx, run.leased, cause)
		if errors.Is(err, desk.ErrStale) {
			outcome, err = Lost, nil
		}
		if err == nil {
			r.report(ctx, run.leased, outcome, cause)
			r.leave(run, outcome)
			r.signal() // it may wait for an instant of which the dispatcher has not heard
			return
		}
		select {
		case <-ctx.Done():
			r.opts.Logger.ErrorContext(ctx, "job's end not written", "kind", run.leased.Kind, "job_id", run.leased.ID, "cause", err)
			r.leave(run, Lost)
			r.signal()
			return
		case <-time.After(pause):
			pause = min(2*pause, roundPauseMax)
		}
	}
}

func (r *Runner) concludeOnce(ctx context.Context, j desk.Leased, cause error) (Outcome, error) {
	if later, ok := errors.AsType[*desk.Later](cause); ok {
		outcome := Deferred
		if later.Failed {
			outcome = Retried
		}
		return outcome, r.update(ctx, func(tx Tx) error { return deferTo(ctx, tx, j, later) })
	}
	kind := r.opts.Kinds[j.Kind]
	if j.Attempt < kind.MaxAttempts {
		return Retried, r.retry(ctx, j, cause)
	}
	err := r.update(ctx, func(tx Tx) error {
		if err := bury(ctx, tx, j, cause); err != nil || kind.Dead == nil {
			return err
		}
		if err := kind.Dead(ctx, tx, j, cause); err != nil {
			return &hookError{err}
		}
		return nil
	})
	if hook, ok := errors.AsType[*hookError](err); ok { // it is given up when the hook holds; until then it waits
		return Retried, r.retry(ctx, j, errors.Join(cause, fmt.Errorf("give up: %w", hook.error)))
	}
	return Given, err
}

type hookError struct{ error }

func (r *Runner) retry(ctx context.Context, j desk.Leased, cause error) error {
	return r.update(ctx, func(tx Tx) error {
		return putBack(ctx, tx, j, back{at: tx.Now().Add(r.backoff(j.Attempt)), attempt: j.Attempt, cause: cause})
	})
}

// deferTo makes a job wait until an instant, as if this attempt had not been unless it failed. What holds its group keeps its place in
// it: the group waits, and then goes on in order.
func deferTo(ctx context.Context, tx Tx, j desk.Leased, l *desk.Later) error {
	b := back{at: l.At, attempt: j.Attempt - 1, cause: l.Cause}
	if l.Failed {
		b.attempt = j.Attempt
	}
	if b.at.Before(tx.Now()) {
		b.at = tx.Now()
	}
	if l.Hold && j.Group != "" { // before the job: a dispatcher that renews it never waits for the group
		b.keeps = true
		if err := hold(ctx, tx, j.Group, b.at); err != nil {
			return err
		}
	}
	return putBack(ctx, tx, j, b)
}

// backoff is the pause after an attempt: exponential, and half of it by chance, so that jobs that failed together do not
// come back together.
func (r *Runner) backoff(attempt int) time.Duration {
	pause := r.opts.RetryMin
	for i := 1; i < attempt && pause < r.opts.RetryMax; i++ {
		pause *= 2
	}
	pause = min(pause, r.opts.RetryMax)
	return pause/2 + rand.N(pause/2+1)
}

func (r *Runner) report(ctx context.Context, j desk.Leased, o Outcome, cause error) {
	log := r.opts.Logger.With("kind", j.Kind, "job_id", j.ID, "attempt", j.Attempt, "cause", cause)
	switch o {
	case Given:
		log.ErrorContext(ctx, "job given up")
	case Lost:
		log.WarnContext(ctx, "job lost to another process")
	case Retried:
		log.WarnContext(ctx, "job failed, runs again")
	case Deferred, Done:
	}
}

// leave ends a run's bookkeeping. It reports whether the dispatcher is to look again at once: for a worker of a kind that had
// none left, a group that was let go of, or an end that is waited for.
func (r *Runner) leave(run *run, o Outcome) (look bool) {
	r.mu.Lock()
	if r.running[run.leased.ID] == run {
		delete(r.running, run.leased.ID)
	}
	r.busy[run.leased.Kind]--
	look = r.full[run.leased.Kind] || run.leased.Group != "" || r.draining.Load()
	r.mu.Unlock()
	r.metrics.ended(run.leased.Kind, o, time.Since(run.began))
	if r.opts.Ended != nil {
		r.opts.Ended(run.leased.Kind, o)
	}
	return look
}
