package learn

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// denseSet has no other columns, so that nothing is pruned or rounded.
func denseSet(rows [][]float32) *Set {
	t := &Set{start: make([]int32, len(rows)+1), width: len(rows[0])}
	for _, r := range rows {
		t.dense = append(t.dense, r...)
	}
	return t
}

// clouds are points around each class's own axis.
func clouds(classes, each int) (rows [][]float32, labels []int) {
	r := rand.New(rand.NewPCG(7, 7))
	for k := range classes {
		for range each {
			row := make([]float32, classes)
			for c := range row {
				row[c] = float32(0.15 * r.NormFloat64())
			}
			row[k]++
			rows, labels = append(rows, row), append(labels, k)
		}
	}
	return rows, labels
}

func rightOf(m *Linear, t *Set, labels []int) int {
	right, scores := 0, make([]float32, m.Classes())
	for i, want := range labels {
		m.Scores(t.Row(i), scores)
		best := 0
		for k, s := range scores {
			if s > scores[best] {
				best = k
			}
		}
		if best == want {
			right++
		}
	}
	return right
}

func TestHingePartsWhatCanBeParted(t *testing.T) {
	rows, labels := clouds(4, 50)
	set := denseSet(rows)
	m, err := Hinge(t.Context(), set, labels, 4, HingeOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if n := rightOf(m, set, labels); m.Classes() != 4 || n != len(rows) {
		t.Errorf("%d of %d rows are right", n, len(rows))
	}
}

func TestOneClassIsToldFromTheRest(t *testing.T) {
	rows, labels := clouds(3, 40)
	for i := range labels {
		if labels[i] != 0 {
			labels[i] = -1
		}
	}
	set := denseSet(rows)
	m, err := Hinge(t.Context(), set, labels, 1, HingeOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	var score [1]float32
	for i, k := range labels {
		if m.Scores(set.Row(i), score[:]); (score[0] > 0) != (k == 0) {
			t.Errorf("row %d of class %d scores %v", i, k, score[0])
		}
	}
}

// The dual's solution must be that of the primal problem, min ½|w|² + C Σ max(0, 1-y·wx)², which is found here by Newton's
// method. The bias is a coordinate that is always 1.
func TestHingeAgreesWithADirectSolver(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var rows [][]float32
	var labels []int
	for range 40 {
		x := []float32{float32(r.NormFloat64()), float32(r.NormFloat64()), float32(r.NormFloat64())}
		label := -1
		if float64(x[0]-x[1])+0.8*r.NormFloat64() > 0.3 { // cannot be parted cleanly
			label = 0
		}
		rows, labels = append(rows, x), append(labels, label)
	}
	for _, cost := range []float64{0.1, 1, 5} {
		want := primal(t, rows, labels, cost)
		m, err := Hinge(t.Context(), denseSet(rows), labels, 1, HingeOptions{Cost: cost, Rounds: 2000, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		for c, w := range append(append([]float32(nil), m.full...), m.bias[0]) {
			if math.Abs(float64(w)-want[c]) > 2e-3*(1+math.Abs(want[c])) {
				t.Errorf("cost %v: weight %d is %v, want %v", cost, c, w, want[c])
			}
		}
	}
}

func primal(t *testing.T, rows [][]float32, labels []int, cost float64) []float64 {
	t.Helper()
	n := len(rows[0]) + 1
	w := make([]float64, n)
	for range 100 {
		g, h := make([]float64, n), make([]float64, n*n)
		for i := range n {
			g[i], h[i*n+i] = w[i], 1
		}
		for r, row := range rows {
			x := make([]float64, n)
			for c, v := range row {
				x[c] = float64(v)
			}
			x[n-1] = 1
			y, f := -1.0, 0.0
			if labels[r] == 0 {
				y = 1
			}
			for c := range x {
				f += w[c] * x[c]
			}
			if miss := 1 - y*f; miss > 0 {
				for i := range x {
					g[i] -= 2 * cost * y * miss * x[i]
					for j := range i + 1 {
						h[i*n+j] += 2 * cost * x[i] * x[j]
					}
				}
			}
		}
		if !solveSPD(h, g) {
			t.Fatal("not positive definite")
		}
		for i := range w {
			w[i] -= g[i]
		}
	}
	return w
}

func TestTheSameRowsAndSeedGiveTheSameModel(t *testing.T) {
	rows, labels := clouds(5, 30)
	set := denseSet(rows)
	for name, train := range map[string]func() (*Linear, error){
		"hinge":   func() (*Linear, error) { return Hinge(t.Context(), set, labels, 5, HingeOptions{Seed: 9}) },
		"softmax": func() (*Linear, error) { return Softmax(t.Context(), set, labels, 5, SoftmaxOptions{Seed: 9}) },
	} {
		one, err := train()
		if err != nil {
			t.Fatal(err)
		}
		if two, err := train(); err != nil || !reflect.DeepEqual(one, two) {
			t.Errorf("%s: trained twice, and not the same: %v", name, err)
		}
	}
}

func TestTrainingStopsWithItsContext(t *testing.T) {
	rows, labels := clouds(3, 5)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Softmax(ctx, denseSet(rows), labels, 3, SoftmaxOptions{}); err == nil {
		t.Error("softmax went on")
	}
	many := make([]int, len(labels)) // so many classes that some are left when the end is seen
	if _, err := Hinge(ctx, denseSet(rows), many, 10_000, HingeOptions{}); err == nil {
		t.Error("hinge went on")
	}
}
