package rota

import (
	"time"

	"warmline/escalate/calendar"
)

// layer is a Layer made ready.
type layer struct {
	name   string
	people []PersonID
	group  bool // its people are a user group's members
	hours  *calendar.Calendar
	turns  *turns // nil: all are on at once
}

// on returns who is on by the layer at a time.
func (l *layer) on(at time.Time) []PersonID {
	if len(l.people) == 0 || !l.hours.Open(at) {
		return nil
	}
	if l.turns == nil {
		return l.people
	}
	n, begun := l.turns.at(at)
	if !begun {
		return nil
	}
	n %= len(l.people)
	return l.people[n : n+1]
}

// next returns the earliest time after another at which who is on by the layer may change; zero when there is none.
func (l *layer) next(at time.Time) time.Time {
	if l.turns != nil && at.Before(l.turns.start) {
		return l.turns.start
	}
	if !l.hours.Open(at) {
		return l.hours.NextOpen(at)
	}
	closes := l.hours.NextClose(at)
	if l.turns == nil || len(l.people) < 2 {
		return closes
	}
	ends := l.turns.end(at)
	if closes.IsZero() {
		return ends
	}
	return earlier(closes, ends)
}

// turns are a rotation's, counted from the first. All but the first are of the same number of days; which is shorter if the
// rotation does not start on the day on which turns end.
type turns struct {
	origin calendar.Date // where the first turn would begin if it were a whole one
	every  int           // days
	time   calendar.TimeOfDay
	zone   *time.Location
	start  time.Time
}

func newTurns(r *Rotation, zone *time.Location) *turns {
	if *r == (Rotation{}) {
		return nil
	}
	t := &turns{origin: r.Start, every: int(r.Every), time: r.At, zone: zone, start: r.Start.At(r.At, zone)}
	if day, given := weekday(r.Day); given {
		if short := (int(day) - int(r.Start.Weekday()) + 7) % 7; short > 0 {
			t.origin = r.Start.AddDays(short - t.every)
		}
	}
	return t
}

// begin returns when the turn of a number begins, a first one that is whole.
func (t *turns) begin(n int) time.Time { return t.origin.AddDays(n*t.every).At(t.time, t.zone) }

// at returns the number of the turn at a time, if the first has begun.
func (t *turns) at(at time.Time) (n int, begun bool) {
	if at.Before(t.start) {
		return 0, false
	}
	// Where clocks went back over midnight, the date on the wall may be the one before the last that began.
	ahead := calendar.DateOf(at.In(t.zone)).AddDays(1)
	n = max(ahead.DaysSince(t.origin)/t.every, 0)
	for n > 0 && t.begin(n).After(at) {
		n--
	}
	return n, true
}

// end returns when the turn ends that a time lies in.
func (t *turns) end(at time.Time) time.Time {
	n, _ := t.at(at)
	return t.begin(n + 1)
}
