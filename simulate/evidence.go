package simulate

import (
	"math"

	"warmline/escalate"
)

// evidence is what was seen of two kinds of questions: those whose answer the brain had, and those whose answer it had not.
// How often each kind is answered is measured apart, so that a wrong-answer rate can be stated for any share of unknown
// questions, whatever share happened to be in the past.
type evidence struct {
	known   int // questions whose answer the brain had
	right   int // of those, how many would be answered right
	wrong   int // of those, how many would be answered wrong
	unknown int // questions whose answer it had not
	slipped int // of those, how many would be answered all the same: every one is wrong
	// effective is how many independent questions the unknown ones are worth. Questions with the same left-out answer are
	// accepted or refused together.
	effective float64
}

// auto is the share of all questions that would be answered when so many (0..1) are unknown.
func (e *evidence) auto(share float64) float64 {
	return share*ratio(e.slipped, e.unknown) + (1-share)*ratio(e.right+e.wrong, e.known)
}

// rate is the share of wrong ones among what would be answered.
func (e *evidence) rate(share float64) float64 {
	auto := e.auto(share)
	if auto == 0 {
		return 0
	}
	return (share*ratio(e.slipped, e.unknown) + (1-share)*ratio(e.wrong, e.known)) / auto
}

// keeps reports whether the wrong-answer rate is inside a budget when so many questions are unknown, with a confidence (0..1).
// The three rates that it is made of are bounded by Clopper and Pearson; the bound on their combination is MOVER's (Zou and
// Donner 2008, "Construction of confidence limits about effect measures"): what each bound lies away from its rate adds up
// as squares.
func (e *evidence) keeps(share, budget, confidence float64) bool {
	if e.right == 0 || share > 0 && e.unknown == 0 || e.rate(share) > budget {
		return false
	}
	m := e.margins(share, confidence)
	return m.excess(share, budget) <= 0
}

// upper is the lowest budget that is kept, at escalate.PromiseConfidence.
func (e *evidence) upper(share float64) float64 {
	if e.right == 0 || share > 0 && e.unknown == 0 {
		return 1
	}
	m := e.margins(share, escalate.PromiseConfidence)
	return halve(e.rate(share), 1, func(budget float64) bool { return m.excess(share, budget) <= 0 })
}

// lower is the highest budget that is certainly broken: the same bound from below.
func (e *evidence) lower(share, confidence float64) float64 {
	if e.wrong+e.slipped == 0 || share > 0 && e.unknown == 0 {
		return 0
	}
	m := margins{slipped: ratio(e.slipped, e.unknown), wrong: ratio(e.wrong, e.known), right: ratio(e.right, e.known)}
	if share > 0 {
		n := e.effective
		m.slippedOff = upperBound(n-m.slipped*n, n, confidence) - (1 - m.slipped)
	}
	m.wrongOff = m.wrong - 1 + escalate.UpperBound(e.known-e.wrong, e.known, confidence)
	m.rightOff = escalate.UpperBound(e.right, e.known, confidence) - m.right
	return halve(0, e.rate(share), func(budget float64) bool { return m.excess(share, budget) < 2*m.off(share, budget) })
}

// halve finds where a yes begins between low and high.
func halve(low, high float64, yes func(float64) bool) float64 {
	for range 40 {
		if mid := (low + high) / 2; yes(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// margins are the three rates and how far off each may be, to its careful side.
type margins struct{ slipped, wrong, right, slippedOff, wrongOff, rightOff float64 }

func (e *evidence) margins(share, confidence float64) margins {
	m := margins{slipped: ratio(e.slipped, e.unknown), wrong: ratio(e.wrong, e.known), right: ratio(e.right, e.known)}
	if share > 0 {
		m.slippedOff = upperBound(m.slipped*e.effective, e.effective, confidence) - m.slipped
	}
	m.wrongOff = escalate.UpperBound(e.wrong, e.known, confidence) - m.wrong
	m.rightOff = m.right - 1 + escalate.UpperBound(e.known-e.right, e.known, confidence)
	return m
}

// excess is how far the wrong answers may lie above a budget, as a share of all questions.
func (m *margins) excess(share, budget float64) float64 {
	u, w, r := share*(1-budget), (1-share)*(1-budget), (1-share)*budget
	return u*m.slipped + w*m.wrong - r*m.right + m.off(share, budget)
}

func (m *margins) off(share, budget float64) float64 {
	u, w, r := share*(1-budget)*m.slippedOff, (1-share)*(1-budget)*m.wrongOff, (1-share)*budget*m.rightOff
	return math.Sqrt(u*u + w*w + r*r)
}

func ratio(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(k) / float64(n)
}

// upperBound is Clopper and Pearson's for counts that are no whole numbers, rounded to the careful side.
func upperBound(k, n, confidence float64) float64 {
	return escalate.UpperBound(int(math.Ceil(k-1e-9)), int(n), confidence)
}

// effective is how many independent questions these are worth, by Korn and Graubard (1998, "Confidence intervals for
// proportions with small expected number of positive counts estimated from survey data"): as many as would have the
// variance that is seen between left-out answers, less when these are few. size and slipped count questions by answer.
func effective(size, slipped []int) float64 {
	n, k := 0, 0
	for i, m := range size {
		n, k = n+m, k+slipped[i]
	}
	c := float64(len(size))
	if c < 2 {
		return min(c, float64(n)) // what was seen of one answer says nothing of the next
	}
	few := 1 + 0.93/(c-1) // Student's t over the normal's quantile at 95 %
	few *= few
	if k == 0 || k == n {
		return float64(n) / few
	}
	p, between := float64(k)/float64(n), 0.0
	for i, m := range size {
		d := float64(slipped[i]) - p*float64(m)
		between += d * d
	}
	between *= c / (c - 1) / (float64(n) * float64(n))
	alone := p * (1 - p) / float64(n)
	return float64(n) / max(1, between/alone) / few
}
