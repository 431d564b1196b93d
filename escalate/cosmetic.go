package escalate

import (
	"slices"
	"strings"
	"unicode"
)

// cosmeticShare is the share of a text's characters below which an edit may count as cosmetic.
const cosmeticShare = 0.05

// Cosmetic reports whether an edit leaves what a draft says as it was, so that sending the draft as it stood would have been
// right: the texts are equal but for case, spaces and punctuation, or fewer than 5 in 100 characters differ (Levenshtein
// distance, against the longer text). An edit that touches a number, an address or a negation never is cosmetic: one digit
// can be the whole error.
func Cosmetic(draft, sent string) bool {
	if !slices.Equal(facts(draft), facts(sent)) {
		return false
	}
	a, b := fold(draft), fold(sent)
	if a == b {
		return true
	}
	x, y := []rune(a), []rune(b)
	longer := max(len(x), len(y))
	most := int(cosmeticShare * float64(longer)) // the largest whole number of changes that is not above the share
	if float64(most) == cosmeticShare*float64(longer) {
		most--
	}
	return within(x, y, most)
}

// facts are the words of a text in which a small change is never small: those with a digit or an address, and negations.
func facts(s string) []string {
	var out []string
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), unicode.IsSpace) {
		word = strings.TrimFunc(word, unicode.IsPunct)
		if strings.ContainsFunc(word, unicode.IsDigit) || strings.ContainsAny(word, "@/") || negations[word] ||
			strings.HasSuffix(word, "n't") || strings.HasSuffix(word, "n’t") || strings.HasPrefix(word, "kein") {
			out = append(out, word)
		}
	}
	return out
}

// negations are the words that turn a sentence round, in the languages that Warmline itself speaks.
var negations = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(`no not never cannot without nicht nie niemals ohne ne pas non jamais sans nunca sin mai
		senza não nao sem niet geen nooit zonder nie nigdy bez`) {
		all[word] = true
	}
	return all
}()

// within reports whether at most so many characters have to be added, left out or replaced to make one text of the other.
// Only the cells that so few changes can reach are looked at, so that two long texts cost no more than they must.
func within(a, b []rune, most int) bool {
	if most < 0 || len(a)-len(b) > most || len(b)-len(a) > most {
		return false
	}
	far := most + 1
	row, next := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = min(j, far)
	}
	for i := 1; i <= len(a); i++ {
		low, high := max(1, i-most), min(len(b), i+most)
		for j := range next {
			next[j] = far
		}
		if i <= most {
			next[0] = i
		}
		for j := low; j <= high; j++ {
			change := row[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			next[j] = min(change, row[j]+1, next[j-1]+1, far)
		}
		row, next = next, row
	}
	return row[len(b)] <= most
}
