package escalate_test

import (
	"testing"
	"time"

	"warmline/escalate"
)

// waitsOf makes waits of so many minutes each.
func waitsOf(answered bool, minutes ...int) []escalate.Waited {
	var waits []escalate.Waited
	for _, m := range minutes {
		waits = append(waits, escalate.Waited{For: time.Duration(m) * time.Minute, Answered: answered})
	}
	return waits
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[n-1-i] = i + 1 // in no order that would help
	}
	return all
}

func times(n, minutes int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = minutes
	}
	return all
}

func TestWithinWhatTimeMostHadAnAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		waits []escalate.Waited
		want  int // minutes; 0: nothing can be said
	}{
		"none":                            {nil, 0},
		"29 are too few":                  {waitsOf(true, upTo(29)...), 0},
		"of 30 the 24th":                  {waitsOf(true, upTo(30)...), 24},
		"of 100 the 80th":                 {waitsOf(true, upTo(100)...), 80},
		"all the same":                    {waitsOf(true, times(30, 7)...), 7},
		"29 and one who waits":            {append(waitsOf(true, upTo(29)...), waitsOf(false, 500)...), 0},
		"who waits for longer counts":     {append(waitsOf(true, upTo(80)...), waitsOf(false, times(20, 500)...)...), 80},
		"too many wait":                   {append(waitsOf(true, upTo(79)...), waitsOf(false, times(21, 500)...)...), 0},
		"who has only begun says little":  {append(waitsOf(true, upTo(100)...), waitsOf(false, times(50, 0)...)...), 80},
		"who waits may wait on from then": {append(waitsOf(true, times(50, 10)...), append(waitsOf(false, times(25, 20)...), waitsOf(true, times(25, 30)...)...)...), 30},
	} {
		got, ok := escalate.WaitedWithin(c.waits, 0.8)
		if ok != (c.want > 0) || ok && got != time.Duration(c.want)*time.Minute {
			t.Errorf("%s: %v, %v; want %d minutes", name, got, ok, c.want)
		}
	}
}

func TestAToldTimeIsRoundAndNeverEarly(t *testing.T) {
	kathmandu := time.FixedZone("+0545", 20700)
	now := time.Date(2026, 3, 3, 9, 7, 0, 0, kathmandu)
	for minutes, want := range map[int]string{0: "09:15", 1: "09:15", 23: "09:30", 53: "10:00", 60: "10:15", 61: "10:30", 239: "13:30", 241: "14:00", 293: "14:00"} {
		got := escalate.RoundedTo(now.Add(time.Duration(minutes)*time.Minute), now)
		if got.Format("15:04") != want {
			t.Errorf("in %d minutes: %s, want %s", minutes, got.Format("15:04"), want)
		}
	}
	if at := now.Add(time.Hour).Truncate(time.Hour); !escalate.RoundedTo(at.In(time.UTC), now).Equal(at) {
		t.Error("a round time was moved")
	}
	for d, want := range map[time.Duration]time.Duration{
		0: 15 * time.Minute, time.Second: 15 * time.Minute, 16 * time.Minute: 30 * time.Minute, time.Hour: time.Hour,
		61 * time.Minute: 90 * time.Minute, 4 * time.Hour: 4 * time.Hour, 241 * time.Minute: 5 * time.Hour, 50 * time.Hour: 50 * time.Hour,
	} {
		if got := escalate.Rounded(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
}
