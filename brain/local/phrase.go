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
	first  map[string][]*phrase  // by first word
	head   map[string][]*phrase  // by the first affix bytes of their first word, of which only the beginning counts
	tail   map[string][]*phrase  // by the last affix bytes of their first word, of which only the ending counts
	dense  map[rune][]denseStart // by first character
	vetoes *lexicon
}

// affix is how many bytes of a word's beginning or ending lead to the phrases that know no more of it.
const affix = 3

type phrase struct {
	items        []item
	atStart, end bool
	strength     float64
}

type item struct {
	words    []string
	prefixes []string
	suffixes []string
	optional bool
	end      bool // the end of the sentence does as well
	gap      int  // so many words of any kind may stand here; then the rest of the item is empty
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
	for _, s := range it.suffixes {
		if strings.HasSuffix(word, s) {
			return true
		}
	}
	return false
}

func newLexicon() *lexicon {
	return &lexicon{
		first: map[string][]*phrase{}, head: map[string][]*phrase{}, tail: map[string][]*phrase{}, dense: map[rune][]denseStart{},
	}
}

// index files a phrase under what its first word may be.
func (l *lexicon) index(p *phrase) {
	file := func(under map[string][]*phrase, key string) {
		if n := len(under[key]); n == 0 || under[key][n-1] != p {
			under[key] = append(under[key], p)
		}
	}
	for _, w := range p.items[0].words {
		file(l.first, w)
	}
	for _, w := range p.items[0].prefixes {
		file(l.head, w[:affix])
	}
	for _, w := range p.items[0].suffixes {
		file(l.tail, w[len(w)-affix:])
	}
}

// passage is a text as the lexicons search it.
type passage struct {
	tokens []token
	dense  string // the text with one form of each character, when it holds scripts without blanks
}

func newPassage(text string, tokens []token) passage {
	p := passage{tokens: tokens}
	if hasDense(tokens) {
		p.dense = plainHan(clip(text, tokens[len(tokens)-1].end))
	}
	return p
}

// find returns every place where a phrase matches, at most one for each first word.
func (l *lexicon) find(text string, tokens []token) []hit {
	if l == nil {
		return nil
	}
	return l.in(newPassage(text, tokens))
}

func (l *lexicon) in(p passage) []hit {
	var out []hit
	for i := range p.tokens {
		if p.tokens[i].cjk {
			continue // such phrases are dense
		}
		if h, ok := l.at(p.tokens, i); ok {
			out = append(out, h)
		}
	}
	if p.dense != "" {
		out = append(out, l.denseIn(p.dense, p.tokens[0].start)...)
	}
	if len(out) == 0 || l.vetoes == nil {
		return out
	}
	vetoed := l.vetoes.in(p)
	return slices.DeleteFunc(out, func(h hit) bool { return h.inside(vetoed) })
}

// at returns the strongest phrase that begins at a token; of equals the longest.
func (l *lexicon) at(tokens []token, i int) (best hit, ok bool) {
	w := tokens[i].word
	best, ok = try(l.first[w], tokens, i, best, ok)
	if len(w) >= affix {
		if len(l.head) > 0 {
			best, ok = try(l.head[w[:affix]], tokens, i, best, ok)
		}
		if len(l.tail) > 0 {
			best, ok = try(l.tail[w[len(w)-affix:]], tokens, i, best, ok)
		}
	}
	return best, ok
}

func try(phrases []*phrase, tokens []token, i int, best hit, ok bool) (hit, bool) {
	for _, p := range phrases {
		if p.atStart && !tokens[i].first {
			continue
		}
		n := p.match(tokens, i, 0)
		if n < 0 {
			continue
		}
		h := hit{tokens[i].start, tokens[n-1].end, p.strength}
		if !ok || h.strength > best.strength || h.strength == best.strength && h.end > best.end {
			best, ok = h, true
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
	case it.gap > 0:
		for skip := range it.gap + 1 {
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
	if it.optional || it.end && k > 0 && !inSentence {
		return p.match(tokens, i, k+1)
	}
	return -1
}

func (h hit) inside(vetoed []hit) bool {
	for _, v := range vetoed {
		if h.start < v.end && v.start < h.end {
			return true
		}
	}
	return false
}
