package learn

import (
	"cmp"
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
)

// HingeOptions tune a Hinge model. The zero value is the documented default.
type HingeOptions struct {
	Cost   float64 // what an error costs against large weights; 1 when zero
	Rounds int     // passes over the rows; 10 when zero
	Seed   uint64  // order of the rows
	Keep   int     // weights of a class that are kept, the heaviest; 4,000 when zero
}

// Hinge trains a linear support vector machine with squared hinge loss, one class against the rest, by coordinate descent in the
// dual (Hsieh and others 2008, algorithm 1 with shrinking). labels has a class for each row; a row of class -1 is against all.
// It works on all cores, and stops with ctx's error.
func Hinge(ctx context.Context, t *Set, labels []int, classes int, o HingeOptions) (*Linear, error) {
	o.Cost, o.Rounds, o.Keep = cmp.Or(o.Cost, 1), cmp.Or(o.Rounds, 10), cmp.Or(o.Keep, keptWeights)
	squares := t.squares()
	out := make([]trained, classes)
	err := each(ctx, classes, func(int) func(k int) {
		s := newSolver(t, squares, o)
		return func(k int) {
			b := s.solve(labels, k)
			out[k] = prune(s.dense, s.w, b, o.Keep)
		}
	})
	if err != nil {
		return nil, err
	}
	return assemble(out, t.cols, t.width), nil
}

// each calls what worker returns for 0..n-1 on all cores.
func each(ctx context.Context, n int, worker func(core int) func(i int)) error {
	var wg sync.WaitGroup
	next := make(chan int)
	for core := range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			do := worker(core)
			for i := range next {
				do(i)
			}
		})
	}
	var err error
	for i := 0; i < n && err == nil; i++ {
		select {
		case next <- i:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	close(next)
	wg.Wait()
	return err
}

// squares returns each row's squared length, the bias's constant coordinate included.
func (t *Set) squares() []float64 {
	out := make([]float64, t.Rows())
	for i := range out {
		dense, _, val := t.row(i)
		out[i] = 1 + squares(dense) + squares(val)
	}
	return out
}

// solver trains one class after another and reuses its memory.
type solver struct {
	t       *Set
	o       HingeOptions
	squares []float64
	w       []float32
	dense   []float32
	alpha   []float64
	order   []int32
}

func newSolver(t *Set, squares []float64, o HingeOptions) *solver {
	return &solver{
		t: t, o: o, squares: squares, w: make([]float32, t.cols), dense: make([]float32, t.width),
		alpha: make([]float64, t.Rows()), order: make([]int32, t.Rows()),
	}
}

// solve finds the weights of class k, which stand in s until the next call, and returns its bias.
//
//go:norace
func (s *solver) solve(labels []int, k int) (bias float32) {
	clear(s.w)
	clear(s.dense)
	clear(s.alpha)
	for i := range s.order {
		s.order[i] = int32(i)
	}
	r := rand.New(rand.NewPCG(s.o.Seed, uint64(k)))
	diagonal := 1 / (2 * s.o.Cost)
	b := 0.0
	active, bound := len(s.order), inf
	for range s.o.Rounds {
		worst := -inf
		for at := 0; at < active; at++ {
			swap := at + r.IntN(active-at)
			s.order[at], s.order[swap] = s.order[swap], s.order[at]
			i := s.order[at]
			y := -1.0
			if labels[i] == k {
				y = 1
			}
			dense, cols, vals := s.t.row(int(i))
			g := y*(s.score(dense, cols, vals)+b) - 1 + diagonal*s.alpha[i]
			if s.alpha[i] == 0 && g > bound { // it has been right by far for a while: leave it out
				active--
				s.order[at], s.order[active] = s.order[active], s.order[at]
				at--
				continue
			}
			worst = max(worst, g)
			if s.alpha[i] == 0 && g >= 0 {
				continue
			}
			before := s.alpha[i]
			s.alpha[i] = max(before-g/(s.squares[i]+diagonal), 0)
			step := (s.alpha[i] - before) * y
			if step == 0 {
				continue
			}
			b += step
			x := float32(step)
			for j, c := range cols {
				s.w[c] += x * vals[j]
			}
			for j, v := range dense {
				s.dense[j] += x * v
			}
		}
		if bound = worst; bound <= 0 {
			bound = inf
		}
	}
	return float32(b)
}

//go:norace
func (s *solver) score(dense []float32, cols []uint32, vals []float32) float64 {
	sum := dot(s.dense, dense)
	w := s.w
	for j, c := range cols {
		sum += w[c] * vals[j]
	}
	return float64(sum)
}
