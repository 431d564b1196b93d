package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"warmline/escalate/calendar"
)

func TestDatesAreCounted(t *testing.T) {
	d := calendar.Date{Year: 2028, Month: 2, Day: 28}
	for days, want := range map[int]string{0: "2028-02-28", 1: "2028-02-29", 2: "2028-03-01", 308: "2029-01-01", -59: "2027-12-31"} {
		got := d.AddDays(days)
		if got.String() != want || got.DaysSince(d) != days {
			t.Errorf("%d days from %s: %s, which is %d days; want %s", days, d, got, got.DaysSince(d), want)
		}
	}
	if before := (calendar.Date{Year: 1969, Month: 12, Day: 31}); before.DaysSince(calendar.Date{Year: 1970, Month: 1, Day: 2}) != -2 {
		t.Error("the days before 1970 are not counted right")
	}
	if d.Weekday() != time.Monday {
		t.Errorf("%s is a %s", d, d.Weekday())
	}
}

func TestATimeOfADateIsWhenTheWallClockFirstShowsIt(t *testing.T) {
	for _, tc := range []struct{ zone, date, at, want string }{
		{"Europe/Berlin", "2026-03-29", "01:30", "2026-03-29T01:30:00+01:00"},
		{"Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T03:00:00+02:00"}, // skipped
		{"Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T02:30:00+02:00"}, // shown twice
		{"Europe/Berlin", "2026-10-25", "24:00", "2026-10-26T00:00:00+01:00"},
		{"Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:30:00+11:00"},
		{"Pacific/Apia", "2011-12-30", "09:00", "2011-12-31T00:00:00+14:00"}, // no such date there
		{"UTC", "2026-02-28", "09:00", "2026-02-28T09:00:00Z"},
	} {
		d, err := calendar.ParseDate(tc.date)
		if err != nil {
			t.Fatal(err)
		}
		at, err := calendar.ParseTimeOfDay(tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.At(at, load(t, tc.zone)).Format(time.RFC3339); got != tc.want {
			t.Errorf("%s %s in %s: %s; want %s", tc.date, tc.at, tc.zone, got, tc.want)
		}
	}
}

func TestATimeOfDayIsWrittenAsOnTheWallClock(t *testing.T) {
	type at struct{ At calendar.TimeOfDay }
	for in, want := range map[calendar.TimeOfDay]string{0: "00:00", 9*60 + 5: "09:05", 24 * 60: "24:00"} {
		b, err := json.Marshal(at{in})
		if err != nil || string(b) != `{"At":"`+want+`"}` {
			t.Errorf("%d minutes are written as %s, %v", in, b, err)
		}
		var again at
		if err := json.Unmarshal(b, &again); err != nil || again.At != in {
			t.Errorf("%s is read as %v, %v", b, again.At, err)
		}
	}
	for _, wrong := range []calendar.TimeOfDay{-1, 24*60 + 1} {
		if b, err := json.Marshal(at{wrong}); err == nil {
			t.Errorf("%d minutes are written as %s", wrong, b)
		}
	}
	var read at
	if err := json.Unmarshal([]byte(`{"At":"9am"}`), &read); err == nil {
		t.Errorf("9am is read as %s", read.At)
	}
}
