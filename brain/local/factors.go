package local

import (
	"fmt"

	"warmline/escalate"
)

// names of the factors, and the features that each sums.
var factorParts = []struct {
	name     string
	features []int
}{
	{"agreement", []int{1, 2}},
	{"nearness", []int{3, 4}},
	{"known words", []int{5, 6}},
	{"record", []int{7}},
}

// factors says in words what the confidence is made of. A pull is measured from the team's average ticket.
func (v *vote) factors(m *model) []escalate.Factor {
	x := v.features()
	out := make([]escalate.Factor, 0, len(factorParts)+2)
	for _, p := range factorParts {
		pull := 0.0
		for _, i := range p.features {
			pull += m.weights[i] * (x[i] - m.mean[i])
		}
		out = append(out, escalate.Factor{Name: p.name, Words: v.inWords(p.name), Pull: round(pull)})
	}
	return out
}

func (v *vote) inWords(name string) string {
	switch name {
	case "agreement":
		if v.tickets == 0 {
			return "no solved ticket is like this one; it matches only the text of macros and articles"
		}
		return fmt.Sprintf("%d of the %d most similar past tickets had this answer", v.agree, v.tickets)
	case "nearness":
		switch {
		case v.own >= 0.6:
			return "it asks nearly the same as one that had this answer"
		case v.own >= 0.3:
			return "it asks partly the same as one that had this answer"
		default:
			return "nothing that had this answer asks quite the same"
		}
	case "known words":
		if v.strange != "" {
			return fmt.Sprintf("%q occurs in nothing on file", v.strange)
		}
		return fmt.Sprintf("%.0f %% of what it asks occurs where this answer was given", 100*v.covered)
	default:
		if v.rows == 1 {
			return "1 past ticket had this answer"
		}
		return fmt.Sprintf("%d past tickets had this answer", v.rows)
	}
}
