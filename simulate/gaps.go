package simulate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
)

// Gap is a group of questions that would go to a human and that nobody has an answer for.
type Gap struct {
	Words     []string `json:"words"` // what they share
	Tickets   int      `json:"tickets"`
	Questions []string `json:"questions"` // a few of them
	IDs       []string `json:"ids"`       // of all
}

const (
	mostGaps    = 10
	leastGap    = 3
	gapExamples = 3
)

// gaps groups questions by the rare words that they share: the word that most of them share, weighted by how rare it is among
// all tickets, takes its questions out, then the next.
func (r *Result) gaps(then []escalate.Decision) []Gap {
	var open []*Row
	count := map[string]int{}
	all := 0
	words := map[*Row][]string{}
	for i := range r.Rows {
		row := &r.Rows[i]
		if !row.Shown {
			continue
		}
		all++
		words[row] = distinct(row.text)
		for _, w := range words[row] {
			count[w]++
		}
		nobody := row.Truth == "" || !row.Known && !row.Left
		if nobody && then[i].Leave == "" && then[i].Way == escalate.WayEscalate {
			open = append(open, row)
		}
	}
	list := []Gap{}
	for len(open) >= leastGap && len(list) < mostGaps {
		word := shared(open, words, count, all)
		if word == "" {
			break
		}
		var in, rest []*Row
		for _, row := range open {
			if slices.Contains(words[row], word) {
				in = append(in, row)
			} else {
				rest = append(rest, row)
			}
		}
		list = append(list, newGap(word, in, words, count, all))
		open = rest
	}
	slices.SortStableFunc(list, func(a, b Gap) int { return cmp.Compare(b.Tickets, a.Tickets) })
	return list
}

// distinct lists the words of a question once each, without those that say nothing.
func distinct(text string) []string {
	ws := wordsOf(text)
	ws = slices.DeleteFunc(ws, func(w string) bool { return w == "#" || utf8.RuneCountInString(w) < 3 && w[0] < 0x80 })
	slices.Sort(ws)
	return slices.Compact(ws)
}

// shared picks the word that is worth most as a group's name, or "".
func shared(open []*Row, words map[*Row][]string, count map[string]int, all int) string {
	here := map[string]int{}
	for _, row := range open {
		for _, w := range words[row] {
			here[w]++
		}
	}
	best, most := "", 0.0
	for w, n := range here {
		if n < leastGap || 4*count[w] > all && all > 30 {
			continue // in more than a quarter of all tickets: it tells nothing apart
		}
		if 3*n < count[w] {
			continue // most who use it have their answer
		}
		worth := float64(n) * math.Log(float64(all)/float64(count[w])) * float64(n) / float64(count[w])
		if worth > most || worth == most && w < best {
			best, most = w, worth
		}
	}
	return best
}

func newGap(word string, in []*Row, words map[*Row][]string, count map[string]int, all int) Gap {
	g := Gap{Words: []string{word}, Tickets: len(in)}
	here := map[string]int{}
	for _, row := range in {
		g.IDs = append(g.IDs, row.ID)
		if len(g.Questions) < gapExamples {
			g.Questions = append(g.Questions, shorten(row.text, longText/2))
		}
		for _, w := range words[row] {
			here[w]++
		}
	}
	var also []string
	for w, n := range here {
		if w != word && 2*n >= len(in) && 4*count[w] <= all {
			also = append(also, w)
		}
	}
	slices.SortFunc(also, func(a, b string) int { return cmp.Or(cmp.Compare(here[b], here[a]), strings.Compare(a, b)) })
	g.Words = append(g.Words, also[:min(len(also), 3)]...)
	return g
}
