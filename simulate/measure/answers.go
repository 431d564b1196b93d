package measure

import (
	"cmp"
	"slices"
)

// Unanswered is the P of a ticket for which no answer was known: it ranks behind all others, and counts as 0 where a
// probability is needed.
const Unanswered = -1.0

// tolerance lets a risk that only rounding lifts above its bound pass.
const tolerance = 1e-12

// Item is what became of one ticket: how sure the answer was, and whether it was right. An answer to a question that
// nothing on file answers (InScope false) is never right.
type Item struct {
	P       float64 // 0..1, or Unanswered
	InScope bool
	Right   bool
}

// Point is one step of the risk–coverage curve: what happens when everything from Threshold on is answered.
type Point struct {
	Threshold float64
	Coverage  float64 // share of all tickets that is answered
	Risk      float64 // share of the answered ones that is wrong
	Right     int     // answered and right
}

// Curve returns the risk–coverage curve, the surest first: one point for each distinct P, because tickets of equal P can
// only be answered together.
func Curve(items []Item) []Point {
	sorted := surestFirst(items)
	n, right := float64(len(sorted)), 0
	var out []Point
	for i, it := range sorted {
		if it.Right {
			right++
		}
		if i+1 < len(sorted) && sorted[i+1].P == it.P {
			continue
		}
		k := float64(i + 1)
		out = append(out, Point{Threshold: it.P, Coverage: k / n, Risk: 1 - float64(right)/k, Right: right})
	}
	return out
}

// AURC is the area under the risk–coverage curve: the mean risk over all coverages, 0 at best. Within tickets of equal P the
// expected risk counts, as if they were drawn in random order (Geifman and El-Yaniv 2017).
func AURC(items []Item) float64 {
	if len(items) == 0 {
		return 0
	}
	sorted := surestFirst(items)
	sum, seen, right := 0.0, 0, 0.0
	for seen < len(sorted) {
		end, got := seen, 0
		for ; end < len(sorted) && sorted[end].P == sorted[seen].P; end++ {
			if sorted[end].Right {
				got++
			}
		}
		m := end - seen
		for t := 1; t <= m; t++ {
			sum += 1 - (right+float64(got*t)/float64(m))/float64(seen+t)
		}
		seen, right = end, right+float64(got)
	}
	return sum / float64(len(sorted))
}

// OracleAURC is the AURC of somebody who answers all right ones first: what ranking alone could reach.
func OracleAURC(n, right int) float64 {
	if n == 0 {
		return 0
	}
	sum := 0.0
	for k := 1; k <= n; k++ {
		sum += 1 - float64(min(k, right))/float64(k)
	}
	return sum / float64(n)
}

// Selected is what answering from one threshold on gives.
type Selected struct {
	Found       bool    // false: no threshold does, and nothing is answered
	Threshold   float64 // meaningful only when Found
	Coverage    float64 // share of all tickets that is answered
	CorrectAuto float64 // share of all tickets that is answered right
	Wrong       float64 // share of the answered ones that is wrong
	OutOfScope  float64 // share of the out-of-scope tickets that is answered all the same
}

// AtRisk returns the largest coverage whose share of wrong answers is at most risk. The threshold is picked with the outcome
// in hand: it judges the ranking and promises nothing for other tickets.
func AtRisk(items []Item, risk float64) Selected {
	var best *Point
	curve := Curve(items)
	for i := range curve {
		if curve[i].Risk <= risk+tolerance {
			best = &curve[i]
		}
	}
	if best == nil {
		return Selected{}
	}
	return At(items, best.Threshold)
}

// At returns what answering from threshold on gives.
func At(items []Item, threshold float64) Selected {
	s := Selected{Found: true, Threshold: threshold}
	var answered, right, outside, outsideAnswered int
	for _, it := range items {
		answers := it.P >= threshold
		answered += one(answers)
		right += one(answers && it.Right)
		outside += one(!it.InScope)
		outsideAnswered += one(answers && !it.InScope)
	}
	s.Coverage = share(answered, len(items))
	s.CorrectAuto = share(right, len(items))
	s.Wrong = share(answered-right, answered)
	s.OutOfScope = share(outsideAnswered, outside)
	return s
}

// Accuracy is the share of the in-scope tickets whose best answer is right, however sure it was.
func Accuracy(items []Item) float64 {
	right, inScope := 0, 0
	for _, it := range items {
		inScope += one(it.InScope)
		right += one(it.InScope && it.Right)
	}
	return share(right, inScope)
}

func surestFirst(items []Item) []Item {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Item) int { return cmp.Compare(b.P, a.P) })
	return sorted
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
