package learn

import (
	"cmp"
	"math"
	"slices"
)

// SpaceOptions bound a space. The zero value is the documented default.
type SpaceOptions struct {
	MinRows int // a part must occur in so many rows to count; 2 when zero
	MaxCols int // parts at most, the commonest first; 131,072 when zero
	Use     Use // what it looks at; everything when zero
	Dense   int // coordinates that each row brings from elsewhere (an encoder's); none when zero
}

// Use says what a space looks at.
type Use int

// What a space may look at.
const (
	UseAll   Use = iota
	UseDense     // only the dense coordinates
)

// Space says which column of a vector each part of a text has, and what it is worth. It never changes.
type Space struct {
	col    map[uint64]int32
	idf    []float32
	unseen float32 // what a part is worth that has no column
	dense  int
	use    Use
}

// Cols is the number of columns: one for each part. Dense coordinates come beside them.
func (s *Space) Cols() int { return len(s.idf) }

// Dense is how many coordinates each row brings from elsewhere.
func (s *Space) Dense() int { return s.dense }

// NewSpace counts in how many rows each part occurs; a part in few of them is worth more (inverse document frequency, smoothed
// as in scikit-learn: ln((1+n)/(1+df))+1).
func NewSpace(rows []*Grams, o SpaceOptions) *Space {
	o.MinRows, o.MaxCols = cmp.Or(o.MinRows, 2), cmp.Or(o.MaxCols, 1<<17)
	df := map[uint64]int32{}
	for _, g := range rows {
		if o.Use == UseDense {
			break
		}
		for _, h := range g.hash {
			df[h]++
		}
	}
	type part struct {
		hash uint64
		df   int32
	}
	parts := make([]part, 0, len(df))
	for h, n := range df {
		if int(n) >= o.MinRows {
			parts = append(parts, part{h, n})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(b.df, a.df), cmp.Compare(a.hash, b.hash)) })
	parts = parts[:min(len(parts), o.MaxCols)]
	s := &Space{col: make(map[uint64]int32, len(parts)), idf: make([]float32, len(parts)), dense: o.Dense, use: o.Use}
	n := float64(len(rows))
	for i, p := range parts {
		s.col[p.hash] = int32(i)
		s.idf[i] = float32(math.Log((1+n)/(1+float64(p.df))) + 1)
	}
	s.unseen = float32(math.Log((1+n)/2) + 1)
	return s
}

// Vector is a text in a space: columns in ascending order with their values, and dense coordinates beside them. Its length is 1,
// or 0 when nothing of the text is known.
type Vector struct {
	Dense []float32
	Col   []uint32
	Val   []float32
	Known float64 // share of the text's squared weight that has a column, 0..1
}

// Vector puts a text into the space: 1+ln(n) times what each part is worth; words, letters and dense coordinates each scaled to
// length 1, and then the whole. dense is nil where the space has none. dst is reused and returned.
func (s *Space) Vector(g *Grams, dense []float32, dst *Vector) *Vector {
	dst.Col, dst.Val = dst.Col[:0], dst.Val[:0]
	dst.Dense = append(dst.Dense[:0], dense[:s.dense]...)
	all, known := 0.0, 0.0
	for b, block := range [2][2]int{{0, g.words}, {g.words, len(g.hash)}} {
		if s.use == UseDense {
			break
		}
		from, sum := len(dst.Val), 0.0
		for i := block[0]; i < block[1]; i++ {
			w := s.unseen
			c, ok := s.col[g.hash[i]]
			if ok {
				w = s.idf[c]
			}
			if n := g.n[i]; n > 1 {
				w *= 1 + logOf[n]
			}
			sq := float64(w) * float64(w)
			if ok {
				dst.Col, dst.Val = append(dst.Col, uint32(c)), append(dst.Val, w)
				sum += sq
			}
			if b == 0 { // letters of unknown words are mostly known, and say little
				all += sq
				if ok {
					known += sq
				}
			}
		}
		scale(dst.Val[from:], sum)
	}
	sum := squares(dst.Val) + squares(dst.Dense)
	scale(dst.Val, sum)
	scale(dst.Dense, sum)
	dst.Known = 0
	if all > 0 {
		dst.Known = known / all
	}
	dst.sort()
	return dst
}

func squares(v []float32) (sum float64) {
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return sum
}

func scale(v []float32, squares float64) {
	if squares <= 0 {
		return
	}
	by := float32(1 / math.Sqrt(squares))
	for i := range v {
		v[i] *= by
	}
}

// sort orders the columns, so that sums over them come out the same every time. Columns are told by hash, so that they stand
// in no order of their own.
func (v *Vector) sort() {
	type entry struct {
		col uint32
		val float32
	}
	all := make([]entry, len(v.Col))
	for i := range v.Col {
		all[i] = entry{v.Col[i], v.Val[i]}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.col, b.col) })
	for i, e := range all {
		v.Col[i], v.Val[i] = e.col, e.val
	}
}

// logOf holds the natural logarithms of the counts that Grams can hold.
var logOf = func() (t [256]float32) {
	for i := 1; i < len(t); i++ {
		t[i] = float32(math.Log(float64(i)))
	}
	return t
}()

// Set is many vectors, one after another.
type Set struct {
	start []int32 // of each row, and the end of the last
	col   []uint32
	val   []float32
	cols  int
	dense []float32 // of each row, so many more coordinates
	width int
}

// row returns a row's parts.
func (t *Set) row(i int) (dense []float32, col []uint32, val []float32) {
	from, end := t.start[i], t.start[i+1]
	return t.dense[i*t.width : (i+1)*t.width], t.col[from:end], t.val[from:end]
}

// Rows is the number of vectors.
func (t *Set) Rows() int { return len(t.start) - 1 }

// Row returns a row as a vector. It shares the set's memory, and does not say what part of its text is known.
func (t *Set) Row(i int) *Vector {
	dense, col, val := t.row(i)
	return &Vector{Dense: slices.Clip(dense), Col: slices.Clip(col), Val: slices.Clip(val)}
}

// Pick returns a set of some of the rows, in the order given.
func (t *Set) Pick(rows []int) *Set {
	n := int32(0)
	for _, r := range rows {
		n += t.start[r+1] - t.start[r]
	}
	p := &Set{
		start: make([]int32, 1, len(rows)+1), col: make([]uint32, 0, n), val: make([]float32, 0, n), cols: t.cols,
		width: t.width, dense: make([]float32, 0, len(rows)*t.width),
	}
	for _, r := range rows {
		dense, col, val := t.row(r)
		p.dense, p.col, p.val = append(p.dense, dense...), append(p.col, col...), append(p.val, val...)
		p.start = append(p.start, int32(len(p.col)))
	}
	return p
}

// Set puts many texts into the space; dense has each row's coordinates, or is nil.
func (s *Space) Set(rows []*Grams, dense [][]float32) *Set {
	t := &Set{start: make([]int32, 1, len(rows)+1), cols: s.Cols(), width: s.dense}
	var v Vector
	for i, g := range rows {
		var d []float32
		if dense != nil {
			d = dense[i]
		}
		s.Vector(g, d, &v)
		t.col, t.val, t.dense = append(t.col, v.Col...), append(t.val, v.Val...), append(t.dense, v.Dense...)
		t.start = append(t.start, int32(len(t.col)))
	}
	return t
}
