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
func readFacts(t *thread, serials map[string]bool) facts {
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
	f.readIDs(text, all, serials)
	for _, m := range all {
		value := strings.TrimSpace(text[m.start:m.end])
		if m.what == "bank details" || m.what == "card number" || m.what == "link" { // given, and for nobody to read
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
	switch attached := len(lexicons["given:attachment"].find(l.Text, l.tokens)) > 0; {
	case photographed(l, attached):
		f.add("photo", "")
	case attached && !slices.Contains(f.given, "photo"):
		f.add("attachment", "")
	}
}

// photographed reports whether the message brings a picture. One that is only asked about is not there, and one that is attached
// needs no second word for it.
func photographed(l *line, attached bool) bool {
	for _, h := range lexicons["given:photo"].find(l.Text, l.tokens) {
		rest := l.Text[h.end:]
		end := strings.IndexAny(rest, ".!?\n")
		if attached || end < 0 || rest[end] != '?' {
			return true
		}
	}
	return false
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

// labels go before what nobody could tell apart without them.
var labels = map[string]string{"order number": "order", "serial number": "serial number"}

func (f *facts) add(what, value string) {
	if !slices.Contains(f.given, what) {
		f.given = append(f.given, what)
	}
	if label := labels[what]; label != "" && value != "" {
		value = label + " " + value
	}
	if value != "" && !slices.Contains(f.shown, value) && len(f.shown) < 12 {
		f.shown = append(f.shown, value)
	}
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
