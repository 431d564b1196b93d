package richtext

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markup is one line in Markdown or wiki markup on its way to a page: what of it is not shown as it stands. Finding the cuts takes
// one pass, showing the line another, so that nothing is ever read again.
type markup struct {
	line  string
	cuts  []cut
	marks []delimiter // of emphasis, that wait for their end
}

// cut is a piece of a line that is shown otherwise. Where two overlap, the first counts.
type cut struct {
	from, to int
	put      string
	entity   bool // a character reference, which page writes
}

type delimiter struct{ from, to int }

func (m *markup) cut(from, to int, put string) {
	m.cuts = append(m.cuts, cut{from: from, to: to, put: put})
}

// show writes the line.
func (m *markup) show(p *page) {
	slices.SortStableFunc(m.cuts, func(a, b cut) int { return cmp.Compare(a.from, b.from) })
	at := 0
	for _, c := range m.cuts {
		if c.from < at {
			continue
		}
		p.word(m.line[at:c.from])
		if c.entity {
			p.reference(m.line[c.from:])
		} else {
			p.verbatim(c.put)
		}
		at = c.to
	}
	p.word(m.line[at:])
}

// lookUp bounds how many open delimiters a closing one is compared with.
const lookUp = 16

// emphasis takes note of the delimiter at [from, to): it ends the same one before it if it may, or else begins one if it may.
func (m *markup) emphasis(from, to int, opens, closes bool) {
	if closes {
		for i := len(m.marks) - 1; i >= max(0, len(m.marks)-lookUp); i-- {
			d := m.marks[i]
			if m.line[d.from:d.to] == m.line[from:to] && d.to < from {
				m.cut(d.from, d.to, "")
				m.cut(from, to, "")
				m.marks = m.marks[:i]
				return
			}
		}
	}
	if opens {
		m.marks = append(m.marks, delimiter{from, to})
	}
}

// run returns where the run of the character at i ends.
func (m *markup) run(i int) int {
	end := i + 1
	for end < len(m.line) && m.line[end] == m.line[i] {
		end++
	}
	return end
}

// beside returns the characters around [from, to); a space stands for a line's edge.
func (m *markup) beside(from, to int) (before, after rune) {
	before, after = ' ', ' '
	if from > 0 {
		before, _ = utf8.DecodeLastRuneInString(m.line[:from])
	}
	if to < len(m.line) {
		after, _ = utf8.DecodeRuneInString(m.line[to:])
	}
	return before, after
}

// entity takes note of a character reference at i and returns where it ends, or the next place if there is none.
func (m *markup) entity(i int) int {
	n := entity(m.line[i:])
	if n == 0 {
		return i + 1
	}
	m.cuts = append(m.cuts, cut{from: i, to: i + n, entity: true})
	return i + n
}

// seal stands for nothing, at the end of a line that white space ends. A zero-width space of the text's own is never written like this.
const seal = "&#8203;"

// reference writes the character reference that s begins with. White space that is written so is meant.
func (p *page) reference(s string) {
	s = s[:entity(s)]
	switch c := clean(html.UnescapeString(s)); {
	case s == seal:
		p.word("\x00")
	case c == " " || c == "\t":
		p.word("\x00" + c)
	case c == "\u00a0":
		p.word("\x00" + c + "\x00")
	default:
		p.verbatim(c)
	}
}

// entity returns the length of the character reference that s begins with, or 0. Names that nobody knows are none.
func entity(s string) int {
	if s == "" || s[0] != '&' {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), 40)], ';')
	if end < 2 || strings.ContainsFunc(s[1:end], func(r rune) bool { return r != '#' && !isAlnum(r) }) {
		return 0
	}
	if strings.ContainsRune(html.UnescapeString(s[:end+1]), '&') && s[:end+1] != "&amp;" {
		return 0
	}
	return end + 1
}

// around returns the characters beside the one at i; utf8.RuneError stands for none.
func around(line string, i int) (before, after rune) {
	before, _ = utf8.DecodeLastRuneInString(line[:i])
	after, _ = utf8.DecodeRuneInString(line[i+1:])
	return before, after
}

func isAlnum(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

func isPunct(c byte) bool {
	return '!' <= c && c <= '/' || ':' <= c && c <= '@' || '[' <= c && c <= '`' || '{' <= c && c <= '~'
}
