package queue_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

// timed is a store that notes how long its transactions take and how many jobs they leave waiting.
type timed struct {
	*store.Store
	rounds, waiting atomic.Int64
	longest         atomic.Int64
}

func (s *timed) Update(ctx context.Context, fn func(desk.Tx) error) error {
	return s.Store.Update(ctx, func(tx desk.Tx) error {
		began := time.Now()
		err := fn(tx)
		s.longest.Store(max(s.longest.Load(), int64(time.Since(began)))) // one transaction at a time
		s.rounds.Add(1)
		counts, failed := tx.Counts(ctx, time.Time{})
		s.waiting.Store(max(s.waiting.Load(), int64(counts.Waiting)))
		return errors.Join(err, failed)
	})
}

// TestTenYearsAreCaughtUpWithInSmallPieces puts the clock forward by ten years. What was missed is never looked at one by one
// where nobody runs it, and enqueued by and by where somebody does.
func TestTenYearsAreCaughtUpWithInSmallPieces(t *testing.T) {
	each := "0 */12 * * *"
	if *cronWhole {
		each = "*/5 * * * *"
	}
	for _, c := range []struct {
		rule queue.CatchUp
		spec string
		want func(slots int) int
	}{
		{queue.Skip, "* * * * *", func(int) int { return 3 }}, // which are at most two minutes late
		{queue.Once, "* * * * *", func(int) int { return 1 }},
		{queue.Once, "@every 1s", func(int) int { return 1 }},
		{queue.Each, each, func(slots int) int { return slots }},
	} {
		t.Run(string(c.rule)+c.spec[:1], func(t *testing.T) {
			began := day(2026, 3, 1).Add(time.Hour + 90*time.Second)
			now := began
			var late atomic.Bool
			db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{Now: func() time.Time {
				if late.Load() {
					return now.Add(10*365*24*time.Hour + 150*time.Second)
				}
				return now
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close() // the test has its answer by then
			slots := 0
			err = queue.Slots(c.spec, "", began, func(_ string, at time.Time) bool {
				slots++
				return c.rule == queue.Each && !at.After(began.Add(10*365*24*time.Hour+150*time.Second))
			})
			if err != nil {
				t.Fatal(err)
			}
			slots-- // the last is one too many
			ran, awake := atomic.Int64{}, make(chan struct{})
			clocked := &timed{Store: db}
			stop := start(t, queue.Options{Store: clocked, Kinds: map[string]queue.Kind{
				"work": {Workers: 64, Handle: func(context.Context, desk.Leased) error { ran.Add(1); return nil }},
				"wake": {Handle: func(context.Context, desk.Leased) error { awake <- struct{}{}; return nil }},
			}, Crons: []queue.Cron{{Name: "c", Spec: c.spec, CatchUp: c.rule, Kind: "work"}}})
			enqueue(t, db, desk.Job{Kind: "wake"})
			<-awake
			late.Store(true)
			enqueue(t, db, desk.Job{Kind: "wake"}) // it starts at once, although the queue sleeps by the old clock
			<-awake
			enqueue(t, db, desk.Job{Kind: "wake"})
			<-awake
			want := int64(c.want(slots))
			for deadline := time.Now().Add(10 * time.Minute); ran.Load() < want && time.Now().Before(deadline); {
				enqueue(t, db, desk.Job{Kind: "wake"})
				<-awake
			}
			stop()
			longest := time.Duration(clocked.longest.Load())
			t.Logf("%d slots, %d runs, %d transactions, the longest %s, at most %d wait", slots, ran.Load(), clocked.rounds.Load(),
				longest.Round(time.Microsecond), clocked.waiting.Load())
			if got := ran.Load(); got != want {
				t.Errorf("%d runs, want %d", got, want)
			}
			if n := clocked.waiting.Load(); n > 502 {
				t.Errorf("%d jobs wait at once", n)
			}
			if longest > 2*time.Second { // a slot each would take ten times as long
				t.Errorf("a transaction held the writer for %s", longest)
			}
		})
	}
}

// bubble opens a database with a clock moved by hand and calls fn with both.
func bubble(t *testing.T, fn func(t *testing.T, db *store.Store, c *clock)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		c := newClock(day(2026, 3, 1))
		db, err := store.Open(t.Context(), path, store.Options{Now: c.now})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close() // the test has its answer by then
		fn(t, db, c)
	})
}

// logging is a kind "work" that logs the keys of its jobs.
func logging(ran *log) map[string]queue.Kind {
	return map[string]queue.Kind{"work": {Workers: 1, Handle: func(_ context.Context, j desk.Leased) error {
		ran.add("%s", j.Key)
		return nil
	}}}
}

