package mask

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a capitalised word of a street's or a town's name; small is one between two such.
const (
	word  = `\p{Lu}[\p{L}'’-]{1,24}\.?`
	place = `\p{Lu}[\p{L}'’-]{1,24}`
	small = `(?:de la|de los|de las|de l['’]|de|du|des|del|della|delle|dei|di|da|la|le|les|l['’]|d['’]|van de|van den|van der|van|von|der|den|und|of|the|y)`
	// town is what may follow: a postal code and a town, or a town and a postal code.
	town = `(?:\s?[,\n]?\s?(?:(?:[A-Z]{1,2}-)?\d{4,5}(?:\s?[A-Z]{2}\b)?\s` + place + `(?:[ -]` + place + `){0,2}|` + word + `(?:[ -]` + word + `){0,2},?\s(?:[A-Z]{2}\s\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\b))?`
)

// streets are addresses as six languages write them: a street and its number, either first.
var streets = []*regexp.Regexp{
	// 221b Baker Street, Apt 4, London NW1 6XE
	regexp.MustCompile(`\b\d{1,5}[A-Za-z]?,?\s(?:(?:North|South|East|West|N|S|E|W)\.?\s)?(?:` + word + `\s|\d{1,3}(?:st|nd|rd|th)\s){1,4}(?:(?:Street|Road|Avenue|Lane|Drive|Boulevard|Court|Way|Square|Terrace|Crescent|Place|Parkway|Highway)\b|(?:St|Rd|Ave|Ln|Dr|Blvd|Ct|Sq|Pkwy|Hwy)\b\.?)` +
		`(?:,?\s(?:Apt|Apartment|Suite|Unit|Flat|#)\.?\s?[A-Za-z0-9]{1,6}\b)?` + town),
	// Am Alten Markt 3, 20095 Hamburg
	regexp.MustCompile(`\b(?:Am|An der|An den|Auf der|Auf dem|Im|In der|Unter den|Zum|Zur|Hinter dem)\s` + word + `(?:\s` + word + `)?\s\d{1,4}[a-z]?,?\s\d{4,5}\s` + place),
	// 12 bis rue de la Paix, 75002 Paris
	regexp.MustCompile(`\b\d{1,4}(?:\s?(?:bis|ter|quater|[A-Da-d]))?,?\s(?i:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|cours|route|square)\s(?:` + small + `\s?){0,2}` + word + `(?:[ -](?:` + small + `[ ]?){0,2}` + word + `){0,3}` + town),
	// Calle Mayor, 12, 28013 Madrid; Via Roma 5, 00184 Roma
	regexp.MustCompile(`(?:\b(?:[Cc]alle|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Cc]amino|[Cc]arrer|[Rr]onda|Via|Viale|Piazza|Corso|Vicolo|Largo|Piazzale|Strada)|\bC/)\s?(?:` + small + `\s){0,2}` + word + `(?:\s(?:` + small + `\s){0,2}` + word + `){0,3},?\s(?:n[.ºo°]{1,2}\s?)?\d{1,4}\b(?:\s?[a-zA-Z]\b)?` + town),
}

// endings are how streets end in German and Dutch, mostly within one word; after them comes the number. Those that are
// common words as well need a word of a street's name before them.
var (
	endings = strings.Split("straße|strasse|str.|gasse|allee|damm|ufer|chaussee|weg|platz|ring|straat|laan|plein|gracht|kade|dijk|singel|steeg|hof", "|")
	house   = regexp.MustCompile(`^\s?\d{1,4}(?:\s?[a-zA-Z]\b|-\d{1,4}\b)?` + town)
)

// addresses returns the street addresses of a text, with the town where it follows.
func addresses(text string) [][2]int {
	if !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	var out [][2]int
	for _, re := range streets {
		for _, at := range matches(re, text) {
			if at[0] == 0 || text[at[0]-1] != ':' { // 16:03 Bristol Parkway is a train
				out = append(out, at)
			}
		}
	}
	low := lower(text)
	for _, ending := range endings {
		for from := 0; ; {
			i := strings.Index(low[from:], ending)
			if i < 0 {
				break
			}
			start := from + i
			from = start + len(ending)
			m := house.FindStringIndex(text[from:min(len(text), from+120)])
			if m == nil {
				continue
			}
			if start, ok := streetStart(text, start, ending); ok {
				out = append(out, [2]int{start, from + m[1]})
			}
		}
	}
	return out
}

// streetStart returns where a street's name begins whose ending begins at start: at its word, or at the capitalised words
// before it. "12 Wege" and "Amazon Ring 2" are no streets.
func streetStart(text string, start int, ending string) (int, bool) {
	own := wordStart(text, start)
	first, _ := utf8.DecodeRuneInString(text[own:])
	begin := own
	for range 2 {
		before := strings.TrimRight(text[:begin], " -")
		if len(before) == begin || begin-len(before) > 1 {
			break
		}
		w := wordStart(text, len(before))
		if r, _ := utf8.DecodeRuneInString(text[w:]); w == len(before) || !unicode.IsUpper(r) {
			break
		}
		begin = w
	}
	street := strings.HasPrefix(ending, "str") || ending == "allee" || ending == "gasse" || ending == "weg"
	switch {
	case start-own >= 2 && (unicode.IsUpper(first) || strings.HasPrefix(ending, "stra") || ending == "str."):
		return begin, true
	case own == start && begin < own && street && unicode.IsUpper(first):
		return begin, true
	}
	return 0, false
}

// wordStart returns where the word that ends at end begins; at most 40 letters and hyphens before it.
func wordStart(text string, end int) int {
	start := end
	for range 40 {
		r, n := utf8.DecodeLastRuneInString(text[:start])
		if n == 0 || !unicode.IsLetter(r) && r != '-' {
			break
		}
		start -= n
	}
	return start
}
