package local

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"warmline/escalate"
)

var (
	amounts  = regexp.MustCompile(`(?i)([€$£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(€|\$|£|¥|eur\b|usd\b|gbp\b|chf\b|zł|pln\b|kr\b|euros?\b|dollars?\b|元|円))`)
	dates    = regexp.MustCompile(`(?i)\b(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](\d{4}|\d{2})?|(\d{1,2}(\.|st|nd|rd|th|er)?\s(de\s)?` + months + `|` + months + `\s\d{1,2}(st|nd|rd|th)?\b)(,?\s(de\s)?\d{4})?)|\d{1,2}月\d{1,2}日`)
	phones   = regexp.MustCompile(`\+\d[\d ()/-]{6,18}\d|\b0\d{2,4}[ /-]\d[\d -]{4,12}\d`)
	idLike   = regexp.MustCompile(`#?\b[A-Za-z]{0,5}-?\d[\dA-Za-z-]{3,24}\b`)
	browsers = regexp.MustCompile(`(?i)\b(chrome|firefox|safari|edge|opera|android|ios|windows|macos|iphone|ipad|galaxy|pixel)\b(\s+\d[\w.]{0,10})?`)
)

const months = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|` +
	`january|february|march|june|july|october|december|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|` +
	`enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)\b`

// facts is what the customer has given so far.
type facts struct {
	given  []string // in words, for "already given"
	orders []string // what looks like an order number, each once
	shown  []string // the facts themselves, as they were written
}

// readFacts collects what stands in the customer's words and the subject.
func readFacts(t *thread) facts {
	var f facts
	texts := []string{clip(t.content.Subject, 500)}
	lines := t.customer(0)
	for _, l := range lines {
		texts = append(texts, clip(l.Text, maxText))
	}
	text := strings.Join(texts, "\n")
	rest := text
	take := func(what string, re *regexp.Regexp) {
		for _, m := range re.FindAllString(rest, 5) {
			f.add(what, strings.TrimSpace(m))
		}
		rest = re.ReplaceAllString(rest, " ")
	}
	f.readOrders(text)
	take("e-mail address", emails)
	take("link", links)
	take("amount", amounts)
	take("date", dates)
	take("phone number", phones)
	take("device or browser", browsers)
	for _, l := range lines {
		for _, k := range []string{"photo", "attachment"} {
			if len(lexicons["given:"+k].find(l.Text, l.tokens)) > 0 {
				f.add(k, "")
			}
		}
	}
	return f
}

func (f *facts) add(what, value string) {
	if !slices.Contains(f.given, what) {
		f.given = append(f.given, what)
	}
	if value != "" && !slices.Contains(f.shown, value) && len(f.shown) < 12 {
		f.shown = append(f.shown, value)
	}
}

// readOrders finds order numbers. Those that stand right after a word for an order win over the rest; a number after a word
// for something else is none.
func (f *facts) readOrders(text string) {
	var named, other []string
	taken := append(emails.FindAllStringIndex(text, 20), dates.FindAllStringIndex(text, 20)...)
	taken = append(taken, amounts.FindAllStringIndex(text, 20)...)
	taken = append(append(taken, phones.FindAllStringIndex(text, 20)...), links.FindAllStringIndex(text, 20)...)
	for _, at := range idLike.FindAllStringIndex(text, 40) {
		if overlaps(taken, at) || digitsIn(text[at[0]:at[1]]) < 4 {
			continue
		}
		id := strings.TrimPrefix(text[at[0]:at[1]], "#")
		before := tokenize(clipFront(text[:at[0]], 40))
		before = before[max(0, len(before)-3):]
		switch {
		case len(lexicons["orderword"].find(text, before)) > 0:
			named = addOnce(named, id)
		case len(lexicons["otherword"].find(text, before)) == 0:
			other = addOnce(other, id)
		}
	}
	f.orders = named
	if len(named) == 0 {
		f.orders = other
	}
	for _, id := range f.orders {
		f.add("order number", id)
	}
}

func addOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func overlaps(taken [][]int, at []int) bool {
	for _, t := range taken {
		if at[0] < t[1] && t[0] < at[1] {
			return true
		}
	}
	return false
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

// clipFront returns about the last n bytes of text, cut between characters.
func clipFront(text string, n int) string {
	if len(text) <= n {
		return text
	}
	i := len(text) - n
	for i < len(text) && text[i]&0xc0 == 0x80 {
		i++
	}
	return text[i:]
}

// safeName returns a customer's name when it reads like one: it is their own words and goes into a mail.
func safeName(c *escalate.Customer) string {
	name := strings.Join(strings.Fields(c.Name), " ")
	if name == "" || len(name) > 60 {
		return ""
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" .'’-", r) {
			return ""
		}
	}
	if links.MatchString(name) || strings.Contains(name, ".") && bareLinks.MatchString(name) {
		return ""
	}
	return name
}
