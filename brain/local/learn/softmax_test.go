package learn

import (
	"math"
	"testing"
)

func TestSoftmaxPartsWhatCanBeParted(t *testing.T) {
	rows, labels := clouds(4, 50)
	labels[0] = -1 // left out
	set := denseSet(rows)
	m, err := Softmax(t.Context(), set, labels, 4, SoftmaxOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if n := rightOf(m, set, labels); n != len(rows)-1 {
		t.Errorf("%d of %d rows are right", n, len(rows)-1)
	}
}

// Where the rows look alike, all there is to learn is how frequent each class is.
func TestSoftmaxLearnsHowFrequentAClassIs(t *testing.T) {
	var rows [][]float32
	var labels []int
	for i := range 1200 {
		rows, labels = append(rows, []float32{1}), append(labels, min(i%4, 1)) // one in four is of class 0
	}
	set := denseSet(rows)
	m, err := Softmax(t.Context(), set, labels, 2, SoftmaxOptions{Rounds: 20, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	p := make([]float32, 2)
	m.Scores(set.Row(0), p)
	Probabilities(p, 1)
	if math.Abs(float64(p[0])-0.25) > 0.03 {
		t.Errorf("class 0 has the probability %v, want about 0.25", p[0])
	}
}

func TestSoftmaxDeclinesWhatDoesNotFit(t *testing.T) {
	set := &Set{start: []int32{0}, cols: maxSoftmax/2 + 1}
	if m, err := Softmax(t.Context(), set, nil, 2, SoftmaxOptions{}); m != nil || err != nil {
		t.Errorf("%v, %v; want neither", m, err)
	}
}

func TestProbabilitiesAreThoseOfASoftmax(t *testing.T) {
	p := []float32{1, 3, 2}
	Probabilities(p, 2)
	sum := math.Exp(0.5) + math.Exp(1.5) + math.Exp(1)
	for i, z := range []float64{0.5, 1.5, 1} {
		if want := math.Exp(z) / sum; math.Abs(float64(p[i])-want) > 1e-6 {
			t.Errorf("class %d has %v, want %v", i, p[i], want)
		}
	}
	huge := []float32{-1e30, 1e30}
	if Probabilities(huge, 1); huge[0] != 0 || huge[1] != 1 {
		t.Errorf("of huge scores: %v", huge)
	}
}
