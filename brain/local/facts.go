package local

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"warmline/escalate"
)

var (
	amounts = regexp.MustCompile(`(?i)([€$£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(€|\$|£|¥|eur\b|usd\b|gbp\b|chf\b|zł|pln\b|kr\b|euros?\b|dollars?\b|元|円))`)
	dates   = regexp.MustCompile(`(?i)\b(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](\d{4}|\d{2})?|(\d{1,2}(\.|st|nd|rd|th|er)?\s(de\s)?` + months + `|` + months + `\s\d{1,2}(st|nd|rd|th)?\b)(,?\s(de\s)?\d{4})?)|\d{1,2}月\d{1,2}日`)
	phones  = regexp.MustCompile(`\+\d[\d ()/-]{6,18}\d|\b0\d{2,4}[ /-]\d[\d -]{4,12}\d`)
	ibans   = regexp.MustCompile(`\b[A-Z]{2}\d{2} ?([A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b`)
	cards   = regexp.MustCompile(`\b\d{4}([ -]?\d{4}){2}[ -]?\d{1,7}\b`)
	idLike  = regexp.MustCompile(`#?\b[A-Za-z]{0,5}-?\d[\dA-Za-z-]{3,24}\b`)
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

// mention is a fact in a text: what it is, and where.
type mention struct {
	what       string
	start, end int
}

// kinds are looked for in this order; what an earlier one took, a later one does not see.
var kinds = []struct {
	what  string
	re    *regexp.Regexp
	needs string // a text without any of these characters holds none
}{
	{"e-mail address", emails, "@"},
	{"link", links, "/."},
	{"bank details", ibans, digits},
	{"card number", cards, digits},
	{"amount", amounts, digits},
	{"date", dates, digits},
	{"phone number", phones, digits},
}

const digits = "0123456789"

// readFacts collects what stands in the subject and in the customer's words.
func readFacts(t *thread) facts {
	var f facts
	texts := []string{clip(t.content.Subject, 500)}
	for _, l := range t.customer(0) {
		texts = append(texts, clip(l.Text, maxText))
	}
	text := nearDigits(strings.Join(texts, "\n"))
	var all []mention
	for _, k := range kinds {
		if !strings.ContainsAny(text, k.needs) {
			continue
		}
		for _, at := range k.re.FindAllStringIndex(text, 20) {
			if !taken(all, at) {
				all = append(all, mention{k.what, at[0], at[1]})
			}
		}
	}
	f.readOrders(text, all)
	for _, m := range all {
		value := strings.TrimSpace(text[m.start:m.end])
		if m.what == "bank details" || m.what == "card number" { // given, and for nobody to read
			value = ""
		}
		f.add(m.what, value)
	}
	for _, l := range t.customer(0) {
		f.readThings(l)
	}
	return f
}

// readThings notes what the customer names or attaches. A version belongs to the program before it.
func (f *facts) readThings(l *line) {
	for _, name := range []string{"browser", "device"} {
		for _, h := range lexicons["given:"+name].find(l.Text, l.tokens) {
			end := h.end
			for _, k := range l.tokens {
				if k.start == h.end+1 && digitsIn(l.Text[k.start:k.end]) > 0 {
					end = k.end
				}
			}
			f.add("device or browser", l.Text[h.start:end])
		}
	}
	for _, name := range []string{"photo", "attachment"} {
		if len(lexicons["given:"+name].find(l.Text, l.tokens)) > 0 {
			f.add(name, "")
		}
	}
}

// nearDigits returns the lines that hold a digit or an address, each with the one before, which may name it.
func nearDigits(text string) string {
	var b strings.Builder
	before := ""
	for line := range strings.Lines(text) {
		if strings.ContainsAny(line, "@/"+digits) {
			b.WriteString(before + line)
			line = ""
		}
		before = line
	}
	return b.String()
}

func taken(all []mention, at []int) bool {
	for _, m := range all {
		if at[0] < m.end && m.start < at[1] {
			return true
		}
	}
	return false
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
func (f *facts) readOrders(text string, others []mention) {
	var named, other []string
	for _, at := range idLike.FindAllStringIndex(text, 40) {
		if taken(others, at) || digitsIn(text[at[0]:at[1]]) < 4 {
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
