package simulate_test

import (
	"io"
	"testing"

	"warmline/brain"
	"warmline/escalate"
	"warmline/simulate"
)

// BenchmarkOverhead replays 100,000 tickets through a brain that costs next to nothing: what is left is our own work.
// Bound: a few seconds, so that 120 s are left for training.
func BenchmarkOverhead(b *testing.B) {
	past := world{answers: 200, rows: 100_000, dated: true}.past()
	for b.Loop() {
		if _, err := simulate.Run(b.Context(), simulate.Options{Past: past, Build: buildCounter(nil)}); err != nil {
			b.Fatal(err)
		}
	}
}

func scored(b *testing.B) *simulate.Result {
	b.Helper()
	past := world{answers: 200, rows: 100_000, dated: true}.past()
	r, err := simulate.Run(b.Context(), simulate.Options{Past: past, Build: buildCounter(nil), Macros: []brain.Macro{{ID: "answer-01"}}})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkReport computes everything that is shown of 20,000 scored rows. Bound: 1 s.
func BenchmarkReport(b *testing.B) {
	r := scored(b)
	b.ReportMetric(float64(len(r.Rows)), "rows")
	for b.Loop() {
		rep, err := r.Report(simulate.ReportOptions{Budget: 0.03})
		if err != nil {
			b.Fatal(err)
		}
		if err := rep.WriteJSON(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWhatIf decides 20,000 rows under another policy. Bound: 1 s.
func BenchmarkWhatIf(b *testing.B) {
	r := scored(b)
	p := escalate.DefaultPolicy()
	p.Stage = escalate.StageAuto
	p.Exclusions = []escalate.Exclusion{{ID: "x1", Words: "gift card", Then: escalate.ExcludeCard}}
	for b.Loop() {
		r.WhatIf(p)
	}
}

// BenchmarkRecommend finds the thresholds of another budget. Bound: 1 s.
func BenchmarkRecommend(b *testing.B) {
	r := scored(b)
	for b.Loop() {
		r.Recommend(0.01)
	}
}
