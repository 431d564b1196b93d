package richtext

import (
	"strings"
	"unicode/utf8"
)

// Wiki returns plain text as Jira's wiki markup that shows it as it is: what would be markup, a mention or an emoticon is
// escaped with a backslash where Jira's renderer takes one, and by a character reference where not. Padding is no-break spaces.
// TextOfWiki reads it back to the character, for a text that HTML could hold too. Jira still makes links of addresses and of what
// looks like an issue's key.
func Wiki(plain string) string {
	var b strings.Builder
	inWiki.write(&b, clean(plain))
	return b.String()
}

var inWiki = spacing{
	pad: "\u00a0", meant: "&nbsp;", tab: "\t", indent: "&#9;", seal: seal, mark: "\u00a0", newline: "\n", blank: "\n",
	word: wikiWord,
}

// wikiEscapes are the characters before which the renderer of Jira (BackslashEscapeRendererComponent) takes a backslash away.
const wikiEscapes = "#![]^~+?%{}()*_-|@"

func wikiWord(b *strings.Builder, line string, from, to int, first bool) {
	for i := from; i < to; i++ {
		c := line[i]
		switch {
		case c >= utf8.RuneSelf || !actsInWiki(line, i, from, first):
			b.WriteByte(c)
		case strings.IndexByte(wikiEscapes, c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteString(wikiReference[c])
		}
	}
}

// wikiReference is for what no backslash helps: two of them are a line's end, for one.
var wikiReference = map[byte]string{'\\': "&#92;", '&': "&amp;", ':': "&#58;", '.': "&#46;"}

// actsInWiki says whether the character at i of the word that begins at from could be markup; first, that the word begins its line.
func actsInWiki(line string, i, from int, first bool) bool {
	before, after := around(line, i)
	switch c := line[i]; c {
	case '\\', '{', '}', '[', ']', '(', ')', '|', '*', '^', '~', '!':
		return true
	case '_', '+', '-':
		return !isAlnum(before) || !isAlnum(after)
	case '?':
		return before == '?' || after == '?'
	case '@':
		return !isAlnum(before)
	case '&':
		return entity(line[i:]) > 0
	case '#':
		return first && i == from
	case ':':
		return after == 'D' || after == 'P' || after == 'p'
	case '.':
		word := line[from:i]
		return first && (word == "bq" || isHeading(word))
	}
	return false
}

func isHeading(word string) bool {
	return len(word) == 2 && word[0] == 'h' && '1' <= word[1] && word[1] <= '6'
}
