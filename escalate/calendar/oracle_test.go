package calendar_test

import (
	"time"
)

// The oracle says the same as the package by another way: it walks through time minute by minute and looks at the clock on the
// wall. It shares no code with the package and no type; all instants are nanoseconds since 1970, and all that open or close
// lies on whole minutes.

const (
	minute  = int64(time.Minute)
	never   = int64(-1)
	dayLong = 24 * 60 // minutes
)

// plan is working hours: per weekday from Sunday on, and per date in days since 1970, pairs of minutes. A pair whose end is
// not after its begin ends on the next day. Without any pair in the week it is around the clock.
type plan struct {
	loc  *time.Location
	week [7][][2]int
	own  map[int64][][2]int // a date that is closed has an empty list
	wall wall
}

func (p *plan) pairs(day int64) [][2]int {
	if own, ok := p.own[day]; ok {
		return own
	}
	shifts := false
	for _, pairs := range p.week {
		shifts = shifts || len(pairs) > 0
	}
	if !shifts {
		return [][2]int{{0, dayLong}}
	}
	return p.week[time.Unix(day*86400, 0).UTC().Weekday()]
}

// paint says of every minute of a date by the wall clock whether people work.
func (p *plan) paint(day int64) *[dayLong]bool {
	var open [dayLong]bool
	for _, pair := range p.pairs(day) {
		for m := pair[0]; m < dayLong && (pair[1] <= pair[0] || m < pair[1]); m++ {
			open[m] = true
		}
	}
	for _, pair := range p.pairs(day - 1) {
		if pair[1] <= pair[0] {
			for m := range pair[1] {
				open[m] = true
			}
		}
	}
	return &open
}

// wall is what the oracle has walked through so far.
type wall struct {
	first   int64 // minutes since 1970
	open    []bool
	highest int64 // the furthest that the wall clock has shown, in minutes; what it shows again opens and closes nothing
	painted *[dayLong]bool
	day     int64
}

// at reports whether people work at a time. The first time asked for must be the earliest.
func (p *plan) at(ns int64) bool {
	w := &p.wall
	const before = 2 * dayLong
	if w.open == nil {
		w.first = ns/minute - before
	}
	for now := w.first + int64(len(w.open)); now <= ns/minute; now++ {
		_, offset := time.Unix(now*60, 0).In(p.loc).Zone()
		w.highest = max(w.highest, now+int64(offset/60))
		if day := w.highest / dayLong; w.painted == nil || day != w.day {
			w.painted, w.day = p.paint(day), day
		}
		w.open = append(w.open, w.painted[w.highest%dayLong])
	}
	return w.open[ns/minute-w.first]
}

const lookAhead = int64(730 * 24 * time.Hour)

// change returns the next time, from ns on, at which people work or do not.
func (p *plan) change(ns int64, open bool) int64 {
	for t := ns; t <= ns+lookAhead; t = (t/minute + 1) * minute {
		if p.at(t) == open {
			return t
		}
	}
	return never
}

func (p *plan) between(a, b int64) (sum int64) {
	for t := a; t < b; {
		next := min(b, (t/minute+1)*minute)
		if p.at(t) {
			sum += next - t
		}
		t = next
	}
	return sum
}

func (p *plan) due(from, working int64) int64 {
	if working <= 0 {
		return from
	}
	for t := from; t < from+lookAhead; {
		next := (t/minute + 1) * minute
		if p.at(t) {
			if working <= next-t {
				return t + working
			}
			working -= next - t
		}
		t = next
	}
	return never
}

// life is a target's: bargains in the order of time, the first from its start.
type life struct {
	bargains       []bargain
	breaks         [][2]int64 // the second is never for one that goes on
	met, cancelled int64      // never: not so
}

type bargain struct {
	from, budget int64
	plan         *plan
	warn         portion
}

// portion is a stage: parts of a hundred of the budget, or what is left of it; less than nothing is late.
type portion struct{ percent, left int64 }

func (s portion) of(budget int64) int64 {
	if s.percent > 0 {
		return budget / 100 * s.percent // budgets are whole multiples of 100
	}
	return budget - s.left
}

// told is what the oracle says of a life.
type told struct {
	state             string
	used, left, over  int64
	deadline          int64
	late, stoodStill  bool
	reached, expected int64
}

func (l *life) bargain(at int64) *bargain {
	b := &l.bargains[0]
	for i := range l.bargains {
		if l.bargains[i].from <= at {
			b = &l.bargains[i]
		}
	}
	return b
}

func (l *life) still(at int64) bool {
	for _, b := range l.breaks {
		if b[0] <= at && (b[1] == never || at < b[1]) {
			return true
		}
	}
	return false
}

// cut returns the next time after t at which a minute ends or a fact lies.
func (l *life) cut(t, end int64) int64 {
	next := min(end, (t/minute+1)*minute)
	cut := func(at int64) {
		if at > t && at < next {
			next = at
		}
	}
	for _, b := range l.bargains {
		cut(b.from)
	}
	for _, b := range l.breaks {
		cut(b[0])
		cut(b[1])
	}
	return next
}

// walk goes through a life up to its end with a stage in view.
func (l *life) walk(end int64, stage portion) (r told) {
	r.reached, r.expected = never, never
	look := func(t int64) int64 {
		need := stage.of(l.bargain(t).budget)
		if r.used < need {
			r.reached = never
		} else if r.reached == never {
			r.reached = t
		}
		return need
	}
	for t := l.bargains[0].from; t < end; {
		need, next := look(t), l.cut(t, end)
		if !l.still(t) && l.bargain(t).plan.at(t) {
			if r.used < need && r.used+next-t >= need {
				r.reached = t + need - r.used
			}
			r.used += next - t
		}
		t = next
	}
	need := look(end)
	r.stoodStill = l.still(end)
	if r.reached == never && !r.stoodStill {
		r.expected = l.bargain(end).plan.due(end, need-r.used)
	}
	return r
}

// tell says what a life comes to as of a time.
func (l *life) tell(now int64, stage portion) told {
	end, state := now, "running"
	if l.met != never && l.met <= end && (l.cancelled == never || l.met <= l.cancelled) {
		end, state = l.met, "met"
	} else if l.cancelled != never && l.cancelled <= end {
		end, state = l.cancelled, "cancelled"
	}
	end = max(end, l.bargains[0].from)
	r, b := l.walk(end, portion{percent: 100}), l.bargain(end)
	r.deadline = max(r.reached, r.expected)
	r.left, r.over = max(0, b.budget-r.used), max(0, r.used-b.budget)
	r.late = state == "met" && r.reached != never && r.reached < end
	r.state = state
	if state == "running" {
		switch {
		case r.reached != never:
			r.state = "breached"
		case r.stoodStill:
			r.state = "paused"
		case b.warn != portion{} && r.used >= b.warn.of(b.budget):
			r.state = "due_soon"
		}
	}
	staged := l.walk(end, stage)
	r.reached, r.expected = staged.reached, staged.expected
	if state != "running" {
		r.expected = never
	}
	return r
}
