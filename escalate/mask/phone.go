package mask

import (
	"slices"
	"strings"
	"unicode"
)

const phoneSeps = " -./()\u00a0\u2009\u202f\u2010\u2011\u2013"

// What is written right before a number says what it is; of two words the nearer counts.
var (
	phoneWords = set("tel telephone phone phones call mobile cell cellphone fax whatsapp sms dial telefon telefonnummer tel-nr telefonnr handy handynummer " +
		"mobil mobilnummer mobiltelefon rufnummer rückrufnummer rückruf anrufen téléphone portable appelez appeler joindre teléfono telefono móvil movil celular " +
		"llamar llamarme llámame cellulare chiamare telefoonnummer telefoon mobiel nummer-mobil bellen 电话 手机 電話 携帯")
	otherWords = set("order orders bestellung bestellnummer bestell-nr auftrag auftragsnummer commande pedido ordine bestelling bestelnummer ordernummer " +
		"invoice rechnung rechnungsnummer facture factura fattura factuur ticket case ref reference referenz référence referencia tracking track parcel " +
		"shipment sendung sendungsnummer paket serial seriennummer imei sku isbn ean version article artikel artikelnummer customer kunde kundennummer " +
		"account konto kontonummer vertrag vertragsnummer contract amount betrag total id")
	// fillers may stand between such a word and the number.
	fillers = set("number numbers nummer numéro número numero no nr is was ist war lautet est es è at to on under unter auf au al le la el il me mich us uns it s its my mine meine mein new neue please bitte with the die der")
)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// phones returns the telephone numbers of a text: international ones, national ones as they are written in Europe and North
// America, and any number of 6 to 15 digits that is called one.
func phones(text string) [][2]int {
	var out [][2]int
	for _, chain := range chains(text, phoneSeps, 3) {
		for i := 0; i < len(chain); i++ {
			n := phoneAt(text, chain, i)
			if n == 0 {
				continue
			}
			start := chain[i].start
			for start > 0 && (text[start-1] == '+' || text[start-1] == '(') && (i == 0 || start > chain[i-1].end) {
				start--
			}
			out = append(out, [2]int{start, chain[i+n-1].end})
			i += n - 1
		}
	}
	return out
}

// phoneAt returns how many groups from i on are a telephone number; 0 when none is.
func phoneAt(text string, chain []group, i int) int {
	rest := chain[i:]
	start := rest[0].start
	before := strings.TrimRight(text[max(0, start-4):start], "(")
	if strings.HasSuffix(before, "+") && (i == 0 || strings.Contains(rest[0].sep, "+")) {
		return longest(rest, 7, 15)
	}
	if i > 0 && !beside(chain[i-1], rest[0].sep, i) || isDate(rest) || isVersion(text, rest) {
		return 0
	}
	called, other := calledPhone(text, start)
	switch d := rest[0].digits; {
	case called && i == 0:
		return longest(rest, 6, 15)
	case other, len(d) == 0:
		return 0
	case len(d) > 2 && d[0] == 0 && d[1] == 0 && d[2] != 0:
		return longest(rest, 11, 17)
	case len(d) >= 2 && d[0] == 0 && d[1] != 0:
		return longest(rest, 9, 12)
	default:
		return shaped(rest)
	}
}

// beside reports whether a number may begin after another: "room 12 030 1234567". In the middle of a longer row it may not.
func beside(before group, sep string, i int) bool {
	return i == 1 && len(before.digits) <= 3 && strings.ContainsAny(sep, " \u00a0(")
}

// longest returns how many groups hold the most digits within the bounds; 0 when no number of groups does.
func longest(rest []group, least, most int) int {
	digits, best := 0, 0
	for n := range rest {
		if digits += len(rest[n].digits); digits > most {
			break
		}
		if digits >= least {
			best = n + 1
		}
	}
	return best
}

// shapes are national numbers without a leading zero, told by the sizes of their groups alone: North America, Spain, Italy.
var shapes = []struct {
	sizes []int
	first string // of the first group, or of the second where the first is a trunk prefix
	seps  string
}{
	{[]int{3, 3, 4}, "23456789", phoneSeps},
	{[]int{1, 3, 3, 4}, "1", phoneSeps},
	{[]int{3, 3, 3}, "6789", " -\u00a0"},
	{[]int{3, 2, 2, 2}, "6789", " -\u00a0"},
	{[]int{2, 3, 2, 2}, "89", " -\u00a0"},
	{[]int{3, 3, 2, 2}, "3", " -\u00a0"},
}

func shaped(rest []group) int {
	for _, s := range shapes {
		if len(rest) < len(s.sizes) || !strings.ContainsRune(s.first, rune('0'+rest[0].digits[0])) {
			continue
		}
		fits := true
		for n, size := range s.sizes {
			fits = fits && len(rest[n].digits) == size && (n == 0 || linked(rest[n].sep, s.seps, 2))
		}
		if fits {
			return len(s.sizes)
		}
	}
	return 0
}

// isDate reports whether the groups begin with a date: 27.11.2026, 11/27/26, 2026-11-27. A fourth group after the same
// separator makes it something else.
func isDate(rest []group) bool {
	if len(rest) < 3 || rest[1].sep != rest[2].sep || !slices.Contains([]string{".", "/", "-"}, rest[1].sep) {
		return false
	}
	if len(rest) > 3 && rest[3].sep == rest[1].sep {
		return false
	}
	a, b, c := len(rest[0].digits), len(rest[1].digits), len(rest[2].digits)
	return a <= 2 && b <= 2 && (c == 4 || c == 2) || a == 4 && b <= 2 && c <= 2
}

// isVersion reports whether the groups are a version or an address of the internet: short, parted by dots, and behind a v or
// four in all. A number of pairs with a leading zero, as in France, is neither.
func isVersion(text string, rest []group) bool {
	if start := rest[0].start; start > 0 && (text[start-1] == 'v' || text[start-1] == 'V' || text[start-1] == '#') {
		return true
	}
	n := 1
	for n < len(rest) && rest[n].sep == "." && len(rest[n].digits) <= 3 {
		n++
	}
	return n == 4 && len(rest[0].digits) <= 3 && rest[0].digits[0] != 0
}

// calledPhone reads the few words before a number on its line.
func calledPhone(text string, start int) (phone, other bool) {
	before := text[max(0, start-48):start]
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		before = before[i:]
	}
	words := strings.FieldsFunc(strings.ToLower(before), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '-'
	})
	for n := len(words) - 1; n >= max(0, len(words)-5); n-- {
		switch w := strings.Trim(words[n], "-"); {
		case phoneWords[w] || strings.HasSuffix(w, "电话") || strings.HasSuffix(w, "電話") || strings.HasSuffix(w, "手机"):
			return true, false
		case otherWords[w]:
			return false, true
		case !fillers[w]:
			n = -1
		}
	}
	return false, strings.HasSuffix(strings.TrimSpace(before), "#")
}
