package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmline/escalate/desk"
)

// Enqueue adds a job, or moves the waiting one of its kind and key to the earlier instant. It returns when it is due.
func Enqueue(ctx context.Context, tx Tx, j desk.Job) (time.Time, error) {
	if j.Kind == "" {
		return time.Time{}, fmt.Errorf("enqueue job with key %q: it has no kind", j.Key)
	}
	due := j.At
	if due.IsZero() {
		due = tx.Now()
	}
	row := job{
		id: tx.NewID(), kind: j.Kind, key: j.Key, group: j.Group, payload: j.Payload, urgent: j.Urgent, runAt: startOf(due),
	}
	if err := insert(ctx, tx, row); err != nil {
		return time.Time{}, fmt.Errorf("enqueue %s job: %w", j.Kind, err)
	}
	return due, nil
}

// startOf is an instant as a row keeps it, never before it: a job that began a moment too early would find that it is not time yet, and
// come again at once.
func startOf(at time.Time) int64 { return at.Add(time.Microsecond - 1).UnixMicro() }

// insert adds a waiting row. When one of its kind and key waits already, that one stays, takes the earlier instant, is
// urgent if either is, and fails for as long as either does: it is the same work.
func insert(ctx context.Context, tx Tx, j job) error {
	return tx.Put(ctx, `
		INSERT INTO job (id, kind, key, grp, payload, urgent, run_at, state, fresh, attempt, owner, lease_until, last_error, failing_since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', $8, $9, '', 0, $10, $11)
		ON CONFLICT (kind, key) WHERE state = 'ready' AND key <> '' DO UPDATE SET
			run_at = CASE WHEN excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END,
			urgent = CASE WHEN excluded.urgent THEN excluded.urgent ELSE job.urgent END,
			fresh = job.grp <> '',
			last_error = CASE WHEN excluded.failing_since > 0 THEN excluded.last_error ELSE job.last_error END,
			failing_since = CASE WHEN excluded.failing_since > 0 THEN excluded.failing_since ELSE job.failing_since END
		WHERE excluded.run_at < job.run_at OR excluded.urgent AND NOT job.urgent OR excluded.failing_since > 0`,
		j.id, j.kind, j.key, j.group, j.payload, j.urgent, j.runAt, j.group != "", j.attempt, j.lastError, j.failingSince)
}

// Reschedule moves the waiting job of a kind and key; false when none waits.
func Reschedule(ctx context.Context, tx Tx, kind, key string, to time.Time) (bool, error) {
	moved, err := tx.Exec(ctx, `
		UPDATE job SET run_at = $3, fresh = grp <> '' WHERE kind = $1 AND key = $2 AND key <> '' AND state = 'ready'`,
		kind, key, startOf(to))
	if err != nil {
		return false, fmt.Errorf("reschedule %s job: %w", kind, err)
	}
	return moved > 0, nil
}

// Cancel removes the waiting job of a kind and key.
func Cancel(ctx context.Context, tx Tx, kind, key string) error {
	err := tx.Put(ctx, `DELETE FROM job WHERE kind = $1 AND key = $2 AND key <> '' AND state = 'ready'`, kind, key)
	if err != nil {
		return fmt.Errorf("cancel %s jobs: %w", kind, err)
	}
	return nil
}

// Finish removes a leased job; desk.ErrStale when its lease was lost, or it was finished before.
func Finish(ctx context.Context, tx Tx, j desk.Leased) error {
	n, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'running'`,
		j.ID, j.Owner, j.Attempt)
	if err == nil && n == 0 {
		err = desk.ErrStale
	}
	if err != nil {
		return fmt.Errorf("finish %s job %s: %w", j.Kind, j.ID, err)
	}
	return nil
}

// failingKept is how soon a job must come again so that a run without an error, which only waited for something, does not end
// its failing.
const failingKept = time.Minute

// back says how a job goes back.
type back struct {
	at      time.Time
	keeps   bool // its place in its group: nothing of the group starts before at
	attempt int
	cause   error
}

// putBack makes a leased job wait again.
func putBack(ctx context.Context, tx Tx, j desk.Leased, b back) error {
	rows, err := all(ctx, tx, scanJob, `
		DELETE FROM job WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'running'
		RETURNING `+jobColumns, j.ID, j.Owner, j.Attempt)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return desk.ErrStale
	}
	row := rows[0]
	row.attempt = b.attempt
	if !b.keeps {
		row.runAt = startOf(b.at)
	}
	switch {
	case b.cause != nil && !errors.Is(b.cause, errDraining):
		row.lastError = shorten(b.cause.Error())
		if row.failingSince == 0 {
			row.failingSince = tx.Now().UnixMicro()
		}
	case b.at.Sub(tx.Now()) >= failingKept:
		row.failingSince = 0
	}
	return insert(ctx, tx, row)
}

// maxError bounds what is kept of an error: enough for its message and the top of a stack.
const maxError = 4000

func shorten(s string) string {
	if len(s) <= maxError {
		return s
	}
	return s[:maxError] + "…"
}
