package local

import (
	"slices"
	"strings"
)

// hit is a place where a phrase matched: bytes of the original text, and how strong the sign is.
type hit struct {
	start, end int
	strength   float64
}

// lexicon finds the phrases of one name.
type lexicon struct {
	first  map[string][]*phrase // by first word
	prefix []*phrase            // those whose first word ends in *
	dense  []densePhrase
	vetoes *lexicon
}

type phrase struct {
	items        []item
	atStart, end bool
	strength     float64
}

type item struct {
	words    []string
	prefixes []string
	optional bool
	gap      bool
}

// maxDense and maxTries bound the search for such phrases, in bytes and in places: a text that repeats the first part of
// one would else be read again from every place.
const (
	maxDense = 8 << 10
	maxTries = 16
)

// densePhrase is a phrase in a script without blanks: its parts follow each other within six characters.
type densePhrase struct {
	parts    [][]string
	strength float64
}

func (it *item) matches(word string) bool {
	if slices.Contains(it.words, word) {
		return true
	}
	for _, p := range it.prefixes {
		if strings.HasPrefix(word, p) {
			return true
		}
	}
	return false
}

// find returns every place where a phrase matches, in order, at most one for each first word.
func (l *lexicon) find(text string, tokens []token) []hit {
	if l == nil {
		return nil
	}
	var vetoed []hit
	if l.vetoes != nil {
		vetoed = l.vetoes.find(text, tokens)
	}
	var out []hit
	for i := range tokens {
		if h, ok := l.at(tokens, i); ok && !h.inside(vetoed) {
			out = append(out, h)
		}
	}
	if len(l.dense) > 0 && hasDense(tokens) {
		for _, p := range l.dense {
			if h, ok := p.find(text, tokens); ok && !h.inside(vetoed) {
				out = append(out, h)
			}
		}
	}
	return out
}

// at returns the strongest phrase that begins at a token; of equals the longest.
func (l *lexicon) at(tokens []token, i int) (best hit, ok bool) {
	try := func(p *phrase) {
		if p.atStart && !tokens[i].first {
			return
		}
		n := p.match(tokens, i, 0)
		if n < 0 {
			return
		}
		h := hit{tokens[i].start, tokens[n-1].end, p.strength}
		if !ok || h.strength > best.strength || h.strength == best.strength && h.end > best.end {
			best, ok = h, true
		}
	}
	for _, p := range l.first[tokens[i].word] {
		try(p)
	}
	for _, p := range l.prefix {
		if p.items[0].matches(tokens[i].word) {
			try(p)
		}
	}
	return best, ok
}

// match returns the token after the phrase when items from k on match at token i, else -1. It stays in one sentence.
func (p *phrase) match(tokens []token, i, k int) int {
	if k == len(p.items) {
		if p.end && i < len(tokens) && !tokens[i].first {
			return -1
		}
		return i
	}
	it := &p.items[k]
	inSentence := i < len(tokens) && (k == 0 || !tokens[i].first)
	switch {
	case it.gap:
		for skip := range 4 {
			if n := p.match(tokens, i+skip, k+1); n >= 0 {
				return n
			}
			if i+skip >= len(tokens) || tokens[i+skip].first {
				return -1
			}
		}
	case inSentence && it.matches(tokens[i].word):
		if n := p.match(tokens, i+1, k+1); n >= 0 {
			return n
		}
	}
	if it.optional {
		return p.match(tokens, i, k+1)
	}
	return -1
}

func hasDense(tokens []token) bool {
	for i := range tokens {
		if tokens[i].cjk {
			return true
		}
	}
	return false
}

// find looks for the parts in order, within the text that the tokens cover.
func (p densePhrase) find(text string, tokens []token) (hit, bool) {
	from := tokens[0].start
	to := min(tokens[len(tokens)-1].end, from+maxDense)
	at := from
	for range maxTries {
		start, end := indexAny(text[at:to], p.parts[0])
		if start < 0 {
			return hit{}, false
		}
		h := hit{at + start, at + end, p.strength}
		for _, part := range p.parts[1:] {
			s, e := indexAny(window(text[h.end:to], 6, part), part)
			if s < 0 {
				h.end = -1
				break
			}
			h.end += e
		}
		if h.end > 0 {
			return h, true
		}
		at += end
	}
	return hit{}, false
}

func indexAny(text string, alternatives []string) (start, end int) {
	start = -1
	for _, a := range alternatives {
		if i := strings.Index(text, a); i >= 0 && (start < 0 || i < start) {
			start, end = i, i+len(a)
		}
	}
	return start, end
}

// window returns the head of text in which a part may begin within n characters.
func window(text string, n int, part []string) string {
	longest := 0
	for _, a := range part {
		longest = max(longest, len(a))
	}
	for i := range text {
		if n--; n < 0 {
			return text[:min(len(text), i+longest)]
		}
	}
	return text
}

func (h hit) inside(vetoed []hit) bool {
	for _, v := range vetoed {
		if h.start < v.end && v.start < h.end {
			return true
		}
	}
	return false
}
