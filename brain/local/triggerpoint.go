package local

import (
	"cmp"
	"math"
	"slices"
)

// rehearsal is one labelled ticket as a head that was trained without it hears it.
type rehearsal struct {
	logit  float64
	want   bool
	found  bool // the lexicon fires, whatever the head says
	weight float64
}

// aim is what a head's point is chosen for.
type aim struct {
	recall float64 // at least
	alarms float64 // of the tickets without the trigger, at most; goes before recall
}

// minLift is by how much a head must find more of what it should than of what it should not. Below it, what was labelled does not
// show in the words.
const minLift = 3

// point returns the log-odds from which a head shall fire beside the lexicon: the highest at which the two together reach the
// recall, lower where that gives a better F1. It is infinite where the lexicon does as well alone, or the head no good.
func (a aim) point(past []rehearsal) float64 {
	slices.SortStableFunc(past, func(a, b rehearsal) int { return cmp.Compare(b.logit, a.logit) })
	all := count(past, func(*rehearsal) bool { return true })
	both := count(past, func(r *rehearsal) bool { return r.found })
	head := counts{}
	most, best, point := both.want, both.f1(all.want), math.Inf(1)
	for i := range past {
		r := &past[i]
		head.add(r)
		if !r.found {
			both.add(r)
		}
		switch {
		case head.calm > a.alarms*all.calm:
			return point
		case i+1 < len(past) && past[i+1].logit == r.logit, head.want/all.want < minLift*head.calm/all.calm:
			continue
		}
		if f := both.f1(all.want); f > best || most < a.recall*all.want && both.want > most {
			point, best, most = between(past, i), f, both.want
		}
	}
	return point
}

// counts are how many tickets with a trigger and without it something fires on.
type counts struct{ want, calm float64 }

func count(past []rehearsal, fires func(*rehearsal) bool) counts {
	var c counts
	for i := range past {
		if fires(&past[i]) {
			c.add(&past[i])
		}
	}
	return c
}

func (c *counts) add(r *rehearsal) {
	if r.want {
		c.want += r.weight
	} else {
		c.calm += r.weight
	}
}

// f1 is the harmonic mean of recall and precision; all is how many tickets have the trigger.
func (c *counts) f1(all float64) float64 { return 2 * c.want / (c.want + c.calm + all) }

// between is a point that parts a place in the order from the next.
func between(past []rehearsal, i int) float64 {
	if i+1 < len(past) {
		return (past[i].logit + past[i+1].logit) / 2
	}
	return past[i].logit - 1
}
