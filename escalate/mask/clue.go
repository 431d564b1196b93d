package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clues are words that give away what stands behind them. find looks from the end of the word on, which begins at start, and
// returns the secret; it reads a bounded piece, so that no text is read again from every word of it.
var clues = []struct {
	words []string
	find  func(text string, start, from int) (at [2]int, ok bool)
}{
	{[]string{"-----begin "}, privateKey},
	{[]string{"eyj"}, webToken},
	{[]string{"://"}, urlPassword},
	{split("?access_token=|?accesstoken=|?api_key=|?apikey=|?auth=|?key=|?password=|?passwd=|?secret=|?sig=|?signature=|?token=|" +
		"&access_token=|&accesstoken=|&api_key=|&apikey=|&auth=|&key=|&password=|&passwd=|&secret=|&sig=|&signature=|&token="), urlToken},
	{[]string{"bearer ", "basic "}, bearer},
	{split("password|pass word|passwd|pwd|pw|passphrase|pass phrase|passcode|pass code|passwort|passwört|kennwort|mot de passe|mdp|" +
		"contraseña|clave|parola d'ordine|wachtwoord|api key|api-key|api_key|apikey|api-schlüssel|access key|access-key|access_key|private key|" +
		"secret|secret key|secret_key|token|密码|密碼|パスワード|비밀번호"), password},
	{split("cvv|cvc|pin|tan|otp|security code|verification code|sicherheitscode|prüfnummer|prüfcode|bestätigungscode|code de vérification|código de verificación"), code},
}

func split(s string) []string { return strings.Split(s, "|") }

// verbs stand between what a secret is called and the secret.
var verbs = split("is|was|ist|war|lautet|est|était|es|era|è")

const (
	tokenBytes = "._~+/=-_"
	opening    = "\"'“„«"
	maxSecret  = 128 // bytes of a password
)

// run returns the end of the letters, digits and given signs from start on, at most most bytes.
func run(text string, start, most int, signs string) int {
	end := start
	for end < min(len(text), start+most) && (alnum(text[end]) || strings.IndexByte(signs, text[end]) >= 0) {
		end++
	}
	return end
}

// skip returns where the bytes of a set end that begin at i, at most most of them.
func skip(text string, i, most int, set string) int {
	for end := i + most; i < min(len(text), end) && strings.IndexByte(set, text[i]) >= 0; {
		i++
	}
	return i
}

func privateKey(text string, _, from int) (at [2]int, ok bool) {
	const head = "PRIVATE KEY-----"
	i := strings.Index(text[from:min(len(text), from+40)], head)
	if i < 0 {
		return at, false
	}
	start := from + i + len(head)
	return [2]int{start, run(text, start, 4000, "+/= \t\r\n:,-")}, start < len(text)
}

// webToken finds a JSON web token (RFC 7519): two or three pieces with dots between, the first an encoded object.
func webToken(text string, start, from int) (at [2]int, ok bool) {
	first := run(text, from, 1000, "_-")
	if text[start:from] != "eyJ" || first-from < 5 || first >= len(text) || text[first] != '.' {
		return at, false
	}
	end := run(text, first+1, 2000, "_-")
	if end-first < 6 {
		return at, false
	}
	if end < len(text) && text[end] == '.' {
		end = run(text, end+1, 1000, "_-")
	}
	return [2]int{start, end}, true
}

// urlPassword finds the password in scheme://name:password@host.
func urlPassword(text string, _, from int) (at [2]int, ok bool) {
	rest := text[from:min(len(text), from+64+maxSecret)]
	if end := strings.IndexAny(rest, " \t\r\n/"); end >= 0 {
		rest = rest[:end]
	}
	colon, host := strings.IndexByte(rest, ':'), strings.IndexByte(rest, '@')
	return [2]int{from + colon + 1, from + host}, colon >= 0 && host > colon+1
}

func urlToken(text string, _, from int) (at [2]int, ok bool) {
	end := from
	for end < min(len(text), from+500) && strings.IndexByte(" \t\r\n&#\"'<>", text[end]) < 0 {
		end++
	}
	return [2]int{from, whole(text, end)}, end-from >= 4
}

func bearer(text string, _, from int) (at [2]int, ok bool) {
	start := skip(text, from, 3, " \t")
	end := run(text, start, 900, tokenBytes)
	return [2]int{start, end}, end-start >= 8 && secretive(text[start:end])
}

// password finds what is said to be one: "password: x", "my password is x1". "My password is wrong" gives away nothing.
func password(text string, _, from int) (at [2]int, ok bool) {
	start, sure := saidToBe(text, from)
	if start < 0 {
		return at, false
	}
	if r, n := utf8.DecodeRuneInString(text[start:]); strings.ContainsRune(opening, r) {
		start, sure = start+n, true
	}
	end := start
	for end < min(len(text), start+maxSecret) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if unicode.IsSpace(r) || strings.ContainsRune("\"'“”»,;<>", r) {
			break
		}
		end += n
	}
	return [2]int{start, end}, end-start >= 3 && (sure || secretive(strings.TrimRight(text[start:end], ".!?)")))
}

// saidToBe returns where what follows "password:", or "password is", begins, and whether nothing else can be meant; -1 when
// neither is there.
func saidToBe(text string, from int) (start int, sure bool) {
	i := from
	for range 2 { // an ending: passwords, contraseñas
		if r, n := utf8.DecodeRuneInString(text[i:]); unicode.IsLetter(r) {
			i += n
		}
	}
	if j := skip(text, skip(text, i, 1, "\"'"), 4, " \t"); j < len(text) && (text[j] == ':' || text[j] == '=') {
		return skip(text, j+1, 4, " \t"), true
	}
	if j := skip(text, i, 4, " \t"); j > i {
		return afterVerb(text, j), false
	}
	return -1, false
}

// afterVerb returns where what follows "is" begins, or -1.
func afterVerb(text string, i int) int {
	for _, v := range verbs {
		if i+len(v) > len(text) || !strings.EqualFold(text[i:i+len(v)], v) {
			continue
		}
		j := i + len(v)
		if j < len(text) && text[j] == ':' {
			j++
		}
		if k := skip(text, j, 4, " \t"); k > j {
			return k
		}
	}
	return -1
}

// code finds the digits behind the name of a code: "CVV 123", "my pin is 4711". "Error code 500" names none of them.
func code(text string, _, from int) (at [2]int, ok bool) {
	i := skip(text, from, 1, "2")
	i = skip(text, i, 3, " \t")
	for _, w := range []string{"code ", "number ", "nummer "} {
		if i+len(w) <= len(text) && strings.EqualFold(text[i:i+len(w)], w) {
			i += len(w)
		}
	}
	if j := afterVerb(text, i); j >= 0 {
		i = j
	}
	i = skip(text, skip(text, i, 1, ":=#-"), 3, " \t")
	end := i
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	after, _ := utf8.DecodeRuneInString(text[end:])
	return [2]int{i, end}, end-i >= 3 && end-i <= 8 && !inWord(after)
}

// whole moves the end of a bounded piece back to the beginning of a character.
func whole(text string, end int) int {
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}
