package mask

import (
	"regexp"
	"strings"
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
	regexp.MustCompile(`\b\d{1,5}[A-Za-z]?,?\s(?:(?:North|South|East|West|N|S|E|W)\.?\s)?(?:` + word + `\s|\d{1,3}(?:st|nd|rd|th)\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Square|Sq|Terrace|Crescent|Place|Parkway|Pkwy|Highway|Hwy)\b\.?` +
		`(?:,?\s(?:Apt|Apartment|Suite|Unit|Flat|#)\.?\s?[A-Za-z0-9]{1,6}\b)?` + town),
	// Lindenstraße 12a, 10969 Berlin; Am Alten Markt 3, 20095 Hamburg
	regexp.MustCompile(`(?:\b` + word + `[ -]){0,2}\b\p{Lu}?[\p{L}-]{0,30}(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Rr]ing|[Dd]amm|[Uu]fer|[Cc]haussee)\s?\d{1,4}(?:\s?[a-z]\b)?` + town),
	regexp.MustCompile(`\b(?:Am|An der|An den|Auf der|Auf dem|Im|In der|Unter den|Zum|Zur|Hinter dem)\s` + word + `(?:\s` + word + `)?\s\d{1,4}[a-z]?,?\s\d{4,5}\s` + place),
	// 12 bis rue de la Paix, 75002 Paris
	regexp.MustCompile(`\b\d{1,4}(?:\s?(?:bis|ter|quater|[A-Da-d]))?,?\s(?i:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|cours|route|square)\s(?:` + small + `\s?){0,2}` + word + `(?:[ -](?:` + small + `[ ]?){0,2}` + word + `){0,3}` + town),
	// Calle Mayor, 12, 28013 Madrid; Via Roma 5, 00184 Roma
	regexp.MustCompile(`(?:\b(?:[Cc]alle|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Cc]amino|[Cc]arrer|[Rr]onda|Via|Viale|Piazza|Corso|Vicolo|Largo|Piazzale|Strada)|\bC/)\s?(?:` + small + `\s){0,2}` + word + `(?:\s(?:` + small + `\s){0,2}` + word + `){0,3},?\s(?:n[.ºo°]{1,2}\s?)?\d{1,4}\b(?:\s?[a-zA-Z]\b)?` + town),
	// Keizersgracht 174, 1016 DW Amsterdam
	regexp.MustCompile(`\b\p{Lu}[\p{L}-]{1,30}(?:straat|weg|laan|plein|gracht|kade|dijk|singel|hof|markt|steeg)\s\d{1,4}(?:\s?[a-zA-Z]\b|-\d{1,4})?` + town),
}

// addresses returns the street addresses of a text, with the town where it follows.
func addresses(text string) [][2]int {
	if !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	var out [][2]int
	for _, re := range streets {
		out = append(out, matches(re, text)...)
	}
	return out
}
