package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
)

// A dispatcher locks a group and then its jobs. Whoever enqueues must go the same way, else each holds what the other
// waits for, and PostgreSQL lets both stand for its deadlock_timeout of a second.
func TestEnqueueLocksTheGroupBeforeTheJobOnPostgreSQL(t *testing.T) {
	db := open(t, pgtest.Database(t), store.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var runs atomic.Int64
	enqueue := func(tx desk.Tx) error {
		runs.Add(1)
		return tx.Enqueue(ctx, desk.Job{Kind: "draw", Key: "card", Group: "channel"})
	}
	if err := db.Update(ctx, enqueue); err != nil {
		t.Fatal(err)
	}
	enqueued := make(chan error, 1)
	err := db.Update(ctx, func(tx desk.Tx) error { // as a dispatcher does
		first := runs.Add(1) == 2
		if err := mustReturn(t, tx, `UPDATE job_group SET look_at = look_at WHERE name = 'channel' RETURNING name`); err != nil {
			return err
		}
		if first {
			go func() { enqueued <- db.Update(ctx, enqueue) }()
		}
		for first && mustReturn(t, tx, `SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))`) != nil {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return mustReturn(t, tx, `UPDATE job SET attempt = attempt WHERE key = 'card' RETURNING id`)
	})
	if err := errors.Join(err, <-enqueued); err != nil {
		t.Fatal(err)
	}
	if n := runs.Load(); n != 3 {
		t.Errorf("three transactions ran %d times: one was the victim of a deadlock", n)
	}
}

// mustReturn runs a statement that must return a row; desk.ErrNotFound when it does not.
func mustReturn(t *testing.T, tx desk.Tx, statement string) error {
	t.Helper()
	rows, err := query(t, tx, statement)
	if err != nil {
		return err
	}
	found := rows.Next()
	if err := rows.Close(); err != nil {
		return err
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if !found {
		return desk.ErrNotFound
	}
	return nil
}
