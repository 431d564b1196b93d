package main

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// BenchmarkLookAfter looks at a part of 10,000 open tickets, each with its timer: what is done every minute. A whole pass is four or
// five of them.
func BenchmarkLookAfter(b *testing.B) {
	const tickets = 10_000
	w := newTargetsWorld(b, filepath.Join(b.TempDir(), "care.db"), func(p *escalate.Policy) { p.KeepWarm.Off = true }) // the tickets have no timer of updates
	defer w.store.Close()                                                                                              // a scratch database
	began := make([]time.Time, tickets)
	for i := range began {
		began[i] = time.Now()
	}
	w.fill(b, func(int) string { return "support" }, began)
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.runner.Run(ctx) }()
	n := 0
	for b.Loop() {
		n++
		key := fmt.Sprintf("round %d", n)
		err := w.store.Update(ctx, func(tx desk.Tx) error { return tx.Enqueue(ctx, desk.Job{Kind: desk.JobCare, Key: key}) })
		for left := true; err == nil && left; {
			err = w.store.View(ctx, func(tx desk.Tx) error {
				keys, err := tx.JobKeys(ctx, desk.JobCare, []string{key})
				left = keys[key]
				return err
			})
			elapse(ctx, time.Millisecond)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}
