package store_test

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
)

// What it costs to read the newest waits of a topic, and of the team, among 100,000: `go test ./store -run '^$' -bench WaitsOf`.
func BenchmarkWaitsOfOnSQLite(b *testing.B) {
	readWaits(b, open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{}))
}

func BenchmarkWaitsOfOnPostgreSQL(b *testing.B) {
	readWaits(b, open(b, pgtest.Database(b), store.Options{}))
}

func readWaits(b *testing.B, db *store.Store) {
	b.Helper()
	const rows, part = 100_000, 1000
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for begin := 0; begin < rows; begin += part {
		err := db.Update(b.Context(), func(tx desk.Tx) error {
			for i := begin; i < begin+part; i++ {
				w := &desk.WaitRow{
					Handoff: escalate.HandoffID(strconv.Itoa(i)), Channel: "support", Topic: "topic " + strconv.Itoa(i%40), Chat: i%3 == 0,
					Began: noon.Add(time.Duration(i) * time.Minute), Ended: noon.Add(time.Duration(i+90) * time.Minute), Answered: true,
				}
				if err := tx.BeginWait(b.Context(), w); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for name, f := range map[string]desk.WaitFilter{"topic": {Channel: "support", Topic: "topic 7"}, "team": {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				err := db.View(b.Context(), func(tx desk.Tx) error {
					got, err := tx.WaitsOf(b.Context(), f, 200)
					if len(got) != 200 {
						b.Errorf("%d waits", len(got))
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
