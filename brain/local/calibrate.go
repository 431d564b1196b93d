package local

import (
	"hash/fnv"
	"math"
)

// minRows is how many solved tickets with a known answer a team needs before its confidence is its own. Below it, and for an
// answer that no ticket ever had, confidence never exceeds coldCap: enough for a draft, never for an answer.
const (
	minRows = 30
	coldCap = 0.6
)

// minLangRows is the same for one language: below it, the few tickets there are agree with each other whatever is asked.
const minLangRows = 20

// maxCalibration bounds how many past tickets are replayed; the newest count.
const maxCalibration = 6000

// coldStart is used below minRows.
var coldStart = model{weights: [nFeatures]float64{-1.2, 0.4, 0.3, 0.5, 0.5, 0.3, 0.2, 0.2}, cap: coldCap}

// model turns features into a probability.
type model struct {
	weights [nFeatures]float64
	mean    [nFeatures]float64 // of the features it was fitted on: where a pull is nil
	cap     float64
}

func (m *model) probability(x [nFeatures]float64) float64 {
	return min(m.cap, sigmoid(m.logit(x)))
}

func (m *model) logit(x [nFeatures]float64) float64 {
	z := 0.0
	for i, w := range m.weights {
		z += w * x[i]
	}
	return z
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// calibrate replays the team's own past. Each ticket is asked without itself and without the fifth of all answers that its
// fold holds out: where its own answer is among them, any answer is wrong, as in life with a question that is new.
func calibrate(ix *index, rows map[string]int, seed string) model {
	var known []int
	for i, d := range ix.docs {
		if d.kind == "ticket" && d.known {
			known = append(known, i)
		}
	}
	if len(known) < minRows {
		return coldStart
	}
	known = known[max(0, len(known)-maxCalibration):]
	held := make([]int, len(ix.docs)) // the fold that leaves a document's answer out
	for i, d := range ix.docs {
		held[i] = bucket(seed, "answer", d.answer)
		if d.answer == "" {
			held[i] = -1
		}
	}
	xs := make([][nFeatures]float64, len(known))
	ys := make([]bool, len(known))
	for n, i := range known {
		d := ix.docs[i]
		fold := bucket(seed, "ticket", d.id)
		rows[d.answer]--
		v := ix.ask(query{d.terms, d.lang}, rows, func(j int) bool { return j != i && held[j] != fold })
		rows[d.answer]++
		xs[n], ys[n] = v.features(), v.answer != "" && v.answer == d.answer
	}
	return fit(xs, ys)
}

func bucket(parts ...string) int {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // a hash never fails
		_, _ = h.Write([]byte{0})
	}
	return int((h.Sum64() >> 32) % 5)
}

// fit finds the logistic regression by Newton's method. The penalty keeps weights small where a feature says nothing, and
// the two made-up rows of it keep a team that never erred from certainty.
func fit(xs [][nFeatures]float64, ys []bool) model {
	const penalty = 1.0
	m := model{cap: 1 - 1/float64(len(xs)+2)}
	for range 25 {
		var g [nFeatures]float64
		var h [nFeatures][nFeatures]float64
		for i := range h {
			g[i], h[i][i] = -penalty*m.weights[i], penalty
		}
		for n, x := range xs {
			p, y := sigmoid(m.logit(x)), 0.0
			if ys[n] {
				y = 1
			}
			for i := range x {
				g[i] += (y - p) * x[i]
				for j := range i + 1 {
					h[i][j] += p * (1 - p) * x[i] * x[j]
				}
			}
		}
		step := solve(h, g)
		size := 0.0
		for i := range step {
			m.weights[i] += step[i]
			size += math.Abs(step[i])
		}
		if size < 1e-9 {
			break
		}
	}
	for _, x := range xs {
		for i := range x {
			m.mean[i] += x[i] / float64(len(xs))
		}
	}
	return m
}

// solve returns h⁻¹g by Cholesky's decomposition; only h's lower half is read. The penalty makes h positive definite.
func solve(h [nFeatures][nFeatures]float64, g [nFeatures]float64) [nFeatures]float64 {
	var l [nFeatures][nFeatures]float64
	for i := range nFeatures {
		for j := range i + 1 {
			s := h[i][j]
			for k := range j {
				s -= l[i][k] * l[j][k]
			}
			if i == j {
				l[i][i] = math.Sqrt(s)
			} else {
				l[i][j] = s / l[j][j]
			}
		}
	}
	for i := range nFeatures {
		for k := range i {
			g[i] -= l[i][k] * g[k]
		}
		g[i] /= l[i][i]
	}
	for i := nFeatures - 1; i >= 0; i-- {
		for k := i + 1; k < nFeatures; k++ {
			g[i] -= l[k][i] * g[k]
		}
		g[i] /= l[i][i]
	}
	return g
}
