package rota

import (
	"fmt"
	"time"
)

// OverlapKind says what an override comes to beside one that was made before it.
type OverlapKind string

// The kinds. Where one overlaps another without a word of these, the two do not touch each other.
const (
	OverlapSame    OverlapKind = "same"    // both do the same; one of them is enough
	OverlapAgain   OverlapKind = "again"   // the earlier one gave the same person's time away already: it ends for that span
	OverlapBack    OverlapKind = "back"    // the earlier one says that its person is off: they come on all the same
	OverlapFollows OverlapKind = "follows" // its person covers somebody who covers another: it takes both
	OverlapLeaves  OverlapKind = "leaves"  // who is off now was to come on by the earlier one: their place is empty
	OverlapHides   OverlapKind = "hides"   // it takes over from everybody, the earlier one's person too
	OverlapTwice   OverlapKind = "twice"   // its person is on for two at once
	OverlapUnseen  OverlapKind = "unseen"  // somebody took over from everybody before: a cover shows only once they are off
	OverlapSwapped OverlapKind = "swapped" // two cover each other at once: the later one gets both places
)

// Overlap is where an override meets one that was made before.
type Overlap struct {
	Kind  OverlapKind `json:"kind"`
	Other Override    `json:"other"`
	From  time.Time   `json:"from"` // of the span of both
	To    time.Time   `json:"to"`
}

// Overlaps finds where an override meets those of its rota that were made before, in the order in which they were made. They
// are no faults: the last one has the last word, and whoever makes it is told what it comes to.
func Overlaps(o *Override, others []Override) []Overlap {
	var met []Overlap
	for _, other := range asMade(others) {
		from, to := later(o.From, other.From), earlier(o.To, other.To)
		if other.ID == o.ID || other.Rota != o.Rota || !from.Before(to) {
			continue
		}
		if kind := o.meets(&other); kind != "" {
			met = append(met, Overlap{Kind: kind, Other: other, From: from, To: to})
		}
	}
	return met
}

// meets says what an override comes to beside an earlier one; "" is nothing.
func (o *Override) meets(other *Override) OverlapKind {
	brings := other.Kind != Off
	switch {
	case o.Kind == other.Kind && o.Person == other.Person && o.Instead == other.Instead:
		return OverlapSame
	case o.Kind == Off && o.Person == other.Person:
		return OverlapLeaves
	case o.Kind == Off:
		return ""
	case !brings && o.Person == other.Person:
		return OverlapBack
	case !brings:
		return ""
	case o.Kind == TakeOver:
		return OverlapHides
	}
	return o.joins(other)
}

// joins says what a cover, or somebody added, comes to beside an earlier override by which somebody comes on.
func (o *Override) joins(other *Override) OverlapKind {
	covers := o.Kind == Cover
	switch {
	case covers && other.Kind == Cover && o.Instead == other.Person && o.Person == other.Instead:
		return OverlapSwapped
	case covers && o.Instead == other.Person:
		return OverlapFollows
	case covers && other.Kind == Cover && o.Instead == other.Instead:
		return OverlapAgain
	case covers && other.Kind == TakeOver:
		return OverlapUnseen
	case o.Person == other.Person:
		return OverlapTwice
	}
	return ""
}

// String says what it comes to, for whoever makes the override.
func (v *Overlap) String() string {
	what, ok := map[OverlapKind]string{
		OverlapSame:    "that is so already; one of the two is enough",
		OverlapAgain:   "this one counts for the span of both, because it was made later",
		OverlapBack:    "they come on all the same, because this was made later",
		OverlapFollows: "this one takes their place there, too",
		OverlapLeaves:  "their place stays empty unless somebody covers it",
		OverlapHides:   "this one takes their place, because it was made later",
		OverlapTwice:   "they are on for both at once",
		OverlapUnseen:  "this one shows only where they are off",
		OverlapSwapped: "both places go to the one who covers later",
	}[v.Kind]
	if !ok {
		what = string(v.Kind)
	}
	return fmt.Sprintf("%s then: %s", &v.Other, what)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
