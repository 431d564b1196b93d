//go:build linux

package store_test

import (
	"context"
	"database/sql"
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
	db := open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	const tickets, batch = 100_000, 5_000
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for i := 0; i < tickets; i += batch {
		err := db.Update(b.Context(), func(tx desk.Tx) error {
			for n := i; n < i+batch; n++ {
				t := &escalate.Ticket{Ref: escalate.Ref{Desk: "main", ID: strconv.Itoa(n)}, Handoff: &escalate.Handoff{
					ID: escalate.HandoffID(fmt.Sprint("h", n)), State: escalate.HandoffOpen, OpenedAt: noon,
					DueAt: noon.Add(time.Duration(n*7919%tickets) * time.Second),
				}}
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
	for b.Loop() {
		err := db.View(b.Context(), func(tx desk.Tx) error {
			rows, err := tx.Queue(b.Context(), desk.QueueFilter{})
			if err == nil && len(rows) != 50 {
				err = fmt.Errorf("%d rows", len(rows))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
