package queue_test

import (
	"flag"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/store/queue"
)

var cronWhole = flag.Bool("cron.whole", false, "take all expressions and many kills where crons meet clocks that jump: minutes instead of seconds")

// zone is where crons are tried, and from when: 400 days in which its clocks do something odd.
type zone struct {
	name string
	from time.Time
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

var zones = []zone{
	{"America/New_York", day(2026, 1, 15)},
	{"Africa/Cairo", day(2026, 1, 15)},        // puts its clocks forward at midnight
	{"Australia/Lord_Howe", day(2026, 1, 15)}, // by half an hour
	{"Pacific/Apia", day(2011, 6, 1)},         // had no 30 December
	{"Europe/Berlin", day(2026, 1, 15)},
	{"Asia/Kolkata", day(2026, 1, 15)},
	{"America/Sao_Paulo", day(2017, 6, 1)}, // put them forward at midnight
	{"America/St_Johns", day(2011, 1, 15)}, // moved them at one past midnight
	{"Africa/Casablanca", day(2026, 1, 15)},
	{"America/Santiago", day(2026, 1, 15)},
}

// reading is what a wall clock shows at an instant.
type reading struct {
	at, shows         time.Time // shows is labelled UTC
	day, hour, minute int
	weekday           time.Weekday
}

func read(at time.Time, place *time.Location) *reading {
	_, offset := at.In(place).Zone()
	r := reading{at: at, shows: at.Add(time.Duration(offset) * time.Second)}
	r.hour, r.minute, _ = r.shows.Clock()
	r.day, r.weekday = r.shows.Day(), r.shows.Weekday()
	return &r
}

// expression is a schedule that the tests have by heart instead of by reading it.
type expression struct {
	name, spec string
	elapsed    bool // it counts elapsed time: every hour is one of its own
	every      time.Duration
	often      bool // it has thousands of slots a year
	names      func(r *reading) bool
}

var expressions = []expression{
	{name: "hourly", spec: "0 * * * *", elapsed: true, often: true, names: func(r *reading) bool { return r.minute == 0 }},
	{name: "daily", spec: "30 2 * * *", names: func(r *reading) bool { return r.hour == 2 && r.minute == 30 }},
	{name: "five", spec: "*/5 * * * *", elapsed: true, often: true, names: func(r *reading) bool { return r.minute%5 == 0 }},
	{name: "ninety", spec: "@every 90m", elapsed: true, every: 90 * time.Minute, often: true},
	{name: "weekdays", spec: "0 9 * * 1-5", names: func(r *reading) bool {
		return r.hour == 9 && r.minute == 0 && r.weekday != time.Saturday && r.weekday != time.Sunday
	}},
	{name: "monthly", spec: "0 0 1 * *", names: func(r *reading) bool { return r.day == 1 && r.hour == 0 && r.minute == 0 }},
	{name: "nights", spec: "15,45 0-3 * * *", often: true, names: func(r *reading) bool {
		return r.hour <= 3 && (r.minute == 15 || r.minute == 45)
	}},
	{name: "fridays", spec: "*/30 * * * 5", elapsed: true, often: true, names: func(r *reading) bool {
		return r.minute%30 == 0 && r.weekday == time.Friday
	}},
}

// slotsOf goes from minute to minute along the clock on a wall and notes, for each expression, when it is to run: the first
// time that the clock shows or has passed a reading that the expression names; or, when it counts elapsed time, whenever it
// shows one.
func slotsOf(tb testing.TB, z zone, from, to time.Time, es []expression) [][]slot {
	tb.Helper()
	place, err := time.LoadLocation(z.name)
	if err != nil {
		tb.Fatal(err)
	}
	slots := make([][]slot, len(es))
	highest := read(from, place).shows // reading so far
	for at := from.Add(-3 * time.Hour); at.Before(from); at = at.Add(time.Minute) {
		if r := read(at, place); r.shows.After(highest) {
			highest = r.shows
		}
	}
	for at := from.Add(time.Minute); !at.After(to); at = at.Add(time.Minute) {
		shown := read(at, place)
		for i := range es {
			e := &es[i]
			if e.every == 0 && e.elapsed && e.names(shown) || e.every > 0 && at.Sub(from)%e.every == 0 {
				slots[i] = append(slots[i], named(at, at))
			}
		}
		for highest.Before(shown.shows) {
			highest = highest.Add(time.Minute)
			passed := shown
			if !highest.Equal(shown.shows) {
				passed = read(highest, time.UTC)
			}
			for i := range es {
				if e := &es[i]; !e.elapsed && e.names(passed) {
					slots[i] = append(slots[i], named(highest, at))
				}
			}
		}
	}
	return slots
}

// slot is an occurrence.
type slot struct {
	label string
	at    time.Time
}

func named(shows, at time.Time) slot { return slot{shows.UTC().Format("2006-01-02T15:04:05"), at} }

func TestSlotsOf400DaysAreThoseOfTheClockOnTheWall(t *testing.T) {
	for _, z := range zones {
		to := z.from.AddDate(0, 0, 400)
		walked := slotsOf(t, z, z.from, to, expressions)
		for i := range expressions {
			e, want := &expressions[i], walked[i]
			got := make([]slot, 0, len(want))
			err := queue.Slots(e.spec, z.name, z.from, func(label string, at time.Time) bool {
				if at.After(to) {
					return false
				}
				got = append(got, slot{label, at})
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := firstDiff(want, got); diff != "" {
				t.Errorf("%s in %s: %s", e.spec, z.name, diff)
			}
			for _, i := range []int{1, len(want) / 3, len(want) / 2, len(want) - 1} {
				before := want[i].at.Add(time.Microsecond)
				last := i
				for last+1 < len(want) && want[last+1].at.Equal(want[i].at) {
					last++ // of those that a clock put forward has run at once
				}
				if got, err := queue.LastSlot(e.spec, z.name, z.from, before); got != want[last].label || err != nil {
					t.Errorf("%s in %s: the last slot before %s is %s, want %s (%v)", e.spec, z.name, before, got, want[last].label, err)
				}
			}
		}
	}
}

// firstDiff says where two lists of slots part.
func firstDiff(want, got []slot) string {
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i].label != got[i].label || !want[i].at.Equal(got[i].at) {
			return cmp.Diff(around(want, i), around(got, i))
		}
	}
	return ""
}

func around(slots []slot, i int) (lines []string) {
	for _, s := range slots[min(max(i-2, 0), len(slots)):min(i+3, len(slots))] {
		lines = append(lines, s.label+" at "+s.at.UTC().Format(time.DateTime))
	}
	return lines
}

func TestALeapDayEightYearsOffIsFound(t *testing.T) {
	var got []string
	err := queue.Slots("0 0 29 2 *", "", day(2091, 1, 1), func(label string, _ time.Time) bool {
		got = append(got, label)
		return len(got) < 3
	})
	if diff := cmp.Diff([]string{"2092-02-29T00:00:00", "2096-02-29T00:00:00", "2104-02-29T00:00:00"}, got); err != nil || diff != "" {
		t.Errorf("leap days (-want +got): %v\n%s", err, diff)
	}
}
