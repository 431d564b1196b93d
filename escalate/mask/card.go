package mask

// Separators that people put between the groups of a card or account number.
const numberSeps = " -.\u00a0\u2009\u202f\u2010\u2011\u2013"

// cards returns the payment cards of a text: 13 to 19 digits in groups of any size, with a known issuer, that pass Luhn's
// check. A number that follows, such as an expiry date, does not hide one.
func cards(text string) [][2]int {
	var out [][2]int
	for _, chain := range chains(text, numberSeps, 2) {
		for i := 0; i < len(chain); i++ {
			if n := cardAt(chain[i:]); n > 0 {
				out = append(out, [2]int{chain[i].start, chain[i+n-1].end})
				i += n - 1
			}
		}
	}
	return out
}

// cardAt returns how many groups from the first on are a card; 0 when none is.
func cardAt(chain []group) int {
	var digits []byte
	for n, g := range chain {
		if digits = append(digits, g.digits...); len(digits) > 19 {
			return 0
		}
		if n == 0 && len(g.digits) < 2 {
			return 0
		}
		if len(digits) >= 13 && issued(digits) && luhn(digits) {
			return n + 1
		}
	}
	return 0
}

// luhn is the check of ISO/IEC 7812-1, annex B.
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		v := int(d)
		if (len(digits)-i)%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// issued reports whether a card's first digits and its length are some issuer's: Visa, Mastercard, American Express, Diners
// Club, JCB, Discover, UnionPay, Maestro. One in ten numbers passes Luhn by chance; few of those begin like a card.
func issued(d []byte) bool {
	two := int(d[0])*10 + int(d[1])
	four := two*100 + int(d[2])*10 + int(d[3])
	n := len(d)
	switch {
	case d[0] == 4:
		return n == 13 || n == 16 || n == 18 || n == 19
	case 51 <= two && two <= 55, 2221 <= four && four <= 2720:
		return n == 16
	case two == 34, two == 37:
		return n == 15
	case two == 36, two == 38, two == 39, 3000 <= four && four <= 3059:
		return n == 14 || n == 16
	case 3528 <= four && four <= 3589:
		return n >= 16
	case two == 50, 56 <= two && two <= 69:
		return n >= 13
	}
	return false
}
