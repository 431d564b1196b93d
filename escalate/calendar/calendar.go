package calendar

import (
	"errors"
	"slices"
	"time"
)

// Horizon is how far ahead a calendar looks: 730 days. What does not come within it counts as never.
const Horizon = 2 * 365 * 24 * time.Hour

// Calendar is working hours in their zone, made ready to be counted with. The zero value, and nil, are open around the clock.
// It never changes, so that many may use it at once.
type Calendar struct {
	loc   *time.Location // nil: open around the clock
	week  [7][]span
	dates map[int64][]span // by Date.number; what is here counts in place of the week
}

// span is a stretch of a date by its wall clock, in minutes after midnight; it may end on the next date.
type span struct{ from, to int64 }

// New makes a calendar of hours in their zone. Nobody works on the holidays either, except where the hours give a date
// shifts of its own. The error is that of Validate, or says that the zone is missing.
func New(h Hours, zone *time.Location, holidays ...Holiday) (*Calendar, error) {
	if err := h.Validate(); err != nil {
		return nil, err
	}
	if h.Week.empty() && len(h.Closed)+len(h.Special)+len(holidays) == 0 {
		return &Calendar{}, nil
	}
	if zone == nil {
		return nil, errors.New("working hours need a time zone")
	}
	c := &Calendar{loc: zone, dates: make(map[int64][]span, len(h.Closed)+len(h.Special)+len(holidays))}
	for day := range c.week {
		if h.Week.empty() {
			c.week[day] = []span{AllDay.span()}
		} else {
			c.week[day] = spans(h.Week.On(time.Weekday(day)))
		}
	}
	for _, closed := range slices.Concat(holidays, h.Closed) {
		c.dates[closed.Date.number()] = nil
	}
	for _, s := range h.Special {
		c.dates[s.Date.number()] = spans(s.Shifts)
	}
	return c, nil
}

// spans are shifts in the order of their begin. Those that overlap may, because who counts them counts no time twice.
func spans(shifts []Shift) []span {
	list := make([]span, len(shifts))
	for i, s := range shifts {
		list[i] = s.span()
	}
	slices.SortFunc(list, func(a, b span) int { return int(a.from - b.from) })
	return list
}

// on returns the spans of the day with that number.
func (c *Calendar) on(day int64) []span {
	if own, ok := c.dates[day]; ok {
		return own
	}
	const thursday = 4 // 1 January 1970 was one
	return c.week[((day+thursday)%7+7)%7]
}

// AlwaysOpen reports whether it is open around the clock because it has neither shifts nor dates.
func (c *Calendar) AlwaysOpen() bool { return c == nil || c.loc == nil }

// Open reports whether people work at that time. A shift's begin is open, its end is not.
func (c *Calendar) Open(at time.Time) bool {
	if c.AlwaysOpen() {
		return true
	}
	s := c.stretches(at)
	begin, _, ok := s.seek(at, at.Unix())
	return ok && begin <= at.Unix()
}

// NextOpen returns the earliest time, from at on, at which people work: at itself when they do. It is the zero time when that
// is not within Horizon.
func (c *Calendar) NextOpen(at time.Time) time.Time {
	if c.AlwaysOpen() {
		return at
	}
	s := c.stretches(at)
	begin, _, ok := s.seek(at, at.Add(Horizon).Unix())
	switch {
	case !ok:
		return time.Time{}
	case begin <= at.Unix():
		return at
	}
	return instant(begin, at)
}

// NextClose returns the earliest time, from at on, at which people do not work: at itself when they do not. It is the zero time
// when that is not within Horizon.
func (c *Calendar) NextClose(at time.Time) time.Time {
	if c.AlwaysOpen() {
		return time.Time{}
	}
	limit := at.Add(Horizon).Unix()
	s := c.stretches(at)
	begin, closes, ok := s.seek(at, limit)
	if !ok || begin > at.Unix() {
		return at
	}
	for closes <= limit {
		begin, end, ok := s.next(limit)
		if !ok || begin > closes {
			return instant(closes, at)
		}
		closes = end
	}
	return time.Time{}
}

// instant is a time of Unix seconds in the location of another.
func instant(seconds int64, like time.Time) time.Time {
	return time.Unix(seconds, 0).In(like.Location())
}
