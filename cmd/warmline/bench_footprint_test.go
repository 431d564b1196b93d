package main

import (
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// BenchmarkFootprint handles a thousand tickets and then looks at what is left in memory, workspace and helpdesk with
// their whole history included. Goroutines must be as few as before.
func BenchmarkFootprint(b *testing.B) {
	const tickets, perSecond, leeway = 1000, 100, 10
	w := newBenchWorld(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), len(benchChannels))
	w.tellWebhooks(b)
	w.warmUp(b)
	goroutines, heap := w.settle(b)
	for b.Loop() {
		ids := make([]string, tickets)
		openLoop(b, tickets, perSecond, func(i int, _ time.Time) (err error) { ids[i], err = w.writeTicket(i); return err })
		w.awaitCards(b, ids)
		after, grown := w.settle(b)
		b.ReportMetric(float64(goroutines), "goroutines-before")
		b.ReportMetric(float64(after), "goroutines-after")
		b.ReportMetric(float64(heap)/(1<<20), "heap-before-MB")
		b.ReportMetric(float64(grown)/(1<<20), "heap-after-MB")
		if after > goroutines+leeway {
			b.Errorf("%d goroutines after %d tickets, %d before", after, tickets, goroutines)
		}
	}
	b.ReportMetric(0, "ns/op") // not shown: the load's length says nothing
}

// settle waits until nothing is to be done any more and returns how many goroutines and how much memory that takes.
func (w *benchWorld) settle(b *testing.B) (goroutines int, heap uint64) {
	b.Helper()
	deadline := time.After(60 * time.Second)
	for quiet := 0; quiet < 5; {
		select {
		case <-time.After(200 * time.Millisecond):
		case <-deadline:
			b.Fatal("work goes on and on")
		}
		before := w.read
		w.readJournal(b)
		quiet++
		if w.read != before {
			quiet = 0
		}
	}
	w.client.CloseIdleConnections()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return runtime.NumGoroutine(), m.HeapAlloc
}
