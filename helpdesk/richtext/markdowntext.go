package richtext

import (
	"strings"
	"unicode"
)

// TextOfMarkdown returns Markdown as readable plain text: lists, quotes, tables and line ends stay as they are written; emphasis, code
// marks, escapes and the signs of headings are taken away; links and images are shown as Text shows them. Emphasis and links that go over a
// line's end are left as they are.
func TextOfMarkdown(md string) string {
	var p page
	fence := ""
	for line := range strings.SplitSeq(clean(md), "\n") {
		begin := strings.TrimLeft(line, " ")
		switch {
		case fence != "" && strings.TrimRight(begin, " ") == fence:
			fence = ""
			continue
		case fence != "":
			p.word(line)
		case strings.HasPrefix(begin, "```") || strings.HasPrefix(begin, "~~~"):
			fence = begin[:3]
			continue
		case line == inMarkdown.mark:
			p.word("\x00")
		default:
			markdownLine(line, begin).show(&p)
		}
		p.newline()
		if p.full {
			break
		}
	}
	return p.String()
}

// markdownLine reads a line; begin is what follows its spaces.
func markdownLine(line, begin string) *markup {
	m := &markup{line: line}
	indent := len(line) - len(begin)
	if level := len(begin) - len(strings.TrimLeft(begin, "#")); 0 < level && level <= 6 && strings.HasPrefix(begin[level:], " ") {
		m.cut(0, indent+level+1, "")
	}
	if strings.HasPrefix(begin, "* ") || strings.HasPrefix(begin, "+ ") {
		m.cut(indent, indent+1, "-")
	}
	codes := m.codeEnds()
	var brackets []int
	for i := 0; i < len(line); {
		switch line[i] {
		case '\\':
			i = m.escape(i)
		case '&':
			i = m.entity(i)
		case '`':
			i = m.code(i, codes)
		case '*', '_', '~':
			i = m.stars(i)
		case '<':
			i = m.autolink(i)
		case '[':
			brackets = append(brackets, i)
			i++
		case ']':
			i++
			if n := len(brackets); n > 0 {
				i = m.linked(brackets[n-1], i)
				brackets = brackets[:n-1]
			}
		default:
			i++
		}
	}
	return m
}

// escape reads a backslash: at a line's end it is one, before punctuation it is not shown.
func (m *markup) escape(i int) int {
	switch {
	case i+1 == len(m.line):
		m.cut(i, i+1, "")
	case isPunct(m.line[i+1]):
		m.cut(i, i+1, "")
		return i + 2
	}
	return i + 1
}

// codeEnds returns where the last run of so many backticks begins.
func (m *markup) codeEnds() map[int]int {
	var last map[int]int
	for i := 0; i < len(m.line); i++ {
		if m.line[i] != '`' {
			continue
		}
		if last == nil {
			last = map[int]int{}
		}
		end := m.run(i)
		last[end-i] = i
		i = end
	}
	return last
}

// code reads a code span, in which nothing else is read.
func (m *markup) code(i int, last map[int]int) int {
	start := m.run(i)
	ticks := start - i
	if last[ticks] < start {
		return start
	}
	end := start
	for m.line[end] != '`' || m.run(end)-end != ticks {
		if m.line[end] == '`' {
			end = m.run(end)
		} else {
			end++
		}
	}
	said := m.line[start:end]
	if len(said) > 2 && said[0] == ' ' && said[len(said)-1] == ' ' && strings.Trim(said, " ") != "" {
		said = said[1 : len(said)-1]
	}
	m.cut(i, end+ticks, said)
	return end + ticks
}

// stars reads a run of emphasis by CommonMark's rule, in short: what stands against a word on its right may begin it, on its left end it,
// and an underscore does neither inside a word.
func (m *markup) stars(i int) int {
	end := m.run(i)
	before, after := m.beside(i, end)
	opens, closes := !unicode.IsSpace(after), !unicode.IsSpace(before)
	if m.line[i] == '_' {
		opens, closes = opens && !isAlnum(before), closes && !isAlnum(after)
	}
	if end-i <= 3 && (m.line[i] != '~' || end-i == 2) {
		m.emphasis(i, end, opens, closes)
	}
	return end
}

func (m *markup) autolink(i int) int {
	rest := m.line[i+1:]
	end := strings.IndexAny(rest[:min(len(rest), maxAddress)], "> <")
	if end < 0 || rest[end] != '>' || showable(rest[:end]) == "" && !strings.Contains(rest[:end], "@") {
		return i + 1
	}
	m.cut(i, i+end+2, rest[:end])
	return i + end + 2
}

// linked reads what follows the closing bracket before i, the opening one being at open: the address of a link or an image.
func (m *markup) linked(open, i int) int {
	rest := m.line[i:]
	end := strings.IndexByte(rest[:min(len(rest), maxAddress)], ')')
	if end < 0 || rest[0] != '(' {
		return i
	}
	said := m.line[open+1 : i-1]
	href, _, _ := strings.Cut(strings.TrimSpace(rest[1:end]), " ")
	href = strings.Trim(href, "<>")
	if open > 0 && m.line[open-1] == '!' {
		if strings.TrimSpace(said) == "" {
			said = "[image]"
		}
		m.cut(open-1, i+end+1, said)
		return i + end + 1
	}
	m.cut(open, open+1, "")
	if href = showable(href); href == "" || sameAddress(said, href) {
		m.cut(i-1, i+end+1, "")
	} else {
		m.cut(i-1, i+end+1, " ("+href+")")
	}
	return i + end + 1
}
