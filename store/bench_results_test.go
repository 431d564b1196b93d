//go:build linux

package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
)

// BenchmarkResultsOfAWeek sums up how people did with the targets of a busy team's week, 35,000 of them in five channels, beside those of a
// year.
func BenchmarkResultsOfAWeek(b *testing.B) {
	for name, dsn := range map[string]func() string{
		"sqlite": func() string { return newFile(b) }, "postgres": func() string { return pgtest.Database(b) },
	} {
		b.Run(name, func(b *testing.B) {
			const week, all = 35_000, 350_000
			db := open(b, dsn(), store.Options{})
			for from := 0; from < all; from += 5000 {
				err := db.Update(b.Context(), func(tx desk.Tx) error {
					for n := from; n < from+5000; n++ {
						err := tx.AddResult(b.Context(), &desk.TargetResult{
							Ticket: escalate.TicketID(fmt.Sprint("t", n)), Target: escalate.Targets[n%5], Channel: fmt.Sprint("channel", n/5%5),
							Started: benchNoon, Ended: benchNoon.Add(-time.Duration(n) * 7 * 24 * time.Hour / week), Took: time.Duration(n*7919%all) * time.Second,
							Late: n%9 == 0,
						})
						if err != nil {
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
				look(b, db, func(ctx context.Context, tx desk.Tx) error {
					sums, err := tx.SumResults(ctx, benchNoon.AddDate(0, 0, -7))
					if err == nil && len(sums) != 30 {
						err = fmt.Errorf("%d sums", len(sums))
					}
					return err
				})
			}
		})
	}
}
