//go:build linux

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

func query(tb testing.TB, tx desk.Tx, statement string, args ...any) (*sql.Rows, error) {
	tb.Helper()
	return tx.(queue.Tx).Query(tb.Context(), statement, args...)
}

// sync4K returns how long one durable overwrite of a page takes here and now, which no commit can beat.
func sync4K(b *testing.B) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close() // a scratch file
	page := make([]byte, 4096)
	const times = 200
	began := time.Now()
	for range times {
		if _, err := f.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began) / times
}

func reportAgainstDisk(b *testing.B, raw time.Duration) {
	b.Helper()
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(each)/float64(raw), "fdatasyncs/op")
	b.ReportMetric(float64(raw.Microseconds()), "µs/fdatasync")
}

func BenchmarkUpdateAlone(b *testing.B) {
	db := open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	raw := sync4K(b)
	for n := 0; b.Loop(); n++ {
		put(b, db, "key", strconv.Itoa(n)) // SQLite writes nothing for a value that is there already
	}
	reportAgainstDisk(b, raw)
}

func BenchmarkUpdateOf64AtOnce(b *testing.B) {
	db := open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	raw := sync4K(b)
	b.SetParallelism(32) // times two cores
	var n atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		key := fmt.Sprint("key", n.Add(1))
		for i := 0; pb.Next(); i++ {
			put(b, db, key, strconv.Itoa(i))
		}
	})
	reportAgainstDisk(b, raw)
}

func BenchmarkJobEnqueuedAndWorked(b *testing.B) {
	db := open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	var left sync.WaitGroup
	work(b, db, func() { left.Done() })
	raw := sync4K(b)
	b.ResetTimer()
	left.Add(b.N)
	for i := 0; i < b.N; i += 100 {
		err := db.Update(b.Context(), func(tx desk.Tx) error {
			for range min(100, b.N-i) {
				if err := tx.Enqueue(b.Context(), desk.Job{Kind: "work"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	left.Wait()
	reportAgainstDisk(b, raw)
}

// BenchmarkIdleToStart is the time from the commit that enqueues to the start of the handler, in an idle queue.
func BenchmarkIdleToStart(b *testing.B) {
	db := open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	began := make(chan time.Time, 1)
	work(b, db, func() { began <- time.Now() })
	var starts []time.Duration
	for b.Loop() {
		awaitIdle(b, db)
		err := db.Update(b.Context(), func(tx desk.Tx) error { return tx.Enqueue(b.Context(), desk.Job{Kind: "work"}) })
		committed := time.Now()
		if err != nil {
			b.Fatal(err)
		}
		starts = append(starts, (<-began).Sub(committed))
	}
	slices.Sort(starts)
	b.ReportMetric(float64(starts[len(starts)/2].Microseconds()), "µs/start-p50")
	b.ReportMetric(float64(starts[len(starts)*99/100].Microseconds()), "µs/start-p99")
}

// awaitIdle returns once the last job's end is written.
func awaitIdle(b *testing.B, db desk.Store) {
	b.Helper()
	for left := 1; left > 0; {
		err := db.View(b.Context(), func(tx desk.Tx) error {
			rows, err := query(b, tx, "SELECT COUNT(*) FROM job")
			if err != nil {
				return err
			}
			defer rows.Close() // rows.Err has its error
			for rows.Next() {
				if err := rows.Scan(&left); err != nil {
					return err
				}
			}
			return rows.Err()
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// work runs a queue until the benchmark ends.
func work(b *testing.B, db *store.Store, do func()) {
	b.Helper()
	r, err := queue.New(queue.Options{Store: db, Kinds: map[string]queue.Kind{"work": {
		Workers: 50, Handle: func(context.Context, desk.Leased) error { do(); return nil },
	}}})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := r.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	b.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

func BenchmarkQueueOf100kTickets(b *testing.B) {
	const tickets = 100_000
	db := openWith(b, tickets, func(n int) (*escalate.Handoff, string) {
		return &escalate.Handoff{
			ID: escalate.HandoffID(fmt.Sprint("h", n)), State: escalate.HandoffOpen, OpenedAt: benchNoon,
			DueAt: benchNoon.Add(time.Duration(n*7919%tickets) * time.Second),
		}, ""
	})
	for b.Loop() {
		look(b, db, func(ctx context.Context, tx desk.Tx) error {
			rows, err := tx.Queue(ctx, desk.QueueFilter{})
			if err == nil && len(rows) != 50 {
				err = fmt.Errorf("%d rows", len(rows))
			}
			return err
		})
	}
}

// BenchmarkHomeOf500 is what App Home asks for: the last page of a queue of 500 and how much there is of everything, beside
// 100,000 tickets that are done.
func BenchmarkHomeOf500(b *testing.B) {
	const active, tickets = 500, 100_500
	db := openWith(b, tickets, func(n int) (*escalate.Handoff, string) {
		h := &escalate.Handoff{
			ID: escalate.HandoffID(fmt.Sprint("h", n)), State: escalate.HandoffOpen, Channel: fmt.Sprint("channel", n%4), OpenedAt: benchNoon,
			DueAt: benchNoon.Add(time.Duration(n*7919%tickets) * time.Second),
		}
		if n >= active {
			h.State = escalate.HandoffResolved
		}
		return h, fmt.Sprint("topic", n%20)
	})
	for b.Loop() {
		look(b, db, func(ctx context.Context, tx desk.Tx) error {
			rows, err := tx.Queue(ctx, desk.QueueFilter{Unclaimed: true, Limit: 12, Offset: 488})
			tally, errTally := tx.QueueTally(ctx, "U1", benchNoon)
			topics, errTopics := tx.Topics(ctx)
			if len(rows) != 12 || len(tally) != 20 || len(topics) != 20 {
				err = errors.Join(err, fmt.Errorf("%d rows, %d tallies, %d topics", len(rows), len(tally), len(topics)))
			}
			return errors.Join(err, errTally, errTopics)
		})
	}
}

var benchNoon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// openWith opens a database with so many tickets, each with a hand-off and a topic.
func openWith(b *testing.B, tickets int, each func(n int) (*escalate.Handoff, string)) *store.Store {
	b.Helper()
	const batch = 5_000
	db := open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	for i := 0; i < tickets; i += batch {
		err := db.Update(b.Context(), func(tx desk.Tx) error {
			for n := i; n < min(i+batch, tickets); n++ {
				t := &escalate.Ticket{Ref: escalate.Ref{Desk: "main", ID: strconv.Itoa(n)}}
				h, topic := each(n)
				t.Handoff, t.Decision = h, &escalate.Decision{Way: escalate.WayEscalate, At: benchNoon, Topic: topic}
				if _, _, err := tx.CreateTicket(b.Context(), t); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return db
}

func look(b *testing.B, db *store.Store, fn func(ctx context.Context, tx desk.Tx) error) {
	b.Helper()
	if err := db.View(b.Context(), func(tx desk.Tx) error { return fn(b.Context(), tx) }); err != nil {
		b.Fatal(err)
	}
}
