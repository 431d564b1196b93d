package local

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
)

// facetGroup is one part of the confidence as people see it: the facets that it sums, and how it is said.
type facetGroup struct {
	name   string
	facets []int
	words  func(r *reading, pull float64) string
}

var facetGroups = []facetGroup{
	{"agreement", []int{fVote, fVoteTop, fAgree, fSame}, func(r *reading, pull float64) string { return r.vote.agreement(pull) }},
	{"wording", []int{fLogit, fMargin, fEntropy, fRaw, fTop, fSecond, fSoft, fMeaning, fWords}, (*reading).wording},
	{"nearness", []int{fNearest, fOwn, fMeantNear}, func(r *reading, pull float64) string { return r.vote.nearness(pull) }},
	{"known words", []int{fCovered, fAny, fKnown}, func(r *reading, pull float64) string { return r.vote.knownWords(pull) }},
	{"record", []int{fRows, fRecord}, (*reading).record},
}

// factors says in words what the confidence is made of. A pull is measured from the team's average ticket, and the words
// speak to its side: what pulls down is never said as if it were good.
func (r *reading) factors(s *state) []escalate.Factor {
	if r.x == nil {
		return r.coldFactors()
	}
	out := make([]escalate.Factor, 0, len(facetGroups)+2)
	for _, g := range facetGroups {
		pull := 0.0
		for _, i := range g.facets {
			pull += s.mind.trust.Pull(i, r.x[i])
		}
		pull = round(pull)
		out = append(out, escalate.Factor{Name: g.name, Words: g.words(r, pull), Pull: pull})
	}
	return out
}

// coldFactors are those of a team with too little past, or of an answer that is too new to have one.
func (r *reading) coldFactors() []escalate.Factor {
	x := r.vote.coldFacets()
	pull := func(from, to int) (sum float64) {
		for i := from; i < to; i++ {
			sum += coldWeights[i] * x[i]
		}
		return round(sum)
	}
	v := &r.vote
	agreement, nearness, known := pull(1, 3), pull(3, 5), pull(5, 7)
	return []escalate.Factor{
		{Name: "agreement", Words: v.agreement(agreement), Pull: agreement},
		{Name: "nearness", Words: v.nearness(nearness), Pull: nearness},
		{Name: "known words", Words: v.knownWords(known), Pull: known},
		{Name: "record", Words: v.seldom(), Pull: round(coldWeights[7] * x[7])},
	}
}

// wording says what the classifiers make of the words.
func (r *reading) wording(pull float64) string {
	switch {
	case pull >= 0:
		return "its words are those of questions with this answer"
	case r.x[fRaw] < 0 && r.x[fMargin] > 2:
		return "its words are not quite those of questions with this answer, though of no other either"
	case r.x[fMargin] < 2 && r.second != "":
		return "its words fit another answer nearly as well: " + shorten(r.second, 60)
	}
	return "its words are not quite those of questions with this answer"
}

func (v *vote) agreement(pull float64) string {
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

func (v *vote) nearness(pull float64) string {
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

func (v *vote) knownWords(pull float64) string {
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

// record says how the answer fared when the past was replayed.
func (r *reading) record(pull float64) string {
	had := tickets(r.vote.rows, "past ticket") + " had this answer"
	switch {
	case pull >= 0 && r.x[fRecord] >= 0:
		return had + ", and it was right as often as expected or more"
	case pull >= 0:
		return had
	case r.x[fRecord] < 0 && r.vote.rows > 0:
		return had + ", and when it was given it was wrong more often than expected"
	}
	return r.vote.seldom()
}

// seldom says that an answer has too little behind it.
func (v *vote) seldom() string {
	if v.rows == 0 {
		return "no past ticket had this answer"
	}
	return "only " + tickets(v.rows, "past ticket") + " had this answer"
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
