package queue

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEveryLocalSlotOccursOnceAcrossDaylightSaving(t *testing.T) {
	for _, c := range []struct {
		name, spec, zone string
		from             string
		want             []string // instants, UTC
	}{
		{
			"spring skips 02:30, so it occurs when the clocks have moved", "30 2 * * *", "America/New_York",
			"2026-03-07T12:00:00Z",
			[]string{"2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z", "2026-03-10T06:30:00Z"},
		},
		{
			"autumn repeats 01:30, the first one counts", "30 1 * * *", "America/New_York",
			"2026-10-31T12:00:00Z",
			[]string{"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z", "2026-11-03T06:30:00Z"},
		},
		{
			"started within the repeated hour, it waits for the next day", "30 1 * * *", "America/New_York",
			"2026-11-01T06:10:00Z",
			[]string{"2026-11-02T06:30:00Z"},
		},
		{
			"Cairo's midnight that does not exist", "0 0 * * *", "Africa/Cairo",
			"2026-04-22T12:00:00Z",
			[]string{"2026-04-22T22:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"},
		},
		{
			"Lord Howe moves by half an hour", "15 2 * * *", "Australia/Lord_Howe",
			"2026-10-02T20:00:00Z",
			[]string{"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"},
		},
		{
			"slots on both sides of the gap stay in order", "30 2,3 * * *", "America/New_York",
			"2026-03-08T06:00:00Z",
			[]string{"2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"},
		},
		{
			"every half hour counts elapsed time", "*/30 * * * *", "America/New_York",
			"2026-11-01T05:15:00Z",
			[]string{"2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:00:00Z"},
		},
		{
			"an interval counts elapsed time", "@every 1h", "America/New_York",
			"2026-03-08T06:00:00Z",
			[]string{"2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z"},
		},
		{"no zone is UTC", "0 9 * * 1", "", "2026-03-07T12:00:00Z", []string{"2026-03-09T09:00:00Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := parseSchedule(c.spec, c.zone)
			if err != nil {
				t.Fatal(err)
			}
			from, err := time.Parse(time.RFC3339, c.from)
			if err != nil {
				t.Fatal(err)
			}
			slot, at, ok := s.first(from)
			var got []string
			for range c.want {
				if !ok {
					t.Fatal("no further slot")
				}
				got = append(got, at.UTC().Format(time.RFC3339))
				slot, at, ok = s.after(slot)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("instants (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScheduleThatCannotBeReadIsRefused(t *testing.T) {
	for _, c := range []struct{ spec, zone string }{
		{"61 * * * *", ""}, {"* * * *", ""}, {"0 9 * * *", "Europe/Nowhere"}, {"CRON_TZ=UTC 0 9 * * *", ""},
	} {
		if _, err := parseSchedule(c.spec, c.zone); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	s, err := parseSchedule("0 0 30 2 *", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, at, ok := s.first(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); ok {
		t.Errorf("30 February occurs at %v", at)
	}
}

func TestPaceAllowsABurstAndThenTheInterval(t *testing.T) {
	const interval, burst = 100_000, 3
	var g due
	now := int64(1_000_000)
	var starts []int64
	for range 6 {
		now = max(now, g.nextAt)
		starts = append(starts, (now-1_000_000)/1000)
		g.nextAt, g.tat = paced(g, now, interval, burst)
	}
	if diff := cmp.Diff([]int64{0, 0, 0, 100, 200, 300}, starts); diff != "" {
		t.Errorf("starts in ms (-want +got):\n%s", diff)
	}
}

func TestBackoffDoublesUpToItsCap(t *testing.T) {
	r := &Runner{opts: Options{RetryMin: time.Second, RetryMax: 10 * time.Second}}
	for attempt, most := range map[int]time.Duration{1: 1, 2: 2, 4: 8, 5: 10, 60: 10} {
		most *= time.Second
		for range 100 {
			if got := r.backoff(attempt); got < most/2 || got > most {
				t.Errorf("attempt %d waits %s, want %s to %s", attempt, got, most/2, most)
			}
		}
	}
}
