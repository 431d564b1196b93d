package semantic

import "math"

// reference is the forward pass as a textbook has it: in 64 bits, over weights that are not rounded, one piece at a time. It
// shares nothing with the encoder but the names of the weights.
func (m *model) reference(ids []int32) []float64 {
	width := m.embed.shape[1]
	var rows [][]float64
	for t, id := range ids {
		row := make([]float64, width)
		for i := range row {
			row[i] = 2 * float64(m.embed.values[int(id)*width+i])
		}
		for i, p := range m.pitch {
			row[i] += math.Sin(float64(t) * float64(p))
			row[width/2+i] += math.Cos(float64(t) * float64(p))
		}
		rows = append(rows, row)
	}
	for i := range m.layers {
		rows = m.layers[i].reference(rows)
	}
	mean := make([]float64, m.final.weights.shape[0])
	for _, row := range rows {
		for i, v := range row {
			mean[i] += v / float64(len(rows))
		}
	}
	out := m.final.reference(mean)
	sum := 0.0
	for i := range out {
		out[i] = math.Tanh(out[i])
		sum += out[i] * out[i]
	}
	for i := range out {
		out[i] /= math.Sqrt(sum)
	}
	return out
}

func (l *modelLayer) reference(rows [][]float64) [][]float64 {
	var asked [][]float64
	for _, row := range rows {
		asked = append(asked, l.ask.reference(l.before.reference(row)))
	}
	out := make([][]float64, len(rows))
	for t := range rows {
		found := make([]float64, len(rows[t]))
		for h := range l.heads {
			l.head(found, asked, t, h)
		}
		out[t] = l.join.reference(found)
		came := rows[t]
		if l.skip != nil {
			came = l.skip.reference(came)
		}
		for i := range out[t] {
			out[t][i] += came[i]
		}
		wide := l.widen.reference(l.between.reference(out[t]))
		for i := range wide {
			wide[i] = math.Max(0, wide[i])
		}
		for i, v := range l.narrow.reference(wide) {
			out[t][i] += v
		}
	}
	return out
}

// head adds to found what head h of piece t finds among the pieces.
func (l *modelLayer) head(found []float64, asked [][]float64, t, h int) {
	width := len(found)
	size := width / l.heads
	weights := make([]float64, len(asked))
	sum := 0.0
	for u := range asked {
		product := 0.0
		for i := h * size; i < (h+1)*size; i++ {
			product += asked[t][i] * asked[u][width+i]
		}
		weights[u] = math.Exp(product / math.Sqrt(float64(size)))
		sum += weights[u]
	}
	for u := range asked {
		for i := h * size; i < (h+1)*size; i++ {
			found[i] += weights[u] / sum * asked[u][2*width+i]
		}
	}
}

func (a *affine) reference(x []float64) []float64 {
	out := make([]float64, len(a.bias))
	for o := range out {
		out[o] = float64(a.bias[o])
		for i, v := range x {
			out[o] += v * float64(a.weights.values[i*len(out)+o])
		}
	}
	return out
}

func (n *norming) reference(x []float64) []float64 {
	mean, variance := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = (v-mean)/math.Sqrt(variance+1e-6)*float64(n.scale[i]) + float64(n.bias[i])
	}
	return out
}

// unround is network, backwards, as far as that goes.
func (n *network) unround() *model {
	m := &model{embed: tensor{shape: []int{n.embed.rows, n.width}}, pitch: n.pitch, final: n.final.unround()}
	for i, w := range n.embed.weights {
		m.embed.values = append(m.embed.values, n.embed.scales[i/n.width]*float32(w))
	}
	for i := range n.layers {
		l := &n.layers[i]
		plain := modelLayer{
			heads: l.heads, before: l.before, ask: l.ask.unround(), join: l.join.unround(), between: l.between,
			widen: l.widen.unround(), narrow: l.narrow.unround(),
		}
		if l.skip != nil {
			skip := l.skip.unround()
			plain.skip = &skip
		}
		m.layers = append(m.layers, plain)
	}
	return m
}

func (m *matrix) unround() affine {
	a := affine{weights: tensor{shape: []int{m.cols, m.rows}, values: make([]float32, m.rows*m.cols)}, bias: m.bias}
	for r := range m.rows {
		for c := range m.cols {
			a.weights.values[c*m.rows+r] = m.scales[r] * float32(m.weights[r*m.cols+c])
		}
	}
	return a
}
