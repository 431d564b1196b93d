package learn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// coins are rows of two features and of a third that never varies, with outcomes drawn by log-odds of 1 + 2a - b.
func coins(n int) (x [][]float64, right []bool) {
	r := rand.New(rand.NewPCG(11, 11))
	for range n {
		a, b := r.NormFloat64(), 3*r.NormFloat64()+5
		x = append(x, []float64{a, b, 4})
		right = append(right, r.Float64() < Sigmoid(1+2*a-b))
	}
	return x, right
}

func TestLogisticFindsTheCoefficientsThatMadeTheRows(t *testing.T) {
	x, right := coins(40_000)
	m := FitLogistic(x, right, nil, 1e-6)
	for i, want := range []float64{2, -1, 0} {
		if got := m.Weight[i] / m.Scale[i]; math.Abs(got-want) > 0.08 {
			t.Errorf("coefficient %d is %v, want %v", i, got, want)
		}
	}
	if at0 := m.Logit([]float64{0, 0, 4}); math.Abs(at0-1) > 0.15 {
		t.Errorf("log-odds %v where both are 0, want 1", at0)
	}
}

func TestARowThatCountsTwiceIsTwoRows(t *testing.T) {
	x, right := coins(300)
	weight := make([]float64, len(x))
	var twice [][]float64
	var twiceRight []bool
	for i := range x {
		weight[i] = float64(1 + i%2)
		for range 1 + i%2 {
			twice, twiceRight = append(twice, x[i]), append(twiceRight, right[i])
		}
	}
	a, b := FitLogistic(x, right, weight, 1), FitLogistic(twice, twiceRight, nil, 1)
	for _, row := range x[:20] {
		if math.Abs(a.Logit(row)-b.Logit(row)) > 1e-6 {
			t.Fatalf("log-odds %v with weights, %v with rows twice", a.Logit(row), b.Logit(row))
		}
	}
}

func TestARidgeHoldsWeightsDownAndLeavesTheBias(t *testing.T) {
	x, right := coins(500)
	loose, tight := FitLogistic(x, right, nil, 1), FitLogistic(x, right, nil, 1e6)
	for i := range 2 {
		if math.Abs(tight.Weight[i]) > 0.01 || math.Abs(loose.Weight[i]) < 1 {
			t.Errorf("weight %d is %v loosely held, %v tightly", i, loose.Weight[i], tight.Weight[i])
		}
	}
	n := 0.0
	for _, ok := range right {
		if ok {
			n++
		}
	}
	if share := n / float64(len(right)); math.Abs(Sigmoid(tight.Bias)-share) > 0.01 {
		t.Errorf("without weights the probability is %v, want the share %v", Sigmoid(tight.Bias), share)
	}
	parted := FitLogistic([][]float64{{-1}, {1}}, []bool{false, true}, nil, 1)
	if w := parted.Weight[0]; math.IsNaN(w) || w <= 0 || w > 5 {
		t.Errorf("rows that can be parted have the weight %v", w)
	}
}

func TestPullsOfALogisticMakeItsLogOdds(t *testing.T) {
	x, right := coins(200)
	m := FitLogistic(x, right, nil, 1)
	sum := m.Bias
	for i, v := range x[0] {
		sum += m.Pull(i, v)
	}
	if math.Abs(sum-m.Logit(x[0])) > 1e-12 || FitLogistic(nil, nil, nil, 1) != nil {
		t.Errorf("pulls make %v, the log-odds are %v", sum, m.Logit(x[0]))
	}
}

func TestLogitUndoesSigmoidAndStaysFinite(t *testing.T) {
	for _, z := range []float64{-5, -0.1, 0, 3} {
		if got := Logit(Sigmoid(z)); math.Abs(got-z) > 1e-9 {
			t.Errorf("%v comes back as %v", z, got)
		}
	}
	if math.IsInf(Logit(0), 0) || math.IsInf(Logit(1), 0) {
		t.Error("certainty has infinite odds")
	}
}

func TestSolveSPDRefusesWhatIsNotPositiveDefinite(t *testing.T) {
	g := []float64{8, 11}
	if !solveSPD([]float64{4, 0, 2, 3}, g) || math.Abs(g[0]-0.25) > 1e-9 || math.Abs(g[1]-3.5) > 1e-9 {
		t.Errorf("solution %v, want [0.25 3.5]", g)
	}
	if solveSPD([]float64{1, 0, 2, 1}, []float64{1, 1}) {
		t.Error("solved what has no minimum")
	}
}
