package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/desk"
	"warmline/store/queue"
)

type queueTest struct {
	name string
	run  func(t *testing.T, db queue.Store)
}

// runner runs a queue until the returned stop is called, or the test ends.
func runner(t *testing.T, db queue.Store, opts queue.Options) (r *queue.Runner, stop func()) {
	t.Helper()
	opts.Store = db
	r, err := queue.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := r.Run(ctx); err != nil && !strings.Contains(err.Error(), "drain") {
			t.Errorf("run queue: %v", err)
		}
	})
	stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(stop)
	return r, stop
}

// kind is a kind "work" with a handler.
func kind(handle func(context.Context, desk.Leased) error) map[string]queue.Kind {
	return map[string]queue.Kind{"work": {Handle: handle}}
}

func enqueue(t *testing.T, db desk.Store, jobs ...desk.Job) {
	t.Helper()
	update(t, db, func(ctx context.Context, tx desk.Tx) error {
		for _, j := range jobs {
			if err := tx.Enqueue(ctx, j); err != nil {
				return err
			}
		}
		return nil
	})
}

// await returns what comes over a channel.
func await[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

// waiting returns how many jobs are due and not begun.
func waiting(t *testing.T, db desk.Store) (n, dead int) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		c, err := tx.Counts(ctx, time.Time{})
		n, dead = c.Waiting, c.Stuck
		return err
	})
	return n, dead
}

var jobTests = []test{
	{"a waiting job of the same key is kept, at the earlier instant", func(t *testing.T, db desk.Store) {
		var now time.Time
		update(t, db, func(_ context.Context, tx desk.Tx) error { now = tx.Now(); return nil })
		enqueue(t, db,
			desk.Job{Kind: "work", Key: "a", At: now.Add(time.Hour)}, desk.Job{Kind: "work", Key: "a", At: now},
			desk.Job{Kind: "work", Key: "a", At: now.Add(2 * time.Hour)},
			desk.Job{Kind: "other", Key: "a", At: now}, desk.Job{Kind: "work", At: now}, desk.Job{Kind: "work", At: now})
		if n, _ := waiting(t, db); n != 4 {
			t.Errorf("%d jobs wait, want one of the key, one of the other kind and two without a key", n)
		}
	}},
	{"reschedule and cancel touch waiting jobs", func(t *testing.T, db desk.Store) {
		enqueue(t, db, desk.Job{Kind: "work", Key: "a"}, desk.Job{Kind: "work", Key: "b", Group: "g"})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			for key, want := range map[string]bool{"a": true, "none": false} {
				if got, err := tx.Reschedule(ctx, "work", key, tx.Now().Add(time.Hour)); got != want || err != nil {
					t.Errorf("reschedule %s: %v, %v", key, got, err)
				}
			}
			return tx.CancelJobs(ctx, "work", "b")
		})
		if n, _ := waiting(t, db); n != 0 {
			t.Errorf("%d jobs wait", n)
		}
	}},
	{"a job needs a kind", func(t *testing.T, db desk.Store) {
		if db.Update(t.Context(), func(tx desk.Tx) error { return tx.Enqueue(t.Context(), desk.Job{}) }) == nil {
			t.Error("a job without a kind was taken")
		}
	}},
	{"an unleased job cannot be finished", func(t *testing.T, db desk.Store) {
		wantError(t, db.Update(t.Context(), func(tx desk.Tx) error {
			return tx.Finish(t.Context(), desk.Leased{ID: "none", Owner: "me", Attempt: 1})
		}), desk.ErrStale)
	}},
}

