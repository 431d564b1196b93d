package rota

import (
	"slices"
	"time"
)

// Horizon is how far ahead a schedule looks: 100 days. What does not come within it counts as never.
const Horizon = 100 * 24 * time.Hour

// OnCall is who is on at a time. That nobody is, is an answer.
type OnCall struct {
	People []OnDuty `json:"people,omitempty"` // in the order of the layers, then as the overrides were made
	// Absent are those who would be on, but are off, and for whom nobody stands in by a cover.
	Absent []Absent `json:"absent,omitempty"`
}

// OnDuty is one person who is on.
type OnDuty struct {
	Person PersonID `json:"person"`
	// Until is when they go off, whatever the reason for which they are on by then. Zero: not within Horizon.
	Until time.Time `json:"until,omitzero"`
	Why   Why       `json:"why"`
}

// OnCall says who is on at a time, until when, and why.
func (s *Schedule) OnCall(now time.Time) OnCall {
	st := s.at(now)
	all := OnCall{Absent: st.absent}
	for i := range all.Absent {
		all.Absent[i].Until = like(all.Absent[i].Until, now)
	}
	waiting := len(st.on)
	for _, h := range st.on {
		all.People = append(all.People, OnDuty{Person: h.person, Why: h.why})
	}
	for at := s.next(now); waiting > 0 && s.within(at, now); at = s.next(at) {
		on := s.On(at)
		for i := range all.People {
			if p := &all.People[i]; p.Until.IsZero() && !slices.Contains(on, p.Person) {
				p.Until = like(at, now)
				waiting--
			}
		}
	}
	return all
}

// On returns who is on at a time, in ascending order.
func (s *Schedule) On(at time.Time) []PersonID {
	st := s.at(at)
	return st.people()
}

// Change is a time at which it changes who is on.
type Change struct {
	At time.Time `json:"at"`
	// On come on and Off go off, in ascending order; one of the two may be empty.
	On  []PersonID `json:"on,omitempty"`
	Off []PersonID `json:"off,omitempty"`
}

// Next returns the first time after now at which somebody comes on, and who. There is none within Horizon if ok is false.
func (s *Schedule) Next(now time.Time) (next Change, ok bool) {
	for c := range s.changes(now, now.Add(Horizon)) {
		if len(c.On) > 0 {
			return c, true
		}
	}
	return Change{}, false
}

// NextChange returns the first time after now at which it changes who is on. There is none within Horizon if ok is false.
func (s *Schedule) NextChange(now time.Time) (next Change, ok bool) {
	for c := range s.changes(now, now.Add(Horizon)) {
		return c, true
	}
	return Change{}, false
}

// Changes are the times after one and no later than another at which it changes who is on, in their order.
func (s *Schedule) Changes(from, until time.Time) []Change {
	return slices.Collect(s.changes(from, until))
}

// changes goes through the changes one by one.
func (s *Schedule) changes(from, until time.Time) func(yield func(Change) bool) {
	return func(yield func(Change) bool) {
		before := s.On(from)
		for at := s.next(from); !at.IsZero() && !at.After(until); at = s.next(at) {
			after := s.On(at)
			c := Change{At: like(at, from), On: without(after, before), Off: without(before, after)}
			if len(c.On)+len(c.Off) > 0 && !yield(c) {
				return
			}
			before = after
		}
	}
}

// Stretch is a part of a timeline in which the same people are on for the same reasons; nobody is if People is empty.
type Stretch struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	People []Duty    `json:"people,omitempty"`
}

// Duty is who is on in a stretch, and why.
type Duty struct {
	Person PersonID `json:"person"`
	Why    Why      `json:"why"`
}

// Shifts is the timeline from one time until another, without holes: where nobody is on, a stretch says so.
func (s *Schedule) Shifts(from, until time.Time) []Stretch {
	var line []Stretch
	for at := from; !at.IsZero() && at.Before(until); at = s.next(at) {
		st := s.at(at)
		duties := make([]Duty, len(st.on))
		for i, h := range st.on {
			duties[i] = Duty{Person: h.person, Why: h.why}
		}
		if n := len(line); n > 0 && slices.Equal(line[n-1].People, duties) {
			continue
		} else if n > 0 {
			line[n-1].To = like(at, from)
		}
		line = append(line, Stretch{From: like(at, from), To: until, People: duties})
	}
	return line
}

// within reports whether there is such a time, no further ahead than the schedule looks.
func (s *Schedule) within(at, now time.Time) bool {
	return !at.IsZero() && !at.After(now.Add(Horizon))
}

// like shows a time in the location of another.
func like(t, other time.Time) time.Time { return t.In(other.Location()) }

// without returns those of a list who are not in another one.
func without(list, other []PersonID) []PersonID {
	var rest []PersonID
	for _, p := range list {
		if !slices.Contains(other, p) {
			rest = append(rest, p)
		}
	}
	return rest
}
