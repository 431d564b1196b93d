package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate/desk"
	"warmline/store"
)

// looseGauge counts what nobody looks after when it is asked.
type looseGauge struct{ store *store.Store }

var looseDesc = prometheus.NewDesc("warmline_loose", "Tickets, and work that fails, that nobody looks after, by why.", []string{"why"}, nil)

// mostCounted bounds what one scrape reads.
const mostCounted = 20000

// Describe implements prometheus.Collector.
func (looseGauge) Describe(out chan<- *prometheus.Desc) { out <- looseDesc }

// Collect implements prometheus.Collector.
func (g looseGauge) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	counts := map[desk.Why]int{}
	err := g.store.View(ctx, func(tx desk.Tx) error {
		rows, err := tx.AllLoose(ctx, mostCounted)
		for i := range rows {
			counts[rows[i].Why]++
		}
		return err
	})
	if err != nil {
		out <- prometheus.NewInvalidMetric(looseDesc, err)
		return
	}
	for _, why := range desk.Whys {
		out <- prometheus.MustNewConstMetric(looseDesc, prometheus.GaugeValue, float64(counts[why]), string(why))
	}
}
