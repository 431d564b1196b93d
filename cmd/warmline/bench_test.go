package main

import (
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/pgtest"
)

// The figures that the product promises. Each benchmark fails when what it measured misses its bound. The waits are
// measured from the instants at which the load was to begin, so a stall counts against all that it held up; beside them
// stands what a bare commit and a bare HTTP call take on the same machine in the same minute.
const (
	cardP50, cardP95 = 50 * time.Millisecond, 300 * time.Millisecond
	ackP99, ackMax   = 250 * time.Millisecond, 2500 * time.Millisecond
	commitP50        = 50 * time.Millisecond
	homeP99          = time.Second
)

// BenchmarkTicketToCard writes ten tickets a second into the helpdesk and watches Slack for their cards.
func BenchmarkTicketToCard(b *testing.B) {
	onEachEngine(b, func(b *testing.B, open func(*testing.B) string) {
		b.Run("four-channels", func(b *testing.B) { ticketToCard(b, open(b), len(benchChannels)) })
		b.Run("one-channel", func(b *testing.B) { ticketToCard(b, open(b), 1) })
	})
}

func ticketToCard(b *testing.B, dsn string, channels int) {
	const tickets, perSecond = 80, 10
	bare := measureBare(b, dsn)
	w := newBenchWorld(b, dsn, channels)
	w.tellWebhooks(b)
	w.warmUp(b)
	var written, accepted sample
	for b.Loop() {
		ids, starts := make([]string, tickets), make([]time.Time, tickets)
		openLoop(b, tickets, perSecond, func(i int, start time.Time) error {
			id, err := w.writeTicket(i)
			ids[i], starts[i] = id, start
			return err
		})
		cards := w.awaitCards(b, ids)
		for i, id := range ids {
			written = append(written, cards[id].at.Sub(starts[i]))
			accepted = append(accepted, cards[id].at.Sub(w.intake.of(id).answered))
		}
	}
	bare.again(b)
	written.report(b, bounds{p50: cardP50, p95: cardP95}, bare)
	b.ReportMetric(ms(accepted.quantile(0.5)), "accepted-p50-ms")
	b.ReportMetric(ms(accepted.quantile(0.95)), "accepted-p95-ms")
}

// BenchmarkPressToAck lets six people press 250 times a second: they claim cards, meet cards that are claimed, and let go
// of their own.
func BenchmarkPressToAck(b *testing.B) {
	onEachEngine(b, func(b *testing.B, open func(*testing.B) string) { pressToAck(b, open(b)) })
}

func pressToAck(b *testing.B, dsn string) {
	const cards, presses, perSecond = 60, 3000, 250
	bare := measureBare(b, dsn)
	w := newBenchWorld(b, dsn, len(benchChannels))
	w.tellWebhooks(b)
	w.warmUp(b)
	ids := make([]string, cards)
	openLoop(b, cards, 40, func(i int, _ time.Time) (err error) { ids[i], err = w.writeTicket(i); return err })
	shown := w.awaitCards(b, ids)
	var acked, sent sample
	for b.Loop() {
		waits, acks := make(sample, presses), make(sample, presses)
		openLoop(b, presses, perSecond, func(i int, start time.Time) error {
			chance := rand.New(rand.NewPCG(1, uint64(i))) //nolint:gosec // the same presses in every run
			action, person := desk.ActClaim, benchPeople[chance.IntN(len(benchPeople))]
			if chance.IntN(3) == 0 {
				action = desk.ActRelease
			}
			took, err := w.press(shown[ids[chance.IntN(cards)]], action, person)
			waits[i], acks[i] = time.Since(start), took
			return err
		})
		acked, sent = append(acked, waits...), append(sent, acks...)
	}
	bare.again(b)
	acked.report(b, bounds{p99: ackP99, max: ackMax}, bare)
	b.ReportMetric(ms(sent.quantile(0.99)), "sent-p99-ms") // without the workspace's own part, which shares the machine
}

// BenchmarkBurst delivers webhooks of 500 tickets at one instant. The bound is for the intake: from a webhook's arrival to
// its answer, which says that the commit is durable, while the other 499 wait beside it and the first are assessed.
func BenchmarkBurst(b *testing.B) {
	onEachEngine(b, func(b *testing.B, open func(*testing.B) string) { burst(b, open(b)) })
}

func burst(b *testing.B, dsn string) {
	const tickets = 500
	bare := measureBare(b, dsn)
	w := newBenchWorld(b, dsn, len(benchChannels))
	w.warmUp(b)
	var answered, committed, shown sample
	for b.Loop() {
		ids := make([]string, tickets)
		for i := range ids {
			id, err := w.writeTicket(i)
			if err != nil {
				b.Fatal(err)
			}
			ids[i] = id
		}
		start, waits := time.Now(), make(sample, tickets)
		var flood sync.WaitGroup
		for i, id := range ids {
			flood.Go(func() {
				if err := w.deliver(id); err != nil {
					b.Error(err)
				}
				waits[i] = time.Since(start)
			})
		}
		flood.Wait()
		cards := w.awaitCards(b, ids)
		answered = append(answered, waits...)
		for _, id := range ids {
			stay := w.intake.of(id)
			committed = append(committed, stay.answered.Sub(stay.came))
			shown = append(shown, cards[id].at.Sub(start))
		}
	}
	bare.again(b)
	committed.report(b, bounds{p50: commitP50}, bare)
	b.ReportMetric(ms(answered.quantile(0.5)), "answered-p50-ms")
	b.ReportMetric(ms(answered.quantile(1)), "answered-max-ms")
	b.ReportMetric(ms(shown.quantile(0.5)), "card-p50-ms")
	b.ReportMetric(ms(shown.quantile(1)), "card-max-ms")
}

// onEachEngine measures with both databases, each opened fresh and on a disk.
func onEachEngine(b *testing.B, measure func(b *testing.B, open func(*testing.B) string)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) {
		measure(b, func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "bench.db") })
	})
	b.Run("postgres", func(b *testing.B) {
		measure(b, func(b *testing.B) string { return pgtest.Database(b) })
	})
}
