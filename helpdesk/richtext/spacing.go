package richtext

import (
	"strings"
	"unicode/utf8"
)

// spacing is how a format without room for white space writes it, so that people see it and the format's reader tells it from
// the format's own.
type spacing struct {
	pad     string // a space that would be swallowed, being the first of a line or not the first of several
	meant   string // a no-break space where one could be taken for padding
	tab     string // a tab after a word
	indent  string // a tab that only white space precedes
	seal    string // what follows the white space at a line's end, lest it be trimmed
	mark    string // what makes a line count that is blank
	newline string // a line's end, between two lines that say something
	blank   string // a line's end before or after a blank line
	word    func(b *strings.Builder, line string, from, to int, first bool)
}

// write writes a text. What is not white space goes through word, piece by piece, with its line around it.
func (f *spacing) write(b *strings.Builder, text string) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i > 0 {
			if line == "" || lines[i-1] == "" {
				b.WriteString(f.blank)
			} else {
				b.WriteString(f.newline)
			}
		}
		if line == "" && (i == 0 || i == len(lines)-1 || lines[i-1] == "") {
			b.WriteString(f.mark)
		}
		f.line(b, line)
	}
}

func (f *spacing) line(b *strings.Builder, line string) {
	start := 0    // of a word
	first := true // no word has been before
	before := ' '
	for i, r := range line {
		next := i + utf8.RuneLen(r)
		if !isSpacing(r) {
			before = r
			continue
		}
		if start < i {
			f.word(b, line, start, i, first)
			first = false
		}
		start = next
		after, _ := utf8.DecodeRuneInString(line[next:])
		b.WriteString(f.space(r, before, after, i == 0, first))
		first = first && r != nbsp
		before = r
	}
	if start < len(line) {
		f.word(b, line, start, len(line), first)
	} else if isSpacing(before) && line != "" {
		b.WriteString(f.seal)
	}
}

// space returns one white-space character between two others: the one that begins its line (edge) or one that no word is before in its line
// (leading). The first space after a word stays one, so that it is not taken for a part of an address that it ends.
func (f *spacing) space(r, before, after rune, edge, leading bool) string {
	switch {
	case r == nbsp && !edge && after != utf8.RuneError && !isSpacing(before) && !isSpacing(after):
		return string(nbsp)
	case r == nbsp:
		return f.meant
	case r == '\t' && leading:
		return f.indent
	case r == '\t':
		return f.tab
	case leading, before == ' ', before == '\t':
		return f.pad
	}
	return " "
}
