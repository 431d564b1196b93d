package calendar_test

import (
	"testing"
	"time"

	"warmline/escalate/calendar"
)

// What is read as a shift is valid, and read the same again when it is written.
func FuzzParseShift(f *testing.F) {
	for _, seed := range []string{"09:00-17:00", "22:00 – 06:00", "0:00-24:00", "24:00-00:00", "9-17", "-", ":-:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := calendar.ParseShift(text)
		if err != nil {
			return
		}
		again, err := calendar.ParseShift(s.String())
		if err != nil || again != s {
			t.Fatalf("%q was read as %s, and that as %s (%v)", text, s, again, err)
		}
		h := calendar.Hours{Week: calendar.Weekdays(s)}
		if err := h.Validate(); err != nil {
			t.Fatalf("%q was read as %s: %v", text, s, err)
		}
	})
}

// Whatever the hours: so much working time after a time, so much has passed between the two, and not a nanosecond before.
func FuzzDueAndBetween(f *testing.F) {
	f.Add(uint8(0), int64(1_772_900_000), int64(3600), uint16(9*60), uint16(17*60), uint16(22*60), uint16(6*60), uint16(7), uint8(0b0111110))
	f.Add(uint8(3), int64(1_325_200_000), int64(86400), uint16(0), uint16(1440), uint16(0), uint16(1), uint16(1), uint8(0b1111111))
	f.Fuzz(func(t *testing.T, zone uint8, seconds, working int64, from1, to1, from2, to2, closed uint16, days uint8) {
		a := calendar.Shift{From: calendar.TimeOfDay(from1), To: calendar.TimeOfDay(to1)}
		b := calendar.Shift{From: calendar.TimeOfDay(from2), To: calendar.TimeOfDay(to2)}
		from := time.Unix(seconds%(1<<34), seconds%1_000_000_000) // some 540 years to either side of 1970
		var h calendar.Hours
		for day, shifts := range []*[]calendar.Shift{&h.Week.Sun, &h.Week.Mon, &h.Week.Tue, &h.Week.Wed, &h.Week.Thu, &h.Week.Fri, &h.Week.Sat} {
			if days&(1<<day) != 0 {
				*shifts = []calendar.Shift{a, b}
			}
		}
		off := calendar.Holiday{Date: calendar.DateOf(from.AddDate(0, 0, int(closed%400)))}
		if h.Validate() != nil || !off.Date.Valid() {
			return
		}
		c, err := calendar.New(h, load(t, zones[int(zone)%len(zones)]), off)
		if err != nil {
			t.Fatal(err)
		}
		work := time.Duration(working) % calendar.Horizon
		due := c.Due(from, work)
		if due.IsZero() {
			if got := c.Between(from, from.Add(calendar.Horizon)); got >= work {
				t.Fatalf("never due, though %v pass", got)
			}
			return
		}
		if got := c.Between(from, due); got != max(0, work) {
			t.Fatalf("%v due at %v, but %v pass", work, due, got)
		}
		if got := c.Between(from, due.Add(-1)); work > 0 && got != work-1 {
			t.Fatalf("%v pass a nanosecond before %v are due", got, work)
		}
		if opens := c.NextOpen(from); work > 0 && (opens.After(due) || !c.Open(opens)) {
			t.Fatalf("opens at %v, due at %v", opens, due)
		}
		middle := from.Add(due.Sub(from) / 3)
		if got := c.Between(from, middle) + c.Between(middle, due); got != max(0, work) {
			t.Fatalf("in two parts %v pass, in one %v", got, work)
		}
	})
}
