package queue

import (
	"context"
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
		id: tx.NewID(), kind: j.Kind, key: j.Key, group: j.Group, payload: j.Payload, urgent: j.Urgent, runAt: due.UnixMicro(),
	}
	if err := insert(ctx, tx, row); err != nil {
		return time.Time{}, fmt.Errorf("enqueue %s job: %w", j.Kind, err)
	}
	return due, nil
}

// insert adds a waiting row. When one of its kind and key waits already, that one stays, takes the earlier instant, and is
// urgent if either is.
//
// The group is locked before the job, as dispatchers do: one that locked a job first would wait for the dispatcher that
// has the group and wants the job, until PostgreSQL's deadlock check ends one of them, a second later.
func insert(ctx context.Context, tx Tx, j job) error {
	if err := lookAt(ctx, tx, j.group, j.runAt); err != nil {
		return err
	}
	groups, err := all(ctx, tx, scanString, `
		INSERT INTO job (id, kind, key, grp, payload, urgent, run_at, state, attempt, owner, lease_until, last_error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', $8, '', 0, $9)
		ON CONFLICT (kind, key) WHERE state = 'ready' AND key <> '' DO UPDATE SET
			run_at = CASE WHEN excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END,
			urgent = CASE WHEN excluded.urgent THEN excluded.urgent ELSE job.urgent END
		RETURNING grp`,
		j.id, j.kind, j.key, j.group, j.payload, j.urgent, j.runAt, j.attempt, j.lastError)
	if err != nil {
		return err
	}
	for _, group := range groups {
		if group == j.group {
			continue
		}
		if err := lookAt(ctx, tx, group, j.runAt); err != nil { // the one that stays is of another group
			return err
		}
	}
	return nil
}

// Reschedule moves the waiting job of a kind and key; false when none waits.
func Reschedule(ctx context.Context, tx Tx, kind, key string, to time.Time) (bool, error) {
	groups, err := all(ctx, tx, scanString,
		`UPDATE job SET run_at = $3 WHERE kind = $1 AND key = $2 AND state = 'ready' RETURNING grp`,
		kind, key, to.UnixMicro())
	if err == nil {
		err = lookNow(ctx, tx, groups)
	}
	if err != nil {
		return false, fmt.Errorf("reschedule %s job: %w", kind, err)
	}
	return len(groups) > 0, nil
}

// Cancel removes the waiting jobs of a kind and key.
func Cancel(ctx context.Context, tx Tx, kind, key string) error {
	groups, err := all(ctx, tx, scanString,
		`DELETE FROM job WHERE kind = $1 AND key = $2 AND state = 'ready' RETURNING grp`, kind, key)
	if err == nil {
		err = lookNow(ctx, tx, groups)
	}
	if err != nil {
		return fmt.Errorf("cancel %s jobs: %w", kind, err)
	}
	return nil
}

// Finish removes a leased job; desk.ErrStale when its lease was lost, or it was finished before.
func Finish(ctx context.Context, tx Tx, j desk.Leased) error {
	if _, err := take(ctx, tx, j); err != nil {
		return fmt.Errorf("finish %s job %s: %w", j.Kind, j.ID, err)
	}
	return nil
}

// take removes a running row whose lease j is, and frees its group.
func take(ctx context.Context, tx Tx, j desk.Leased) (job, error) {
	rows, err := all(ctx, tx, scanJob, `
		DELETE FROM job WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'running'
		RETURNING `+jobColumns, j.ID, j.Owner, j.Attempt)
	if err != nil {
		return job{}, err
	}
	if len(rows) == 0 {
		return job{}, desk.ErrStale
	}
	return rows[0], free(ctx, tx, rows[0])
}

// putBack makes a leased job wait again.
func putBack(ctx context.Context, tx Tx, j desk.Leased, when time.Time, attempt int, cause error) error {
	row, err := take(ctx, tx, j)
	if err != nil {
		return err
	}
	row.runAt, row.attempt = when.UnixMicro(), attempt
	if cause != nil {
		row.lastError = shorten(cause.Error())
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
