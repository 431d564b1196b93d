package learn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// judges are models that score the true class higher, by so much beside noise of their own.
func judges(rows, classes int, skill ...float64) (scores [][][]float32, labels []int) {
	r := rand.New(rand.NewPCG(2, 2))
	scores = make([][][]float32, len(skill))
	for range rows {
		y := r.IntN(classes)
		labels = append(labels, y)
		for m, s := range skill {
			row := make([]float32, classes)
			for k := range row {
				row[k] = float32(r.NormFloat64())
			}
			row[y] += float32(s)
			scores[m] = append(scores[m], row)
		}
	}
	return scores, labels
}

func TestFusedModelsBeatEachAlone(t *testing.T) {
	scores, labels := judges(2000, 5, 1.5, 1, 0)
	w := Fuse(scores, labels, []float64{1, 1, 1})
	together, _, _ := fuseStep(scores, labels, w)
	for m := range scores {
		alone := Fuse(scores[m:m+1], labels, []float64{1})
		if loss, _, _ := fuseStep(scores[m:m+1], labels, alone); loss <= together {
			t.Errorf("model %d alone loses %v, all together %v", m, loss, together)
		}
	}
	// With noise of variance 1 the log-likelihood ratio of a class is its score times the skill.
	for m, want := range []float64{1.5, 1, 0} {
		if math.Abs(w[m]-want) > 0.12 {
			t.Errorf("model %d has the weight %v, want about %v", m, w[m], want)
		}
	}
}

func TestAModelThatIsWrongIsNotTurnedAround(t *testing.T) {
	scores, labels := judges(800, 4, 1, -1)
	for _, start := range [][]float64{{1, 1}, {0.1, 5}, {0, 0}} {
		if w := Fuse(scores, labels, start); w[1] != 0 || w[0] <= 0.5 {
			t.Errorf("from %v: weights %v", start, w)
		}
	}
}

func TestFuseWithNothingToLearnFromStaysWhereItBegan(t *testing.T) {
	scores, labels := judges(3, 2, 1)
	for i := range labels {
		labels[i] = -1
	}
	if w := Fuse(scores, labels, []float64{0.7}); w[0] != 0.7 {
		t.Errorf("weight %v", w[0])
	}
}

func TestFusedIsASoftmaxOfTheCandidates(t *testing.T) {
	no := float32(math.Inf(-1))
	p := Fused([][]float32{{1, no, 2}, {3, 9, 1}}, []float64{2, 1}, nil)
	// 2·1+3 and 2·2+1 are equal; the class between is no candidate.
	if math.Abs(p[0]-0.5) > 1e-9 || p[1] != 0 || math.Abs(p[2]-0.5) > 1e-9 {
		t.Errorf("probabilities %v", p)
	}
}
