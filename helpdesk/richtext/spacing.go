package richtext

import (
	"strings"
	"unicode/utf8"
)

// spacing is how a format without room for white space writes it, so that people see it and the format's reader tells it from
// the format's own.
type spacing struct {
	pad     string // a space that would be swallowed, being one of several or the first of a line
	meant   string // a no-break space where one could be taken for padding
	tab     string // a tab beside other white space
	lone    string // a tab between words
	mark    string // what makes a line count that is blank
	end     string // the last space of a line
	endPad  string // the last space of a line that holds nothing else
	endTab  string // the last tab of a line
	newline string // a line's end, between two lines that say something
	blank   string // a line's end before or after a blank line
	word    func(b *strings.Builder, line string, from, to int)
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
	start := 0 // of a word
	before := ' '
	for i, r := range line {
		next := i + utf8.RuneLen(r)
		if !isSpacing(r) {
			before = r
			continue
		}
		if start < i {
			f.word(b, line, start, i)
		}
		start = next
		after, _ := utf8.DecodeRuneInString(line[next:])
		b.WriteString(f.space(line, i, r, before, after))
		before = r
	}
	if start < len(line) {
		f.word(b, line, start, len(line))
	}
}

// space returns one white-space character at i, between two others.
func (f *spacing) space(line string, i int, r, before, after rune) string {
	first, last := i == 0, i+utf8.RuneLen(r) == len(line)
	switch {
	case r == nbsp && (first || last || isSpacing(before) || isSpacing(after)):
		return f.meant
	case r == nbsp:
		return string(nbsp)
	case r == '\t' && last:
		return f.endTab
	case r == '\t' && !first && !isSpacing(before) && !isSpacing(after):
		return f.lone
	case r == '\t':
		return f.tab
	case last && strings.Trim(line, " ") == "":
		return f.endPad
	case last:
		return f.end
	case strings.Trim(line[:i], " ") == "", after == ' ', after == '\t':
		return f.pad
	}
	return " "
}
