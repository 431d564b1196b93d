package learn

import (
	"context"
	"math"
	"math/rand/v2"
)

var inf = math.Inf(1)

// SoftmaxOptions tune a Softmax model. The zero value is the documented default.
type SoftmaxOptions struct {
	Rounds int     // passes over the rows; 3 when zero
	Rate   float64 // of learning; 0.5 when zero
	Seed   uint64  // order of the rows
}

// maxSoftmax bounds the weights of a Softmax model while it is trained: 64 million, half a gigabyte with their rates.
const maxSoftmax = 64 << 20

// minShare is the probability below which a class learns nothing from a row that is not its own: its step would be smaller than
// the rounding of its weights, and most classes are below it for most rows.
const minShare = 1e-3

// Softmax trains a multinomial logistic regression by stochastic gradient descent with a rate for each weight (AdaGrad; Duchi,
// Hazan and Singer 2011). labels has a class for each row; rows of class -1 are left out. Where columns times classes exceed 64
// million it returns nil: then the other models must do.
func Softmax(ctx context.Context, t *Set, labels []int, classes int, o SoftmaxOptions) (*Linear, error) {
	if o.Rounds == 0 {
		o.Rounds = 3
	}
	if o.Rate == 0 {
		o.Rate = 0.5
	}
	if (t.cols+t.width)*classes > maxSoftmax {
		return nil, nil
	}
	m := descent{
		t: t, classes: classes, rate: float32(o.Rate), w: make([]float32, (t.cols+t.width)*classes),
		g: make([]float32, (t.cols+t.width)*classes), bias: make([]float32, classes), biasG: make([]float32, classes),
		p: make([]float32, classes),
	}
	order := make([]int, 0, t.Rows())
	for i, k := range labels {
		if k >= 0 {
			order = append(order, i)
		}
	}
	r := rand.New(rand.NewPCG(o.Seed, 0x50f7))
	for range o.Rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			m.learn(i, labels[i])
		}
	}
	out := make([]trained, classes)
	err := each(ctx, classes, func(int) func(k int) {
		w := make([]float32, t.cols+t.width)
		return func(k int) {
			for c := range w {
				w[c] = m.w[c*classes+k]
			}
			out[k] = prune(w[t.cols:], w[:t.cols], m.bias[k], keptWeights)
		}
	})
	if err != nil {
		return nil, err
	}
	return assemble(out, t.cols, t.width), nil
}

// descent is a Softmax model while it is trained. Weights lie column by column, those of dense coordinates behind the others.
type descent struct {
	t           *Set
	classes     int
	rate        float32
	w, g        []float32 // weights, and the sums of their squared gradients
	bias, biasG []float32
	p           []float32
	live        []int32 // classes that learn from the present row
}

//go:norace
func (m *descent) learn(i, label int) {
	dense, cols, vals := m.t.row(i)
	copy(m.p, m.bias)
	for j, c := range cols {
		m.add(int(c), vals[j])
	}
	for j, x := range dense {
		m.add(m.t.cols+j, x)
	}
	Probabilities(m.p, 1)
	m.live = m.live[:0]
	for k, p := range m.p {
		if p >= minShare || k == label {
			m.live = append(m.live, int32(k))
		}
	}
	m.p[label]--
	for _, k := range m.live {
		m.step(&m.bias[k], &m.biasG[k], m.p[k])
	}
	for j, c := range cols {
		m.stepColumn(int(c), vals[j])
	}
	for j, x := range dense {
		m.stepColumn(m.t.cols+j, x)
	}
}

// add adds a column's weights, times its value, to the scores.
//
//go:norace
func (m *descent) add(c int, x float32) {
	for k, w := range m.w[c*m.classes:][:m.classes] {
		m.p[k] += w * x
	}
}

//go:norace
func (m *descent) stepColumn(c int, x float32) {
	w, g := m.w[c*m.classes:][:m.classes], m.g[c*m.classes:][:m.classes]
	for _, k := range m.live {
		m.step(&w[k], &g[k], m.p[k]*x)
	}
}

//go:norace
func (m *descent) step(w, g *float32, gradient float32) {
	*g += gradient * gradient
	*w -= m.rate * gradient / float32(math.Sqrt(float64(*g)+1e-8))
}

// Probabilities turns scores into probabilities in place: each divided by the temperature, and then the softmax.
func Probabilities(scores []float32, temperature float64) {
	most := float32(math.Inf(-1))
	for _, s := range scores {
		most = max(most, s)
	}
	sum := 0.0
	for i, s := range scores {
		e := math.Exp(float64(s-most) / temperature)
		scores[i] = float32(e)
		sum += e
	}
	for i := range scores {
		scores[i] = float32(float64(scores[i]) / sum)
	}
}
