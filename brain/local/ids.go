package local

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// idLike matches what may be a number of an order or a device.
	idLike = regexp.MustCompile(`#?\b[A-Za-z]{0,5}-?\d[\dA-Za-z-]{3,24}\b`)
	// serialLike matches the numbers of devices that need no word before them: letters, digits, a check letter.
	serialLike = regexp.MustCompile(`^[A-Z]{2,4}-\d{3,12}-[A-Z0-9]{1,3}$`)
	// orderLike matches the numbers of orders that need none: five digits or more, with letters before a dash or none at all.
	orderLike = regexp.MustCompile(`^([A-Za-z]{1,5}-)?\d{5,}(-\d+)*$`)
	// prefixLike matches the letters that serial numbers begin with, where a text tells them: "it starts with SP or HB".
	prefixLike = regexp.MustCompile(`\b[A-Z]{2,4}\b`)
)

// named are the numbers that people name, with the lexicon of their names. Of several names the nearest counts, of equals the first.
var named = []struct{ what, word string }{
	{"order number", "orderword"},
	{"serial number", "serialword"},
	{"invoice number", "invoiceword"},
	{"tracking number", "trackingword"},
	{"customer number", "customerword"},
}

// id is a number with what it is the number of.
type id struct{ what, value string }

// readIDs finds the numbers of orders, devices and papers. Order numbers that stand right after a word for an order win over those that
// only look like one.
func (f *facts) readIDs(text string, others []mention, serials map[string]bool) {
	found, loose := findIDs(text, others, serials)
	for _, n := range found {
		if n.what == "order number" {
			f.orders = addOnce(f.orders, n.value)
		}
	}
	if len(f.orders) == 0 {
		f.orders = loose
	}
	for _, value := range f.orders {
		f.add("order number", value)
	}
	for _, n := range found {
		if n.what != "order number" {
			f.add(n.what, n.value)
		}
	}
}

// readQuoted finds order numbers in what the customer quotes or passes on, such as our confirmation, where a word says that they are.
func (f *facts) readQuoted(t *thread) {
	for _, l := range t.customer(0) {
		if len(l.text) == len(l.Text) {
			continue
		}
		text := clipWord(nearDigits(clip(l.Text, maxText)), maxFacts)
		if len(lexicons["orderword"].find(text, tokenize(text))) == 0 {
			continue
		}
		found, _ := findIDs(text, mentions(text), nil)
		for _, n := range found {
			if n.what == "order number" {
				f.orders = addOnce(f.orders, n.value)
				f.add(n.what, n.value)
			}
		}
	}
}

// findIDs returns the numbers that are named, and those that can only be an order's. A number after a word for something else is none,
// and neither is that of a product ("DeskJet 3755").
func findIDs(text string, others []mention, serials map[string]bool) (found []id, loose []string) {
	for _, at := range idLike.FindAllStringIndex(text, 40) {
		if taken(others, at) || digitsIn(text[at[0]:at[1]]) < 4 || insideWord(text, at) {
			continue
		}
		value := strings.TrimPrefix(text[at[0]:at[1]], "#")
		before := wordsBefore(text, at[0])
		prefix, _, dashed := strings.Cut(value, "-")
		switch what := nameOf(text, before); {
		case what != "":
			found = append(found, id{what, value})
		case serialLike.MatchString(value), dashed && serials[prefix]:
			found = append(found, id{"serial number", value})
		case len(lexicons["otherword"].find(text, before)) > 0:
		case text[at[0]] == '#', orderLike.MatchString(value) && !ofProduct(text, at[0]):
			loose = addOnce(loose, value)
		}
	}
	return found, loose
}

// nameOf returns what the nearest word before a number says it to be.
func nameOf(text string, before []token) string {
	what, nearest := "", -1
	for _, n := range named {
		if at := lastHit(lexicons[n.word].find(text, before)); at > nearest {
			what, nearest = n.what, at
		}
	}
	return what
}

// isDevice reports whether the words before a number say that it is a device's.
func isDevice(text string, at int) bool {
	return nameOf(text, wordsBefore(text, at)) == "serial number"
}

// wordsBefore returns the three words before a place, in scripts without blanks the eight characters.
func wordsBefore(text string, at int) []token {
	before := tokenize(clipFront(text[:at], 40))
	n := 3
	if len(before) > 0 && before[len(before)-1].cjk {
		n = 8
	}
	return before[max(0, len(before)-n):]
}

// insideWord reports whether a number is a part of something longer: an address, a path, a version.
func insideWord(text string, at []int) bool {
	if at[0] > 0 && strings.ContainsRune("@./_=&", rune(text[at[0]-1])) {
		return true
	}
	if at[1]+1 < len(text) && strings.ContainsRune("./_", rune(text[at[1]])) {
		next, _ := utf8.DecodeRuneInString(text[at[1]+1:])
		return unicode.IsDigit(next)
	}
	return false
}

// ofProduct reports whether the word right before is spelt as products are, so that the number belongs to it.
func ofProduct(text string, at int) bool {
	head := strings.TrimSuffix(text[:at], " ")
	if len(head) == at || head == "" {
		return false
	}
	word := head[strings.LastIndexAny(head, " \n")+1:]
	last, _ := utf8.DecodeLastRuneInString(head)
	return (unicode.IsLetter(last) || unicode.IsDigit(last)) && mixed(word) && !notBrands[fold(word)]
}

// notBrands are spelt in capitals and name no product.
var notBrands = set("id nr no po ref")

// mixed reports whether a word is spelt as brands are: with a capital after its first letter or a digit in it.
func mixed(word string) bool {
	_, size := utf8.DecodeRuneInString(word)
	return strings.ContainsFunc(word[size:], func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) })
}

// lastHit is where the last hit begins, or -1.
func lastHit(hits []hit) int {
	if len(hits) == 0 {
		return -1
	}
	return hits[len(hits)-1].start
}

// serialPrefixes reads from macros and articles what serial numbers begin with.
func serialPrefixes(docs []*doc) map[string]bool {
	out := map[string]bool{}
	for _, d := range docs {
		if d.kind == "ticket" {
			continue
		}
		for _, s := range sentences(clip(d.body, 6000)) {
			if len(lexicons["serialword"].find(s, tokenize(s))) == 0 {
				continue
			}
			for _, p := range prefixLike.FindAllString(s, 20) {
				out[p] = true
			}
		}
	}
	return out
}

func addOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
