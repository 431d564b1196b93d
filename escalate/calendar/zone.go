package calendar

import (
	"math"
	"time"
)

const daySeconds = 24 * 60 * 60

// zone finds when the clock on the wall shows a reading for the first time. A reading is the number of seconds since 1970 that
// the wall clock would show if its zone were UTC.
type zone struct {
	loc *time.Location
	// What was found last: readings that lie at these instants are offset seconds ahead of UTC and come up once only. Asking
	// the time zone is what costs most of a deadline, and its answer holds for months.
	from, until int64 // Unix seconds
	offset      int64
}

// first returns the instant, in Unix seconds, at which the wall clock first shows the reading or a later one. So a reading
// that is skipped is the moment of the change, and of one that is shown twice it is the first time. It never decreases as
// the reading grows.
func (z *zone) first(reading int64) int64 {
	if at := reading - z.offset; z.from <= at && at < z.until {
		return at
	}
	// No zone is as much as a day from UTC: here the reading is still to come.
	for at := reading - daySeconds; ; {
		t := time.Unix(at, 0).In(z.loc)
		_, offset := t.Zone()
		begin, end := t.ZoneBounds()
		found := max(at, reading-int64(offset))
		if end.IsZero() || found < end.Unix() {
			z.remember(begin, end, int64(offset))
			return found
		}
		at = end.Unix()
	}
}

// remember keeps the part of a zone's stretch in which no reading can have been shown before: two days after its begin,
// because offsets differ by less.
func (z *zone) remember(begin, end time.Time, offset int64) {
	z.from, z.until, z.offset = math.MinInt64, math.MaxInt64, offset
	if !begin.IsZero() {
		z.from = begin.Unix() + 2*daySeconds
	}
	if !end.IsZero() {
		z.until = end.Unix()
	}
}
