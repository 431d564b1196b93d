package learn

import (
	"slices"
	"unicode/utf8"
)

// Bounds of a letter group, in characters, and of the parts of one text that count.
const (
	minLetters = 2
	maxLetters = 4
	maxWords   = 400
)

// Grams are the parts of one text by which it is compared: its words and pairs of words, and the groups of two to four letters
// inside each word with its edges. Parts are 64-bit FNV-1a hashes, each once, in ascending order within their block.
type Grams struct {
	hash  []uint64
	n     []uint8 // how often, 255 at most
	words int     // the first so many are words and pairs
}

// Empty reports whether there is nothing to compare by.
func (g *Grams) Empty() bool { return len(g.hash) == 0 }

// FNV-1a's constants (Fowler, Noll, Vo).
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func mix(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// Read takes a text's words in order, already folded to the form in which they are compared. Of a text with more than 400
// words the first count.
func Read(words []string) Grams {
	words = words[:min(len(words), maxWords)]
	all := make([]uint64, 0, 16*len(words))
	for i, w := range words {
		h := wordHash(w)
		all = append(all, h)
		if i+1 < len(words) {
			all = append(all, pairHash(h, words[i+1]))
		}
	}
	g := Grams{}
	g.add(all)
	g.words = len(g.hash)
	all = all[:0]
	for _, w := range words {
		all = letters(all, w)
	}
	g.add(all)
	return g
}

func wordHash(w string) uint64 {
	const wordBlock = "w"
	return mix(mix(fnvOffset, wordBlock), w)
}

// pairHash is the hash of a pair, from that of its first word.
func pairHash(first uint64, second string) uint64 {
	const pairMark = 0
	return mix((first^pairMark)*fnvPrime, second)
}

// letters appends the letter groups of a word with a blank at either end, as in scikit-learn's analyzer char_wb.
func letters(to []uint64, word string) []uint64 {
	const letterBlock = 'c'
	start := mix(fnvOffset, string(rune(letterBlock)))
	padded := " " + word + " "
	for i := 0; i < len(padded); {
		h, at := start, i
		for n := 1; n <= maxLetters && at < len(padded); n++ {
			_, size := utf8.DecodeRuneInString(padded[at:])
			h = mix(h, padded[at:at+size])
			at += size
			if n >= minLetters {
				to = append(to, h)
			}
		}
		_, size := utf8.DecodeRuneInString(padded[i:])
		i += size
	}
	return to
}

// add counts a block's hashes. It reorders them.
func (g *Grams) add(all []uint64) {
	slices.Sort(all)
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		g.hash = append(g.hash, all[i])
		g.n = append(g.n, uint8(min(j-i, 255)))
		i = j
	}
}
