package rota

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmline/escalate/calendar"
)

// The most that a rota may hold: what is asked of it is worked out on the spot.
const (
	maxLayers = 20
	maxPeople = 200
)

// Fault is one thing wrong with a rota or an override: where, what, and what to do.
type Fault struct {
	Path string // "layers[0].rotation.day", "to"; below the name of a rota, "support.layers[0].people[2]"
	What string
}

// Error implements error.
func (f *Fault) Error() string { return f.Path + ": " + f.What }

// faults collects what is wrong.
type faults []error

func (fs *faults) add(path, format string, args ...any) {
	*fs = append(*fs, &Fault{Path: path, What: fmt.Sprintf(format, args...)})
}

// Validate names every fault of the rotas at once, in the order of their names: each error joined is a *Fault.
func (rs Rotas) Validate() error {
	var fs faults
	for _, name := range slices.Sorted(maps.Keys(rs)) {
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			fs.add(name, "%q cannot be a rota's name; use lower-case letters, digits, - and _", name)
		}
		r := rs[name]
		fs.rota(name+".", &r)
	}
	return errors.Join(fs...)
}

// Validate names every fault of the rota at once: each error joined is a *Fault. Whether there are zones and user groups of
// those names shows when a Schedule is made.
func (r *Rota) Validate() error {
	var fs faults
	fs.rota("", r)
	return errors.Join(fs...)
}

func (fs *faults) rota(at string, r *Rota) {
	switch n := len(r.Layers); {
	case n == 0:
		fs.add(at+"layers", "is empty, so nobody would ever be on; list people, or name a user group")
	case n > maxLayers:
		fs.add(at+"layers", "has %d layers; %d are the most", n, maxLayers)
	}
	seen, zoned := map[string]int{}, true
	for i := range r.Layers {
		l, path := &r.Layers[i], fmt.Sprintf("%slayers[%d]", at, i)
		if other, twice := seen[l.Name]; twice && l.Name != "" {
			fs.add(path+".name", "%q is also the name of layers[%d]; nobody could tell them apart", l.Name, other)
		}
		seen[l.Name] = i
		fs.members(path, l)
		fs.rotation(path, l)
		fs.below(path+".hours", l.Hours.Validate())
		if zoned && l.zone(r) == "" && l.timed() {
			zoned = false
			fs.add(at+"zone", "is missing, and so is that of layers[%d]; name one such as Europe/Berlin", i)
		}
	}
}

func (fs *faults) members(path string, l *Layer) {
	switch {
	case len(l.People) == 0 && l.Group == "":
		fs.add(path, "has nobody in it; list people, or name a user group")
	case len(l.People) > 0 && l.Group != "":
		fs.add(path+".group", "stands beside a list of people; a layer has one of the two")
	case l.Group != "" && (len(l.Group) < 2 || !strings.HasPrefix(l.Group, "@")):
		fs.add(path+".group", "%q is not a user group; write its handle, such as @support-eu", l.Group)
	case len(l.People) > maxPeople:
		fs.add(path+".people", "lists %d people; %d are the most", len(l.People), maxPeople)
	}
	seen := map[PersonID]int{}
	for i, p := range l.People {
		at := fmt.Sprintf("%s.people[%d]", path, i)
		if len(p) < 2 || p[0] != 'U' && p[0] != 'W' {
			fs.add(at, "%q is not a user id (U…)", p)
		}
		if other, twice := seen[p]; twice && l.Rotation == (Rotation{}) {
			fs.add(at, "%s is listed twice, here and as people[%d]; remove one", p, other)
		}
		seen[p] = i
	}
}

func (fs *faults) rotation(path string, l *Layer) {
	r := &l.Rotation
	if *r == (Rotation{}) {
		return
	}
	path += ".rotation"
	if l.Group != "" {
		fs.add(path, "is given for a user group, which has no order; list the people who take turns")
	}
	if r.Every < Day || r.Every > maxPeriod {
		fs.add(path+".every", "is missing; write day, week, 3 days or 2 weeks, of 90 days at the most")
	}
	if _, known := weekday(r.Day); r.Day != "" && (!known || len(r.Day) != 3) {
		fs.add(path+".day", "%q is not a weekday; write mon, tue, wed, thu, fri, sat or sun", r.Day)
	} else if r.Day != "" && r.Every%Week != 0 {
		fs.add(path+".day", "does not go with turns of %s; leave it out, or have whole weeks", r.Every)
	}
	if r.At < 0 || r.At >= 24*60 {
		fs.add(path+".at", "%s is outside the day; the last minute is 23:59", r.At)
	}
	switch {
	case r.Start == calendar.Date{}:
		fs.add(path+".start", "is missing; give the date of the first turn, such as 2026-12-07")
	case !r.Start.Valid():
		fs.add(path+".start", "%s is not a date; write it as 2026-12-07", r.Start)
	}
}

// below takes over the faults of a part, below its path.
func (fs *faults) below(path string, err error) {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return
	}
	for _, err := range joined.Unwrap() {
		var own *Fault
		var hours *calendar.Fault
		switch {
		case errors.As(err, &own):
			fs.add(path+"."+own.Path, "%s", own.What)
		case errors.As(err, &hours):
			fs.add(path+"."+hours.Path, "%s", hours.What)
		}
	}
}

// zone is the name of the zone that a layer goes by.
func (l *Layer) zone(r *Rota) string {
	if l.Hours.Zone != "" {
		return l.Hours.Zone
	}
	return r.Zone
}

// timed reports whether anything in a layer goes by the wall clock.
func (l *Layer) timed() bool {
	h := &l.Hours
	for day := range 7 {
		if len(h.Week.On(time.Weekday(day))) > 0 {
			return true
		}
	}
	return l.Rotation != Rotation{} || len(h.Closed)+len(h.Special) > 0 || h.Holidays != ""
}
