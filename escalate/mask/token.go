package mask

import (
	"strings"
	"unicode"
)

// keyShapes are keys that begin in a way of their own: after the prefix come least to most letters, digits and signs.
var keyShapes = []struct {
	prefix      string
	least, most int
}{
	{"sk-", 12, 255},
	{"sk_", 8, 255},
	{"pk_", 8, 255},
	{"rk_", 8, 255},
	{"sk-live-", 4, 255},
	{"sk-test-", 4, 255},
	{"ghp_", 16, 255},
	{"gho_", 16, 255},
	{"ghu_", 16, 255},
	{"ghs_", 16, 255},
	{"ghr_", 16, 255},
	{"github_pat_", 16, 255},
	{"glpat-", 16, 64},
	{"xoxb-", 8, 255},
	{"xoxp-", 8, 255},
	{"xoxa-", 8, 255},
	{"xoxe-", 8, 255},
	{"xoxs-", 8, 255},
	{"xapp-", 8, 255},
	{"AKIA", 16, 16},
	{"ASIA", 16, 16},
	{"AIza", 30, 40},
	{"ya29.", 20, 500},
	{"SG.", 32, 200},
	{"shpat_", 16, 64},
	{"shpca_", 16, 64},
	{"shppa_", 16, 64},
	{"shpss_", 16, 64},
	{"npm_", 16, 64},
	{"whsec_", 16, 255},
	{"hf_", 16, 64},
	{"dop_v1_", 16, 128},
}

// keyShape returns the keys with a prefix.
func keyShape(text, prefix string, least, most int) [][2]int {
	var out [][2]int
	for from := 0; ; {
		i := strings.Index(text[from:], prefix)
		if i < 0 {
			return out
		}
		start := from + i
		from = start + len(prefix)
		if start > 0 && alnum(text[start-1]) {
			continue
		}
		end := from
		for end < min(len(text), from+most) && (alnum(text[end]) || strings.IndexByte("_-.+/=", text[end]) >= 0) {
			end++
		}
		if end = start + len(strings.TrimRight(text[start:end], "-.")); end-from >= least {
			out = append(out, [2]int{start, end})
			from = end
		}
	}
}

// tokens returns keys, tokens and passwords.
func tokens(text string) [][2]int {
	var out [][2]int
	for _, s := range keyShapes {
		out = append(out, keyShape(text, s.prefix, s.least, s.most)...)
	}
	low := lower(text)
	for i := range clues {
		for _, word := range clues[i].words {
			for from := 0; ; {
				n := strings.Index(low[from:], word)
				if n < 0 {
					break
				}
				start := from + n
				from = start + len(word)
				if len(word) <= 6 && start > 0 && alnum(low[start]) && alnum(low[start-1]) {
					continue // the end of a longer word
				}
				at, ok := clues[i].find(text, start, from)
				if !ok {
					continue
				}
				at[1] = at[0] + max(1, len(strings.TrimRight(text[at[0]:at[1]], ".!?)\n ")))
				out = append(out, at)
				from = at[1]
			}
		}
	}
	return append(out, dense(text)...)
}

// lower makes ASCII letters small and leaves every byte where it is.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// secretive reports whether a word looks like a secret: digits, signs or capitals where words have none.
func secretive(s string) bool {
	for i, r := range s {
		switch {
		case unicode.IsDigit(r), unicode.IsPunct(r) && r != '-' && r != '\'' && r != '’', unicode.IsSymbol(r):
			return true
		case unicode.IsUpper(r) && i > 0 && strings.ToUpper(s) != s:
			return true
		}
	}
	return false
}

const minDense = 40 // characters: longer than any order number, as long as the shortest keys that have no prefix

// dense returns long words of capitals, small letters and digits mixed: encoded bytes that no person reads.
func dense(text string) [][2]int {
	var out [][2]int
	start, upper, small, digit := -1, 0, 0, 0
	for i := 0; i <= len(text); i++ {
		in := i < len(text) && (alnum(text[i]) || strings.IndexByte("_+=-", text[i]) >= 0)
		if !in {
			if start >= 0 && i-start >= minDense && upper >= 5 && small >= 5 && digit >= 3 {
				out = append(out, [2]int{start, i})
			}
			start, upper, small, digit = -1, 0, 0, 0
			continue
		}
		if start < 0 {
			start = i
		}
		switch b := text[i]; {
		case 'A' <= b && b <= 'Z':
			upper++
		case 'a' <= b && b <= 'z':
			small++
		case '0' <= b && b <= '9':
			digit++
		}
	}
	return out
}
