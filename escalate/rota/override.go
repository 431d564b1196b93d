package rota

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// MaxOverride is the longest that an override may last: 90 days. What lasts longer is a change of the rota.
const MaxOverride = 90 * 24 * time.Hour

// Kind is what an override does.
type Kind string

// The kinds.
const (
	Cover    Kind = "cover"     // Person is on whenever Instead would be
	TakeOver Kind = "take_over" // Person is on in place of everybody
	Add      Kind = "add"       // Person is on beside whoever else is
	Off      Kind = "off"       // Person is on nowhere
)

// Override changes who is on in one rota, from From on and no longer at To. Of those that overlap, the one that was made last
// has the last word.
type Override struct {
	ID      string    `json:"id"`
	Rota    string    `json:"rota"`
	Kind    Kind      `json:"kind"`
	Person  PersonID  `json:"person"`
	Instead PersonID  `json:"instead,omitempty"` // whose time it is; of a cover only
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	By      PersonID  `json:"by,omitempty"`
	Made    time.Time `json:"made"` // of two that were made at once the greater ID is the later one
}

// Validate names every fault of an override at once: each error joined is a *Fault.
func (o *Override) Validate() error {
	var fs faults
	switch o.Kind {
	case Cover:
		switch o.Instead {
		case "":
			fs.add("instead", "is missing; say whose time %s covers", o.Person)
		case o.Person:
			fs.add("instead", "is %s again; nobody covers for themselves", o.Person)
		}
	case TakeOver, Add, Off:
		if o.Instead != "" {
			fs.add("instead", "goes with a cover only")
		}
	default:
		fs.add("kind", "%q is not known; write cover, take_over, add or off", o.Kind)
	}
	if o.Person == "" {
		fs.add("person", "is missing")
	}
	switch {
	case o.From.IsZero():
		fs.add("from", "is missing")
	case !o.To.After(o.From):
		fs.add("to", "is not after the begin")
	case o.To.Sub(o.From) > MaxOverride:
		fs.add("to", "is %d days after the begin; %d are the most, because what lasts longer is a change of the rota",
			int(o.To.Sub(o.From).Hours()/24), int(MaxOverride.Hours()/24))
	}
	return errors.Join(fs...)
}

// Cut ends an override at a time: what was keeps standing in the past. There is nothing to keep of one that has not begun.
func (o Override) Cut(now time.Time) (rest Override, keep bool) {
	if !now.After(o.From) {
		return Override{}, false
	}
	o.To = earlier(o.To, now)
	return o, true
}

// holds reports whether an override holds at a time.
func (o *Override) holds(at time.Time) bool { return !at.Before(o.From) && at.Before(o.To) }

// asMade puts overrides into the order in which they were made.
func asMade(list []Override) []Override {
	return slices.SortedFunc(slices.Values(list), func(a, b Override) int {
		return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID))
	})
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
