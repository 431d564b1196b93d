package semantic

import "math"

// epsilon keeps the norm of a layer from dividing by nothing; the model was trained with this one.
const epsilon = 1e-6

// network is the model: a transformer (Vaswani et al. 2017, arXiv 1706.03762) whose outputs are averaged over the pieces and
// squeezed once more.
type network struct {
	width  int       // of an embedding
	embed  matrix    // one row for each piece; it has no bias
	pitch  []float32 // how fast each pair of a position's waves turns; width/2
	waves  []float32 // of the first MaxTokens positions, width each; follows from pitch
	layers []layer
	final  matrix
}

// layer is attention and then a step for each piece alone; both are added to what came in.
type layer struct {
	heads         int
	before        norming
	ask           matrix  // queries, keys and values, in this order
	join          matrix  // what the heads found
	skip          *matrix // brings what came in to the layer's own width; nil when it has it
	between       norming
	widen, narrow matrix
}

func (l *layer) in() int  { return l.ask.cols }
func (l *layer) out() int { return l.join.rows }

// norming is a layer norm (Ba et al. 2016, arXiv 1607.06450).
type norming struct{ scale, bias []float32 }

// scratch is the memory of one forward pass, so that Encode need not ask for any.
type scratch struct {
	x, y, normed, asked, wide []float32
	scores                    []float32
	ints                      []int16
	worth                     []float32
	sums                      []int32
}

func (n *network) newScratch() *scratch {
	most := max(n.width, n.final.rows)
	for i := range n.layers {
		l := &n.layers[i]
		most = max(most, l.ask.rows, l.out(), l.widen.rows)
	}
	floats := func() []float32 { return make([]float32, MaxTokens*most) }
	return &scratch{
		x: floats(), y: floats(), normed: floats(), asked: floats(), wide: floats(), scores: make([]float32, MaxTokens),
		ints: make([]int16, MaxTokens*most), worth: make([]float32, MaxTokens), sums: make([]int32, MaxTokens*most),
	}
}

// encode sets to to the vector of the pieces.
func (n *network) encode(ids []int32, to []float32, s *scratch) {
	n.place(ids, s.x)
	last := len(n.layers) - 1
	for i := range n.layers {
		l := &n.layers[i]
		l.apply(s, len(ids))
		if i < last {
			l.narrow.apply(s.x, s.wide, len(ids), s)
			add(s.x[:len(ids)*l.out()], s.y)
		}
	}
	n.final.apply(to, n.layers[last].average(s, len(ids)), 1, s)
	for i, v := range to {
		to[i] = float32(math.Tanh(float64(v)))
	}
	normalise(to)
}

// place sets x to the pieces' embeddings and positions. The model adds the embedding twice.
func (n *network) place(ids []int32, x []float32) {
	for t, id := range ids {
		row, wave := x[t*n.width:(t+1)*n.width], n.waves[t*n.width:(t+1)*n.width]
		scale := 2 * n.embed.scales[id]
		for i, w := range n.embed.weights[int(id)*n.width : (int(id)+1)*n.width] {
			row[i] = float32(scale*float32(w)) + wave[i]
		}
	}
}

// wavesOf tells positions apart by sines and cosines of ever longer waves.
func wavesOf(pitch []float32) []float32 {
	half := len(pitch)
	waves := make([]float32, MaxTokens*2*half)
	for t := range MaxTokens {
		for i, p := range pitch {
			sin, cos := math.Sincos(float64(float32(t) * p))
			waves[t*2*half+i], waves[t*2*half+half+i] = float32(sin), float32(cos)
		}
	}
	return waves
}

// average returns the mean of what the n pieces would leave the layer with. Means and matrices can change places, so that it
// takes one product instead of n.
func (l *layer) average(s *scratch, n int) []float32 {
	out := s.normed[:l.out()]
	if n == 0 {
		clear(out)
		return out
	}
	l.narrow.apply(out, mean(s.wide, n, l.widen.rows), 1, s)
	add(out, mean(s.y, n, l.out()))
	return out
}

// mean returns the mean of n rows, in the first of them.
func mean(rows []float32, n, width int) []float32 {
	first := rows[:width]
	for t := 1; t < n; t++ {
		add(first, rows[t*width:(t+1)*width])
	}
	for i := range first {
		first[i] /= float32(n)
	}
	return first
}

// apply takes the n rows of s.x up to the last matrix: the layer leaves with l.narrow of s.wide, and s.y added.
func (l *layer) apply(s *scratch, n int) {
	in, out := l.in(), l.out()
	l.before.apply(s.normed, s.x[:n*in])
	l.ask.apply(s.asked, s.normed, n, s)
	attend(s.normed, s.asked, s.scores, n, in, l.heads)
	l.join.apply(s.y, s.normed, n, s)
	if l.skip != nil {
		l.skip.apply(s.normed, s.x, n, s)
		add(s.y[:n*out], s.normed)
	} else {
		add(s.y[:n*out], s.x)
	}
	l.between.apply(s.normed, s.y[:n*out])
	l.widen.apply(s.wide, s.normed, n, s)
	for i, v := range s.wide[:n*l.widen.rows] {
		s.wide[i] = max(0, v)
	}
}

// apply sets y to the rows of x, each with mean 0 and variance 1 before scale and bias.
func (m *norming) apply(y, x []float32) {
	width := len(m.scale)
	for at := 0; at < len(x); at += width {
		row, out := x[at:at+width], y[at:at+width]
		sum := 0.0
		for _, v := range row {
			sum += float64(v)
		}
		mean := float32(sum / float64(width))
		sum = 0
		for i, v := range row {
			out[i] = v - mean
			sum += float64(out[i]) * float64(out[i])
		}
		by := float32(1 / math.Sqrt(sum/float64(width)+epsilon))
		for i := range out {
			out[i] = float32(out[i]*(by*m.scale[i])) + m.bias[i]
		}
	}
}

// attend sets y, n × width, to what each piece finds where it looks. asked has each piece's query, key and value.
func attend(y, asked, scores []float32, n, width, heads int) {
	size := width / heads
	by := float32(1 / math.Sqrt(float64(size)))
	for h := range heads {
		part := func(t, which int) []float32 {
			at := t*3*width + which*width + h*size
			return asked[at : at+size]
		}
		for t := range n {
			query := part(t, 0)
			for u := range n {
				scores[u] = by * dot(query, part(u, 1))
			}
			softmax(scores[:n])
			found := y[t*width+h*size : t*width+(h+1)*size]
			clear(found)
			for u, p := range scores[:n] {
				for i, v := range part(u, 2) {
					found[i] += float32(p * v)
				}
			}
		}
	}
}

// dot takes four sums side by side, because each addition waits for the one before.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s[0] += float32(a[i] * b[i])
		s[1] += float32(a[i+1] * b[i+1])
		s[2] += float32(a[i+2] * b[i+2])
		s[3] += float32(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s[0] += float32(a[i] * b[i])
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

func softmax(x []float32) {
	most := x[0]
	for _, v := range x {
		most = max(most, v)
	}
	sum := 0.0
	for i, v := range x {
		e := math.Exp(float64(v - most))
		x[i] = float32(e)
		sum += e
	}
	for i := range x {
		x[i] /= float32(sum)
	}
}

func add(to, x []float32) {
	x = x[:len(to)]
	for i := range to {
		to[i] += x[i]
	}
}

// normalise gives x length 1. A vector of nothing stays so.
func normalise(x []float32) {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return
	}
	by := 1 / math.Sqrt(sum)
	for i, v := range x {
		x[i] = float32(float64(v) * by)
	}
}
