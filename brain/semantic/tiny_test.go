package semantic

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
)

// tinyPieces is a vocabulary of twenty; the first six match nothing.
var tinyPieces = []piece{
	{"\ufffd", 0},
	{"<s>", 0},
	{"</s>", 0},
	{"x1", 0},
	{"x2", 0},
	{"x3", 0},
	{"a", -3},
	{"b", -3.5},
	{"c", -4},
	{"ab", -4.5},
	{"abc", -8},
	{space, -2},
	{space + "a", -4},
	{space + "ab", -7},
	{"qz", -5},
	{"é", -4},
	{"?", -3},
	{":", 0},
	{"ü", -6},
	{"ca", -4},
}

// tinySize is a network's size for tests.
type tinySize struct{ rows, width, heads, out, wide, dim, layers int }

var tiny2 = tinySize{rows: 22, width: 8, heads: 2, out: 12, wide: 16, dim: 8, layers: 2}

// newModel makes a model of random weights. Its first layer widens, and so has a skip.
func newModel(size tinySize, seed uint64) *model {
	r := rand.New(rand.NewPCG(seed, 0))
	numbers := func(n int, by float64) []float32 {
		out := make([]float32, n)
		for i := range out {
			out[i] = float32(r.NormFloat64() * by)
		}
		return out
	}
	grid := func(in, out int) affine {
		return affine{weights: tensor{shape: []int{in, out}, values: numbers(in*out, 0.4)}, bias: numbers(out, 0.1)}
	}
	m := &model{
		embed: tensor{shape: []int{size.rows, size.width}, values: numbers(size.rows*size.width, 0.5)},
		final: grid(size.out, size.dim),
	}
	for i := range size.width / 2 {
		m.pitch = append(m.pitch, 1/float32(1+i*i))
	}
	in := size.width
	for range size.layers {
		l := modelLayer{
			heads: size.heads, before: norming{numbers(in, 1), numbers(in, 0.1)}, ask: grid(in, 3*in), join: grid(in, size.out),
			between: norming{numbers(size.out, 1), numbers(size.out, 0.1)}, widen: grid(size.out, size.wide), narrow: grid(size.wide, size.out),
		}
		if in != size.out {
			skip := grid(in, size.out)
			l.skip = &skip
		}
		m.layers = append(m.layers, l)
		in = size.out
	}
	return m
}

// tinyPack is a small pack as a file's bytes.
func tinyPack(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := newModel(tiny2, 1).network().seal(&b, tinyPieces); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func openBytes(tb testing.TB, b []byte) *Pack {
	tb.Helper()
	p, err := read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func encode(p *Pack, text string) []float32 {
	to := make([]float32, p.Dim())
	p.Encode(text, to)
	return to
}

// cosine is of the angle between two vectors.
func cosine[A, B float32 | float64](a []A, b []B) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

// apart is the largest difference between two components.
func apart[A, B float32 | float64](a []A, b []B) float64 {
	most := 0.0
	for i := range a {
		most = max(most, float64(a[i])-float64(b[i]), float64(b[i])-float64(a[i]))
	}
	return most
}
