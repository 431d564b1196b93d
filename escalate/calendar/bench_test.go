package calendar_test

import (
	"slices"
	"testing"
	"time"

	"warmline/escalate/calendar"
)

// longest is what a deadline may cost: it is worked out on every press and for every row of a page.
const longest = 20 * time.Microsecond

// BenchmarkDeadline holds a deadline to its time: 30 working days ahead, over 20 holidays and half days and the end of daylight
// saving time, of a target that was paused five times and whose terms were changed twice.
func BenchmarkDeadline(b *testing.B) {
	h := calendar.Hours{Week: calendar.Weekdays(parse(b, "08:00-12:00 13:00-17:00")...)}
	at := clock(b, "Europe/Berlin", "2026-10-01 09:00")
	for i := range 10 {
		h.Closed = append(h.Closed, calendar.Holiday{Date: calendar.DateOf(at.AddDate(0, 0, 3+4*i))})
		h.Special = append(h.Special, calendar.Special{Date: calendar.DateOf(at.AddDate(0, 0, 5+4*i)), Shifts: parse(b, "08:00-12:00")})
	}
	c := working(b, "Europe/Berlin", h)
	all := calendar.Calendars{"office": c}
	target := calendar.Clock{Started: at, Terms: calendar.Terms{Budget: 30 * 8 * time.Hour, Calendar: "office", Warn: calendar.Stage{Share: 0.8}}}
	for i := range 5 {
		target.Pause(at.AddDate(0, 0, 2*i).Add(4*time.Hour), calendar.PausePending)
		target.Resume(at.AddDate(0, 0, 2*i+1), calendar.PausePending)
	}
	target.Change(at.AddDate(0, 0, 12), target.Terms)
	target.Change(at.AddDate(0, 0, 14), target.Terms)
	early, late := at.Add(time.Hour), at.AddDate(0, 0, 40)

	for name, run := range map[string]func() bool{
		"Due":     func() bool { return c.Due(at, 30*8*time.Hour).IsZero() },
		"Between": func() bool { return c.Between(at, late) == 0 },
		"Open":    func() bool { return !c.Open(at) },
		"Ahead":   func() bool { r, err := target.Read(early, all); return err != nil || r.Deadline.IsZero() },
		"Along":   func() bool { r, err := target.Read(late, all); return err != nil || r.Deadline.IsZero() },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if run() {
					b.Fatal("no answer")
				}
				if took = append(took, time.Since(began)); len(took) == 10_000 {
					took = took[:copy(took, took[5_000:])] // the newer half says enough
				}
			}
			slices.Sort(took)
			median := took[len(took)/2] // what else the machine does moves the mean
			b.ReportMetric(float64(median), "p50-ns")
			if median > longest {
				b.Errorf("%v, half of the time more; %v at the most", median, longest)
			}
		})
	}
}
