package simulate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Of a world in which the rates are known, samples are drawn. The bound must lie above the true wrong-answer rate in 95 % of
// them, whatever share of unknown questions it is asked for, with room for the luck of the draw.
func TestTheBoundHoldsInTheWorldItWasTakenFrom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(n int, p float64) (k int) {
		for range n {
			if r.Float64() < p {
				k++
			}
		}
		return k
	}
	for _, w := range []struct{ right, wrong, slipped float64 }{
		{0.3, 0.002, 0.01}, {0.5, 0.01, 0.05}, {0.2, 0, 0.005}, {0.6, 0.02, 0},
	} {
		for _, share := range []float64{0, 0.1, 0.3, 0.6} {
			truth := (share*w.slipped + (1-share)*w.wrong) / (share*w.slipped + (1-share)*(w.wrong+w.right))
			broken := 0
			for range 1000 {
				e := evidence{known: 1500, unknown: 1500, effective: 1500}
				e.right, e.wrong, e.slipped = draw(e.known, w.right), draw(e.known, w.wrong), draw(e.unknown, w.slipped)
				if e.upper(share) < truth {
					broken++
				}
			}
			if broken > 65 {
				t.Errorf("%+v at %v unknown: %d of 1000 bounds lie below the truth %.4f", w, share, broken, truth)
			}
		}
	}
}

func TestWithoutUnknownQuestionsTheBoundIsNoLowerThanClopperPearsons(t *testing.T) {
	e := evidence{known: 400, right: 299}
	if got := e.upper(0); math.Abs(got-0.00997) > 0.002 {
		t.Errorf("299 clean in a row are bounded by %.4f", got)
	}
	if e.keeps(0.1, 0.5, 0.95) || e.upper(0.1) != 1 {
		t.Error("a promise for unknown questions was made without having seen any")
	}
}

func TestEveryRateLiesBetweenItsEnds(t *testing.T) {
	for _, e := range []evidence{
		{known: 900, right: 300, wrong: 5, unknown: 400, slipped: 9, effective: 80},
		{known: 30, right: 3, wrong: 2, unknown: 10, slipped: 1, effective: 5},
		{known: 100, right: 50, unknown: 100, effective: 90},
	} {
		for _, share := range []float64{0, 0.3, 0.9} {
			x := e.rateAt(share)
			if !(0 <= x.Low && x.Low <= x.Estimate+1e-9 && x.Estimate <= x.High+1e-9 && x.High <= 1) {
				t.Errorf("%+v at %v: %+v", e, share, x)
			}
			if more := e.upper(min(1, share+0.1)); more < x.High-1e-9 {
				t.Errorf("%+v: more unknown questions make the bound better: %v, then %v", e, x.High, more)
			}
		}
	}
}

// Forty questions with one answer are one opinion, not forty.
func TestQuestionsWithTheSameAnswerCountAsFewer(t *testing.T) {
	size := make([]int, 40)
	together, apart := make([]int, 40), make([]int, 40)
	for i := range size {
		size[i], apart[i] = 50, 5
		if i < 4 {
			together[i] = 50
		}
	}
	if got := effective(size, apart); got < 1800 {
		t.Errorf("evenly spread slips count as %.0f of 2000", got)
	}
	if got := effective(size, together); got > 60 {
		t.Errorf("slips of four answers in forty count as %.0f", got)
	}
	if got := effective([]int{500}, []int{0}); got > 1 {
		t.Errorf("one left-out answer counts as %.0f questions", got)
	}
	if got := effective(nil, nil); got != 0 {
		t.Errorf("none count as %.0f", got)
	}
}
