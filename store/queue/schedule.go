package queue

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// schedule yields the occurrences of a cron expression in a time zone, each local slot once, across daylight saving:
//
//   - A slot that the clocks skip in spring (02:30) occurs when they have been put forward (03:00).
//   - A slot that the clocks repeat in autumn (01:30) occurs the first time.
//   - An expression for every hour, or an interval, counts elapsed time and not the wall clock, as cron has always done it:
//     "*/5 * * * *" goes on every five minutes while the clocks change.
//
// A slot of the first two is the wall clock's reading, labelled UTC; of the last it is the instant itself. All are whole
// seconds.
type schedule struct {
	next    cron.Schedule // of an expression: by the readings of a clock that nobody moves
	zone    *time.Location
	elapsed bool
	every   time.Duration // of an interval, else zero
}

// everyHour is the bit by which the parser marks a field written as "*".
const everyHour = 1 << 63

func parseSchedule(spec, zone string) (schedule, error) {
	if strings.Contains(spec, "TZ=") {
		return schedule{}, errors.New("read schedule: name the time zone in its own field, not in the expression")
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return schedule{}, fmt.Errorf("read schedule's time zone: %w", err)
	}
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		return schedule{}, fmt.Errorf("read schedule %q: %w", spec, err)
	}
	s := schedule{next: parsed, zone: loc, elapsed: true}
	switch parsed := parsed.(type) {
	case *cron.SpecSchedule:
		s.elapsed = parsed.Hour&everyHour != 0
		parsed.Location = time.UTC // in a zone that skips a day its search never ends
	case cron.ConstantDelaySchedule:
		s.every = parsed.Delay
	}
	return s, nil
}

// after returns the slot that follows another, and its instant; ok is false when there is none (a 30th of February).
func (s schedule) after(slot time.Time) (next, at time.Time, ok bool) {
	switch {
	case s.every > 0:
		next = slot.Truncate(time.Second).Add(s.every)
		return next, next, true
	case s.elapsed:
		next, ok = s.afterInstant(slot)
		return next, next, ok
	}
	next, ok = s.reading(slot)
	if !ok {
		return next, next, false
	}
	return next, s.instant(next), true
}

// reading returns the next reading of a clock that an expression names. The parser's own search ends after five years, and
// from one 29th of February to the next it may be eight.
func (s schedule) reading(after time.Time) (next time.Time, ok bool) {
	next = s.next.Next(after)
	if next.IsZero() {
		next = s.next.Next(after.AddDate(4, 0, 0))
	}
	return next, !next.IsZero()
}

// afterInstant returns the first instant after another at which the wall clock reads what an expression names: looked for by
// stretches in which nobody moves the clock.
func (s schedule) afterInstant(t time.Time) (next time.Time, ok bool) {
	start, end := t.In(s.zone).ZoneBounds()
	for {
		offset := s.offset(start)
		if start.IsZero() {
			offset = s.offset(t)
		}
		if next, ok = s.reading(t.UTC().Add(offset)); !ok {
			return next, false
		}
		next = next.Add(-offset)
		if end.IsZero() || next.Before(end) {
			return next, true
		}
		t = end.Add(-1) // the next stretch's first instant counts
		start, end = end.ZoneBounds()
	}
}

// last returns the latest slot before an instant, given an earlier one, in a few dozen steps however much lies between.
func (s schedule) last(slot, at, before time.Time) (time.Time, time.Time) {
	span := before.Sub(at) - 1
	if s.every > 0 {
		whole := span - span%s.every
		return slot.Add(whole), at.Add(whole)
	}
	// Bisection: what follows low is still to be looked at, what follows high is too late. A wall clock is put forward by a
	// day at most.
	low, high := slot, slot.Add(span+48*time.Hour)
	for high.Sub(low) >= time.Second {
		middle := low.Add(high.Sub(low) / 2)
		if next, when, ok := s.after(middle); ok && when.Before(before) {
			low, slot, at = next, next, when
		} else {
			high = middle
		}
	}
	return slot, at
}

// first returns the first slot whose instant is after now.
func (s schedule) first(now time.Time) (slot, at time.Time, ok bool) {
	slot = now
	if !s.elapsed {
		local := now.In(s.zone)
		slot = time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
	}
	for {
		slot, at, ok = s.after(slot)
		if !ok || at.After(now) {
			return slot, at, ok
		}
	}
}

// instant returns when a wall clock in the zone reads a slot.
func (s schedule) instant(slot time.Time) time.Time {
	// No zone moves its clocks twice within two days, so the offsets a day before and after are those that can apply.
	before, after := s.offset(slot.Add(-24*time.Hour)), s.offset(slot.Add(24*time.Hour))
	early := slot.Add(-before).In(s.zone)
	if reads(early, slot) {
		return early.UTC() // an ordinary slot, or the first of a repeated one
	}
	late := slot.Add(-after).In(s.zone)
	if reads(late, slot) {
		return late.UTC()
	}
	moved, _ := early.ZoneBounds() // skipped: when the clocks were put forward
	return moved.UTC()
}

// offset returns the zone's offset to UTC at an instant.
func (s schedule) offset(t time.Time) time.Duration {
	_, seconds := t.In(s.zone).Zone()
	return time.Duration(seconds) * time.Second
}

func reads(t, slot time.Time) bool {
	return t.Hour() == slot.Hour() && t.Minute() == slot.Minute() && t.Day() == slot.Day()
}
