package queue

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"warmline/escalate/desk"
)

// Buried is a job that was given up. It stays until someone requeues or discards it.
type Buried struct {
	desk.Job
	ID       string
	Attempts int
	Error    string // of the last attempt
}

// bury gives a leased job up.
func bury(ctx context.Context, tx Tx, j desk.Leased, cause error) error {
	n, err := tx.Exec(ctx, `
		UPDATE job SET state = 'dead', last_error = $4,
			failing_since = CASE WHEN failing_since > 0 THEN failing_since ELSE $5 END
		WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'running'`,
		j.ID, j.Owner, j.Attempt, shorten(cause.Error()), tx.Now().UnixMicro())
	if err == nil && n == 0 {
		err = desk.ErrStale
	}
	return err
}

// Dead returns the jobs that were given up, newest first, at most limit.
func (r *Runner) Dead(ctx context.Context, limit int) ([]Buried, error) {
	var list []Buried
	err := r.view(ctx, func(tx Tx) error {
		var err error
		list, err = all(ctx, tx, func(rows *sql.Rows) (Buried, error) {
			j, err := scanJob(rows)
			return Buried{Job: j.leased("").Job, ID: j.id, Attempts: j.attempt, Error: j.lastError}, err
		}, `SELECT `+jobColumns+` FROM job WHERE state = 'dead' ORDER BY id DESC LIMIT $1`, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list dead jobs: %w", err)
	}
	return list, nil
}

// Requeue makes a dead job wait again, due now, with all its attempts before it. desk.ErrNotFound when it is not dead.
func (r *Runner) Requeue(ctx context.Context, id string) error {
	err := r.update(ctx, func(tx Tx) error {
		row, err := exhume(ctx, tx, id)
		if err != nil {
			return err
		}
		row.attempt, row.runAt, row.failingSince = 0, tx.Now().UnixMicro(), 0
		return insert(ctx, tx, row)
	})
	if err != nil {
		return fmt.Errorf("requeue job %s: %w", id, err)
	}
	r.signal()
	return nil
}

// Discard removes a dead job. desk.ErrNotFound when it is not dead.
func (r *Runner) Discard(ctx context.Context, id string) error {
	err := r.update(ctx, func(tx Tx) error { _, err := exhume(ctx, tx, id); return err })
	if err != nil {
		return fmt.Errorf("discard job %s: %w", id, err)
	}
	return nil
}

func exhume(ctx context.Context, tx Tx, id string) (job, error) {
	rows, err := all(ctx, tx, scanJob,
		`DELETE FROM job WHERE id = $1 AND state = 'dead' RETURNING `+jobColumns, id)
	if err == nil && len(rows) == 0 {
		err = desk.ErrNotFound
	}
	if err != nil {
		return job{}, err
	}
	return rows[0], nil
}

// Forget removes the jobs that were given up before an instant, and returns how many.
func Forget(ctx context.Context, tx Tx, before time.Time) (int, error) {
	n, err := tx.Exec(ctx, `DELETE FROM job WHERE state = 'dead' AND failing_since < $1`, before.UnixMicro())
	if err != nil {
		return 0, fmt.Errorf("forget dead jobs: %w", err)
	}
	return int(n), nil
}
