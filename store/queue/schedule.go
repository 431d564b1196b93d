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
// A slot of the first two is the wall clock's reading, labelled UTC; of the last it is the instant itself.
type schedule struct {
	next    cron.Schedule
	zone    *time.Location
	elapsed bool
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
	if fields, ok := parsed.(*cron.SpecSchedule); ok {
		s.elapsed = fields.Hour&everyHour != 0
		fields.Location = loc
		if !s.elapsed {
			fields.Location = time.UTC
		}
	}
	return s, nil
}

// after returns the slot that follows another, and its instant; ok is false when there is none (a 30th of February).
func (s schedule) after(slot time.Time) (next, at time.Time, ok bool) {
	next = s.next.Next(slot)
	if next.IsZero() {
		return next, next, false
	}
	if s.elapsed {
		return next, next, true
	}
	return next, s.instant(next), true
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

// offset returns the zone's offset to UTC at about a wall clock's reading.
func (s schedule) offset(slot time.Time) time.Duration {
	_, seconds := slot.In(s.zone).Zone()
	return time.Duration(seconds) * time.Second
}

func reads(t, slot time.Time) bool {
	return t.Hour() == slot.Hour() && t.Minute() == slot.Minute() && t.Day() == slot.Day()
}
