package rota

import (
	"slices"
	"time"
)

// Source is where it comes from that somebody is on.
type Source string

// The sources: a person's turn, or the whole layer; and the kinds of override that bring somebody in.
const (
	ByTurn     Source = "turn"
	ByLayer    Source = "layer"
	ByCover    Source = "cover"
	ByTakeOver Source = "take_over"
	ByAdd      Source = "add"
)

// Why says why somebody is on.
type Why struct {
	Source   Source   `json:"source"`
	Layer    string   `json:"layer,omitempty"`    // its name, or "layer 2"; empty for who took over or was added
	Override string   `json:"override,omitempty"` // its ID; empty for a turn or a layer
	Instead  PersonID `json:"instead,omitempty"`  // whose time it is; of a cover only
}

// Absent is who would be on, but is off.
type Absent struct {
	Person   PersonID  `json:"person"`
	Override string    `json:"override"`
	Until    time.Time `json:"until"` // when the override ends
}

// place is one that somebody has, or has left.
type place struct {
	layer  int  // -1: an override's own
	alone  bool // counts in place of everything before it
	holder PersonID
	had    []PersonID // who had it before the holder, from the first on: each is covered by the next
	why    Why
	empty  bool // the holder is off
	left   Absent
}

// state is who is on at a time, and who would be but for an override.
type state struct {
	on     []held
	absent []Absent
}

// held is one who is on.
type held struct {
	person PersonID
	why    Why
}

// at works out the state at a time.
func (s *Schedule) at(at time.Time) state {
	var places []place
	for i := range s.layers {
		l := &s.layers[i]
		why := Why{Source: ByLayer, Layer: l.name}
		if l.turns != nil {
			why.Source = ByTurn
		}
		for _, p := range l.on(at) {
			places = append(places, place{layer: i, holder: p, why: why})
		}
	}
	for i := range s.overrides {
		if o := &s.overrides[i]; o.holds(at) {
			places = o.apply(places)
		}
	}
	return s.combine(places)
}

// apply changes who has which place.
func (o *Override) apply(places []place) []place {
	switch o.Kind {
	case Off:
		for i := range places {
			if p := &places[i]; p.holder == o.Person {
				p.empty, p.left = true, Absent{Person: o.Person, Override: o.ID, Until: o.To}
			}
		}
	case Cover:
		for i := range places {
			places[i].cover(o)
		}
	case TakeOver, Add:
		places = append(places, place{
			layer: -1, alone: o.Kind == TakeOver, holder: o.Person, why: Why{Source: Source(o.Kind), Override: o.ID},
		})
	}
	return places
}

// cover gives a place to who covers its holder, or somebody who had it before.
func (p *place) cover(o *Override) {
	line := slices.Concat(p.had, []PersonID{p.holder})
	n := slices.Index(line, o.Instead)
	if n < 0 {
		return
	}
	p.had, p.holder, p.empty = line[:n+1], o.Person, false
	p.why = Why{Source: ByCover, Layer: p.why.Layer, Override: o.ID, Instead: o.Instead}
}

// combine says who counts: from the last one who took over on, or else the layers and who was added.
func (s *Schedule) combine(places []place) (st state) {
	first, layer := 0, -1
	for i := range places {
		p := &places[i]
		if p.empty {
			continue
		}
		if p.alone {
			first = i
		}
		if p.layer >= 0 && layer < 0 {
			layer = p.layer
		}
	}
	for i := first; i < len(places); i++ {
		p := &places[i]
		switch {
		case p.empty && p.layer > layer && layer >= 0 && !s.everyone: // of a layer that does not count
		case p.empty && !slices.Contains(st.absent, p.left):
			st.absent = append(st.absent, p.left)
		case p.empty:
		case p.layer < 0 || s.everyone || p.layer == layer:
			if !slices.ContainsFunc(st.on, func(h held) bool { return h.person == p.holder }) {
				st.on = append(st.on, held{p.holder, p.why})
			}
		}
	}
	return st
}

// people are those who are on, in ascending order.
func (st *state) people() []PersonID {
	ids := make([]PersonID, len(st.on))
	for i := range st.on {
		ids[i] = st.on[i].person
	}
	slices.Sort(ids)
	return ids
}
