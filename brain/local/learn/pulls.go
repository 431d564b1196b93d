package learn

// Pulls says how much each word of a text adds to a class's score: the word itself, half of each pair that it is in, and its
// groups of letters. A part that stands in a text more than once is shared by its places. v is the text's vector in the space.
// Words beyond those that Read counts pull nothing. The pulls, what the dense coordinates add, and the bias make up the score.
func (s *Space) Pulls(words []string, v *Vector, l *Linear, class int) []float32 {
	out := make([]float32, len(words))
	words = words[:min(len(words), maxWords)]
	places := map[uint64][]int32{} // of each part, the words that it pulls with; of a pair both
	for i, w := range words {
		h := wordHash(w)
		if s.use != UseLetters {
			places[h] = append(places[h], int32(i))
			if i+1 < len(words) {
				p := pairHash(h, words[i+1])
				places[p] = append(places[p], int32(i), int32(i+1))
			}
		}
		if s.use != UseWords {
			for _, p := range letters(nil, w) {
				places[p] = append(places[p], int32(i))
			}
		}
	}
	at := make(map[uint32]uint64, len(places)) // which part a column is
	for h := range places {
		if c, ok := s.col[h]; ok {
			at[uint32(s.dense)+uint32(c)] = h
		}
	}
	for j, c := range v.Col { // in the order of the columns, so that sums come out the same every time
		h, ok := at[c]
		if !ok {
			continue
		}
		share := l.weightOf(c, class) * v.Val[j] / float32(len(places[h]))
		for _, i := range places[h] {
			out[i] += share
		}
	}
	return out
}
