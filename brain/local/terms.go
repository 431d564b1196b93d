package local

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/russian"
	"github.com/kljensen/snowball/spanish"
	"github.com/kljensen/snowball/swedish"
)

// maxTerms bounds the words of one document or question.
const maxTerms = 400

var stemmers = map[string]func(string, bool) string{
	"en": english.Stem, "fr": french.Stem, "es": spanish.Stem, "ru": russian.Stem, "sv": swedish.Stem,
	"de": light("ern", "en", "er", "em", "es", "e", "n", "s"), "nl": light("en", "es", "e", "n", "s"), "da": light("erne", "en", "er", "et", "e"),
	"it": light("i", "e", "o", "a"), "pt": light("os", "as", "es", "o", "a", "e", "s"),
}

// light takes one inflection off a word, for languages that the snowball package does not know. Four letters stay.
func light(endings ...string) func(string, bool) string {
	return func(word string, _ bool) string {
		for _, e := range endings {
			if s, ok := strings.CutSuffix(word, e); ok && len(s) >= 4 {
				return s
			}
		}
		return word
	}
}

var (
	emails = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	links  = regexp.MustCompile(`(https?://|www\.)[^\s<>"'|]+`)
)

// termCount is a term and how often it occurs, a title's words counting twice.
type termCount struct {
	term string
	n    float32
}

// stemsOf returns the terms of a text in a language, in order, numbers and addresses masked. Characters of scripts without
// blanks are joined by twos.
func stemsOf(text, lang string) []string {
	if strings.ContainsRune(text, '@') {
		text = emails.ReplaceAllString(text, " qmailq ")
	}
	if strings.Contains(text, "://") || strings.Contains(text, "www.") {
		text = links.ReplaceAllString(text, " qlinkq ")
	}
	tokens := tokenize(text)
	if len(tokens) > maxTerms {
		tokens = tokens[:maxTerms]
	}
	stem := stemmers[lang]
	out := make([]string, 0, len(tokens))
	for i, t := range tokens {
		switch {
		case t.cjk:
			if i+1 < len(tokens) && tokens[i+1].cjk && tokens[i+1].start == t.end {
				out = append(out, t.word+tokens[i+1].word)
			} else if i == 0 || !tokens[i-1].cjk || tokens[i-1].end != t.start {
				out = append(out, t.word)
			}
		case strings.ContainsFunc(t.word, unicode.IsDigit):
			out = append(out, maskNumber(t.word))
		case stem != nil && len(t.word) < 40:
			out = append(out, stem(t.word, true))
		default:
			out = append(out, clip(t.word, 40))
		}
	}
	return out
}

// maskNumber keeps short numbers, which name products and errors, and hides long ones, which name one customer's things.
func maskNumber(word string) string {
	digits := 0
	for _, r := range word {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	switch {
	case digits < 5:
		return word
	case digits == len(word):
		return "qnumberq"
	default:
		return "qidq"
	}
}

// countTerms counts terms in the order of the alphabet, so that sums over them come out the same every time.
func countTerms(title, body []string) []termCount {
	all := make([]termCount, 0, len(title)+len(body))
	for _, t := range title {
		all = append(all, termCount{t, 2})
	}
	for _, t := range body {
		all = append(all, termCount{t, 1})
	}
	slices.SortStableFunc(all, func(a, b termCount) int { return strings.Compare(a.term, b.term) })
	out := all[:0]
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].term == t.term {
			out[n-1].n += t.n
		} else {
			out = append(out, t)
		}
	}
	return out
}
