package richtext

import (
	"strconv"
	"strings"
	"unicode"
)

// TextOfWiki returns Jira's wiki markup as readable plain text, in the manner of Text. Emphasis, links and macros that go over a line's
// end are left as they are, but for code and quotes.
func TextOfWiki(s string) string {
	var w wikiReader
	for line := range strings.SplitSeq(clean(s), "\n") {
		w.read(line)
		if w.full {
			break
		}
	}
	return w.String()
}

type wikiReader struct {
	page

	code    string // the macro that ends the code that we are in
	quoting bool
	numbers [maxDepth]int // of the numbered items, by depth
}

// read reads a line.
func (w *wikiReader) read(line string) {
	macro := strings.TrimSpace(line)
	switch {
	case w.code != "" && macro == w.code:
		w.code = ""
		return
	case w.code != "":
		w.word(line)
	case isMacro(macro, "code") || isMacro(macro, "noformat"):
		name, _, _ := strings.Cut(strings.Trim(macro, "{}"), ":")
		w.code = "{" + name + "}"
		return
	case macro == "{quote}":
		w.toggleQuote()
		return
	case line == inWiki.mark:
		w.word("\x00")
	default:
		w.begin(line)
		return
	}
	w.newline()
}

// isMacro says that a line is one macro's opening and nothing else.
func isMacro(line, name string) bool {
	rest, ok := strings.CutPrefix(line, "{"+name)
	if !ok || !strings.HasSuffix(rest, "}") || strings.Count(rest, "}") > 1 {
		return false
	}
	return rest == "}" || rest[0] == ':'
}

func (w *wikiReader) toggleQuote() {
	w.apart(nextBlock)
	w.settle()
	if w.quoting {
		w.at = w.at.up
	} else {
		w.quote()
	}
	w.quoting = !w.quoting
}

// begin reads a line by how it begins: a heading, a quote, a list's item or a table's row.
func (w *wikiReader) begin(line string) {
	begin := strings.TrimLeft(line, " ")
	sign, rest, _ := strings.Cut(begin, " ")
	depth := 0
	switch {
	case strings.HasSuffix(sign, ".") && isHeading(sign[:len(sign)-1]):
		line = rest
	case sign == "bq.":
		w.word("> ")
		line = rest
	case sign != "" && strings.Trim(sign, "*#-") == "" && len(sign) <= maxDepth && rest != "" && !strings.HasPrefix(sign, "--"):
		depth = len(sign)
		w.word(strings.Repeat("  ", depth-1) + w.sign(sign))
		line = rest
	case strings.HasPrefix(begin, "|"):
		line = row(begin)
	}
	clear(w.numbers[depth:])
	wikiLine(line).show(&w.page)
	w.newline()
}

// sign returns what an item of a list begins with.
func (w *wikiReader) sign(s string) string {
	if s[len(s)-1] != '#' {
		return "- "
	}
	n := w.numbers[len(s)-1] + 1
	w.numbers[len(s)-1] = n
	return strconv.Itoa(n) + ". "
}

// row sets the bars of a table's row apart; those of the links in it are no bars of the table.
func row(line string) string {
	var b strings.Builder
	inLink := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line):
			b.WriteByte(c)
			i++
			b.WriteByte(line[i])
		case c == '|' && inLink == 0:
			for i+1 < len(line) && line[i+1] == '|' {
				i++
			}
			if b.Len() > 0 && i+1 < len(line) {
				b.WriteString(" | ")
			}
		default:
			inLink += strings.Count(string(c), "[") - strings.Count(string(c), "]")
			b.WriteByte(c)
		}
	}
	return b.String()
}

func wikiLine(line string) *markup {
	m := &markup{line: line}
	for i := 0; i < len(line); {
		switch line[i] {
		case '\\':
			i = m.wikiEscape(i)
		case '&':
			i = m.entity(i)
		case '{':
			i = m.macro(i)
		case '[':
			i = m.wikiLink(i)
		case '!':
			i = m.wikiImage(i)
		case '*', '_', '-', '+', '^', '~', '?':
			i = m.phrase(i)
		default:
			i++
		}
	}
	return m
}

// wikiEscape reads a backslash: two are a line's end, one before a sign of the markup is not shown.
func (m *markup) wikiEscape(i int) int {
	switch {
	case i+1 == len(m.line):
	case m.line[i+1] == '\\':
		m.cut(i, i+2, "\n")
		return i + 2
	case strings.IndexByte(wikiEscapes, m.line[i+1]) >= 0:
		m.cut(i, i+1, "")
		return i + 2
	}
	return i + 1
}

// macro takes away {{ and }} of what is set in typewriter and the macros that only colour.
func (m *markup) macro(i int) int {
	rest := m.line[i:min(len(m.line), i+maxAddress)]
	if strings.HasPrefix(rest, "{{") {
		if end := strings.Index(rest, "}}"); end > 2 {
			m.cut(i, i+end+2, rest[2:end])
			return i + end + 2
		}
		return i + 2
	}
	end := strings.IndexByte(rest, '}')
	for _, name := range []string{"color", "panel", "noformat", "code", "quote", "anchor"} {
		if end > 0 && isMacro(rest[:end+1], name) {
			m.cut(i, i+end+1, "")
			return i + end + 1
		}
	}
	return i + 1
}

// wikiLink reads [text|address], [address] and [~account].
func (m *markup) wikiLink(i int) int {
	rest := m.line[i+1 : min(len(m.line), i+maxAddress)]
	end := strings.IndexByte(rest, ']')
	if end < 1 {
		return i + 1
	}
	said, href, two := strings.Cut(rest[:end], "|")
	href, _, _ = strings.Cut(href, "|") // what a card looks like may follow
	switch {
	case strings.HasPrefix(said, "~"):
		m.cut(i, i+end+2, "@"+strings.TrimPrefix(said[1:], "accountid:"))
	case strings.HasPrefix(said, "^"):
		m.cut(i, i+end+2, said[1:])
	case two && said == "" || two && sameAddress(said, href):
		m.cut(i, i+end+2, href)
	case two && showable(href) != "":
		m.cut(i, i+end+2, said+" ("+showable(href)+")")
	case showable(said) != "":
		m.cut(i, i+end+2, said)
	default:
		return i + 1
	}
	return i + end + 2
}

// wikiImage reads !file.png! and !file.png|thumbnail!.
func (m *markup) wikiImage(i int) int {
	rest := m.line[i+1 : min(len(m.line), i+maxAddress)]
	end := strings.IndexByte(rest, '!')
	if end < 1 || unicode.IsSpace(rune(rest[0])) || unicode.IsSpace(rune(rest[end-1])) {
		return i + 1
	}
	file, _, _ := strings.Cut(rest[:end], "|")
	if !strings.Contains(file, ".") {
		return i + 1
	}
	m.cut(i, i+end+2, "[image]")
	return i + end + 2
}

// phrase reads a delimiter of emphasis: it stands outside of words, and against one.
func (m *markup) phrase(i int) int {
	end := m.run(i)
	want := 1
	if m.line[i] == '?' {
		want = 2
	}
	if end-i == want {
		before, after := m.beside(i, end)
		m.emphasis(i, end, !isAlnum(before) && !unicode.IsSpace(after), !unicode.IsSpace(before) && !isAlnum(after))
	}
	return end
}
