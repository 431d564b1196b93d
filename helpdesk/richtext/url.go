package richtext

import (
	"strings"
	"unicode"
)

// findURL returns where the first bare http or https address of a text lies, or len(s) twice. It ends before the punctuation that
// belongs to the sentence around it: "(see https://a.example/b)." holds https://a.example/b.
func findURL(s string) (start, end int) {
	for at := 0; ; {
		n := strings.Index(s[at:], "http")
		if n < 0 {
			return len(s), len(s)
		}
		start = at + n
		at = start + len("http")
		rest := strings.TrimPrefix(s[at:], "s")
		rest, ok := strings.CutPrefix(rest, "://")
		if !ok || rest == "" || !isWordByte(rest[0]) || start > 0 && isWordByte(s[start-1]) {
			continue
		}
		length := strings.IndexFunc(rest, endsURL)
		if length < 0 {
			length = len(rest)
		}
		host := trimURL(rest[:length])
		if host == "" {
			continue
		}
		return start, len(s) - len(rest) + len(host)
	}
}

func isWordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// endsURL also ends at braces and backslashes, which no address holds unescaped and templates do.
func endsURL(r rune) bool {
	return r <= ' ' || strings.ContainsRune("<>\"`{}|\\^", r) || unicode.IsSpace(r) || !unicode.IsPrint(r)
}

func trimURL(s string) string {
	open := strings.Count(s, "(") - strings.Count(s, ")")
	for s != "" {
		last := s[len(s)-1]
		switch {
		case strings.IndexByte(".,;:!?'*_~]", last) >= 0:
		case last == ')' && open < 0:
			open++
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}
