package escalate

import (
	"strings"
	"unicode"
)

// hasWords reports whether words stand together, whole, in the subject or in what the customer wrote.
func hasWords(c *Content, words string) bool {
	want := fold(words)
	if want == "  " {
		return false
	}
	if strings.Contains(fold(c.Subject), want) {
		return true
	}
	for i := range c.Messages {
		if m := &c.Messages[i]; m.Public && m.Role != RoleAgent && m.Role != RoleBot && strings.Contains(fold(m.Text), want) {
			return true
		}
	}
	return false
}

// fold lower-cases a text and leaves one space between words and at both ends.
func fold(s string) string {
	var b strings.Builder
	b.WriteByte(' ')
	gap := true
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			if !gap {
				b.WriteByte(' ')
			}
			gap = true
			continue
		}
		b.WriteRune(unicode.ToLower(r))
		gap = false
	}
	if !gap {
		b.WriteByte(' ')
	}
	if s := b.String(); s != " " {
		return s
	}
	return "  "
}
