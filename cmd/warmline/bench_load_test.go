package main

import (
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// openLoop starts n calls at even instants, whether or not earlier ones have ended, as customers and agents do who know
// nothing of each other. Each call is told the instant at which it was to start; it may begin later when the machine is
// busy, and its wait counts from then all the same.
func openLoop(b *testing.B, n, perSecond int, call func(i int, start time.Time) error) {
	b.Helper()
	began, step, failed := time.Now(), time.Second/time.Duration(perSecond), make(chan error, n)
	var under sync.WaitGroup
	for i := range n {
		start := began.Add(time.Duration(i) * step)
		<-time.After(time.Until(start))
		under.Go(func() {
			if err := call(i, start); err != nil {
				failed <- err
			}
		})
	}
	under.Wait()
	if len(failed) > 0 {
		b.Fatalf("%d of %d calls failed at %d a second, load %s; the first: %v", len(failed), n, perSecond, loadOfMachine(), <-failed)
	}
}

// sample is what was measured, every value of it.
type sample []time.Duration

// quantile is the smallest value that at least the share q of all values do not exceed.
func (s sample) quantile(q float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[max(int(math.Ceil(q*float64(len(sorted))))-1, 0)]
}

// bounds are what quantiles may be at most; zero is no bound.
type bounds struct{ p50, p95, p99, max time.Duration }

// report prints the quantiles and their bounds, and fails the benchmark when one is missed. What the machine took for the
// bare parts goes along, so that a noisy one shows.
func (s sample) report(b *testing.B, limit bounds, beside *bare) {
	b.Helper()
	beside.report(b)
	b.ReportMetric(0, "ns/op") // not shown: the load's length says nothing
	for _, m := range []struct {
		name  string
		q     float64
		bound time.Duration
	}{{"p50", 0.5, limit.p50}, {"p95", 0.95, limit.p95}, {"p99", 0.99, limit.p99}, {"max", 1, limit.max}} {
		got := s.quantile(m.q)
		b.ReportMetric(ms(got), m.name+"-ms")
		if m.bound == 0 {
			continue
		}
		b.ReportMetric(ms(m.bound), "bound-"+m.name+"-ms")
		if got > m.bound {
			b.Errorf("%s of %d is %v, promised at most %v; p95 of a bare commit is %v, of a bare post %v, load %s",
				m.name, len(s), got.Round(time.Microsecond), m.bound, beside.commit.quantile(0.95), beside.post.quantile(0.95), loadOfMachine())
		}
	}
}

// loadOfMachine is how many processes wanted to run in the last minute, on average.
func loadOfMachine() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	load, _, _ := strings.Cut(string(text), " ")
	return load
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
