package learn_test

import (
	"math"
	"testing"

	"warmline/brain/local/learn"
)

func TestACorrectionMeetsHowOftenAProbabilityWasRight(t *testing.T) {
	for _, c := range []struct {
		p     []float64 // probabilities, each given a thousand times
		right []float64 // how often it was right
	}{
		{[]float64{0.9, 0.5}, []float64{0.9, 0.5}},
		{[]float64{0.95, 0.6}, []float64{0.8, 0.5}},
		{[]float64{0.8, 0.4}, []float64{0.99, 0.3}},
		{[]float64{0.98}, []float64{0.5}},
		{[]float64{0.5}, []float64{0.9}},
	} {
		var p []float64
		var right []bool
		for i, x := range c.p {
			for n := range 1000 {
				p, right = append(p, x), append(right, float64(n) < 1000*c.right[i])
			}
		}
		m := learn.FitPlatt(p, right, 2)
		for i, x := range c.p {
			if got := m.Of(x); math.Abs(got-c.right[i]) > 0.01 {
				t.Errorf("%v: %v becomes %.3f, it was right %v of the time (%+v)", c.p, x, got, c.right[i], m)
			}
		}
	}
}

func TestWithoutJudgementsNothingIsCorrected(t *testing.T) {
	m := learn.FitPlatt(nil, nil, 2)
	for _, p := range []float64{0, 1e-9, 0.3, 0.999999, 1} {
		if m.Of(p) != p || (learn.Platt{}).Of(p) != p {
			t.Errorf("%v becomes %v", p, m.Of(p))
		}
	}
}

func TestACorrectionNeverTurnsTheOrderAround(t *testing.T) {
	var p []float64
	var right []bool
	for range 500 { // the sure ones are wrong, the unsure ones right
		p, right = append(p, 0.9, 0.1), append(right, false, true)
	}
	m := learn.FitPlatt(p, right, 2)
	last := 0.0
	for x := 0.01; x < 1; x += 0.01 {
		if m.Of(x) <= last {
			t.Fatalf("%v becomes %v, a smaller one %v", x, m.Of(x), last)
		}
		last = m.Of(x)
	}
	if last >= 1 {
		t.Errorf("it becomes certain: %v", last)
	}
}
