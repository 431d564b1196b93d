package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// group is a run of digits: where it stands, and the digits as values 0 to 9, whatever script they are in.
type group struct {
	start, end int
	digits     []byte
	sep        string // what lies between the group before and this one; "" before the first of a chain
}

// chains returns the runs of digits of a text, those together that only separators part: at most most characters of seps.
func chains(text, seps string, most int) [][]group {
	var out [][]group
	var chain []group
	for i := 0; i < len(text); {
		if _, _, ok := digitAt(text, i); !ok {
			_, n := utf8.DecodeRuneInString(text[i:])
			i += n
			continue
		}
		g := group{start: i}
		for i < len(text) {
			d, n, ok := digitAt(text, i)
			if !ok {
				break
			}
			if len(g.digits) < 40 { // longer is nothing that we know
				g.digits = append(g.digits, d)
			}
			i += n
		}
		g.end = i
		if len(chain) > 0 {
			if sep := text[chain[len(chain)-1].end:g.start]; linked(sep, seps, most) {
				g.sep = sep
			} else {
				out = append(out, chain)
				chain = nil
			}
		}
		chain = append(chain, g)
	}
	if len(chain) > 0 {
		out = append(out, chain)
	}
	return out
}

func linked(sep, seps string, most int) bool {
	if len(sep) > 4*most {
		return false
	}
	n := 0
	for _, r := range sep {
		if n++; !strings.ContainsRune(seps, r) {
			return false
		}
	}
	return n <= most
}

// digitAt returns the value of the digit at i, and its length in bytes. Decimal digits of every script count.
func digitAt(text string, i int) (value byte, n int, ok bool) {
	if b := text[i]; b < utf8.RuneSelf {
		return b - '0', 1, '0' <= b && b <= '9'
	}
	r, n := utf8.DecodeRuneInString(text[i:])
	if !unicode.Is(unicode.Nd, r) {
		return 0, n, false
	}
	below := 0 // Unicode's decimal digits come in runs of ten, in order, some runs behind each other
	for unicode.Is(unicode.Nd, r-rune(below)-1) {
		below++
	}
	return byte(below % 10), n, true
}
