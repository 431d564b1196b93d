package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
)

func TestReplicasThatStartTogetherMigrateOnce(t *testing.T) {
	dsn := pgtest.Database(t)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			db, err := store.Open(t.Context(), dsn, store.Options{})
			if err == nil {
				err = db.Close()
			}
			if err != nil {
				t.Errorf("open: %v", err)
			}
		})
	}
	all.Wait()
}

func TestClockThatIsOffIsNotReady(t *testing.T) {
	dsn := pgtest.Database(t)
	for off, ready := range map[time.Duration]bool{0: true, time.Second: true, -3 * time.Second: false, time.Hour: false} {
		db := open(t, dsn, store.Options{Now: func() time.Time { return time.Now().Add(off) }})
		if err := db.Ready(t.Context()); (err == nil) != ready {
			t.Errorf("%s off: %v", off, err)
		}
	}
}

func TestDeadlockRunsTheClosureAgain(t *testing.T) {
	db := open(t, pgtest.Database(t), store.Options{})
	put(t, db, "a", "0")
	put(t, db, "b", "0")
	var met sync.WaitGroup // both hold one row and want the other's
	met.Add(2)
	runs := make(chan string, 10)
	var all sync.WaitGroup
	for _, keys := range [][]string{{"a", "b"}, {"b", "a"}} {
		all.Go(func() {
			first := true
			err := db.Update(t.Context(), func(tx desk.Tx) error {
				runs <- keys[0]
				if err := tx.PutSetting(t.Context(), keys[0], keys[0]); err != nil {
					return err
				}
				if first {
					first = false
					met.Done()
					met.Wait()
				}
				return tx.PutSetting(t.Context(), keys[1], keys[0])
			})
			if err != nil {
				t.Errorf("update: %v", err)
			}
		})
	}
	all.Wait()
	if len(runs) != 3 {
		t.Errorf("%d runs, want two and one that was repeated", len(runs))
	}
	if a, b := setting(t, db, "a"), setting(t, db, "b"); a != b {
		t.Errorf("a = %q and b = %q: the two mixed", a, b)
	}
}

func TestLostAnswerToACommitIsUnknownAndRunsOnce(t *testing.T) {
	dsn := pgtest.Database(t)
	db := open(t, dsn, store.Options{})
	killer := open(t, dsn, store.Options{})
	runs := 0
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		runs++
		var pid int
		rows, err := query(t, tx, "SELECT pg_backend_pid()")
		if err != nil {
			return err
		}
		for rows.Next() {
			err = errors.Join(err, rows.Scan(&pid))
		}
		if err := errors.Join(err, rows.Close(), tx.PutSetting(t.Context(), "a", "1")); err != nil {
			return err
		}
		return killer.View(t.Context(), func(tx desk.Tx) error {
			rows, err := query(t, tx, "SELECT pg_terminate_backend($1)", pid)
			if err != nil {
				return err
			}
			return rows.Close()
		})
	})
	if !errors.Is(err, desk.ErrOutcomeUnknown) || runs != 1 {
		t.Errorf("%d runs, error %v", runs, err)
	}
	put(t, db, "b", "1") // the pool recovers
}

func TestPasswordStaysOutOfErrors(t *testing.T) {
	_, err := store.Open(t.Context(), "postgres://u:hunter2@127.0.0.1:1/x?connect_timeout=1", store.Options{})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error = %v", err)
	}
}
