package store_test

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
	"warmline/store/queue"
)

// Only dispatchers write groups: whoever enqueues, moves, cancels or ends a job of a busy channel waits for none of their
// rounds.
func TestNobodyWaitsForADispatchersGroupOnPostgreSQL(t *testing.T) {
	db := open(t, pgtest.Database(t), store.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	inTurn := func(kind string) error {
		return db.Update(ctx, func(tx desk.Tx) error {
			if err := tx.Enqueue(ctx, desk.Job{Kind: kind, Key: "card", Group: "channel"}); err != nil {
				return err
			}
			if _, err := tx.Reschedule(ctx, kind, "card", tx.Now().Add(time.Hour)); err != nil {
				return err
			}
			return tx.CancelJobs(ctx, kind, "card")
		})
	}
	err := db.Update(ctx, func(tx desk.Tx) error {
		if err := mustReturn(t, tx, `INSERT INTO job_group (name, holder, head, kind, urgent, start_at, next_at, tat, look_at)
			VALUES ('channel', '', '', '', FALSE, 0, 0, 0, 1) RETURNING name`); err != nil {
			return err
		}
		done := make(chan error, 1)
		go func() { done <- inTurn("draw") }()
		return <-done // while this transaction has the group
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mustReturn runs a statement that must return a row; desk.ErrNotFound when it does not.
func mustReturn(t *testing.T, tx desk.Tx, statement string) error {
	t.Helper()
	rows, err := query(t, tx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	found := rows.Next()
	if err := rows.Err(); err != nil {
		return err
	}
	if !found {
		return desk.ErrNotFound
	}
	return nil
}

// flood has so many jobs at once call fn, as soon as the returned channel is closed.
func flood(t *testing.T, db *store.Store, jobs int, fn func(context.Context) error) (begin chan<- struct{}, stop func()) {
	t.Helper()
	goOn, began := make(chan struct{}), make(chan struct{}, jobs)
	r, err := queue.New(queue.Options{Store: db, Kinds: map[string]queue.Kind{"work": {
		Workers: jobs,
		Handle: func(ctx context.Context, _ desk.Leased) error {
			began <- struct{}{}
			<-goOn
			return fn(ctx)
		},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx desk.Tx) error {
		for range jobs {
			if err := tx.Enqueue(t.Context(), desk.Job{Kind: "work"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := r.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	for range jobs {
		<-began
	}
	return goOn, func() { cancel(); running.Wait() }
}

func TestWhoWaitsForAnAnswerGoesBeforeJobsOnSQLite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()   // the test has its answer by then
		var order []string // written by the writer alone
		note := func(who string) func(desk.Tx) error {
			return func(desk.Tx) error { order = append(order, who); return nil }
		}
		begin, stop := flood(t, db, 40, func(ctx context.Context) error { return db.Update(ctx, note("job")) })
		release := make(chan struct{})
		var writing sync.WaitGroup
		write := func(fn func(desk.Tx) error) {
			writing.Go(func() {
				if err := db.Update(context.Background(), fn); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		write(func(desk.Tx) error { <-release; return nil })
		close(begin)
		synctest.Wait()
		write(note("person"))
		close(release)
		writing.Wait()
		stop()
		if at := slices.Index(order, "person"); at != 0 || len(order) != 41 {
			t.Errorf("of %d the person's came after %d of the jobs'", len(order), at)
		}
	})
}

func TestJobsLeaveConnectionsToWhoWaitsForAnAnswerOnPostgreSQL(t *testing.T) {
	db := open(t, pgtest.Database(t), store.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	release, inside := make(chan struct{}), make(chan struct{}, 40)
	begin, stop := flood(t, db, 40, func(ctx context.Context) error {
		return db.Update(ctx, func(desk.Tx) error { inside <- struct{}{}; <-release; return nil })
	})
	defer stop()
	defer close(release)
	close(begin)
	for range 8 {
		<-inside
	}
	err := db.Update(ctx, func(tx desk.Tx) error { return tx.PutSetting(ctx, "press", "1") })
	if err != nil || len(inside) > 0 {
		t.Errorf("a person's update while jobs have their connections: %v; %d jobs have more", err, len(inside))
	}
}
