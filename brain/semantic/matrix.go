package semantic

import "math"

// maxWeight is the largest weight of a matrix, either way.
const maxWeight = 127

// tiny is what counts as nothing: dividing by less could leave the range of 32 bits.
const tiny = 1e-30

// matrix is a linear map with a bias: 8-bit weights, and what a weight of 1 is worth in each row. A row makes one output.
//
// Inputs are rounded to about 14 bits first. All that is added up are whole numbers then, so that a sum is exact and the same
// in whatever order, width or language it is taken.
type matrix struct {
	rows, cols int
	weights    []int8    // rows × cols
	scales     []float32 // by row
	bias       []float32 // by row
}

// quantise rounds rows of weights; values has rows × cols of them.
func quantise(values []float32, rows, cols int) (weights []int8, scales []float32) {
	weights, scales = make([]int8, rows*cols), make([]float32, rows)
	for r := range rows {
		row := values[r*cols : (r+1)*cols]
		most := largest(row)
		if most <= tiny {
			continue
		}
		scales[r] = most / maxWeight
		for c, v := range row {
			w := math.RoundToEven(float64(v) / float64(scales[r]))
			weights[r*cols+c] = int8(max(-maxWeight, min(maxWeight, w)))
		}
	}
	return weights, scales
}

// limit is the largest input for which no sum of products can leave 32 bits.
func (m *matrix) limit() float32 {
	return float32(min(math.MaxInt16, math.MaxInt32/(maxWeight*m.cols)))
}

// apply sets y to the outputs for n inputs, one after another in x.
func (m *matrix) apply(y, x []float32, n int, s *scratch) {
	in, worth := s.ints[:n*m.cols], s.worth[:n]
	limit := m.limit()
	for t := range n {
		worth[t] = round(in[t*m.cols:(t+1)*m.cols], x[t*m.cols:(t+1)*m.cols], limit)
	}
	sums := s.sums[:n*m.rows]
	dots(sums, m.weights, in, m.rows, m.cols, n)
	for t := range n {
		out := y[t*m.rows : (t+1)*m.rows]
		for r, sum := range sums[t*m.rows : (t+1)*m.rows] {
			out[r] = float32(float32(sum)*(worth[t]*m.scales[r])) + m.bias[r]
		}
	}
}

// round sets to x in whole numbers of which the largest is limit, and returns what 1 is worth.
func round(to []int16, x []float32, limit float32) float32 {
	most := largest(x)
	if some := most > tiny && most <= math.MaxFloat32; !some { // what is no number is neither
		clear(to)
		return 0
	}
	// Adding 3 × 2^22 to a small number leaves no bits for a fraction: the sum's low bits are the number, rounded to even.
	const shift = 3 << 22
	up := limit / most
	for i, v := range x {
		to[i] = int16(math.Float32bits(float32(v*up) + shift))
	}
	return most / limit
}

// largest returns the largest of x without their signs. As bits, numbers without a sign are in order, and infinity and what is
// no number come last; so this compares whole numbers, which is several times as quick.
func largest(x []float32) float32 {
	most := uint32(0)
	for _, v := range x {
		most = max(most, math.Float32bits(v)&^(1<<31))
	}
	return math.Float32frombits(most)
}
