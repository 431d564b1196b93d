package rota_test

import (
	"testing"
	"time"
)

// BenchmarkSchedule measures what is asked of a rota that follows the sun over three continents, with five overrides.
func BenchmarkSchedule(b *testing.B) {
	s := schedule(b, `{zone: UTC, layers: [
		{people: [UANA, UBEN], rotation: {every: week, day: mon, start: 2026-01-05}, hours: {zone: Australia/Sydney, week: {mon: [09:00-17:00], wed: [09:00-17:00]}}},
		{people: [UCEM, UDAN], rotation: {every: day, start: 2026-01-05}, hours: {zone: Europe/Berlin, week: {mon: [09:00-17:00], wed: [09:00-17:00]}}},
		{people: [UEVA, UFAY], rotation: {every: 2 weeks, day: fri, at: 17:00, start: 2026-01-05}}]}`,
		overrides(b, "cover udan ucem 0-20", "off eva 5-9", "add gil 6-30", "take_over ana 40-44", "cover gil eva 10-12")...)
	now := wall(b, "UTC", "2026-12-07 10:00")
	for name, run := range map[string]func() bool{
		"On":         func() bool { return len(s.On(now)) > 0 },
		"OnCall":     func() bool { return len(s.OnCall(now).People) > 0 },
		"Next":       func() bool { _, ok := s.Next(now); return ok },
		"ShiftsWeek": func() bool { return len(s.Shifts(now, now.Add(7*24*time.Hour))) > 1 },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !run() {
					b.Fatal("no answer")
				}
			}
		})
	}
}
