package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Markdown returns plain text as Markdown that shows it as it is: what would be markup, a mention or an emoji's name is escaped as
// CommonMark has it, a line's end is two spaces before it, padding is no-break spaces. Front does not publish which Markdown its
// comments are; where that knows no escapes, backslashes show and nothing is lost. TextOfMarkdown reads it back to the character, for a text
// that HTML could hold too.
func Markdown(plain string) string {
	var b strings.Builder
	inMarkdown.write(&b, clean(plain))
	return b.String()
}

var inMarkdown = spacing{
	pad: "\u00a0", meant: "&nbsp;", tab: "\t", indent: "&#9;", seal: seal, mark: "\u00a0", newline: "  \n", blank: "\n",
	word: markdownWord,
}

func markdownWord(b *strings.Builder, line string, from, to int, first bool) {
	for i := from; i < to; i++ {
		number := first && (line[i] == '.' || line[i] == ')') && isNumber(line[from:i])
		if line[i] < utf8.RuneSelf && (number || actsInMarkdown(line, i, first && i == from)) {
			b.WriteByte('\\')
		}
		b.WriteByte(line[i])
	}
}

// actsInMarkdown says whether the character at i could be markup; opens, that it begins its line.
func actsInMarkdown(line string, i int, opens bool) bool {
	before, after := around(line, i)
	switch c := line[i]; c {
	case '\\', '`', '*', '[', ']', '<', '|', '~':
		return true
	case '_':
		return !isAlnum(before) || !isAlnum(after)
	case '&':
		return entity(line[i:]) > 0
	case '#', '>', '=':
		return opens
	case '-', '+':
		return opens || after == rune(c) || before == rune(c)
	case '@':
		return !isAlnum(before) && isAlnum(after)
	case ':':
		return namesEmoji(line[i+1:]) || !isAlnum(before) && after != utf8.RuneError && !unicode.IsSpace(after)
	}
	return false
}

// namesEmoji says that s goes on as ":smile:" does after its first colon.
func namesEmoji(s string) bool {
	end := strings.IndexByte(s[:min(len(s), 40)], ':')
	return end > 0 && !strings.ContainsFunc(s[:end], func(r rune) bool { return r != '_' && r != '-' && r != '+' && !isAlnum(r) })
}

// isNumber says that a word's beginning is the number of a list's item: nine digits at most.
func isNumber(s string) bool { return 0 < len(s) && len(s) < 10 && strings.Trim(s, "0123456789") == "" }
