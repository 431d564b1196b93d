package escalate_test

import (
	"math/rand/v2"
	"testing"

	"warmline/escalate"
)

func clean(n int, confidence float64) []escalate.Outcome {
	out := make([]escalate.Outcome, n)
	for i := range out {
		out[i] = escalate.Outcome{Confidence: confidence, Right: true}
	}
	return out
}

func TestAPromiseNeedsEnoughCleanOutcomes(t *testing.T) {
	for _, c := range []struct {
		budget float64
		need   int
	}{{0.02, 149}, {0.01, 299}, {0.05, 59}} {
		if p := escalate.Keep(clean(c.need-1, 0.9), c.budget); p.OK || p.From != 1 || p.Need != c.need {
			t.Errorf("%v from one too few: %+v", c.budget, p)
		}
		if p := escalate.Keep(clean(c.need, 0.9), c.budget); !p.OK || p.From != 0.9 || p.Upper > c.budget {
			t.Errorf("%v from just enough: %+v", c.budget, p)
		}
	}
}

func TestAPromiseStopsWhereAnswersBeginToBeWrong(t *testing.T) {
	outcomes := clean(400, 0.9)
	for range 100 {
		outcomes = append(outcomes, escalate.Outcome{Confidence: 0.6})
	}
	p := escalate.Keep(append(outcomes, clean(1000, 0.5)...), 0.02)
	if !p.OK || p.From != 0.9 || p.N != 400 || p.Wrong != 0 {
		t.Errorf("promise %+v", p)
	}
}

func TestWithoutEvidenceNothingIsPromised(t *testing.T) {
	if p := escalate.Keep(nil, 0.02); p.OK || p.From != 1 || p.Upper != 1 {
		t.Errorf("promise %+v", p)
	}
	if p := escalate.Keep(clean(1000, 0.9), 0); p.OK {
		t.Errorf("a budget of nothing: %+v", p)
	}
}

// What is promised on one half of a world must hold in that world: of 400 teams at most the 5 % that a confidence of 95 %
// leaves, with room for the luck of the draw.
func TestPromisesHoldInTheWorldTheyWereMadeIn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	broken := 0
	for range 400 {
		outcomes := make([]escalate.Outcome, 2000)
		for i := range outcomes {
			c := r.Float64()
			outcomes[i] = escalate.Outcome{Confidence: c, Right: r.Float64() > 0.2*(1-c)}
		}
		if p := escalate.Keep(outcomes, 0.05); p.OK && 0.2*(1-p.From)/2 > 0.05 {
			broken++
		}
	}
	if broken > 32 {
		t.Errorf("%d of 400 promises were broken", broken)
	}
}
