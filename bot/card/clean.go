package card

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"warmline/escalate/mask"
)

// Clean makes a text fit to be shown: what Strip leaves of it, without card and account numbers and keys. Those who work on the
// ticket see them in the helpdesk, or when they ask for them and it is logged.
func Clean(s string) string { return mask.Redact(Strip(s), mask.Secrets) }

// Strip removes what nobody can see but a machine would read: control and format characters (bidirectional overrides,
// zero-width characters, tags), variation selectors, blank letters and invalid UTF-8. Line ends become "\n", tabs stay.
func Strip(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\n', r == '\t':
			return r
		case invisible(r):
			return -1
		}
		return r
	}, s)
}

// invisible reports whether a rune draws nothing. The format characters (Cf) hold the bidirectional controls, the
// zero-width ones and U+E0000–E007F; the letters listed are blank in every font.
func invisible(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector) || r >= 0xE0000 && r <= 0xE0FFF
}

// Hides reports whether a text holds characters that Strip removes and that could carry a message past the reader: a
// draft with such cannot be approved by eye. One joiner or emoji variation selector after a visible character is
// ordinary writing.
func Hides(s string) bool {
	seen := false // the rune before was visible
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return true
		}
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
			seen = false
		case !invisible(r):
			seen = true
		case seen && (r == 0x200C || r == 0x200D || r == 0xFE0E || r == 0xFE0F || r == 0x00AD):
			seen = r == 0xFE0F // "❤️‍🔥" is a heart, a selector, a joiner and a fire
		default:
			return true
		}
	}
	return false
}

// cost is what a text counts against Slack's limits: UTF-16 units, with & < > as long as their escapes.
func cost(s string) int {
	n := 0
	for _, r := range s {
		n += runeCost(r)
	}
	return n
}

func runeCost(r rune) int {
	switch {
	case r == '&':
		return len("&amp;")
	case r == '<', r == '>':
		return len("&lt;")
	case r > 0xFFFF:
		return 2
	}
	return 1
}

// Cut cleans a text and shortens it between graphemes to at most n counted characters. When something was cut, it ends
// in "…" and the second result says how many characters are missing.
func Cut(s string, n int) (string, int) { return cut(Clean(s), n) }

// cut is Cut for a text that is clean already.
func cut(s string, n int) (string, int) {
	if cost(s) <= n {
		return s, 0
	}
	at := prefix(s, n-1)
	return s[:at] + "…", utf8.RuneCountInString(s[at:])
}

// prefix returns the length in bytes of the longest run of whole graphemes that costs at most n.
func prefix(s string, n int) int {
	spent, end := 0, 0
	for g := graphemes.FromString(s); g.Next(); {
		spent += cost(g.Value())
		if spent > n {
			break
		}
		end = g.End()
	}
	return end
}

// line is Cut on one line: what stands in a sentence of ours. Of a long text only the beginning is looked at.
func line(s string, n int) string {
	more := ""
	if most := 16*n + 1000; len(s) > most {
		s, more = s[:most], "…"
	}
	s, missing := cut(strings.Join(strings.Fields(Clean(s)), " "), n-len(more)/3)
	if missing > 0 {
		return s
	}
	return s + more
}

// chunks splits a cleaned text into pieces of at most n counted characters, at line ends where there are any. Joining
// them gives the text back, save for a grapheme that alone is larger than n, which is split.
func chunks(s string, n int) []string {
	var out []string
	for cost(s) > n {
		at := prefix(s, n)
		if nl := strings.LastIndexByte(s[:at], '\n'); nl > at/2 {
			at = nl + 1
		}
		if at == 0 { // one grapheme of thousands of marks: no font draws it whole
			at = runes(s, n)
		}
		out, s = append(out, s[:at]), s[at:]
	}
	if s != "" {
		out = append(out, s)
	}
	return out
}

// runes returns the length in bytes of the longest run of whole runes that costs at most n.
func runes(s string, n int) int {
	spent := 0
	for i, r := range s {
		if spent += runeCost(r); spent > n {
			return i
		}
	}
	return len(s)
}

// address finds what a client might turn into a link: anything with a scheme, e-mail addresses, bare host names.
var address = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]{1,20}://\S+|\b(?:mailto|tel|javascript|data):\S+|` +
	`[^\s@<>()"']+@[^\s@<>()"']+\.[^\s@<>()"']+|(?:[\pL\pN-]+\.)+\pL{2,24}(?:[:/?#]\S*)?`)

// defang writes addresses so that no client links them. It is for the fallback text alone, where nothing is sent from.
func defang(s string) string {
	return address.ReplaceAllStringFunc(s, func(a string) string {
		return strings.NewReplacer("://", "[:]//", ".", "[.]", "@", "[at]").Replace(a)
	})
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
