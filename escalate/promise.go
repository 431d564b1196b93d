package escalate

import (
	"cmp"
	"slices"
)

// PromiseConfidence is how sure a promise is: of a hundred teams that are promised a budget, it holds for at least 95.
const PromiseConfidence = 0.95

// Outcome is one question whose best answer was judged: how sure the brain was of it, and whether it was right. Of a question
// that nothing on file answers, any answer is wrong.
type Outcome struct {
	Confidence float64
	Right      bool
}

// Promise says from which confidence on answers keep a wrong-answer budget, and what backs that.
type Promise struct {
	Budget float64 `json:"budget"` // the largest share of wrong answers among all that are sent, 0..1
	OK     bool    `json:"ok"`     // false: the evidence does not carry the budget at any threshold, so nothing may be sent
	From   float64 `json:"from"`   // the threshold; 1 when not OK
	N      int     `json:"n"`      // outcomes at and above the threshold
	Wrong  int     `json:"wrong"`  // of those, how many were wrong
	Upper  float64 `json:"upper"`  // upper bound on the share of wrong ones there; 1 when not OK
	Need   int     `json:"need"`   // without a wrong one among them, how many outcomes the budget needs at least
}

// Keep returns the lowest threshold at which the upper bound on the wrong-answer rate stays inside the budget.
//
// Thresholds are tried from strict to loose and the first failure ends it. That order is fixed by the confidences alone,
// before any outcome is looked at, so that one test at PromiseConfidence holds for all of them (fixed-sequence testing, as in
// Angelopoulos and others 2021, "Learn then Test"); picking the best of many bounds would void every one of them. It begins
// where two wrong ones, if there is that much evidence, would still be inside: else a single slip ends it at the start.
func Keep(outcomes []Outcome, budget float64) Promise {
	p := Promise{Budget: budget, From: 1, Upper: 1, Need: needed(0, budget)}
	sorted := slices.Clone(outcomes)
	slices.SortStableFunc(sorted, func(a, b Outcome) int { return cmp.Compare(b.Confidence, a.Confidence) })
	wrong := 0
	try := p.start(len(sorted))
	for i, o := range sorted {
		if !o.Right {
			wrong++
		}
		n := i + 1
		if n < try || n < len(sorted) && sorted[n].Confidence == o.Confidence {
			continue // equals are sent together or not at all
		}
		upper := UpperBound(wrong, n, PromiseConfidence)
		if upper > budget {
			break
		}
		p.OK, p.From, p.N, p.Wrong, p.Upper = true, o.Confidence, n, wrong, upper
		try = n + max(1, n/50) // a short list: a step of two in a hundred moves no threshold that matters
	}
	return p
}

// start is how many outcomes the first test takes, of all that there are.
func (p *Promise) start(all int) int {
	for _, wrong := range []int{2, 1} {
		if n := needed(wrong, p.Budget); n <= all {
			return n
		}
	}
	return p.Need
}

// needed is how many outcomes a budget needs to hold with so many wrong ones among them.
func needed(wrong int, budget float64) int {
	const most = 1 << 20 // no team has as many labels, and no budget of use needs them
	low, high := wrong, wrong+1
	for UpperBound(wrong, high, PromiseConfidence) > budget {
		if low, high = high, 2*high; high > most {
			return most
		}
	}
	for high-low > 1 {
		if mid := (low + high) / 2; UpperBound(wrong, mid, PromiseConfidence) > budget {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}
