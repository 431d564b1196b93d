package local_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
)

var scale = flag.Int("scale", 100_000, "past tickets that BenchmarkScale learns from; 1000000 takes minutes")

// made is a past of n tickets with 227 answers: each answer has words of its own among common ones, as questions have.
func made(n int) func(yield func(*brain.Past) error) error {
	return func(yield func(*brain.Past) error) error {
		r := rand.New(rand.NewPCG(1, 2))
		for i := range n {
			p := madeTicket(r, i)
			if err := yield(&p); err != nil {
				return err
			}
		}
		return nil
	}
}

func madeTicket(r *rand.Rand, i int) brain.Past {
	const answers, common = 227, 400
	answer := r.IntN(answers)
	words := make([]string, 6+r.IntN(9))
	for w := range words {
		if r.IntN(3) == 0 {
			words[w] = word(answers*12 + answer*12 + r.IntN(12))
		} else {
			words[w] = word(min(r.IntN(common), r.IntN(common))) // common words are commoner still
		}
	}
	return brain.Past{
		ID: fmt.Sprintf("t%d", i), Lang: "en", Gold: brain.Gold{AnswerID: fmt.Sprintf("a%d", answer)},
		Content: escalate.Content{Messages: []escalate.Message{{ID: "0", Role: escalate.RoleCustomer, Text: strings.Join(words, " "), Public: true}}},
	}
}

// word spells a number in syllables.
func word(n int) string {
	var b strings.Builder
	for n += 20; n > 0; n /= 20 {
		b.WriteString([]string{"ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo", "zu"}[n%20])
	}
	return b.String()
}

// BenchmarkScale holds a decision to its time and the brain to its memory: p50 within 1 ms and p99 within 5 ms up to 100,000 past
// tickets, p50 within 5 ms and 600 MB for a million.
func BenchmarkScale(b *testing.B) {
	debug.SetGCPercent(20)
	began := time.Now()
	mind, err := local.New(local.Options{Knowledge: brain.Knowledge{
		Macros: []brain.Macro{{ID: "a0", Title: "First", Body: "The first answer."}}, More: made(*scale), Count: *scale,
	}, Seed: "1", Team: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	learned := time.Since(began)
	debug.FreeOSMemory()
	r := rand.New(rand.NewPCG(3, 4))
	var took []time.Duration
	for b.Loop() {
		p := madeTicket(r, 0)
		t := p.Ticket()
		at := time.Now()
		if _, err := mind.Assess(context.Background(), time.Time{}, t); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(at))
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	slices.Sort(took)
	p50, p99, heap := took[len(took)/2], took[len(took)*99/100], float64(m.HeapInuse)/1e6
	b.ReportMetric(float64(p50.Microseconds()), "p50-µs")
	b.ReportMetric(float64(p99.Microseconds()), "p99-µs")
	b.ReportMetric(heap, "heap-MB")
	b.ReportMetric(learned.Seconds(), "learning-s")
	runtime.KeepAlive(mind)
	if len(took) < 200 {
		return
	}
	switch {
	case *scale <= 100_000 && (p50 > time.Millisecond || p99 > 5*time.Millisecond):
		b.Errorf("a decision takes %v, at p99 %v; bounds are 1 ms and 5 ms", p50, p99)
	case p50 > 5*time.Millisecond, heap > 600:
		b.Errorf("a decision takes %v with %.0f MB; bounds are 5 ms and 600 MB", p50, heap)
	}
}
