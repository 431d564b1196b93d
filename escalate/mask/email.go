package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of an address's two sides, in bytes (RFC 5321, §4.5.3.1, with room for names that are not ASCII).
const (
	maxLocal  = 320
	maxDomain = 255
)

// emails returns the e-mail addresses of a text.
func emails(text string) [][2]int {
	var out [][2]int
	for at := 0; ; at++ {
		i := strings.IndexByte(text[at:], '@')
		if i < 0 {
			return out
		}
		at += i
		start, end := localStart(text, at), domainEnd(text, at+1)
		if start < at && end > at+1 {
			out = append(out, [2]int{start, end})
		}
	}
}

func localStart(text string, at int) int {
	start := at
	for start > max(0, at-maxLocal) {
		r, n := utf8.DecodeLastRuneInString(text[:start])
		if !mailRune(r) && !strings.ContainsRune("._%+'&=~-", r) {
			break
		}
		start -= n
	}
	for start < at && !alnum(text[start]) && text[start] < utf8.RuneSelf && text[start] != '_' {
		start++
	}
	return start
}

// domainEnd returns the end of the domain at start, or start when there is none: labels, dots, and a last label of letters.
func domainEnd(text string, start int) int {
	end, label, dots, good := start, 0, 0, start
	for end < min(len(text), start+maxDomain) {
		r, n := utf8.DecodeRuneInString(text[end:])
		switch {
		case mailRune(r) || r == '-' && label > 0:
			label++
		case r == '.' && label > 0:
			dots++
			label = 0
		default:
			return good
		}
		end += n
		if dots > 0 && label >= 2 && r != '-' {
			good = end
		}
	}
	return good
}

func mailRune(r rune) bool {
	return r < utf8.RuneSelf && alnum(byte(r)) || r >= utf8.RuneSelf && unicode.Is(unicode.Latin, r)
}
