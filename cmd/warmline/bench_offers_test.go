package main

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

// BenchmarkOffers has 500 hand-offs offered among twelve people, in a store of 10,000 that people have: how long each takes, and how even
// they come out. It fails over 20 ms an offer, or when somebody has two more than another.
func BenchmarkOffers(b *testing.B) {
	onEachEngine(b, func(b *testing.B, open func(*testing.B) string) { benchOffers(b, open(b)) })
}

func benchOffers(b *testing.B, dsn string) {
	b.Helper()
	const (
		tickets, offered = 10_000, 500
		most             = 20 * time.Millisecond
	)
	var people []rota.PersonID
	for n := range 12 {
		people = append(people, rota.PersonID(fmt.Sprintf("U%02d", n)))
	}
	w := newTargetsWorld(b, dsn, func(p *escalate.Policy) {
		p.SLA = escalate.SLA{}
		p.Fold = escalate.Fold{}
		p.Rotas = rota.Rotas{"support": {Zone: "UTC", Layers: []rota.Layer{{People: people}}}}
		p.Offers.Channels = map[string]escalate.OfferRule{"support": {Rota: "support", Method: rota.LeastLoaded}}
	})
	defer func() { _ = w.store.Close() }()
	began := make([]time.Time, tickets)
	for n := range began {
		began[n] = time.Now()
	}
	w.fill(b, func(n int) string { return []string{"support", "payments"}[min(n/offered, 1)] }, began)
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- w.runner.Run(ctx) }()
	for b.Loop() {
		start := time.Now()
		w.offerAll(b, offered)
		var loads []int
		for deadline := start.Add(2 * time.Minute); total(loads) < offered && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			loads = w.loads(b, people)
		}
		each := time.Since(start) / offered
		uneven := slices.Max(loads) - slices.Min(loads)
		b.ReportMetric(float64(each.Microseconds())/1000, "ms/offer")
		b.ReportMetric(float64(uneven), "uneven")
		if total(loads) != offered || each > most || uneven > 1 {
			b.Errorf("%d offers of %d, %v each, %v a person", total(loads), offered, each, loads)
		}
	}
	stop()
	if err := <-done; err != nil {
		b.Error(err)
	}
}

// offerAll has the first tickets offered to somebody.
func (w *targetsWorld) offerAll(b *testing.B, many int) {
	b.Helper()
	err := w.store.Update(b.Context(), func(tx desk.Tx) error {
		for n := range many {
			t, err := tx.TicketByRef(b.Context(), escalate.Ref{Desk: deskName, ID: fmt.Sprintf("%05d", n)})
			if err == nil {
				err = tx.Enqueue(b.Context(), offerJob(t))
			}
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

// loads are how many hand-offs weigh on each person.
func (w *targetsWorld) loads(b *testing.B, people []rota.PersonID) (all []int) {
	b.Helper()
	err := w.store.View(b.Context(), func(tx desk.Tx) error {
		all = nil
		ids := make([]escalate.PersonID, len(people))
		for i, id := range people {
			ids[i] = escalate.PersonID(id)
		}
		loads, err := tx.Loads(b.Context(), ids)
		for _, id := range ids {
			all = append(all, loads[id])
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

func total(all []int) (n int) {
	for _, one := range all {
		n += one
	}
	return n
}
