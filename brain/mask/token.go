package mask

import (
	"regexp"
	"strings"
	"unicode"
)

// shapesOf are secrets that can be told by their shape. Repetition is bounded, so that no text is read again and again.
var tokenShapes = []struct {
	needs string // a text without it holds none
	re    *regexp.Regexp
}{
	{"PRIVATE KEY", regexp.MustCompile(`-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s:,.-]{0,1000}[A-Za-z0-9+/=\s:,.-]{0,1000}[A-Za-z0-9+/=\s:,.-]{0,1000}`)},
	{"eyJ", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,1000}\.[A-Za-z0-9_-]{5,1000}(?:\.[A-Za-z0-9_-]{0,1000})?`)},
	{"sk", regexp.MustCompile(`\b(?:sk|pk|rk)[-_](?:(?:live|test|proj|ant|or)[-_])?[A-Za-z0-9_-]{6,200}`)},
	{"gh", regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_[A-Za-z0-9_]{16,255})`)},
	{"glpat-", regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{16,64}`)},
	{"xo", regexp.MustCompile(`\bxox[a-z]-[A-Za-z0-9-]{8,255}`)},
	{"xapp-", regexp.MustCompile(`\bxapp-[A-Za-z0-9-]{8,255}`)},
	{"A", regexp.MustCompile(`\b(?:AKIA|ASIA|AROA)[0-9A-Z]{16}\b`)},
	{"AIza", regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{30,40}`)},
	{"ya29.", regexp.MustCompile(`\bya29\.[0-9A-Za-z_-]{20,500}`)},
	{"SG.", regexp.MustCompile(`\bSG\.[0-9A-Za-z_-]{16,64}\.[0-9A-Za-z_-]{16,64}`)},
	{"_", regexp.MustCompile(`\b(?:shp(?:at|ca|pa|ss)|npm|whsec|hf|dop_v1|rpa|pat|pul)_[A-Za-z0-9+/=_-]{16,255}`)},
	{"://", regexp.MustCompile(`://[^\s/:@]{0,64}:([^\s/@]{1,128})@`)},
	{"=", regexp.MustCompile(`(?i)[?&](?:access_?token|api_?key|auth|key|password|passwd|secret|sig|signature|token)=([^\s&#"'<>]{4,500})`)},
}

// said are secrets that the words before them give away. The first group is the secret.
var said = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:bearer|basic)[ \t]{1,4}([A-Za-z0-9._~+/=-]{8,1000})`),
	regexp.MustCompile(`(?i)(?:` + secretWords + `)["']?[ \t]{0,4}[:=][ \t]{0,4}["'“„«]?([^\s"'“”»,;<>]{3,128})`),
	regexp.MustCompile(`(?i)(?:` + codeWords + `)(?:[ \t]{0,3}[:=#-]|[ \t]{1,3}(?:code|number|nummer|is|ist|est|es|è|lautet|war|was))?[ \t]{1,3}(\d{3,8})\b`),
	regexp.MustCompile(`(?i)(?:` + codeWords + `)[:=#](\d{3,8})\b`),
}

// isSaid is like said, but "my password is wrong" gives away nothing: what follows must look like a secret.
var isSaid = regexp.MustCompile(`(?i)(?:` + secretWords + `)[ \t]{1,4}(?:is|was|ist|war|lautet|est|était|es|era|è|is:|ist:|est:|es:|è:|lautet:)[ \t]{1,4}["'“„«]?([^\s"'“”»,;<>]{3,128})`)

const (
	secretWords = `pass ?words?|passwd|\bpwd|pass ?phrase|pass ?code|passwor[dt]e?s?|passwört|kennwort|\bpw|mot de passe|\bmdp|contraseña|\bclave|parola d'ordine|wachtwoord|` +
		`api[ _-]?key|api[ _-]?schlüssel|access[ _-]?key|secret(?:[ _-]?key)?|client[ _-]?secret|auth[ _-]?token|access[ _-]?token|\btoken|private[ _-]?key|密码|パスワード|비밀번호`
	codeWords = `\bcv[vc]2?|\bpin|\btan|\botp|(?:security|verification|sicherheits|prüf|bestätigungs)[ -]?(?:code|nummer|number)`
)

// tokens returns keys, tokens and passwords.
func tokens(text string) [][2]int {
	var out [][2]int
	for _, s := range tokenShapes {
		if strings.Contains(text, s.needs) {
			out = append(out, matches(s.re, text)...)
		}
	}
	for _, re := range said {
		for _, at := range matches(re, text) {
			out = append(out, [2]int{at[0], withoutStop(text, at)})
		}
	}
	for _, at := range matches(isSaid, text) {
		at[1] = withoutStop(text, at)
		quoted := at[0] > 0 && strings.HasSuffix(strings.TrimRight(text[:at[0]], "“„«"), `"`) || strings.HasSuffix(text[:at[0]], "'") ||
			strings.HasSuffix(text[:at[0]], "“") || strings.HasSuffix(text[:at[0]], "„") || strings.HasSuffix(text[:at[0]], "«")
		if quoted || secretive(text[at[0]:at[1]]) {
			out = append(out, at)
		}
	}
	return append(out, dense(text)...)
}

// withoutStop returns the end of a finding without what ends a sentence.
func withoutStop(text string, at [2]int) int {
	return at[0] + max(1, len(strings.TrimRight(text[at[0]:at[1]], ".!?)")))
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
	start, upper, lower, digit := -1, 0, 0, 0
	for i := 0; i <= len(text); i++ {
		in := i < len(text) && (alnum(text[i]) || text[i] == '_' || text[i] == '+' || text[i] == '=' || text[i] == '-')
		if !in {
			if start >= 0 && i-start >= minDense && upper >= 5 && lower >= 5 && digit >= 3 {
				out = append(out, [2]int{start, i})
			}
			start, upper, lower, digit = -1, 0, 0, 0
			continue
		}
		if start < 0 {
			start = i
		}
		switch b := text[i]; {
		case 'A' <= b && b <= 'Z':
			upper++
		case 'a' <= b && b <= 'z':
			lower++
		case '0' <= b && b <= '9':
			digit++
		}
	}
	return out
}
