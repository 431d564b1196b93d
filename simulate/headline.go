package simulate

import (
	"fmt"
	"strings"
)

// basis says what the figures rest on.
func (rep *Report) basis() string {
	s := &rep.Split
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s were put to %s: %s. %s left out, so that %s stand for questions that are new. ",
		number(s.Asked), tickets(s.Past), plural(max(1, s.Steps)*s.Folds, "brain"), s.Why, wereLeft(s), number(rep.Share.Unknown))
	fmt.Fprintf(&b, "Expected share of new questions: %s (%s); promises hold for up to %s.",
		about(rep.Share.Expected), rep.Share.Why, about(rep.Share.Promised))
	if s.Judged < s.Asked {
		fmt.Fprintf(&b, " Of %s nobody knows the right answer: they are decided and not judged.", tickets(s.Asked-s.Judged))
	}
	if s.Silent > 0 {
		fmt.Fprintf(&b, " %s without a question before the first human reply were not used.", tickets(s.Silent))
	}
	return b.String()
}

// wereLeft says how many answers brains had to do without.
func wereLeft(s *Split) string {
	switch {
	case s.Left == 1:
		return "1 answer was"
	case s.Folds > 1:
		return number(s.Left) + " answers were in turn"
	}
	return number(s.Left) + " answers were"
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}

// Headline says in one or two sentences what is recommended.
func (rep *Report) Headline() string {
	rec := &rep.Recommended
	if rec.Auto == 0 {
		return fmt.Sprintf("For at most %s wrong: answer nothing by itself yet, draft. %s", short(rep.Budget), rec.All.short())
	}
	line := fmt.Sprintf("For at most %s wrong: answer from confidence %s on.", short(rep.Budget), line(rec.All.From))
	if !rec.All.OK {
		line = "For at most " + short(rep.Budget) + " wrong: answer only in the topics below that carry it, draft the rest."
	}
	return fmt.Sprintf("%s That answers %s of all questions. While no more than %s of them are new, %s of the answers are wrong, and with 95 %% certainty no more than %s.",
		line, percent(rec.Auto), about(rep.Share.Promised), percent(rec.Total.Estimate), percent(rec.Total.High))
}

// short says what is missing for a promise.
func (p *Promise) short() string {
	switch {
	case p.OK:
		return ""
	case p.Missing > 0:
		return fmt.Sprintf("Too little evidence: about %s more judged tickets like these would carry it.", number(p.Missing))
	}
	return "Answers are wrong too often at every threshold: mend the sources below, or allow a larger budget."
}
