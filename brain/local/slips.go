package local

import "slices"

// speller maps a word typed with one slip of the key to the word that was meant. It knows few words, those that triggers
// turn on: a general corrector would find a refund in everything that is refined.
type speller map[string]string

// minSlip is the shortest word, in letters, that is read with a slip. Too many short words differ by one letter only.
const minSlip = 5

// keys are the rows of the keyboard. A finger that misses hits one beside.
var keys = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}

var besideKey = func() map[byte]string {
	near := map[byte]string{}
	at := func(row, col int) string {
		if row < 0 || row >= len(keys) || col < 0 || col >= len(keys[row]) {
			return ""
		}
		return keys[row][col : col+1]
	}
	for r, row := range keys {
		for c := range len(row) {
			near[row[c]] = at(r, c-1) + at(r, c+1) + at(r-1, c) + at(r-1, c+1) + at(r+1, c-1) + at(r+1, c)
		}
	}
	return near
}()

// add makes a word readable with one slip after its first letter: two letters swapped, one left out, one doubled, one
// hit beside its key or together with one beside it.
func (s speller) add(word string) {
	if len(word) < minSlip {
		return
	}
	put := func(typed string) {
		if _, taken := s[typed]; !taken && len(typed) >= minSlip-1 {
			s[typed] = word
		}
	}
	for i := 1; i < len(word); i++ {
		before, c, after := word[:i], word[i:i+1], word[i+1:]
		if after != "" {
			put(before + after[:1] + c + after[1:])
		}
		put(before + after)
		put(before + c + c + after)
		for _, n := range besideKey[word[i]] {
			put(before + string(n) + after)
			put(before + string(n) + c + after)
			put(before + c + string(n) + after)
		}
	}
}

// forget drops what is a word of its own, as those of the lexicons are.
func (s speller) forget(all map[string]*lexicon, own []string) {
	for _, w := range own {
		delete(s, w)
	}
	for _, l := range all {
		l.words(func(w string) { delete(s, w) })
		if l.vetoes != nil {
			l.vetoes.words(func(w string) { delete(s, w) })
		}
	}
}

// words visits every whole word of a lexicon.
func (l *lexicon) words(visit func(string)) {
	for _, phrases := range []map[string][]*phrase{l.first, l.head, l.tail} {
		for _, under := range phrases {
			for _, p := range under {
				for i := range p.items {
					for _, w := range p.items[i].words {
						visit(w)
					}
				}
			}
		}
	}
}

// read returns the tokens with slips put right. It copies them only when there is one.
func (s speller) read(tokens []token) []token {
	out := tokens
	for i := range tokens {
		if w, ok := s[tokens[i].word]; ok {
			if &out[0] == &tokens[0] {
				out = slices.Clone(tokens)
			}
			out[i].word = w
		}
	}
	return out
}
