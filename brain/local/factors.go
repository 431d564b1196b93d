package local

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
)

// names of the factors, and the features that each sums.
var factorParts = []struct {
	name     string
	features []int
	words    func(v *vote, pull, weight float64) string
}{
	{"agreement", []int{1, 2}, (*vote).agreement},
	{"nearness", []int{3, 4}, (*vote).nearness},
	{"known words", []int{5, 6}, (*vote).knownWords},
	{"record", []int{7}, (*vote).record},
}

// factors says in words what the confidence is made of. A pull is measured from the team's average ticket, and the words
// speak to its side: what pulls down is never said as if it were good.
func (v *vote) factors(m *model) []escalate.Factor {
	x := v.features()
	out := make([]escalate.Factor, 0, len(factorParts)+2)
	for _, p := range factorParts {
		pull := 0.0
		for _, i := range p.features {
			pull += m.weights[i] * (x[i] - m.mean[i])
		}
		pull = round(pull)
		out = append(out, escalate.Factor{Name: p.name, Words: p.words(v, pull, m.weights[p.features[0]]), Pull: pull})
	}
	return out
}

func (v *vote) agreement(pull, _ float64) string {
	others := v.tickets - v.agree
	switch {
	case v.tickets == 0 && pull < 0:
		return "no solved ticket is like this one; it matches only the text of macros and articles"
	case v.tickets == 0:
		return "it matches the text of the answer better than that of any other"
	case pull < 0 && v.agree == 0:
		return "none of the " + tickets(v.tickets, "most similar past ticket") + " had this answer"
	case pull < 0 && 2*v.agree > v.tickets && others == 0:
		return "other answers match it nearly as well"
	case pull < 0 && 2*v.agree > v.tickets:
		return fmt.Sprintf("%d of the %d most similar past tickets had another answer", others, v.tickets)
	case pull < 0:
		return fmt.Sprintf("only %d of the %d most similar past tickets had this answer", v.agree, v.tickets)
	case 2*v.agree <= v.tickets && v.first == 0:
		return "no other answer matches it as well"
	case 2*v.agree <= v.tickets && v.first == 1:
		return "the most similar past ticket had this answer"
	case 2*v.agree <= v.tickets:
		return fmt.Sprintf("the %d most similar past tickets had this answer", v.first)
	}
	return fmt.Sprintf("%d of the %d most similar past tickets had this answer", v.agree, v.tickets)
}

func (v *vote) nearness(pull, _ float64) string {
	switch {
	case pull < 0 && v.own >= 0.3:
		return "it asks only partly the same as what had this answer before"
	case pull < 0:
		return "nothing that had this answer asks quite the same"
	case v.own >= 0.6:
		return "it asks nearly the same as one that had this answer"
	case v.own >= 0.3:
		return "it asks much the same as one that had this answer"
	}
	return "it asks something close to one that had this answer"
}

func (v *vote) knownWords(pull, _ float64) string {
	switch {
	case pull >= 0:
		return fmt.Sprintf("%.0f %% of what it asks occurs where this answer was given", 100*v.covered)
	case v.strange != "":
		return fmt.Sprintf("“%s” occurs in nothing on file", v.strange)
	case v.covered >= 0.995:
		return "its words occur with other answers too"
	}
	return fmt.Sprintf("%.0f %% of what it asks never occurs where this answer was given", 100-100*v.covered)
}

// record reads the weight: there are teams whose commonest answers are right more often, and teams where they draw what is
// not theirs.
func (v *vote) record(pull, weight float64) string {
	had := tickets(v.rows, "past ticket") + " had "
	switch {
	case pull >= 0 && weight < 0:
		return "answers as rare as this one were right more often: " + had + "it"
	case pull >= 0:
		return had + "this answer"
	case weight < 0:
		return "answers as common as this one were wrong more often: " + had + "it"
	case v.rows == 0:
		return "no past ticket had this answer"
	}
	return "only " + had + "this answer"
}

func tickets(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// strangeWord returns the longest word of the question, as the customer wrote it, that nothing on file holds. Names,
// numbers and short words say nothing of that kind.
func (ix *index) strangeWord(text, lang, name string) string {
	text = links.ReplaceAllString(emails.ReplaceAllString(text, " "), " ")
	own := map[string]bool{}
	for _, t := range tokenize(name) {
		own[t.word] = true
	}
	best := ""
	for _, t := range tokenize(text) {
		word := text[t.start:t.end]
		if t.cjk || own[t.word] || utf8.RuneCountInString(word) <= max(3, utf8.RuneCountInString(best)) || strings.ContainsAny(word, digits) {
			continue
		}
		if terms := stemsOf(word, lang); len(terms) == 1 && !ix.knows(terms[0]) {
			best = word
		}
	}
	return best
}

func (ix *index) knows(term string) bool {
	_, ok := ix.idf[term]
	return ok
}
