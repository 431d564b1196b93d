package helpdesk

import (
	"strings"
	"unicode/utf8"
)

// Clean drops NUL bytes and invalid UTF-8, which no database column of text takes.
func Clean(s string) string {
	if strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// Clipped keeps what somebody else wrote within an error's bounds.
func Clipped(s string) string { return clip(s, 80) }

// clip shortens a text that comes from outside so that it fits into an error.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
