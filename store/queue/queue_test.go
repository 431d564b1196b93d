package queue_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

// log is what ran, in order, and when.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *log) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

// take returns what ran, and begins anew.
func (l *log) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	ran := l.lines
	l.lines = nil
	return ran
}

func (l *log) want(t *testing.T, want ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if diff := cmp.Diff(want, l.lines); diff != "" {
		t.Errorf("what ran (-want +got):\n%s", diff)
	}
	l.lines = nil
}

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// start runs a queue within a bubble until stop is called.
func start(t *testing.T, opts queue.Options) (stop func()) {
	t.Helper()
	r, err := queue.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run queue: %v", err)
		}
	}
}

func enqueue(t *testing.T, db desk.Store, jobs ...desk.Job) {
	t.Helper()
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		for _, j := range jobs {
			if err := tx.Enqueue(t.Context(), j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTimersOfADayRunAtTheirInstant(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db := open(t, path)
		defer db.Close() // the test has its answer by then
		var ran log
		handle := func(_ context.Context, j desk.Leased) error {
			if late := time.Since(j.At); late < 0 || late > time.Millisecond {
				t.Errorf("timer of %s ran %s late", j.At, late)
			}
			ran.add("%s", j.Key)
			return nil
		}
		stop := start(t, queue.Options{Store: db, Kinds: map[string]queue.Kind{"timer": {Handle: handle}}})
		began := time.Now()
		var want []string
		for i := range 24 * 4 {
			key := fmt.Sprintf("%02d:%02d", i/4, i%4*15)
			enqueue(t, db, desk.Job{Kind: "timer", Key: key, Group: strconv.Itoa(i % 3), At: began.Add(time.Duration(i) * 15 * time.Minute)})
			want = append(want, key)
		}
		time.Sleep(24 * time.Hour)
		stop()
		ran.want(t, want...)
	})
}

func TestNoWakeUpIsMissed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db := open(t, path)
		defer db.Close() // the test has its answer by then
		ran := make(chan struct{})
		defer start(t, queue.Options{Store: db, Kinds: map[string]queue.Kind{"work": {
			Handle: func(context.Context, desk.Leased) error { ran <- struct{}{}; return nil },
		}}})()
		began := time.Now()
		for range 500 { // each is enqueued while the end of the one before is written
			enqueue(t, db, desk.Job{Kind: "work"})
			<-ran
		}
		if slept := time.Since(began); slept > 0 { // a bubble's time passes only when everyone sleeps
			t.Errorf("the queue slept for %s with work at hand", slept)
		}
	})
}

func TestRescheduledTimerRunsOnlyThen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db := open(t, path)
		defer db.Close() // the test has its answer by then
		var ran log
		began := time.Now()
		defer start(t, queue.Options{Store: db, Kinds: map[string]queue.Kind{"timer": {
			Handle: func(_ context.Context, j desk.Leased) error {
				ran.add("%s after %s", j.Key, time.Since(began))
				return nil
			},
		}}})()
		for _, group := range []string{"", "g"} {
			enqueue(t, db,
				desk.Job{Kind: "timer", Key: "sooner" + group, Group: group, At: began.Add(3 * time.Hour)},
				desk.Job{Kind: "timer", Key: "cancelled" + group, Group: group, At: began.Add(time.Hour)})
		}
		err := db.Update(t.Context(), func(tx desk.Tx) error {
			for _, group := range []string{"", "g"} {
				if moved, err := tx.Reschedule(t.Context(), "timer", "sooner"+group, began.Add(2*time.Hour)); !moved || err != nil {
					t.Errorf("reschedule: %v, %v", moved, err)
				}
				if err := tx.CancelJobs(t.Context(), "timer", "cancelled"+group); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2*time.Hour - time.Second)
		synctest.Wait()
		ran.want(t)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(ran.lines) != 2 {
			t.Errorf("ran %v", ran.lines)
		}
		ran.lines = nil
		time.Sleep(10 * time.Hour)
		synctest.Wait()
		ran.want(t)
	})
}

func TestCrashedRunnersJobStartsAgainAfterItsLease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db := open(t, path)
		defer db.Close() // the test has its answer by then
		var ran log
		began := time.Now()
		goOn := make(chan struct{})
		stopped := start(t, queue.Options{
			Store: db, Owner: "stopped", Heartbeat: 24 * time.Hour, // as a process under SIGSTOP
			Kinds: map[string]queue.Kind{"work": {Timeout: 24 * time.Hour, Handle: func(_ context.Context, j desk.Leased) error {
				ran.add("%s attempt %d at %s", j.Owner, j.Attempt, time.Since(began))
				<-goOn
				return nil
			}}},
		})
		enqueue(t, db, desk.Job{Kind: "work", Key: "a"})
		synctest.Wait()
		heir := start(t, queue.Options{Store: db, Owner: "heir", Kinds: map[string]queue.Kind{"work": {
			Handle: func(_ context.Context, j desk.Leased) error {
				ran.add("%s attempt %d at %s", j.Owner, j.Attempt, time.Since(began))
				return nil
			},
		}}})
		time.Sleep(29 * time.Second)
		synctest.Wait()
		ran.want(t, "stopped attempt 1 at 0s")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		ran.want(t, "heir attempt 2 at 30s")
		close(goOn) // its finish is fenced: the job does not run a third time
		synctest.Wait()
		time.Sleep(time.Hour)
		heir()
		stopped()
		ran.want(t)
	})
}

