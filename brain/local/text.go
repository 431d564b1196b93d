package local

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText bounds how much of one message is read, in bytes. Support mail beyond it is pasted logs.
const maxText = 16 << 10

// token is one word as it is compared: lower case, without accents. Start and End are bytes of the original text.
type token struct {
	word       string
	start, end int
	first      bool // first of its sentence
	cjk        bool // one character of a script written without blanks
}

// elided are the words that French and Italian join to the next one by an apostrophe.
var elided = set("l d j n s m c t qu un all dell nell sull dall quest jusqu lorsqu puisqu")

// tokenize returns the words of text. It never fails: what is no letter and no digit separates.
func tokenize(text string) []token {
	out := make([]token, 0, len(text)/5+1)
	first, start := true, -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		for _, w := range split(text[start:end]) {
			out = append(out, token{word: fold(w.text), start: start + w.at, end: start + w.at + len(w.text), first: first})
			first = false
		}
		start = -1
	}
	for i, r := range text {
		switch {
		case isCJK(r):
			flush(i)
			out = append(out, token{word: string(r), start: i, end: i + utf8.RuneLen(r), first: first, cjk: true})
			first = false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && start >= 0:
			if start < 0 {
				start = i
			}
		case (r == '\'' || r == '’') && start >= 0 && letterAt(text, i+utf8.RuneLen(r)):
		default:
			flush(i)
			first = first || strings.ContainsRune(".!?\n。！？…;", r) && !decimal(text, i, r)
		}
	}
	flush(len(text))
	return out
}

type piece struct {
	text string
	at   int
}

// split parts an elided word from the one it leans on: "l'argent" is two words, "don't" is one.
func split(word string) []piece {
	i := strings.IndexAny(word, "'’")
	if i < 0 || !elided[strings.ToLower(word[:i])] {
		return []piece{{word, 0}}
	}
	_, size := utf8.DecodeRuneInString(word[i:])
	if i+size >= len(word) || word[i+size:] == "t" { // "don't" is never elided; "t" alone is a slip of the key
		return []piece{{word, 0}}
	}
	return []piece{{word[:i], 0}, {word[i+size:], i + size}}
}

func letterAt(text string, i int) bool {
	if i >= len(text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r)
}

// decimal reports whether the point at i stands inside a number or a name such as 2.0 or shop.example.
func decimal(text string, i int, r rune) bool {
	if r != '.' || i+1 >= len(text) {
		return false
	}
	n, _ := utf8.DecodeRuneInString(text[i+1:])
	return unicode.IsLetter(n) || unicode.IsDigit(n)
}

func isCJK(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// latin lists letters that do not come apart into a base letter and an accent.
var latin = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'ı': "i", 'đ': "d", 'ð': "d", 'þ': "th"}

// fold lowers a word and takes accents and apostrophes away, because customers do.
func fold(word string) string {
	plain := true
	for i := range len(word) {
		c := word[i]
		if c >= utf8.RuneSelf || c == '\'' || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return word
	}
	var b strings.Builder
	b.Grow(len(word))
	for _, r := range word {
		r = unicode.ToLower(r)
		switch {
		case r == '\'' || r == '’':
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case latin[r] != "":
			b.WriteString(latin[r])
		case r < 0x250 || r >= 0x1e00 && r < 0x1f00 || r >= 0xff00:
			foldRune(&b, r)
		case unicode.Is(unicode.Mn, r) && r < 0x370: // an accent that was written apart
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
}

// set returns the words of a line as a set.
func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// clip returns at most n bytes of text, cut between characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// shorten returns text in at most n characters, cut between words where it can, with an ellipsis when it was cut.
func shorten(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	r := []rune(text)[:n-1]
	if i := strings.LastIndexByte(string(r), ' '); i > len(string(r))*2/3 {
		return strings.TrimRight(string(r)[:i], " ,;:") + "…"
	}
	return string(r) + "…"
}
