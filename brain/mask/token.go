package mask

import (
	"regexp"
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

// clues are what stands before a secret. After one of the words rest, which begins where the word ends, holds the secret in
// its first group. Texts are looked at from their words on only, so that length alone costs nothing.
var clues = []struct {
	words []string
	rest  *regexp.Regexp
	// sure clues need no look at the secret itself; "my password is wrong" gives away nothing.
	sure bool
}{
	{
		[]string{"?", "&"},
		regexp.MustCompile(`(?i)^(?:access_?token|api_?key|auth|key|password|passwd|secret|sig|signature|token)=([^\s&#"'<>]{4,500})`), true,
	},
	{secretWords, regexp.MustCompile(`^\p{L}{0,2}["']?[ \t]{0,4}[:=][ \t]{0,4}["'“„«]?([^\s"'“”»,;<>]{3,128})`), true},
	{secretWords, regexp.MustCompile(`(?i)^\p{L}{0,2}[ \t]{1,4}(?:is|was|ist|war|lautet|est|était|es|era|è):?[ \t]{1,4}["“„«]([^\s"'“”»,;<>]{3,128})`), true},
	{secretWords, regexp.MustCompile(`(?i)^\p{L}{0,2}[ \t]{1,4}(?:is|was|ist|war|lautet|est|était|es|era|è):?[ \t]{1,4}'?([^\s"'“”»,;<>]{3,128})`), false},
	{codeWords, regexp.MustCompile(`(?i)^2?(?:[ \t]{0,3}[:=#-]|[ \t]{1,3}(?:code|number|nummer|is|ist|est|es|è|lautet|war|was))?[ \t]{0,3}(\d{3,8})\b`), true},
	{[]string{"bearer ", "basic "}, regexp.MustCompile(`^[ \t]{0,3}([A-Za-z0-9._~+/=-]{8,900})`), false},
	{[]string{"://"}, regexp.MustCompile(`^[^\s/:@]{0,64}:([^\s/@]{1,128})@`), true},
	{[]string{"-----begin "}, regexp.MustCompile(`^[A-Z ]{0,20}PRIVATE KEY-----([A-Za-z0-9+/=\s:,-]{1,990}[A-Za-z0-9+/=\s:,-]{0,990}[A-Za-z0-9+/=\s:,-]{0,990}[A-Za-z0-9+/=\s:,-]{0,990})`), true},
	{[]string{"eyj"}, regexp.MustCompile(`^()[A-Za-z0-9_-]{5,900}\.[A-Za-z0-9_-]{5,990}(?:\.[A-Za-z0-9_-]{0,990})?`), true},
}

// A clue's window is how far behind it a secret may end.
const window = 4100

var (
	secretWords = strings.Split("password|pass word|passwd|pwd|pw|passphrase|pass phrase|passcode|pass code|passwort|passwört|kennwort|mot de passe|mdp|"+
		"contraseña|clave|parola d'ordine|wachtwoord|api key|api-key|api_key|apikey|api-schlüssel|access key|access-key|access_key|private key|secret|secret key|secret_key|token|"+
		"密码|密碼|パスワード|비밀번호", "|")
	codeWords = strings.Split("cvv|cvc|pin|tan|otp|security code|verification code|sicherheitscode|prüfnummer|prüfcode|bestätigungscode|code de vérification|código de verificación", "|")
)

// tokens returns keys, tokens and passwords.
func tokens(text string) [][2]int {
	var out [][2]int
	for _, s := range keyShapes {
		out = append(out, keyShape(text, s.prefix, s.least, s.most)...)
	}
	low := lower(text)
	for i := range clues {
		c := &clues[i]
		for _, word := range c.words {
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
				m := c.rest.FindStringSubmatchIndex(text[from:min(len(text), from+window)])
				if m == nil {
					continue
				}
				at := [2]int{from + m[2], from + m[3]}
				if m[2] == m[3] { // what gives it away is part of it
					at = [2]int{start, from + m[1]}
				}
				at[1] = at[0] + max(1, len(strings.TrimRight(text[at[0]:at[1]], ".!?)\n ")))
				if c.sure || secretive(text[at[0]:at[1]]) {
					out = append(out, at)
					from = at[1]
				}
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
