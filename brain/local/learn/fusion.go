package learn

import "math"

// Fuse finds by how much to multiply each model's scores so that their sum, as a softmax, gives the true classes the highest
// likelihood (Newton's method; weights never below 0). scores[m][r] are model m's scores for row r; label[r] is the row's class.
// A class whose score is -Inf in the first model is no candidate. Rows with a label of -1 are left out. start is where the search
// begins and what is returned when there is nothing to learn from.
func Fuse(scores [][][]float32, label []int, start []float64) []float64 {
	n := len(scores)
	w := append([]float64(nil), start...)
	loss, g, h := fuseStep(scores, label, w)
	for range 25 {
		for i := range n {
			h[i*n+i] += 1e-6
			if w[i] == 0 && g[i] > 0 { // it would go below 0: leave it out of this step
				g[i] = 0
				for j := range n {
					if j != i {
						h[i*n+j], h[j*n+i] = 0, 0
					}
				}
			}
		}
		if !solveSPD(h, g) {
			break
		}
		improved := false
		for by := 1.0; by > 1e-3 && !improved; by /= 2 { // a full step may overshoot far from the optimum
			next := make([]float64, n)
			for i := range w {
				next[i] = max(w[i]-by*g[i], 0)
			}
			nextLoss, ng, nh := fuseStep(scores, label, next)
			if improved = nextLoss < loss*(1-1e-6); improved {
				w, loss, g, h = next, nextLoss, ng, nh
			}
		}
		if !improved {
			break
		}
	}
	return w
}

// fuseStep returns the loss at w, its gradient and the lower half of its second derivative.
func fuseStep(scores [][][]float32, label []int, w []float64) (loss float64, g, h []float64) {
	n := len(scores)
	g, h = make([]float64, n), make([]float64, n*n)
	mean := make([]float64, n)
	var p []float64
	at := make([][]float32, n)
	for r, y := range label {
		if y < 0 {
			continue
		}
		for m := range scores {
			at[m] = scores[m][r]
		}
		p = Fused(at, w, p)
		loss -= math.Log(max(p[y], 1e-12))
		clear(mean)
		for k, q := range p {
			if q > 0 {
				for m := range at {
					mean[m] += q * float64(at[m][k])
				}
			}
		}
		for m := range at {
			g[m] += mean[m] - float64(at[m][y])
		}
		for k, q := range p {
			if q < 1e-6 {
				continue
			}
			for i := range at {
				d := q * (float64(at[i][k]) - mean[i])
				for j := range i + 1 {
					h[i*n+j] += d * (float64(at[j][k]) - mean[j])
				}
			}
		}
	}
	return loss, g, h
}

// Fused adds up the models' scores for one row, each times its weight, and returns the softmax, in to's memory. A class whose
// score is -Inf in the first model gets 0.
func Fused(scores [][]float32, w []float64, to []float64) []float64 {
	to = to[:0]
	most := math.Inf(-1)
	for k := range scores[0] {
		z := math.Inf(-1)
		if !math.IsInf(float64(scores[0][k]), -1) {
			z = 0
			for m := range scores {
				z += w[m] * float64(scores[m][k])
			}
		}
		most = max(most, z)
		to = append(to, z)
	}
	sum := 0.0
	for k, z := range to {
		to[k] = math.Exp(z - most)
		sum += to[k]
	}
	for k := range to {
		to[k] /= sum
	}
	return to
}
