package llm

import (
	"errors"
	"fmt"
	"math"

	"warmline/escalate"
)

// minLabels is how many judgements weights are fitted to at least.
const minLabels = 50

// ErrTooFew says that there are not enough judgements to fit weights to.
var ErrTooFew = errors.New("too few judged answers")

// Label is one answer that people judged.
type Label struct {
	Prior    float64 // the built-in brain's confidence
	Features Features
	Right    bool // sent as it stood; an edited or rejected one was not right
}

// LabelOf returns the label of a judged answer; false when no model read its ticket.
func LabelOf(a *escalate.Assessment, right bool) (Label, bool) {
	prior, ok := a.Measured[priorName]
	l := Label{Prior: prior, Right: right}
	for i, name := range featureNames {
		l.Features[i] = a.Measured[name]
	}
	return l, ok && prior > 0
}

// Fit finds weights for judged answers: a logistic regression on the features, on top of the built-in brain's log-odds, by
// Newton's method. A ridge pulls the weights to the default ones, so that a feature that few labels have keeps its guess. It
// returns ErrTooFew below fifty labels.
func Fit(labels []Label) (Weights, error) {
	if len(labels) < minLabels {
		return Weights{}, fmt.Errorf("fit weights to %d labels: %w, want %d", len(labels), ErrTooFew, minLabels)
	}
	const ridge = 2.0
	w := DefaultWeights
	for range 50 {
		var g [nFeatures]float64
		var h [nFeatures][nFeatures]float64
		for i := range nFeatures {
			g[i], h[i][i] = -ridge*(w[i]-DefaultWeights[i]), ridge
		}
		for n := range labels {
			gradient(&labels[n], &w, &g, &h)
		}
		step := solve(h, g)
		size := 0.0
		for i := range step {
			step[i] = min(max(step[i], -2), 2) // far from the end a full step may overshoot
			w[i] += step[i]
			size += math.Abs(step[i])
		}
		if size < 1e-9 {
			break
		}
	}
	for _, v := range w {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Weights{}, errors.New("fit weights: they do not converge")
		}
	}
	return w, nil
}

// Fit refits the brain's own weights; they hold from the next ticket on. On an error they stay as they are.
func (b *Brain) Fit(labels []Label) error {
	w, err := Fit(labels)
	if err == nil {
		b.weights.Store(&w)
	}
	return err
}

// Use puts weights in force that another process fitted.
func (b *Brain) Use(w Weights) { b.weights.Store(&w) }

// Weights returns the weights in force.
func (b *Brain) Weights() Weights { return *b.weights.Load() }

// gradient adds what one label says.
func gradient(l *Label, w *Weights, g *[nFeatures]float64, h *[nFeatures][nFeatures]float64) {
	z, y := logit(l.Prior), 0.0
	for i := range w {
		z += w[i] * l.Features[i]
	}
	if l.Right {
		y = 1
	}
	p := sigmoid(z)
	for i := range nFeatures {
		g[i] += (y - p) * l.Features[i]
		for j := range i + 1 {
			h[i][j] += p * (1 - p) * l.Features[i] * l.Features[j]
		}
	}
}

// solve returns h⁻¹g by Cholesky's decomposition; only h's lower half is read. The ridge makes h positive definite.
func solve(h [nFeatures][nFeatures]float64, g [nFeatures]float64) [nFeatures]float64 {
	for i := range nFeatures {
		for j := range i + 1 {
			for k := range j {
				h[i][j] -= h[i][k] * h[j][k]
			}
			if i == j {
				h[i][i] = math.Sqrt(h[i][i])
			} else {
				h[i][j] /= h[j][j]
			}
		}
	}
	for i := range nFeatures {
		for k := range i {
			g[i] -= h[i][k] * g[k]
		}
		g[i] /= h[i][i]
	}
	for i := nFeatures - 1; i >= 0; i-- {
		for k := i + 1; k < nFeatures; k++ {
			g[i] -= h[k][i] * g[k]
		}
		g[i] /= h[i][i]
	}
	return g
}
