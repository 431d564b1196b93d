package desk

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// A claim on Friday at half past four, in an office that closes at five and opens again on Monday at nine.
func TestALeaseCountsInWorkingTime(t *testing.T) {
	office, err := calendar.New(calendar.Hours{Week: calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 17 * 60})}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.December, day, hour, minute, 0, 0, time.UTC)
	}
	for name, c := range map[string]struct {
		hours *calendar.Calendar
		h     escalate.Handoff
		want  time.Time // one hour later
	}{
		"over the weekend":        {office, escalate.Handoff{}, at(7, 9, 30)},
		"around the clock":        {nil, escalate.Handoff{}, at(4, 17, 30)},
		"snoozed until Tuesday":   {office, escalate.Handoff{Snoozed: at(8, 9, 0)}, at(8, 10, 0)},
		"waits until Saturday":    {office, escalate.Handoff{Wait: escalate.Wait{At: at(4, 16, 40), Until: at(5, 12, 0), By: "U1"}}, at(7, 10, 0)},
		"said what they wait for": {office, escalate.Handoff{Wait: escalate.Wait{At: at(4, 16, 40)}}, at(7, 9, 40)},
	} {
		c.h.ClaimedAt = at(4, 16, 30)
		if got := worked(c.hours, silentSince(&c.h), time.Hour); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	never, err := calendar.New(calendar.Hours{Week: calendar.Week{Mon: []calendar.Shift{{From: 0, To: 1}}}}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := worked(never, at(4, 16, 30), 1000*time.Hour), at(4, 16, 30).Add(1000*time.Hour); !got.Equal(want) {
		t.Errorf("hours that never come: %v, want %v", got, want)
	}
}