func TestARowKeepsASlotFromFiringTwiceWhenItsJobIsForgotten(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.Store, c *clock) {
		var ran log
		opts := queue.Options{Store: db, Kinds: logging(&ran), Crons: []queue.Cron{
			{Name: "noon", Spec: "0 12 * * *", CatchUp: queue.Each, Kind: "work"},
		}}
		stop := start(t, opts)
		synctest.Wait()
		c.move(12 * time.Hour)
		time.Sleep(2 * time.Minute)
		ran.want(t, "noon@2026-03-01T12:00:00")
		execute(t, db, `DELETE FROM job`) // nothing is left that would know of it
		c.move(-time.Hour)
		time.Sleep(2 * time.Hour)
		ran.want(t)
		c.move(-time.Hour)
		stop() // and a new process knows neither
		stop = start(t, opts)
		time.Sleep(2 * time.Hour)
		ran.want(t)
		c.move(-3 * time.Hour)
		stop()
		execute(t, db, `DELETE FROM cron`) // but without its row it does fire again
		stop = start(t, opts)
		time.Sleep(3 * time.Hour)
		stop()
		ran.want(t, "noon@2026-03-01T12:00:00")
	})
}

func execute(t *testing.T, db desk.Store, statements ...string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		for _, s := range statements {
			if _, err := tx.(queue.Tx).Exec(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnIntervalGoesOnWhenTheClockIsPutBack(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.Store, c *clock) {
		var ran log
		defer start(t, queue.Options{Store: db, Kinds: logging(&ran), Crons: []queue.Cron{
			{Name: "often", Spec: "@every 10m", CatchUp: queue.Once, Kind: "work"},
			{Name: "eleven", Spec: "11 * * * *", CatchUp: queue.Once, Kind: "work"},
		}})()
		time.Sleep(15 * time.Minute)
		ran.want(t, "often@2026-03-01T00:10:00", "eleven@2026-03-01T00:11:00")
		c.move(-time.Hour)
		time.Sleep(21*time.Minute + 30*time.Second) // it was noticed within a minute
		synctest.Wait()
		ran.want(t, "often@2026-03-01T00:20:00", "often@2026-03-01T00:30:00")
		time.Sleep(64 * time.Minute)
		if all := ran.take(); len(all) != 6 {
			t.Errorf("ran %q", all)
		}
	})
}

func TestACronComesBackFromAClockThatWasYearsAhead(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.Store, c *clock) {
		var ran log
		defer start(t, queue.Options{Store: db, Kinds: logging(&ran), Crons: []queue.Cron{
			{Name: "each", Spec: "0 12 1 * *", CatchUp: queue.Each, Kind: "work"},
			{Name: "once", Spec: "0 12 * * *", CatchUp: queue.Once, Kind: "work"},
			{Name: "skip", Spec: "0 13 * * 1", CatchUp: queue.Skip, Kind: "work"},
		}})()
		synctest.Wait()
		c.move(10 * year)
		time.Sleep(2 * time.Minute)
		if all := ran.take(); len(all) != 121 { // 120 months and a noon
			t.Errorf("%d ran: %q", len(all), all)
		}
		c.move(-10 * year)
		time.Sleep(2*24*time.Hour - time.Hour)
		ran.want(t, "once@2026-03-01T12:00:00", "once@2026-03-02T12:00:00", "skip@2026-03-02T13:00:00")
		time.Sleep(3 * 24 * time.Hour)
		for _, key := range ran.take() {
			if key[:4] == "each" {
				t.Errorf("%s ran again", key)
			}
		}
	})
}

func TestReplicasWithDifferentSchedulesFireOnlyThatOfTheLast(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.Store, _ *clock) {
		var ran log
		with := func(spec, zone string) queue.Options {
			return queue.Options{Store: db, Kinds: logging(&ran), Crons: []queue.Cron{
				{Name: "c", Spec: spec, Zone: zone, CatchUp: queue.Each, Kind: "work"},
			}}
		}
		older := start(t, with("0 * * * *", ""))
		time.Sleep(90 * time.Minute)
		ran.want(t, "c@2026-03-01T01:00:00")
		newer := start(t, with("15 7-12 * * *", "Asia/Kolkata")) // from now, 01:30 UTC and 07:00 there
		time.Sleep(90 * time.Minute)
		ran.want(t, "c@2026-03-01T07:15:00", "c@2026-03-01T08:15:00")
		newer()
		time.Sleep(2*time.Hour + time.Minute) // it has gone, and its slot of 09:15 is nobody's: the older one goes on from then
		older()
		ran.want(t, "c@2026-03-01T04:00:00", "c@2026-03-01T05:00:00")
	})
}
