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
	const cols, dense = 300, 4
	for range 20 {
		w := make([]float32, cols)
		most := 0.0
		for c := range w {
			w[c] = float32(r.NormFloat64())
			if c >= dense {
				most = max(most, math.Abs(float64(w[c])))
			}
		}
		m := assemble([]trained{prune(0, w, dense, 0.25, cols)}, cols, dense)
		for c := range w {
			bound := most / 254 * (1 + 1e-4)
			if c < dense {
				bound = 0
			}
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
	w := []float32{0.001, 5, -4, 0.1, 3, -0.2} // the first is dense
	m := assemble([]trained{prune(0, w, 1, 0, 3)}, len(w), 1)
	for c, kept := range []bool{true, true, true, false, true, false} {
		if got := m.weightOf(uint32(c), 0) != 0; got != kept {
			t.Errorf("column %d: kept %v, want %v", c, got, kept)
		}
	}
}

func TestClassesDoNotMixWhenTheyArePutTogether(t *testing.T) {
	a, b := []float32{0, 1, 0, 2}, []float32{0, 0, -4, 8}
	m := assemble([]trained{prune(0, a, 1, 0.5, 9), prune(1, b, 1, -0.5, 9)}, 4, 1)
	v := &Vector{Col: []uint32{1, 2, 3}, Val: []float32{1, 1, 1}}
	got := make([]float32, 2)
	m.Scores(v, got)
	for k, want := range []float64{3.5, 3.5} {
		if math.Abs(float64(got[k])-want) > 0.05 {
			t.Errorf("class %d scores %v, want about %v", k, got[k], want)
		}
	}
	if m.weightOf(1, 1) != 0 || m.weightOf(2, 0) != 0 {
		t.Error("a class has a weight of another's")
	}
}

func TestAClassWithoutWeightsScoresItsBias(t *testing.T) {
	m := assemble([]trained{prune(0, make([]float32, 3), 0, 0.75, 9)}, 3, 0)
	var score [1]float32
	if m.Scores(&Vector{Col: []uint32{2}, Val: []float32{1}}, score[:]); score[0] != 0.75 {
		t.Errorf("score %v", score[0])
	}
}
