package richtext

import (
	"html"
	"strings"
)

// HTML returns plain text as HTML that shows it as it is: one div of lines that <br> ends, padding as no-break spaces, tabs in a
// span that keeps them. Bare http and https addresses become links. Text reads it back to the character, for a text of up to 1 MiB of
// valid UTF-8 without NUL and with \n line ends; what is not so is made so first.
//
// Two things rest on marks that a helpdesk's filter may remove: <wbr> keeps white space at the end of a line, second blank lines and no-break
// spaces that look like padding; the span keeps a tab. Without them these become what any reader of HTML makes of them, and nothing
// else is lost. A brace before another one, or before a percent sign, is written as a character reference, so that templates
// ("{{ticket.id}}" in Zendesk) find nothing to fill in.
func HTML(plain string) string {
	plain = clean(plain)
	if plain == "" {
		return ""
	}
	var b strings.Builder
	b.Grow(len(plain) + len(plain)/8 + 32)
	b.WriteString(`<div dir="auto">`)
	inHTML.write(&b, plain)
	b.WriteString("</div>")
	return b.String()
}

const htmlTab = `<span style="white-space:pre">` + "\t</span>"

var inHTML = spacing{
	pad: "&nbsp;", meant: "<wbr>&nbsp;<wbr>", tab: htmlTab, indent: htmlTab, seal: "<wbr>", mark: "<wbr>", newline: "<br>", blank: "<br>",
	word: htmlWord,
}

func htmlWord(b *strings.Builder, line string, from, to int, _ bool) {
	for from < to {
		start, end := findURL(line[from:to])
		escapeHTML(b, line[from:from+start], line[from+start:])
		if start < end {
			url := html.EscapeString(line[from+start : from+end])
			b.WriteString(`<a href="` + url + `">` + url + "</a>")
		}
		from += end
	}
}

// escapeHTML writes s, which rest follows.
func escapeHTML(b *strings.Builder, s, rest string) {
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '"':
			b.WriteString("&#34;")
		case '\'':
			b.WriteString("&#39;")
		case '\f':
			b.WriteString(`<span style="white-space:pre">` + "\f</span>")
		case '{':
			after := byte(0)
			if i+1 < len(s) {
				after = s[i+1]
			} else if rest != "" {
				after = rest[0]
			}
			if after == '{' || after == '%' {
				b.WriteString("&#123;")
			} else {
				b.WriteByte(c)
			}
		default:
			b.WriteByte(c)
		}
	}
}
