package local

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// idLike matches what may be a number of an order or a device.
	idLike = regexp.MustCompile(`#?\b[A-Za-z]{0,5}-?\d[\dA-Za-z-]{3,24}\b`)
	// serialLike matches the numbers of devices that need no word before them: letters, digits, a check letter.
	serialLike = regexp.MustCompile(`^[A-Z]{2,4}-\d{3,12}-[A-Z0-9]{1,3}$`)
	// prefixLike matches the letters that serial numbers begin with, where a text tells them: "it starts with SP or HB".
	prefixLike = regexp.MustCompile(`\b[A-Z]{2,4}\b`)
)

// readIDs finds the numbers of orders and devices. Order numbers that stand right after a word for an order win over the
// rest; a number after a word for something else is none.
func (f *facts) readIDs(text string, others []mention, serials map[string]bool) {
	var named, other, devices []string
	for _, at := range idLike.FindAllStringIndex(text, 40) {
		if taken(others, at) || digitsIn(text[at[0]:at[1]]) < 4 || at[0] > 0 && text[at[0]-1] == '@' {
			continue
		}
		id := strings.TrimPrefix(text[at[0]:at[1]], "#")
		before := tokenize(clipFront(text[:at[0]], 40))
		before = before[max(0, len(before)-3):]
		prefix, _, dashed := strings.Cut(id, "-")
		serial, order := lastHit(lexicons["serialword"].find(text, before)), lastHit(lexicons["orderword"].find(text, before))
		switch {
		case serial > order:
			devices = addOnce(devices, id)
		case order >= 0:
			named = addOnce(named, id)
		case serialLike.MatchString(id), dashed && serials[prefix]:
			devices = addOnce(devices, id)
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
	for _, id := range devices {
		f.add("serial number", id)
	}
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
