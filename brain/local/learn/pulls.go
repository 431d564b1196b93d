package learn

// Places says which words of a text each part of its vector came from.
type Places struct {
	v  *Vector
	of [][]int32 // of each of the vector's columns; both words of a pair
	n  int       // words
}

// Places finds a text's words in its own vector v, which must not change while the result is used. Words beyond those that Read
// counts have no place.
func (s *Space) Places(words []string, v *Vector) *Places {
	p := &Places{v: v, of: make([][]int32, len(v.Col)), n: len(words)}
	at := make(map[uint32]int, len(v.Col))
	for j, c := range v.Col {
		at[c] = j
	}
	place := func(h uint64, words ...int32) {
		if c, ok := s.col[h]; ok {
			if j, ok := at[uint32(c)]; ok {
				p.of[j] = append(p.of[j], words...)
			}
		}
	}
	words = words[:min(len(words), maxWords)]
	var groups []uint64
	for i, w := range words {
		h, here := wordHash(w), int32(i)
		place(h, here)
		if i+1 < len(words) {
			place(pairHash(h, words[i+1]), here, here+1)
		}
		groups = letters(groups[:0], w)
		for _, g := range groups {
			place(g, here)
		}
	}
	return p
}

// Pulls says how much each word adds to a class's score: the word itself, half of each pair that it is in, and its groups of
// letters. A part that stands in the text more than once is shared by its places. The pulls, what the dense coordinates add, and
// the bias make up the score.
func (p *Places) Pulls(l *Linear, class int) []float32 {
	out := make([]float32, p.n)
	for j, words := range p.of { // in the order of the columns, so that sums come out the same every time
		if len(words) == 0 {
			continue
		}
		share := l.weightOf(p.v.Col[j], class) * p.v.Val[j] / float32(len(words))
		for _, i := range words {
			out[i] += share
		}
	}
	return out
}
