package main

import (
	"database/sql"
	"errors"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/judge"
	"warmline/internal/localslack"
	"warmline/internal/pgtest"
)

// BenchmarkClaims has eight people press Claim within five milliseconds on each of a thousand cards, before two replicas on one
// PostgreSQL. Each card gets one owner, and all the others are told who that is.
func BenchmarkClaims(b *testing.B) {
	const cards, people, perSecond, within = 1000, 8, 20, 5 * time.Millisecond
	dsn := pgtest.Database(b)
	bare := measureBare(b, dsn)
	w := newBenchWorld(b, dsn, 1, func(w *benchWorld) { w.hired = people })
	w.replicate(b)
	w.tellWebhooks(b)
	w.warmUp(b)
	var acked sample
	for b.Loop() {
		ids := make([]string, cards)
		openLoop(b, cards, 2*perSecond, func(i int, _ time.Time) (err error) { ids[i], err = w.writeTicket(i); return err })
		shown := w.awaitCards(b, ids)
		waits := make(sample, cards*people)
		openLoop(b, cards, perSecond, func(i int, start time.Time) error {
			failed := make([]error, people)
			var crowd sync.WaitGroup
			for p := range people {
				crowd.Go(func() {
					begun := start.Add(within * time.Duration(p) / people)
					<-time.After(time.Until(begun))
					_, failed[p] = w.press(shown[ids[i]], desk.ActClaim, agentName(p))
					waits[i*people+p] = time.Since(begun)
				})
			}
			crowd.Wait()
			return errors.Join(failed...)
		})
		acked = append(acked, waits...)
		w.judgeClaims(b, dsn, cards, people)
	}
	bare.again(b)
	acked.report(b, bounds{}, bare)
}

var taken = regexp.MustCompile(`^#(\S+) is taken: (.+?) claimed it at `)

// judgeClaims counts owners, and who was told of them; the judge says whether each was told the truth.
func (w *benchWorld) judgeClaims(b *testing.B, dsn string, cards, people int) {
	b.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close() // it was only read
	awaitRest(b, db)
	slack, err := localslack.ReadJournal(w.journal)
	if err != nil {
		b.Fatal(err)
	}
	tickets, err := judge.ReadDesk(filepath.Join(w.dir, "desk.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	findings, err := judge.Judge(b.Context(), judge.Evidence{Slack: slack, Desk: tickets, DB: db, At: time.Now()})
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range findings {
		b.Error(f)
	}
	var claims, owned int
	err = db.QueryRowContext(b.Context(), `SELECT COUNT(*), COUNT(DISTINCT ticket_id) FROM history WHERE kind = 'claimed'`).Scan(&claims, &owned)
	if err != nil {
		b.Fatal(err)
	}
	type told struct{ who, ticket string }
	losers := map[told]bool{}
	for _, r := range slack {
		if r.Kind == localslack.EphemeralPosted {
			if said := taken.FindStringSubmatch(r.Message.Text); said != nil {
				losers[told{r.Message.To, said[1]}] = true
			}
		}
	}
	b.ReportMetric(float64(owned), "owners")
	b.ReportMetric(float64(len(losers)), "told")
	if claims != cards || owned != cards || len(losers) != cards*(people-1) {
		b.Errorf("%d claims of %d cards, %d told who has them; want %d, %d, %d", claims, owned, len(losers), cards, cards, cards*(people-1))
	}
}

// awaitRest waits until nothing is left to do.
func awaitRest(b *testing.B, db *sql.DB) {
	b.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; elapse(b.Context(), 200*time.Millisecond) {
		var left int
		if err := db.QueryRowContext(b.Context(), leftToDo(time.Now())).Scan(&left); err != nil {
			b.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			b.Fatalf("%d things are still to be done", left)
		}
	}
}
