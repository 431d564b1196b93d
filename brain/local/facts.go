package local

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"warmline/escalate"
)

// phones are written with a plus, or with a zero and something between the groups.
var phones = regexp.MustCompile(`\+\d[\d ()/-]{6,18}\d|\b0\d{2,4}[ /-]\d[\d -]{4,12}\d`)

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
	find  func(text string) [][]int
	needs string                                 // a text without any of these characters holds none
	is    func(text string, start, end int) bool // what the form cannot tell
}{
	{"e-mail address", matchesOf(emails), "@", nil},
	{"link", matchesOf(links), "/.", nil},
	{"bank details", matchesOf(ibansAny), digits, func(text string, i, j int) bool { return ibans.MatchString(text[i:j]) || isIBAN(text[i:j]) }},
	{"card number", matchesOf(cards), digits, func(text string, i, j int) bool { return isCard(text[i:j]) && !isDevice(text, i) }},
	{"amount", findAmounts, digits, nil},
	{"date", findDates, digits, isDate},
	{"phone number", matchesOf(phones), digits, nil},
}

// maxMentions is how many facts of one kind are read.
const maxMentions = 20

// matchesOf finds what an expression matches.
func matchesOf(re *regexp.Regexp) func(string) [][]int {
	return func(text string) [][]int { return re.FindAllStringIndex(text, maxMentions) }
}

const digits = "0123456789"

// maxFacts bounds how much of one message is searched for facts, in bytes of lines that may hold some.
const maxFacts = 4 << 10

// readFacts collects what stands in the subject and in the customer's words.
func readFacts(t *thread, serials map[string]bool) facts {
	var f facts
	var b strings.Builder
	b.WriteString(nearDigits(clip(t.content.Subject, 500)) + "\n")
	for _, l := range t.customer(0) {
		b.WriteString(clipWord(nearDigits(l.text), maxFacts) + "\n")
	}
	text := b.String()
	all := mentions(text)
	f.readIDs(text, all, serials)
	if len(f.orders) == 0 {
		f.readQuoted(t)
	}
	for _, m := range all {
		value := strings.TrimRight(strings.TrimSpace(text[m.start:m.end]), ".,")
		if secret[m.what] {
			value = ""
		}
		f.add(m.what, value)
	}
	for _, l := range t.customer(0) {
		f.readThings(l)
	}
	return f
}

// secret facts are given, and not shown: account and card numbers are for nobody to read, and a link is a customer's to follow.
var secret = map[string]bool{"bank details": true, "card number": true, "link": true}

// mentions finds what can be told by its form alone.
func mentions(text string) []mention {
	var all []mention
	for _, k := range kinds {
		if !strings.ContainsAny(text, k.needs) {
			continue
		}
		for _, at := range k.find(text) {
			if !taken(all, at) && (k.is == nil || k.is(text, at[0], at[1])) {
				all = append(all, mention{k.what, at[0], at[1]})
			}
		}
	}
	return all
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
var labels = map[string]string{
	"order number": "order", "serial number": "serial number", "invoice number": "invoice", "tracking number": "tracking number", "customer number": "customer number",
}

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

// clipWord returns at most n bytes of text, cut before the word that would be cut.
func clipWord(text string, n int) string {
	if len(text) <= n {
		return text
	}
	text = clip(text, n)
	return text[:max(0, strings.LastIndexAny(text, " \n"))]
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
