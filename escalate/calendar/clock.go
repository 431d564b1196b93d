package calendar

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Clock is the life of one target, such as the first answer to a ticket, as facts. What they come to is derived by Read, as of
// any time: facts that lie after it do not count yet. Facts are added in the order of time.
//
// A ticket that is opened again gets a new clock. Only facts that people or the helpdesk brought about belong here: a
// message of the bot neither meets a target nor pauses it.
type Clock struct {
	Started   time.Time `json:"started"`
	Terms     Terms     `json:"terms"`             // from Started on
	Changes   []Change  `json:"changes,omitempty"` // of the terms
	Pauses    []Pause   `json:"pauses,omitempty"`
	Met       time.Time `json:"met,omitzero"`
	Cancelled time.Time `json:"cancelled,omitzero"`
}

// Terms are what a target promises: how much working time there is, and by whose hours.
type Terms struct {
	Budget   time.Duration `json:"budget"`             // working time; with zero or less it is due as soon as it starts
	Calendar string        `json:"calendar,omitempty"` // its key among Calendars; "" is around the clock
	Warn     Stage         `json:"warn,omitzero"`      // from which stage on it is due soon; zero: never
}

// Change is new terms. From At on they are the ones that count, the calendar as well as the budget; working time that is
// used by then stays used. So a larger budget takes a breach back, and a smaller one than was used is breached at once, not before.
type Change struct {
	At    time.Time `json:"at"`
	Terms Terms     `json:"terms"`
}

// PauseReason says why a clock stands still.
type PauseReason string

// The reasons.
const (
	PausePending PauseReason = "pending" // the customer's answer is awaited
	PauseOnHold  PauseReason = "on_hold" // a third party is awaited
	PauseSnoozed PauseReason = "snoozed" // the owner put it off
)

// Pause is a stretch in which a clock stands still. Pauses may overlap: the clock goes on when none holds.
type Pause struct {
	From   time.Time   `json:"from"`
	To     time.Time   `json:"to,omitzero"` // the first moment at which it does not hold any more; zero: until further notice
	Reason PauseReason `json:"reason"`
}

// holds reports whether the pause holds at a time.
func (p *Pause) holds(at time.Time) bool {
	return !at.Before(p.From) && (p.To.IsZero() || at.Before(p.To))
}

// Pause stops the clock for a reason, until further notice. One that holds for that reason already goes on.
func (c *Clock) Pause(at time.Time, why PauseReason) {
	for i := range c.Pauses {
		if p := &c.Pauses[i]; p.Reason == why && (p.holds(at) || p.To.Equal(at)) {
			p.To = time.Time{}
			return
		}
	}
	c.Pauses = append(c.Pauses, Pause{From: at, Reason: why})
	slices.SortStableFunc(c.Pauses, func(a, b Pause) int { return a.From.Compare(b.From) })
}

// Resume ends the pauses that hold for a reason; without one it changes nothing. A time yet to come is a snooze's end: until
// then the clock counts as paused until further notice.
func (c *Clock) Resume(at time.Time, why PauseReason) {
	for i := range c.Pauses {
		if p := &c.Pauses[i]; p.Reason == why && p.holds(at) {
			p.To = at
		}
	}
	c.Pauses = slices.DeleteFunc(c.Pauses, func(p Pause) bool { return p.To.Equal(p.From) })
}

// Change brings new terms. Of several at the same time the last counts.
func (c *Clock) Change(at time.Time, terms Terms) {
	c.Changes = append(c.Changes, Change{At: at, Terms: terms})
	slices.SortStableFunc(c.Changes, func(a, b Change) int { return a.At.Compare(b.At) })
}

// Stage is a point in a target's time: a share of its budget, how much working time is left, or how much has passed since the deadline. One
// of the three is given; the zero value is no stage.
type Stage struct {
	Share float64       `json:"share,omitempty" yaml:"share,omitempty"` // of the budget, above 0; above 1 lies after the deadline
	Left  time.Duration `json:"left,omitempty" yaml:"left,omitempty"`   // of working time
	Late  time.Duration `json:"late,omitempty" yaml:"late,omitempty"`   // of working time, after the deadline
}

// Breach is the stage at which the budget is used up.
var Breach = Stage{Share: 1}

// Validate says what is wrong with a stage; the zero value is none to validate.
func (s Stage) Validate() error {
	switch {
	case s.Share != 0 && s.Left != 0, s.Late != 0 && (s.Share != 0 || s.Left != 0):
		return errors.New("a stage is a share of the time, what is left of it or how late it is: one of them")
	case !(s.Share >= 0 && s.Share <= 10): // also catches NaN
		return fmt.Errorf("%v is not a share of the time; write a number above 0, and 1 for all of it", s.Share)
	case s.Left < 0:
		return fmt.Errorf("%v left is past the deadline; write it as late", s.Left)
	case s.Late < 0:
		return fmt.Errorf("%v late is before the deadline; write it as left", s.Late)
	}
	return nil
}

// Past reports whether the stage is the deadline, or lies after it.
func (s Stage) Past() bool { return s.Share >= Breach.Share || s.Late > 0 }

// Used is how much of a budget is used when the stage is reached; less than nothing when more is to be left than there is.
func (s Stage) Used(budget time.Duration) time.Duration {
	if s.Share > 0 {
		return time.Duration(s.Share*float64(budget) + 0.5)
	}
	return budget - s.Left + s.Late
}

// Calendars are the calendars that terms name.
type Calendars map[string]*Calendar

// ErrUnknownCalendar says that terms name a calendar that is not among those given.
var ErrUnknownCalendar = errors.New("unknown calendar")

// named returns a calendar by its key.
func (cs Calendars) named(key string) (*Calendar, error) {
	c, ok := cs[key]
	if !ok && key != "" {
		return nil, fmt.Errorf("find calendar %q: %w", key, ErrUnknownCalendar)
	}
	return c, nil
}

// ended returns when the clock came to its end, as of a time, and how: running is none.
func (c *Clock) ended(now time.Time) (time.Time, State) {
	at, state := now, Running
	if !c.Cancelled.IsZero() && !c.Cancelled.After(at) {
		at, state = c.Cancelled, Cancelled
	}
	if !c.Met.IsZero() && !c.Met.After(at) {
		at, state = c.Met, Met
	}
	if at.Before(c.Started) {
		at = c.Started
	}
	return at, state
}

// inOrder returns facts in the order of time; those that a Clock's methods kept are.
func inOrder[T any](facts []T, at func(T) time.Time) []T {
	by := func(a, b T) int { return at(a).Compare(at(b)) }
	if slices.IsSortedFunc(facts, by) {
		return facts
	}
	facts = slices.Clone(facts)
	slices.SortStableFunc(facts, by)
	return facts
}
