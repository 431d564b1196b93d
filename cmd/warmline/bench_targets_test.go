package main

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"warmline/escalate"
)

// BenchmarkTargets looks at the clocks of 10,000 tickets with four targets each for half a minute: what that costs while nothing
// happens, and how late it tells of the stages that come, one every half second, each in a channel that has heard nothing yet.
// It fails over 1 % of a core, or 2 s. What PostgreSQL itself uses is not counted.
func BenchmarkTargets(b *testing.B) {
	onEachEngine(b, func(b *testing.B, open func(*testing.B) string) { benchTargets(b, open(b)) })
}

func benchTargets(b *testing.B, dsn string) {
	b.Helper()
	const (
		tickets, soon = 10_000, 40
		first, every  = 3 * time.Second, 500 * time.Millisecond
		idle          = 20 * time.Second
		mostCPU       = 0.01
		mostLate      = 2 * time.Second
	)
	w := newTargetsWorld(b, dsn, func(p *escalate.Policy) {
		p.SLA.NextResponse, p.SLA.Resolution, p.SLA.Claim, p.SLA.Handoff = 0, 48*time.Hour, 20*time.Hour, 24*time.Hour
		p.SLA.FirstResponse = 16 * time.Hour
	})
	defer func() { _ = w.store.Close() }()
	began := make([]time.Time, tickets)
	start := time.Now().Add(45 * time.Second) // by then they are all there
	due := map[string]time.Time{}
	for n := range began {
		began[n] = start.Add(-time.Duration(n) * time.Second / 4) // up to 40 minutes ago; half of 16 hours is far off
		if n < soon {
			began[n] = start.Add(idle + first + time.Duration(n)*every - 8*time.Hour)
			due[channelOf(n)] = began[n].Add(8 * time.Hour)
		}
	}
	w.fill(b, channelOf, began)
	if time.Now().After(start) {
		b.Fatal("making the tickets took too long to measure anything")
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- w.runner.Run(ctx) }()
	time.Sleep(time.Until(start))
	for b.Loop() {
		before := cpuTime(b)
		time.Sleep(time.Until(start.Add(idle)))
		share := (cpuTime(b) - before).Seconds() / idle.Seconds()
		b.ReportMetric(100*share, "%core")
		if share > mostCPU {
			b.Errorf("idle costs %.2f %% of a core, more than %.0f %%", 100*share, 100*mostCPU)
		}
		time.Sleep(time.Until(start.Add(idle + first + soon*every + mostLate)))
		var latest time.Duration
		told := w.slack.all()
		for _, h := range told {
			latest = max(latest, h.at.Sub(due[h.channel]))
		}
		b.ReportMetric(latest.Seconds(), "s-late")
		if len(told) != soon || latest > mostLate {
			b.Errorf("told of %d stages of %d, the latest after %v", len(told), soon, latest)
		}
	}
	stop()
	if err := <-done; err != nil {
		b.Error(err)
	}
}

func channelOf(n int) string { return fmt.Sprint("channel-", n) }

// cpuTime is what the process has used so far.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
