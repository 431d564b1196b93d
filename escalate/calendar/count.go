package calendar

import (
	"math"
	"time"
)

// Due returns when so much working time has passed since from: the earliest time at which Between says so. It is from itself
// when nothing has to pass, and the zero time when it is not through within Horizon.
func (c *Calendar) Due(from time.Time, working time.Duration) time.Time {
	if working > 0 {
		_, at := c.count(from, from.Add(Horizon), working)
		return at
	}
	return from
}

// Between returns the working time from one time to another: never more than has elapsed, negative when b is before a. It
// stops at the longest time.Duration, some 292 years.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	got, _ := c.count(a, b, math.MaxInt64)
	return got
}

// count adds up the working time from one time until another, and no further than to what is needed; at is when that was
// reached, or the zero time.
func (c *Calendar) count(from, until time.Time, need time.Duration) (got time.Duration, at time.Time) {
	from, until = from.Round(0), until.Round(0) // told by the wall clock, not by the machine's counter
	if c.AlwaysOpen() {
		if all := until.Sub(from); all < need {
			return all, time.Time{}
		}
		return need, from.Add(need)
	}
	s := c.stretches(from)
	for {
		b, e, ok := s.next(until.Unix())
		if !ok {
			return got, time.Time{}
		}
		begin, end := later(from, time.Unix(b, 0)), earlier(until, time.Unix(e, 0))
		length := end.Sub(begin)
		if length <= 0 {
			continue
		}
		if length >= need-got {
			return need, begin.Add(need - got).In(from.Location())
		}
		got += length
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// stretches goes through a calendar's working time in order.
type stretches struct {
	c    *Calendar
	zone zone
	day  int64  // the number of the day that comes next
	left []span // what is left of the day before it
	end  int64  // where the last stretch ended
}

// stretches begins no later than with the stretch that a time lies in, which is a shift of its date or of the one before.
func (c *Calendar) stretches(at time.Time) stretches {
	return stretches{c: c, zone: zone{loc: c.loc}, day: DateOf(at.In(c.loc)).number() - 1, end: math.MinInt64}
}

// seek returns the first stretch that ends after a time, if one begins by the limit.
func (s *stretches) seek(at time.Time, limit int64) (begin, end int64, ok bool) {
	for {
		if begin, end, ok = s.next(limit); !ok || end > at.Unix() {
			return begin, end, ok
		}
	}
}

// next returns a stretch in Unix seconds, if one begins by the limit. None overlaps the one before; they may touch.
func (s *stretches) next(limit int64) (begin, end int64, ok bool) {
	for {
		for len(s.left) == 0 {
			if s.day*daySeconds-daySeconds > limit {
				return 0, 0, false
			}
			s.left = s.c.on(s.day)
			s.day++
		}
		midnight := (s.day - 1) * daySeconds
		begin = max(s.end, s.zone.first(midnight+s.left[0].from*60))
		end = s.zone.first(midnight + s.left[0].to*60)
		if begin > limit {
			return 0, 0, false
		}
		s.left = s.left[1:]
		if begin < end {
			s.end = end
			return begin, end, true
		}
	}
}
