package mask

import "strings"

// ibanLength is the length of an account number by country (SWIFT's IBAN registry, release 99).
var ibanLength = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21,
	"CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18,
	"FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
	"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24,
	"ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
	"PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23,
	"ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// ibans returns the account numbers of a text, in groups or not, whose check digits hold.
func ibans(text string) [][2]int {
	var out [][2]int
	for i := 0; i+15 <= len(text); i++ {
		if i > 0 && alnum(text[i-1]) || !alnum(text[i]) {
			continue
		}
		if end := ibanEnd(text, i); end > 0 {
			out = append(out, [2]int{i, end})
			i = end - 1
		}
	}
	return out
}

// ibanEnd returns the end of the account number that begins at start, or 0.
func ibanEnd(text string, start int) int {
	want := ibanLength[strings.ToUpper(text[start:start+2])]
	if want == 0 || !digit(text[start+2]) || !digit(text[start+3]) {
		return 0
	}
	var number []byte
	for i := start; i < len(text); {
		switch b := text[i]; {
		case alnum(b):
			if 'a' <= b {
				b -= 'a' - 'A'
			}
			if number = append(number, b); len(number) == want {
				if i+1 < len(text) && alnum(text[i+1]) || !mod97(number) {
					return 0
				}
				return i + 1
			}
			i++
		case (b == ' ' || b == '-' || b == '.') && i+1 < len(text) && alnum(text[i+1]):
			i++
		case strings.HasPrefix(text[i:], "\u00a0"):
			i += 2
		default:
			return 0
		}
	}
	return 0
}

// mod97 is the check of ISO 13616: the first four characters moved to the end, letters as 10 to 35, leave 1 when divided by 97.
func mod97(number []byte) bool {
	rest := 0
	for i := range number {
		switch b := number[(i+4)%len(number)]; {
		case '0' <= b && b <= '9':
			rest = (rest*10 + int(b-'0')) % 97
		case 'A' <= b && b <= 'Z':
			rest = (rest*100 + int(b-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

func digit(b byte) bool { return '0' <= b && b <= '9' }
