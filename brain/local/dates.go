package local

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	amounts = regexp.MustCompile(`(?i)((\b(us|a|c|r|hk|nz)?|\B)\$\s?\d[\d.,]*|[€£¥₹₽₺]\s?\d[\d.,]*|\b(eur|usd|gbp|chf|pln|sek|dkk|nok|czk|jpy|` +
		`cny|rmb|brl|inr|aud|cad)\s\d[\d.,]*|` +
		`\d[\d.,]*\s?(€|\$|£|¥|₹|eur\b|usd\b|gbp\b|chf\b|zł|pln\b|kr\b|sek\b|dkk\b|nok\b|czk\b|jpy\b|cny\b|rmb\b|euros?\b|dollars?\b|dólares\b|` +
		`reais\b|pounds?\b|quid\b|francs?\b|franken\b|złotych|元|円|块钱|人民币))`)
	dates        = regexp.MustCompile(`(?i)` + inNumbers + `|` + spelled)
	datesNumbers = regexp.MustCompile(inNumbers)
	datesSpelled = regexp.MustCompile(`(?i)` + spelled)
)

// How dates are written: in numbers, and with the month's name.
const (
	inNumbers = `\b(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](\d{4}|\d{2})?|\d{1,2}-\d{1,2}-\d{4})|(\d{4}年)?\d{1,2}月\d{1,2}[日号號]`
	spelled   = `\b(\d{1,2}(\.|st|nd|rd|th|er|º|ª)?\s(of\s|de\s)?` + months + `|` + months + `\s\d{1,2}(st|nd|rd|th)?\b)(,?\s(de\s)?\d{4})?`
)

// monthNames are the names of months, and moneyWords those of currencies, as tokens spell them. They are looked up before the
// expressions are tried, which are slow because of them.
var (
	monthNames = folded(strings.ReplaceAll(strings.Trim(months, `()\b`), "|", " "))
	moneyWords = folded("eur usd gbp chf pln sek dkk nok czk jpy cny rmb brl inr aud cad zł kr euro euros dollar dollars dólares reais pound " +
		"pounds quid franc francs franken złotych 元 円 块 人")
)

// nearMonth is how far from a month's name the day and the year stand, in bytes.
const nearMonth = 32

func findAmounts(text string) [][]int {
	if !strings.ContainsAny(text, "$€£¥₹₽₺元円块") && !slices.ContainsFunc(tokenize(text), isMoney) {
		return nil
	}
	return amounts.FindAllStringIndex(text, maxMentions)
}

// isMoney reports whether a word is a currency's, or a number with one behind it ("49eur").
func isMoney(t token) bool {
	return moneyWords[strings.TrimLeft(t.word, digits)]
}

func findDates(text string) [][]int {
	out := datesNumbers.FindAllStringIndex(text, maxMentions)
	for _, t := range tokenize(text) {
		if !monthNames[t.word] || len(out) >= 2*maxMentions {
			continue
		}
		from, to := max(0, t.start-nearMonth), min(len(text), t.end+nearMonth)
		if at := datesSpelled.FindStringIndex(text[from:to]); at != nil && from+at[1] > t.start && from+at[0] < t.end {
			out = append(out, []int{from + at[0], from + at[1]})
		}
	}
	return out
}

const months = `(januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|` +
	`january|february|march|june|july|october|december|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|` +
	`enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|` +
	`gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|` +
	`janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|` +
	`januari|februari|maart|mei|augustus|` +
	`stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|jan|feb|mar|apr|may|jun|jul|aug|sep|` +
	`sept|oct|nov|dec)\b`

// onDay are words before a day and a month without a year. "4.1." behind anything else is a version.
var onDay = folded("am vom bis seit den zum ab dem le du au depuis el desde hasta em até dal il fino op sinds tot od do dnia")

// ofVersions are words before the number of a version.
var ofVersions = set("version ver v ios ipados android macos windows firmware build release app software update versao versione wersja")

// isDate reports whether what looks like a date in numbers is one: a part of a version is not, and neither is 45/90.
func isDate(text string, start, end int) bool {
	value := text[start:end]
	if strings.ContainsFunc(value, unicode.IsLetter) || strings.Count(value, "-") == 2 {
		return true
	}
	if next, _ := utf8.DecodeRuneInString(text[end:]); unicode.IsDigit(next) || start > 0 && strings.ContainsRune("./-", rune(text[start-1])) {
		return false
	}
	parts := strings.FieldsFunc(value, func(r rune) bool { return r == '.' || r == '/' })
	one, _ := strconv.Atoi(parts[0])
	two, _ := strconv.Atoi(parts[1])
	if min(one, two) < 1 || max(one, two) > 31 || min(one, two) > 12 {
		return false
	}
	word := ""
	if before := tokenize(clipFront(text[:start], 20)); len(before) > 0 {
		word = before[len(before)-1].word
	}
	if len(parts) == 3 {
		return !ofVersions[word]
	}
	return onDay[word]
}
