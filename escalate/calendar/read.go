package calendar

import "time"

// State is what a target comes to at a time.
type State string

// The states. The one that is named first wins: who has met a target in time is not overdue, and what is overdue does not
// become less so by a pause.
const (
	Cancelled State = "cancelled" // before it was met
	Met       State = "met"       // in time or late
	Breached  State = "breached"  // from the deadline on
	Paused    State = "paused"
	DueSoon   State = "due_soon"
	Running   State = "running"
)

// Reading is what a clock comes to at a time. Durations are working time and never negative.
type Reading struct {
	State State `json:"state"`
	// Deadline is when the budget is used up, as things stand; of a target that is breached or over, as they stood then.
	// Zero while it stands still, and when there is no working time within Horizon.
	Deadline time.Time     `json:"deadline,omitzero"`
	Used     time.Duration `json:"used"`           // goes on after the deadline, until the target is met
	Left     time.Duration `json:"left"`           // of the budget
	Over     time.Duration `json:"over,omitempty"` // used beyond the budget
	Late     bool          `json:"late,omitempty"` // met after the deadline; at the deadline is in time
	Paused   bool          `json:"paused,omitempty"`
}

// Read says what the clock comes to as of a time. Before it has started it reads as at its start. The error is
// ErrUnknownCalendar.
func (c *Clock) Read(now time.Time, calendars Calendars) (Reading, error) {
	f, err := c.follow(now, calendars, Breach)
	if err != nil {
		return Reading{}, err
	}
	end, state := c.ended(now)
	r := Reading{State: state, Deadline: f.reached, Used: f.used, Paused: f.paused, Left: max(0, f.terms.Budget-f.used), Over: max(0, f.used-f.terms.Budget)}
	if r.Deadline.IsZero() {
		r.Deadline = f.expected
	}
	breached := !f.reached.IsZero()
	switch {
	case state == Met:
		r.Late = breached && end.After(f.reached)
	case state == Cancelled:
	case breached:
		r.State = Breached
	case f.paused:
		r.State = Paused
	case f.terms.Warn != Stage{} && f.used >= f.terms.Warn.Used(f.terms.Budget):
		r.State = DueSoon
	}
	return r, nil
}

// Reaches returns when the clock reaches a stage, as things stand at a time: when it did, or when it will. It is the zero
// time when it will not: because it stands still, because it was met or cancelled before, or because there is no working
// time within Horizon. New terms can take back what was reached; who alerts once per stage remembers which were. The error is
// ErrUnknownCalendar.
func (c *Clock) Reaches(now time.Time, calendars Calendars, stage Stage) (time.Time, error) {
	f, err := c.follow(now, calendars, stage)
	if err != nil || !f.reached.IsZero() {
		return f.reached, err
	}
	if _, state := c.ended(now); state != Running {
		return time.Time{}, nil
	}
	return f.expected, nil
}

// followed is a clock's life up to a time, with a stage in view.
type followed struct {
	stage    Stage
	terms    Terms         // at its end
	used     time.Duration // working time
	reached  time.Time     // since when the stage's share has been used without a break; zero: it is not
	expected time.Time     // when it will be, if it is not and the clock does not stand still
	paused   bool
}

// follow goes through a clock's life up to a time, from one change of terms to the next.
func (c *Clock) follow(now time.Time, calendars Calendars, stage Stage) (followed, error) {
	end, _ := c.ended(now)
	changes := inOrder(c.Changes, func(x Change) time.Time { return x.At })
	pauses := inOrder(c.Pauses, func(x Pause) time.Time { return x.From })
	f := followed{stage: stage, terms: c.Terms}
	at := c.Started
	for {
		next, more := end, len(changes) > 0 && !changes[0].At.After(end)
		if more {
			next = later(at, changes[0].At)
		}
		cal, err := calendars.named(f.terms.Calendar)
		if err != nil {
			return followed{}, err
		}
		f.leg(cal, at, next, pauses)
		if !more {
			f.expect(cal, end, pauses)
			f.reached, f.expected = like(f.reached, now), like(f.expected, now)
			return f, nil
		}
		at, f.terms, changes = next, changes[0].Terms, changes[1:]
	}
}

// leg counts the time between two changes, but for the pauses.
func (f *followed) leg(cal *Calendar, from, until time.Time, pauses []Pause) {
	if f.used < f.stage.Used(f.terms.Budget) {
		f.reached = time.Time{}
	} else if f.reached.IsZero() {
		f.reached = from
	}
	for i := range pauses {
		p := &pauses[i]
		if !p.From.Before(until) {
			break
		}
		if !p.To.IsZero() && !p.To.After(p.From) {
			continue // it never held
		}
		if p.From.After(from) {
			f.run(cal, from, p.From)
		}
		if p.To.IsZero() {
			return
		}
		from = later(from, p.To)
	}
	if from.Before(until) {
		f.run(cal, from, until)
	}
}

// run counts a stretch in which the clock does not stand still.
func (f *followed) run(cal *Calendar, from, until time.Time) {
	if need := f.stage.Used(f.terms.Budget) - f.used; need > 0 {
		got, at := cal.count(from, until, need)
		f.used += got
		if at.IsZero() {
			return
		}
		f.reached, from = at, at
	}
	f.used += cal.Between(from, until)
}

// expect says when the stage will be reached if nothing happens after the end.
func (f *followed) expect(cal *Calendar, end time.Time, pauses []Pause) {
	for i := range pauses {
		f.paused = f.paused || pauses[i].holds(end)
	}
	if need := f.stage.Used(f.terms.Budget) - f.used; need > 0 && !f.paused {
		f.expected = cal.Due(end, need)
	}
}

// like shows a time in the location of another; the zero time stays as it is.
func like(t, other time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(other.Location())
}
