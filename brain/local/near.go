package local

import (
	"math"

	"warmline/brain/local/learn"
)

// prototypes are the points of past questions, in one byte a coordinate, by class.
type prototypes struct {
	dim   int
	start []int // of each class, and the end of the last
	point []int8
}

// maxNear is how many classes are looked at: the likeliest by the other models. More cost time and change nothing.
const maxNear = 10

func newPrototypes(rows []*headRow, labels []int, classes, dim int) *prototypes {
	p := &prototypes{dim: dim, start: make([]int, classes+1)}
	for _, k := range labels {
		if k >= 0 {
			p.start[k+1]++
		}
	}
	for k := range classes {
		p.start[k+1] += p.start[k]
	}
	p.point = make([]int8, p.start[classes]*dim)
	next := append([]int(nil), p.start...)
	for i, k := range labels {
		if k < 0 {
			continue
		}
		to := p.point[next[k]*dim:][:dim]
		next[k]++
		for j, x := range rows[i].q.dense {
			to[j] = quantize(x)
		}
	}
	return p
}

// quantize turns a coordinate, -1..1 and mostly within 0.25, into a byte.
func quantize(x float32) int8 { return int8(max(-127, min(127, math.Round(float64(x)*500)))) }

// near returns for each class in among the cosine of its nearest point to q.
func (p *prototypes) near(q []float32, among []int) []float64 {
	point, length := make([]int8, p.dim), 0.0
	for j, x := range q {
		point[j] = quantize(x)
		length += float64(point[j]) * float64(point[j])
	}
	out := make([]float64, len(among))
	for n, k := range among {
		out[n] = -1
		for i := p.start[k]; i < p.start[k+1]; i++ {
			row := p.point[i*p.dim:][:p.dim]
			sum, squares := int32(0), int32(0)
			for j, x := range row {
				sum += int32(x) * int32(point[j])
				squares += int32(x) * int32(x)
			}
			out[n] = max(out[n], float64(sum)/math.Sqrt(max(1, length*float64(squares))))
		}
	}
	return out
}

// nearest fills in how near each class's past questions are in meaning: for the likeliest by the other models, and for the
// rest as far as the farthest of those.
func (h *heads) nearest(q *question, s *scores) {
	p := learn.Fused(s.by[:byNear], firstWeights[:byNear], nil)
	among := topN(p, maxNear)
	cos := h.protos.near(q.dense, among)
	low := 1.0
	for _, c := range cos {
		low = min(low, c)
	}
	near := s.by[byNear]
	for k := range near {
		near[k] = float32(low)
	}
	for n, k := range among {
		near[k] = float32(cos[n])
	}
}

// topN returns the indexes of the n largest, largest first.
func topN(x []float64, n int) []int {
	out := make([]int, 0, n+1)
	for k := range x {
		at := len(out)
		for at > 0 && x[out[at-1]] < x[k] {
			at--
		}
		if at == n {
			continue
		}
		out = append(out[:at], append([]int{k}, out[at:]...)...)
		out = out[:min(len(out), n)]
	}
	return out
}
