package richtext

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// container is a quote or a list item: what its first line begins with, and what all others do.
type container struct {
	up          *container
	first, rest string
	depth       int
	used        bool
}

// begin returns what a line in c begins with. Only the first line that says something has a list's sign.
func (c *container) begin(says bool) string {
	if c == nil {
		return ""
	}
	sign := c.rest
	if says && !c.used {
		c.used, sign = true, c.first
	}
	return c.up.begin(says) + sign
}

// common returns the innermost container that both lie in.
func common(a, b *container) *container {
	for a != b {
		if b == nil || a != nil && a.depth >= b.depth {
			a = a.up
		} else {
			b = b.up
		}
	}
	return a
}

// tidy finishes a line, and says whether it counts even if it is empty.
func tidy(line []byte) (text string, hard bool) {
	if end := bytes.TrimRight(line, " \t\u00a0"); len(end) < len(line) {
		line = end
	}
	hard = bytes.IndexByte(line, mark) >= 0
	if !hard && !bytes.ContainsRune(line, nbsp) {
		return string(line), false
	}
	var b strings.Builder
	before := ' ' // the edge of a line is like a space
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		i += size
		after := ' '
		if i < len(line) {
			after, _ = utf8.DecodeRune(line[i:])
		}
		switch {
		case r == mark:
		case r == nbsp && (isSpacing(before) || isSpacing(after)):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String(), hard
}

// isSpacing says that a no-break space beside r only pads. One that stands alone between two words is meant, as in "5 €".
func isSpacing(r rune) bool { return r == ' ' || r == '\t' || r == nbsp }

// clean makes a text one that all formats can hold: valid UTF-8 without NUL, its lines ended by \n.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	if strings.ContainsAny(s, "\r\x00") {
		s = strings.NewReplacer("\x00", "", "\r\n", "\n", "\r", "\n").Replace(s)
	}
	return s
}
