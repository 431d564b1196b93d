package rota_test

import (
	"slices"
	"strings"
	"time"
)

// The oracle says the same as the package by another way: it walks through time minute by minute, looks at the clocks on the
// wall and counts every turn that ends. It shares no code with the package and no type; all instants are minutes since 1970.

const dayLong = 24 * 60 // minutes

// row is a layer: people who are on in certain hours, all or in turn.
type row struct {
	name    string
	people  []string
	wall    *hands
	week    [7][][2]int    // from Sunday on; without any pair it is around the clock
	closed  map[int64]bool // dates in days since 1970
	takes   bool           // turns
	every   int64          // days
	weekday int            // -1: none
	at      int64          // minutes after midnight
	start   int64          // days since 1970
}

// hands are a zone's clock as the oracle has walked through it: of every minute the furthest that was shown by then. What is
// shown again begins and ends nothing.
type hands struct {
	loc     *time.Location
	first   int64
	highest []int64
}

func (w *hands) shown(minute int64) int64 {
	for now := w.first + int64(len(w.highest)); now <= minute; now++ {
		_, offset := time.Unix(now*60, 0).In(w.loc).Zone()
		reading := now + int64(offset/60)
		if n := len(w.highest); n > 0 {
			reading = max(reading, w.highest[n-1])
		}
		w.highest = append(w.highest, reading)
	}
	return w.highest[minute-w.first]
}

func weekdayOf(day int64) int { return int(time.Unix(day*86400, 0).UTC().Weekday()) }

func (r *row) pairs(day int64) [][2]int {
	if r.closed[day] {
		return nil
	}
	for _, pairs := range r.week {
		if len(pairs) > 0 {
			return r.week[weekdayOf(day)]
		}
	}
	return [][2]int{{0, dayLong}}
}

// open reports whether a reading lies in the hours of its date, or in those of a night that began the day before.
func (r *row) open(reading int64) bool {
	day, m := reading/dayLong, int(reading%dayLong)
	for _, p := range r.pairs(day) {
		if m >= p[0] && (p[1] <= p[0] || m < p[1]) {
			return true
		}
	}
	for _, p := range r.pairs(day - 1) {
		if p[1] <= p[0] && m < p[1] {
			return true
		}
	}
	return false
}

// passed counts the turns that ended by a reading.
func (r *row) passed(reading int64) (n int) {
	days := int64(0) // since the first date on which a turn may end
	counting := r.weekday < 0 || weekdayOf(r.start) == r.weekday
	if counting {
		days = -r.every
	}
	for day := r.start; day*dayLong+r.at <= reading; day++ {
		if !counting && day > r.start && weekdayOf(day) == r.weekday {
			counting = true
		}
		if counting {
			if days%r.every == 0 && day > r.start {
				n++
			}
			days++
		}
	}
	return n
}

func (r *row) on(minute int64) []string {
	reading := r.wall.shown(minute)
	switch {
	case !r.open(reading):
		return nil
	case !r.takes:
		return r.people
	case reading < r.start*dayLong+r.at:
		return nil
	}
	return []string{r.people[r.passed(reading)%len(r.people)]}
}

// swap is an override.
type swap struct {
	id, kind, person, instead string
	from, to                  int64
}

// seer is the oracle.
type seer struct {
	all   bool
	rows  []row
	swaps []swap // as they were made
	first int64
	known []view
}

// view is who is on in a minute: "person source layer override instead", and who is not: "person override".
type view struct {
	on, off []string
	people  []string
}

// seat is what somebody has: who had it, the last one now, with a mark behind them if they are off.
type seat struct {
	row   int // -1: none
	line  string
	why   string
	off   string
	alone bool
}

func (s *seer) at(minute int64) *view {
	for m := s.first + int64(len(s.known)); m <= minute; m++ {
		s.known = append(s.known, s.see(m))
	}
	return &s.known[minute-s.first]
}

func (s *seer) see(minute int64) view {
	var seats []seat
	for i := range s.rows {
		source := map[bool]string{true: "turn", false: "layer"}[s.rows[i].takes]
		for _, p := range s.rows[i].on(minute) {
			seats = append(seats, seat{row: i, line: p, why: source + " " + s.rows[i].name + " _ _"})
		}
	}
	for i := range s.swaps {
		if w := &s.swaps[i]; w.from <= minute && minute < w.to {
			seats = w.play(seats)
		}
	}
	return s.count(seats)
}

func (w *swap) play(seats []seat) []seat {
	if w.kind == "take_over" || w.kind == "add" {
		return append(seats, seat{row: -1, line: w.person, why: w.kind + " _ " + w.id + " _", alone: w.kind == "take_over"})
	}
	for i := range seats {
		names := strings.Split(strings.TrimSuffix(seats[i].line, " !"), " ")
		if w.kind == "off" {
			if names[len(names)-1] == w.person {
				seats[i].line, seats[i].off = strings.Join(names, " ")+" !", w.person+" "+w.id
			}
			continue
		}
		for n, name := range names {
			if name == w.instead {
				seats[i].line = strings.Join(append(names[:n+1:n+1], w.person), " ")
				seats[i].why = "cover " + strings.Fields(seats[i].why)[1] + " " + w.id + " " + w.instead
				break
			}
		}
	}
	return seats
}

// count says whose seats count.
func (s *seer) count(seats []seat) (v view) {
	counts := make([]bool, len(seats))
	over, row := false, len(s.rows)
	for i := len(seats) - 1; i >= 0; i-- {
		there := !strings.HasSuffix(seats[i].line, "!")
		counts[i] = !over
		over = over || there && seats[i].alone
		if there && seats[i].row >= 0 {
			row = seats[i].row // the rows come in their order: what is left is the first
		}
	}
	for i, one := range seats {
		names := strings.Fields(one.line)
		last := names[len(names)-1]
		switch {
		case !counts[i], !s.all && one.row > row:
		case last == "!" && slices.Contains(v.off, one.off):
		case last == "!":
			v.off = append(v.off, one.off)
		case !slices.Contains(v.people, last):
			v.people, v.on = append(v.people, last), append(v.on, last+" "+one.why)
		}
	}
	slices.Sort(v.people)
	return v
}

// until returns the first minute after one at which somebody is not on; -1 if there is none by the end.
func (s *seer) until(person string, minute, end int64) int64 {
	for m := minute + 1; m <= end; m++ {
		if !slices.Contains(s.at(m).people, person) {
			return m
		}
	}
	return -1
}
