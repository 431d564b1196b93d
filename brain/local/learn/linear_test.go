package learn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// scoresOf are the scores of weights that were neither dropped nor rounded.
func scoresOf(w []float32, bias float32, v *Vector) float64 {
	sum := float64(bias)
	for i, c := range v.Col {
		sum += float64(w[c]) * float64(v.Val[i])
	}
	return sum
}

func TestOneByteForAWeightIsWrongByAtMostHalfAStep(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	const cols = 300
	for range 20 {
		w := make([]float32, cols)
		most := 0.0
		for c := range w {
			w[c] = float32(r.NormFloat64())
			most = max(most, math.Abs(float64(w[c])))
		}
		m := assemble([]trained{prune(nil, w, 0.25, cols)}, cols, 0)
		for c := range w {
			bound := most / 254 * (1 + 1e-4)
			if off := math.Abs(float64(m.weightOf(uint32(c), 0) - w[c])); off > bound {
				t.Fatalf("column %d is off by %v, at most %v", c, off, bound)
			}
		}
		v := &Vector{Col: []uint32{1, 40, 41, 299}, Val: []float32{1, -0.5, 0.25, 2}}
		var score [1]float32
		m.Scores(v, score[:])
		if off := math.Abs(float64(score[0]) - scoresOf(w, 0.25, v)); off > most/254*2.75+1e-4 {
			t.Fatalf("a score is off by %v", off)
		}
	}
}

func TestOnlyTheHeaviestWeightsAreKept(t *testing.T) {
	w := []float32{5, -4, 0.1, 3, -0.2}
	m := assemble([]trained{prune([]float32{0.001}, w, 0, 3)}, len(w), 1)
	if m.full[0] != 0.001 {
		t.Errorf("a dense weight became %v", m.full[0])
	}
	for c, kept := range []bool{true, true, false, true, false} {
		if got := m.weightOf(uint32(c), 0) != 0; got != kept {
			t.Errorf("column %d: kept %v, want %v", c, got, kept)
		}
	}
}

func TestClassesDoNotMixWhenTheyArePutTogether(t *testing.T) {
	a, b := []float32{1, 0, 2}, []float32{0, -4, 8}
	m := assemble([]trained{prune([]float32{1}, a, 0.5, 9), prune([]float32{2}, b, -0.5, 9)}, 3, 1)
	v := &Vector{Dense: []float32{1}, Col: []uint32{0, 1, 2}, Val: []float32{1, 1, 1}}
	got := make([]float32, 2)
	m.Scores(v, got)
	for k, want := range []float64{4.5, 5.5} {
		if math.Abs(float64(got[k])-want) > 0.05 {
			t.Errorf("class %d scores %v, want about %v", k, got[k], want)
		}
	}
	if m.weightOf(0, 1) != 0 || m.weightOf(1, 0) != 0 {
		t.Error("a class has a weight of another's")
	}
}

func TestAClassWithoutWeightsScoresItsBias(t *testing.T) {
	m := assemble([]trained{prune(nil, make([]float32, 3), 0.75, 9)}, 3, 0)
	var score [1]float32
	if m.Scores(&Vector{Col: []uint32{2}, Val: []float32{1}}, score[:]); score[0] != 0.75 {
		t.Errorf("score %v", score[0])
	}
}
