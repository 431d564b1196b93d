package mask

import (
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// standIn is what stands for a value. A text that holds one of its own would be restored to something else, so it is
// masked like a value.
var standIn = regexp.MustCompile(`\[[A-Z]{4,7}_[1-9][0-9]{0,8}\]`)

// finders look for one kind each, in the order in which they may take what others would take too.
var finders = []struct {
	kind Kinds
	find func(text string) [][2]int
}{
	{literal, func(text string) [][2]int { return matches(standIn, text) }},
	{Tokens, tokens},
	{IBANs, ibans},
	{Cards, cards},
	{Emails, emails},
	{Addresses, addresses},
	{Phones, phones},
}

// Find returns what a text holds of the given kinds, in order and without overlap. Names are found by a Vault only.
func Find(text string, kinds Kinds) []Span {
	return find(text, kinds&^literal, nil)
}

func find(text string, kinds Kinds, names []string) []Span {
	taken := make([]bool, len(text)) // whose first or last byte, or any between, is in a span already
	var out []Span
	add := func(kind Kinds, at [2]int) {
		for i := at[0]; i < at[1]; i++ {
			if taken[i] {
				return
			}
		}
		for i := at[0]; i < at[1]; i++ {
			taken[i] = true
		}
		if at[0] < at[1] {
			out = append(out, Span{at[0], at[1], kind})
		}
	}
	for _, at := range matches(shaded, text) { // hidden already
		for i := at[0]; i < at[1]; i++ {
			taken[i] = true
		}
	}
	for _, f := range finders {
		if kinds&f.kind == 0 {
			continue
		}
		for _, at := range f.find(text) {
			add(f.kind, at)
		}
	}
	if kinds&Names != 0 {
		for _, name := range names {
			for _, at := range wholeWords(text, name) {
				add(Names, at)
			}
		}
	}
	slices.SortFunc(out, func(a, b Span) int { return a.Start - b.Start })
	return out
}

// matches returns where an expression matches: its first group where it has one, else the whole.
func matches(re *regexp.Regexp, text string) [][2]int {
	var out [][2]int
	for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
		if len(at) > 2 {
			at = at[2:]
		}
		if at[0] >= 0 {
			out = append(out, [2]int{at[0], at[1]})
		}
	}
	return out
}

// bounded reports whether the bytes from start to end of a text stand for themselves: no letter or digit of theirs goes on
// outside. Where words have no blanks between them, as in Chinese, only Latin letters and digits go on.
func bounded(text string, start, end int) bool {
	first, _ := utf8.DecodeRuneInString(text[start:end])
	last, _ := utf8.DecodeLastRuneInString(text[start:end])
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return (!inWord(first) || !inWord(before)) && (!inWord(last) || !inWord(after))
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

// alnum reports whether a byte is an ASCII letter or digit.
func alnum(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
