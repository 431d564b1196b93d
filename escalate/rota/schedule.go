package rota

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate/calendar"
)

// Given is what a rota does not say itself.
type Given struct {
	// Zone finds a time zone by its name; time.LoadLocation does. It is not asked when no layer goes by the wall clock.
	Zone func(name string) (*time.Location, error)
	// Members are the people in each Slack user group, by its handle with the @. A group that is not here is an error, because
	// nobody would be on without anybody having said so; one without members is not.
	Members map[string][]PersonID
	// Holidays are those of each code that the hours of layers name: none of them begin on these. A code that is not here is an error.
	Holidays map[string][]calendar.Holiday
	// Overrides are all of this rota's that may matter, in any order.
	Overrides []Override
}

// Schedule is a rota made ready to be asked. It never changes, so that many may use it at once.
type Schedule struct {
	everyone  bool
	layers    []layer
	overrides []Override // as they were made
}

// New makes a schedule of a rota. The error is that of Validate; or each error joined is a *Fault that names an override by
// its ID, or says that there is no zone, or no user group, of a name.
func New(r *Rota, g Given) (*Schedule, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	var fs faults
	s := &Schedule{everyone: r.Everyone, overrides: asMade(g.Overrides)}
	for i := range r.Layers {
		s.layers = append(s.layers, fs.layer(fmt.Sprintf("layers[%d]", i), r, i, &g))
	}
	for i := range s.overrides {
		fs.below(fmt.Sprintf("overrides[%s]", s.overrides[i].ID), s.overrides[i].Validate())
	}
	if len(fs) > 0 {
		return nil, errors.Join(fs...)
	}
	return s, nil
}

// layer makes a layer ready, and says what it lacks.
func (fs *faults) layer(path string, r *Rota, i int, g *Given) layer {
	l := &r.Layers[i]
	made := layer{name: l.Name, people: slices.Clone(l.People)}
	if made.name == "" {
		made.name = fmt.Sprintf("layer %d", i+1)
	}
	if l.Group != "" {
		members, known := g.Members[l.Group]
		if !known {
			fs.add(path+".group", "there is no user group %s", l.Group)
		}
		made.group = true
		made.people = slices.Sorted(slices.Values(members))
	}
	holidays, known := g.Holidays[l.Hours.Holidays]
	if !known && l.Hours.Holidays != "" {
		fs.add(path+".hours.holidays", "there are no holidays %q", l.Hours.Holidays)
	}
	zone := time.UTC
	if l.timed() {
		found, err := g.Zone(l.zone(r))
		if err != nil {
			fs.add(path, "there is no time zone %q", l.zone(r))
			return made
		}
		zone = found
	}
	var err error
	made.hours, err = calendar.New(l.Hours, zone, holidays...)
	fs.below(path+".hours", err)
	made.turns = newTurns(&l.Rotation, zone)
	return made
}

// OneAtATime reports whether nobody is ever on beside somebody else, overrides apart. Then who covers the rota as a whole takes
// over; otherwise they are added.
func (s *Schedule) OneAtATime() bool {
	for i := range s.layers {
		if l := &s.layers[i]; l.turns == nil && len(l.people) > 1 || l.group {
			return false
		}
	}
	return !s.everyone || len(s.layers) == 1
}

// Covering is the kind of override by which one person covers the rota as a whole.
func (s *Schedule) Covering() Kind {
	if s.OneAtATime() {
		return TakeOver
	}
	return Add
}

// next returns the earliest time after another at which something about the schedule may change; zero when there is none.
func (s *Schedule) next(at time.Time) (next time.Time) {
	sooner := func(t time.Time) {
		if t.After(at) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for i := range s.layers {
		sooner(s.layers[i].next(at))
	}
	for i := range s.overrides {
		sooner(s.overrides[i].From)
		sooner(s.overrides[i].To)
	}
	return next
}
