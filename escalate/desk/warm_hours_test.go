package desk

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

func openFrom(t *testing.T, shifts ...calendar.Shift) *calendar.Calendar {
	t.Helper()
	week := calendar.Weekdays(shifts...)
	week.Sat, week.Sun = shifts, shifts
	cal, err := calendar.New(calendar.Hours{Week: week}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func TestAnUpdateWaitsUntilAllHoursAllowIt(t *testing.T) {
	day := openFrom(t, calendar.Shift{From: 9 * 60, To: 12 * 60}, calendar.Shift{From: 13 * 60, To: 22 * 60})
	awake := openFrom(t, calendar.Shift{From: 11 * 60, To: 20 * 60})
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 3, hour, minute, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		hours    warmHours
		at, want time.Time
	}{
		"around the clock":    {nil, at(3, 0), at(3, 0)},
		"while both are open": {warmHours{day, awake}, at(11, 30), at(11, 30)},
		"the second is later": {warmHours{day, awake}, at(8, 0), at(11, 0)},
		"the first is later":  {warmHours{day, awake}, at(12, 30), at(13, 0)},
		"the next day":        {warmHours{day, awake}, at(20, 0), at(35, 0)},
		"never":               {warmHours{openFrom(t, calendar.Shift{From: 9 * 60, To: 12 * 60}), openFrom(t, calendar.Shift{From: 13 * 60, To: 14 * 60})}, at(8, 0), time.Time{}},
	} {
		if got := c.hours.next(c.at); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	p := &escalate.Policy{KeepWarm: escalate.KeepWarm{After: 4 * time.Hour, Cap: 3}}
	if due, why := (warmHours{awake}).due(p, warmTicket(), at(12, 0)); why != "" || !due.Equal(at(37, 0)) {
		t.Errorf("due at %v (%s), want the next day at 13:00", due, why)
	}
	if due, _ := (warmHours{awake}).due(p, warmTicket(), at(44, 0)); !due.Equal(at(59, 0)) {
		t.Errorf("what is overdue at night comes at %v, want in the morning", due)
	}
}
