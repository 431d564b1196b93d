package mask

import (
	"regexp"
	"strings"
)

// Redact hides what it finds from people who have no need of it, and says what stood there: "[card …1111]". The last four
// digits stay, by which those who know a card or an account tell it from others. To redact again changes nothing.
func Redact(text string, kinds Kinds) string {
	for range 10 { // what is hidden may lay bare its neighbour
		spans := Find(text, kinds)
		if len(spans) == 0 {
			break
		}
		text = redact(text, spans)
	}
	return text
}

func redact(text string, spans []Span) string {
	var b strings.Builder
	done := 0
	for _, s := range spans {
		b.WriteString(text[done:s.Start])
		b.WriteString(shade(s.Kind, text[s.Start:s.End]))
		done = s.End
	}
	b.WriteString(text[done:])
	return b.String()
}

// shaded is what Redact puts in the place of a value.
var shaded = regexp.MustCompile(`\[(?:card|account) …[0-9A-Za-z]{0,4}\]|\[(?:secret|e-mail|address|phone) hidden\]`)

// shades names what is hidden of each kind.
var shades = map[Kinds]string{Tokens: "secret", IBANs: "account", Cards: "card", Emails: "e-mail", Addresses: "address", Phones: "phone"}

func shade(kind Kinds, value string) string {
	if kind != Cards && kind != IBANs {
		return "[" + shades[kind] + " hidden]"
	}
	var last []byte
	for i := len(value) - 1; i >= 0 && len(last) < 4; i-- {
		if c := value[i]; alnum(c) {
			last = append([]byte{c}, last...)
		}
	}
	return "[" + shades[kind] + " …" + string(last) + "]"
}

// Holds reports whether a text holds anything of the given kinds.
func Holds(text string, kinds Kinds) bool { return len(Find(text, kinds)) > 0 }