var queueTests = []queueTest{
	{"every job runs once, with two runners", func(t *testing.T, db queue.Store) {
		const jobs = 200
		var ran sync.Map
		done := make(chan struct{}, jobs)
		handle := func(_ context.Context, j desk.Leased) error {
			if _, twice := ran.LoadOrStore(string(j.Payload), true); twice {
				t.Errorf("job %s ran twice", j.Payload)
			}
			done <- struct{}{}
			return nil
		}
		runner(t, db, queue.Options{Kinds: kind(handle)})
		runner(t, db, queue.Options{Kinds: kind(handle)})
		for i := range jobs {
			enqueue(t, db, desk.Job{Kind: "work", Payload: fmt.Append(nil, i)})
		}
		for range jobs {
			await(t, "job", done)
		}
	}},
	{"what a handler finishes itself is one commit", func(t *testing.T, db queue.Store) {
		enqueue(t, db, desk.Job{Kind: "work", Key: "k", Payload: []byte("p"), Urgent: true})
		got := make(chan desk.Leased, 2)
		_, stop := runner(t, db, queue.Options{Owner: "me", Kinds: kind(func(ctx context.Context, j desk.Leased) error {
			got <- j
			return db.Update(ctx, func(tx desk.Tx) error {
				return errors.Join(tx.PutSetting(ctx, "done", "1"), tx.Finish(ctx, j))
			})
		})})
		j := await(t, "job", got)
		if j.Key != "k" || string(j.Payload) != "p" || !j.Urgent || j.Attempt != 1 || j.Owner != "me" || j.ID == "" {
			t.Errorf("job = %+v", j)
		}
		stop()
		wantSetting(t, db, "done", "1")
		wantError(t, db.Update(t.Context(), func(tx desk.Tx) error { return tx.Finish(t.Context(), j) }), desk.ErrStale)
	}},
	{"a running job does not swallow the next of its key", func(t *testing.T, db queue.Store) {
		began, goOn := make(chan int, 4), make(chan struct{})
		runner(t, db, queue.Options{Kinds: kind(func(context.Context, desk.Leased) error {
			began <- 1
			<-goOn
			return nil
		})})
		enqueue(t, db, desk.Job{Kind: "work", Key: "a", Group: "g"})
		await(t, "first run", began)
		enqueue(t, db, desk.Job{Kind: "work", Key: "a", Group: "g"}, desk.Job{Kind: "work", Key: "a", Group: "g"})
		close(goOn)
		await(t, "second run", began)
	}},
	{"a failed attempt runs again and a panic is one", func(t *testing.T, db queue.Store) {
		done := make(chan int, 1)
		runner(t, db, queue.Options{RetryMin: time.Millisecond, Kinds: kind(func(_ context.Context, j desk.Leased) error {
			switch j.Attempt {
			case 1:
				return errors.New("boom")
			case 2:
				panic("at the disco")
			}
			done <- j.Attempt
			return nil
		})})
		enqueue(t, db, desk.Job{Kind: "work", Key: "a"})
		if got := await(t, "success", done); got != 3 {
			t.Errorf("attempt %d", got)
		}
	}},
	{"later does not count the attempt", func(t *testing.T, db queue.Store) {
		var runs atomic.Int64
		done := make(chan int, 1)
		runner(t, db, queue.Options{Kinds: kind(func(_ context.Context, j desk.Leased) error {
			if runs.Add(1) < 4 {
				return fmt.Errorf("wrapped: %w", &desk.Later{})
			}
			done <- j.Attempt
			return nil
		})})
		enqueue(t, db, desk.Job{Kind: "work"})
		if got := await(t, "last run", done); got != 1 {
			t.Errorf("attempt %d", got)
		}
	}},
	{"a hold makes the whole group wait", func(t *testing.T, db queue.Store) {
		const pause = 200 * time.Millisecond
		var held time.Time
		order := make(chan string, 3)
		runner(t, db, queue.Options{Kinds: kind(func(_ context.Context, j desk.Leased) error {
			if held.IsZero() {
				held = time.Now()
				return &desk.Later{At: held.Add(pause), Hold: true}
			}
			if since := time.Since(held); since < pause {
				t.Errorf("job %s began %s into the hold", j.Key, since)
			}
			order <- j.Key
			return nil
		})})
		enqueue(t, db, desk.Job{Kind: "work", Key: "a", Group: "g"}, desk.Job{Kind: "work", Key: "b", Group: "g"})
		await(t, "first", order)
		await(t, "second", order)
	}},
	{"jobs without hope are kept, requeued and discarded", func(t *testing.T, db queue.Store) {
		var attempts atomic.Int64
		dead, again, ends := make(chan desk.Leased, 2), make(chan int, 1), make(chan queue.Outcome, 8)
		kinds := map[string]queue.Kind{"work": {
			MaxAttempts: 2,
			Handle: func(_ context.Context, j desk.Leased) error {
				if attempts.Add(1) > 2 {
					again <- j.Attempt
					return nil
				}
				return errors.New("no hope")
			},
			Dead: func(ctx context.Context, tx desk.Tx, j desk.Leased, cause error) error {
				dead <- j
				return tx.PutSetting(ctx, "dead", cause.Error())
			},
		}}
		r, _ := runner(t, db, queue.Options{
			RetryMin: time.Millisecond, Kinds: kinds, Ended: func(_ string, o queue.Outcome) { ends <- o },
		})
		enqueue(t, db, desk.Job{Kind: "work", Key: "a", Group: "g"})
		id := await(t, "burial", dead).ID
		for _, want := range []queue.Outcome{queue.Retried, queue.Given} {
			if got := await(t, "outcome", ends); got != want {
				t.Errorf("outcome %s, want %s", got, want)
			}
		}
		if _, n := waiting(t, db); n != 1 {
			t.Errorf("%d jobs are dead", n)
		}
		wantSetting(t, db, "dead", "no hope")
		list, err := r.Dead(t.Context(), 10)
		if err != nil || len(list) != 1 || list[0].ID != id || list[0].Error != "no hope" || list[0].Attempts != 2 {
			t.Fatalf("dead = %+v, %v", list, err)
		}
		if err := r.Requeue(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if got := await(t, "run after requeue", again); got != 1 {
			t.Errorf("attempt %d after requeue", got)
		}
		wantError(t, r.Requeue(t.Context(), id), desk.ErrNotFound)
		wantError(t, r.Discard(t.Context(), id), desk.ErrNotFound)
	}},
	{"urgent jobs go first", func(t *testing.T, db queue.Store) {
		var now time.Time
		update(t, db, func(_ context.Context, tx desk.Tx) error { now = tx.Now(); return nil })
		for _, group := range []string{"", "g"} {
			enqueue(t, db,
				desk.Job{Kind: "work", Key: "third" + group, Group: group, At: now.Add(-time.Minute)},
				desk.Job{Kind: "work", Key: "second" + group, Group: group, At: now.Add(-time.Hour)},
				desk.Job{Kind: "work", Key: "first" + group, Group: group, At: now.Add(-time.Second), Urgent: true})
		}
		var got []string
		done := make(chan struct{}, 6)
		kinds := kind(func(_ context.Context, j desk.Leased) error {
			got = append(got, j.Key) // one worker
			done <- struct{}{}
			return nil
		})
		one := kinds["work"]
		one.Workers = 1
		kinds["work"] = one
		runner(t, db, queue.Options{Kinds: kinds})
		for range 6 {
			await(t, "job", done)
		}
		want := []string{"first", "firstg", "second", "secondg", "third", "thirdg"}
		slices.Sort(got[:2]) // a group and a job by itself that are equally urgent have no order
		slices.Sort(got[2:4])
		slices.Sort(got[4:])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	}},
	{"a group runs one at a time and in order, with two runners", func(t *testing.T, db queue.Store) {
		const jobs = 40
		var inside, last atomic.Int64
		done := make(chan struct{}, jobs)
		handle := func(_ context.Context, j desk.Leased) error {
			if inside.Add(1) > 1 {
				t.Error("two jobs of one group run at the same time")
			}
			var n int64
			if _, err := fmt.Sscan(string(j.Payload), &n); err != nil || last.Swap(n) != n-1 {
				t.Errorf("job %s is out of order: %v", j.Payload, err)
			}
			inside.Add(-1)
			done <- struct{}{}
			return nil
		}
		for i := range jobs {
			enqueue(t, db, desk.Job{Kind: "work", Group: "g", Payload: fmt.Append(nil, i+1)})
		}
		runner(t, db, queue.Options{Kinds: kind(handle)})
		runner(t, db, queue.Options{Kinds: kind(handle)})
		for range jobs {
			await(t, "job", done)
		}
	}},
	{"a group keeps its pace", func(t *testing.T, db queue.Store) {
		const interval, jobs = 60 * time.Millisecond, 6
		times := make(chan time.Time, jobs)
		for range jobs {
			enqueue(t, db, desk.Job{Kind: "work", Group: "g"})
		}
		opts := queue.Options{
			Pace: func(string) (time.Duration, int) { return interval, 2 },
			Kinds: kind(func(context.Context, desk.Leased) error {
				times <- time.Now()
				return nil
			}),
		}
		began := time.Now()
		runner(t, db, opts)
		runner(t, db, opts)
		for i := range jobs {
			at := await(t, "job", times)
			if earliest := time.Duration(i-1) * interval; at.Sub(began) < earliest-2*time.Millisecond {
				t.Errorf("job %d began after %s, its pace allows it after %s", i, at.Sub(began), earliest)
			}
		}
	}},
	{"a lost lease starts the job elsewhere and fences the zombie", func(t *testing.T, db queue.Store) {
		began, goOn, ended := make(chan desk.Leased, 1), make(chan struct{}), make(chan error, 1)
		lease := 150 * time.Millisecond
		runner(t, db, queue.Options{Owner: "zombie", Lease: lease, Heartbeat: time.Hour, Kinds: kind(
			func(_ context.Context, j desk.Leased) error {
				began <- j
				<-goOn
				err := db.Update(context.Background(), func(tx desk.Tx) error { return tx.Finish(t.Context(), j) })
				ended <- err
				return err
			})})
		enqueue(t, db, desk.Job{Kind: "work", Key: "a", Group: "g"})
		first := await(t, "first run", began)
		taken := make(chan desk.Leased, 1)
		_, stop := runner(t, db, queue.Options{Owner: "heir", Kinds: kind(func(_ context.Context, j desk.Leased) error {
			taken <- j
			return nil
		})})
		second := await(t, "second run", taken)
		if second.ID != first.ID || second.Attempt != 2 || second.Owner != "heir" {
			t.Errorf("second run = %+v", second)
		}
		stop()
		close(goOn)
		wantError(t, await(t, "zombie's end", ended), desk.ErrStale)
	}},
	{"a heartbeat keeps the lease", func(t *testing.T, db queue.Store) {
		began, goOn, done := make(chan int, 4), make(chan struct{}), make(chan int, 4)
		lease := 300 * time.Millisecond
		opts := queue.Options{Lease: lease, Heartbeat: lease / 6, Kinds: kind(func(context.Context, desk.Leased) error {
			began <- 1
			<-goOn
			done <- 1
			return nil
		})}
		runner(t, db, opts)
		runner(t, db, opts)
		enqueue(t, db, desk.Job{Kind: "work"})
		await(t, "job", began)
		select {
		case <-began:
			t.Error("the job was started again although its runner lives")
		case <-time.After(3 * lease):
		}
		close(goOn)
		await(t, "end", done)
	}},
	{"draining gives back what cannot finish", func(t *testing.T, db queue.Store) {
		began, cut := make(chan int, 1), make(chan error, 1)
		_, stop := runner(t, db, queue.Options{Drain: 10 * time.Millisecond, Kinds: kind(
			func(ctx context.Context, _ desk.Leased) error {
				began <- 1
				<-ctx.Done()
				cut <- ctx.Err()
				return ctx.Err()
			})})
		enqueue(t, db, desk.Job{Kind: "work"})
		await(t, "job", began)
		stop()
		if err := await(t, "end of its context", cut); err == nil {
			t.Error("its context had not ended")
		}
		again := make(chan int, 1)
		runner(t, db, queue.Options{Kinds: kind(func(_ context.Context, j desk.Leased) error { again <- j.Attempt; return nil })})
		if got := await(t, "next run", again); got != 1 {
			t.Errorf("attempt %d: being cut off counted", got)
		}
	}},
	{"draining waits for what does finish, and starts nothing", func(t *testing.T, db queue.Store) {
		began, goOn := make(chan int, 2), make(chan struct{})
		var ended atomic.Bool
		kinds := kind(func(context.Context, desk.Leased) error {
			began <- 1
			<-goOn
			ended.Store(true)
			return nil
		})
		_, stop := runner(t, db, queue.Options{Kinds: kinds})
		enqueue(t, db, desk.Job{Kind: "work"})
		await(t, "job", began)
		stopped := make(chan struct{})
		go func() { defer close(stopped); stop() }()
		close(goOn)
		await(t, "drained", stopped)
		if !ended.Load() {
			t.Error("it stopped before the job ended")
		}
		enqueue(t, db, desk.Job{Kind: "work"})
		if n, _ := waiting(t, db); n != 1 {
			t.Errorf("%d jobs wait: a stopped runner took one, or the first was not finished", n)
		}
	}},
	{"a kind whose workers are busy holds up no other", func(t *testing.T, db queue.Store) {
		goOn, done := make(chan struct{}), make(chan int, 1)
		defer close(goOn)
		for i := range 50 {
			enqueue(t, db, desk.Job{Kind: "slow"}, desk.Job{Kind: "slow", Group: fmt.Sprint("g", i)})
		}
		enqueue(t, db, desk.Job{Kind: "work", Group: "own"})
		kinds := kind(func(context.Context, desk.Leased) error { done <- 1; return nil })
		kinds["slow"] = queue.Kind{Workers: 2, Handle: func(ctx context.Context, _ desk.Leased) error {
			select {
			case <-goOn:
			case <-ctx.Done():
			}
			return nil
		}}
		runner(t, db, queue.Options{Kinds: kinds, Drain: time.Millisecond})
		await(t, "job of the other kind", done)
	}},
}
