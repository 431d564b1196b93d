package mask

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxName  = 80 // bytes of a name; what is longer is a text that somebody put there
	minPart  = 3  // letters of a part that is masked on its own
	maxNames = 64 // names and parts in all
)

// nameParts returns the names as they are, longest first, and each of their words that is long enough to be one.
func nameParts(names []string) []string {
	var out []string
	add := func(s string, least int) {
		if utf8.RuneCountInString(s) >= least && !slices.Contains(out, s) && len(out) < maxNames {
			out = append(out, s)
		}
	}
	for _, n := range names {
		n = strings.TrimSpace(n)
		if len(n) > maxName || !strings.ContainsFunc(n, unicode.IsLetter) {
			continue
		}
		add(n, 2)
		for _, part := range strings.FieldsFunc(n, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("'’-", r) }) {
			if first, _ := utf8.DecodeRuneInString(part); !unicode.IsLower(first) { // "van", "de la"
				add(part, minPart)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// wholeWords returns every place where a word stands by itself.
func wholeWords(text, word string) [][2]int {
	var out [][2]int
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return out
		}
		start, end := from+i, from+i+len(word)
		if bounded(text, start, end) {
			out = append(out, [2]int{start, end})
		}
		from = end
	}
}
