package rota

import (
	"fmt"
	"slices"
	"time"
)

// WithPeople returns the rota with other people in one of its layers. Whose turn it is at a time keeps it, until it would have ended; then
// the one who is listed after them has theirs. Where they are not listed any more, the next who would have come and still is listed has the
// turn. A rotation that has not begun starts as it would have, with who is listed first. zone finds a time zone, as in Given. A layer of a
// user group has no list of its own.
func (r *Rota) WithPeople(layer int, people []PersonID, now time.Time, zone func(name string) (*time.Location, error)) (Rota, error) {
	changed := *r
	changed.Layers = slices.Clone(r.Layers)
	l := &changed.Layers[layer]
	if l.Group != "" {
		return Rota{}, fmt.Errorf("the people of layer %d are those of %s", layer+1, l.Group)
	}
	before := l.People
	l.People = slices.Clone(people)
	if l.Rotation == (Rotation{}) || len(before) == 0 || len(people) == 0 {
		return changed, nil
	}
	loc, err := zone(l.zone(r))
	if err != nil {
		return Rota{}, fmt.Errorf("find the time zone of layer %d: %w", layer+1, err)
	}
	n, begun := newTurns(&l.Rotation, loc).at(now)
	if !begun {
		return changed, nil
	}
	// Turns are counted from the start: as many turns earlier as it takes for the number of this one to be that of its holder's place.
	ahead := (holder(before, people, n) - n%len(people) + len(people)) % len(people)
	l.Rotation.Start = l.Rotation.Start.AddDays(-ahead * int(l.Rotation.Every))
	return changed, nil
}

// holder is the place among people of who has the turn of a number, or of the first after them who is there; 0 when nobody is.
func holder(before, people []PersonID, turn int) int {
	for i := range before {
		if place := slices.Index(people, before[(turn+i)%len(before)]); place >= 0 {
			return place
		}
	}
	return 0
}

// TurnOf is whose turn it is in a layer at a time, whether the layer's hours hold or not; "" where nobody takes turns, or the first turn
// has not begun.
func (r *Rota) TurnOf(layer int, now time.Time, zone func(name string) (*time.Location, error)) PersonID {
	l := &r.Layers[layer]
	if l.Rotation == (Rotation{}) || len(l.People) == 0 {
		return ""
	}
	loc, err := zone(l.zone(r))
	if err != nil {
		return ""
	}
	n, begun := newTurns(&l.Rotation, loc).at(now)
	if !begun {
		return ""
	}
	return l.People[n%len(l.People)]
}
