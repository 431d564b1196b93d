package local

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	ibans = regexp.MustCompile(`\b[A-Z]{2}\d{2} ?([A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b`)
	// ibansAny are those in any case; they count where their check digits are right.
	ibansAny = regexp.MustCompile(`(?i)\b[A-Z]{2}\d{2}[ -]?([A-Z0-9]{4}[ -]?){2,7}[A-Z0-9]{1,4}\b`)
	cards    = regexp.MustCompile(`\b\d{4}([ -]?\d{4}){2}[ -]?\d{1,7}\b`)
)

// masked stands where nobody shall read what was written.
const masked = "…"

// hide takes account and card numbers out of a text. They are given, and for nobody to read in a card, a note or a log.
func hide(text string) string {
	if digitsIn(text) < minSecret {
		return text
	}
	text = ibansAny.ReplaceAllStringFunc(text, func(s string) string {
		if ibans.MatchString(s) || isIBAN(s) {
			return masked
		}
		return s
	})
	return cards.ReplaceAllStringFunc(text, func(s string) string {
		if isCard(s) {
			return masked
		}
		return s
	})
}

// minSecret is how many digits the shortest account number has.
const minSecret = 10

// isIBAN checks the check digits of an account number (ISO 13616: modulo 97).
func isIBAN(s string) bool {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	rest := 0
	for _, r := range s[4:] + s[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// isCard reports whether digits are the number of a payment card: grouped by fours, or with a right check digit (ISO/IEC 7812: Luhn) and
// a beginning that cards have.
func isCard(s string) bool {
	if strings.ContainsAny(s, " -") {
		return true
	}
	sum, double := 0, false
	for i := len(s) - 1; i >= 0; i-- {
		d := int(s[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return sum%10 == 0 && strings.ContainsRune("23456", rune(s[0]))
}

func digitsIn(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