func TestCronCatchesUpByItsRule(t *testing.T) {
	for _, c := range []struct {
		rule queue.CatchUp
		want []string
	}{
		{queue.Skip, nil},
		{queue.Once, []string{"report@2000-01-01T03:00:00"}},
		{queue.Each, []string{"report@2000-01-01T01:00:00", "report@2000-01-01T02:00:00", "report@2000-01-01T03:00:00"}},
	} {
		t.Run(string(c.rule), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			synctest.Test(t, func(t *testing.T) { // its clock begins at 2000-01-01 00:00 UTC
				db := open(t, path)
				defer db.Close() // the test has its answer by then
				var ran log
				opts := queue.Options{
					Store: db,
					Kinds: map[string]queue.Kind{"report": {Workers: 1, Handle: func(_ context.Context, j desk.Leased) error {
						ran.add("%s", j.Key)
						return nil
					}}},
					Crons: []queue.Cron{{Name: "report", Spec: "0 1,2,3,4,5 * * *", CatchUp: c.rule, Kind: "report"}},
				}
				stop := start(t, opts)
				synctest.Wait()
				stop()
				time.Sleep(3*time.Hour + 30*time.Minute) // nobody is there at 01:00, 02:00 and 03:00
				stop = start(t, opts)
				synctest.Wait()
				time.Sleep(time.Second)
				ran.want(t, c.want...)
				time.Sleep(2 * time.Hour)
				stop()
				ran.want(t, "report@2000-01-01T04:00:00", "report@2000-01-01T05:00:00")
			})
		})
	}
}

func TestTwoRunnersFireACronOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db := open(t, path)
		defer db.Close() // the test has its answer by then
		var ran log
		opts := queue.Options{
			Store: db,
			Kinds: map[string]queue.Kind{"tick": {Handle: func(context.Context, desk.Leased) error { ran.add("tick"); return nil }}},
			Crons: []queue.Cron{{Name: "tick", Spec: "@every 1h", CatchUp: queue.Once, Kind: "tick"}},
		}
		first, second := start(t, opts), start(t, opts)
		time.Sleep(10*time.Hour + time.Minute)
		first()
		second()
		if len(ran.lines) != 10 {
			t.Errorf("%d ticks in ten hours", len(ran.lines))
		}
	})
}

// counting is a store that counts what a queue asks of it.
type counting struct {
	*store.Store
	updates atomic.Int64
}

func (s *counting) Update(ctx context.Context, fn func(desk.Tx) error) error {
	s.updates.Add(1)
	return s.Store.Update(ctx, fn)
}

func TestAnIdleQueueLooksOncePerOccurrence(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db := &counting{Store: open(t, path)}
		defer db.Close() // the test has its answer by then
		defer start(t, queue.Options{
			Store: db,
			Kinds: map[string]queue.Kind{"sweep": {Handle: func(ctx context.Context, j desk.Leased) error {
				return db.Store.Update(ctx, func(tx desk.Tx) error { return tx.Finish(ctx, j) })
			}}},
			Crons: []queue.Cron{{Name: "sweep", Spec: "@every 30s", CatchUp: queue.Once, Kind: "sweep"}},
		})()
		time.Sleep(time.Second)
		db.updates.Store(0)
		time.Sleep(time.Hour)
		if n := db.updates.Load(); n != 120 {
			t.Errorf("%d rounds for the 120 occurrences of an hour", n)
		}
	})
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "test.db"))
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	kinds := map[string]queue.Kind{"a": {Handle: func(context.Context, desk.Leased) error { return nil }}}
	cron := queue.Cron{Name: "c", Spec: "@daily", CatchUp: queue.Once, Kind: "a"}
	for name, opts := range map[string]queue.Options{
		"no store":      {Kinds: kinds},
		"no handler":    {Store: db, Kinds: map[string]queue.Kind{"a": {}}},
		"unknown kind":  {Store: db, Kinds: kinds, Crons: []queue.Cron{{Name: "c", Spec: "@daily", CatchUp: queue.Once, Kind: "b"}}},
		"no rule":       {Store: db, Kinds: kinds, Crons: []queue.Cron{{Name: "c", Spec: "@daily", Kind: "a"}}},
		"no name":       {Store: db, Kinds: kinds, Crons: []queue.Cron{{Spec: "@daily", CatchUp: queue.Once, Kind: "a"}}},
		"cron twice":    {Store: db, Kinds: kinds, Crons: []queue.Cron{cron, cron}},
		"bad zone":      {Store: db, Kinds: kinds, Crons: []queue.Cron{{Name: "c", Spec: "@daily", Zone: "X", CatchUp: queue.Once, Kind: "a"}}},
		"bad statement": {Store: db, Kinds: kinds, Crons: []queue.Cron{{Name: "c", Spec: "daily", CatchUp: queue.Once, Kind: "a"}}},
	} {
		if _, err := queue.New(opts); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}
