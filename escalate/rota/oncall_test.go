package rota_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

// timeline writes who is on as lines such as "2026-12-07 09:00 UANA UBEN"; "-" is nobody.
func timeline(tb testing.TB, s *rota.Schedule, zone, from, until string) string {
	tb.Helper()
	var b strings.Builder
	last := wall(tb, zone, from)
	for _, st := range s.Shifts(last, wall(tb, zone, until)) {
		if !st.From.Equal(last) {
			tb.Errorf("there is a hole from %v to %v", last, st.From)
		}
		last = st.To
		fmt.Fprint(&b, st.From.Format("2006-01-02 15:04"))
		for _, d := range st.People {
			fmt.Fprintf(&b, " %s", strings.ToLower(string(d.Person[1:])))
		}
		if len(st.People) == 0 {
			b.WriteString(" -")
		}
		b.WriteByte('\n')
	}
	if !last.Equal(wall(tb, zone, until)) {
		tb.Errorf("the timeline ends at %v", last)
	}
	return b.String()
}

// wall reads a time on the wall clock of a zone.
func wall(tb testing.TB, zone, text string) time.Time {
	tb.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, load(tb, zone))
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

const (
	anaBenCem = "people: [UANA, UBEN, UCEM]"
	follow    = `{zone: UTC, layers: [
		{name: Sydney, people: [USYD], hours: {zone: Australia/Sydney, week: {mon: [09:00-17:00], tue: [09:00-17:00]}}},
		{name: Berlin, people: [UBER], hours: {zone: Europe/Berlin, week: {mon: [07:00-16:00], tue: [07:00-16:00]}}},
		{name: night, people: [UNIT]}]}`
)

func TestWhoIsOnWhen(t *testing.T) {
	for name, tc := range map[string]struct{ rota, zone, from, until, want string }{
		"weekly, with a short first turn": {
			`{zone: Europe/Berlin, layers: [{` + anaBenCem + `, rotation: {every: week, day: mon, at: 09:00, start: 2026-12-02}}]}`,
			"Europe/Berlin", "2026-12-01 00:00", "2026-12-25 00:00",
			"2026-12-01 00:00 -\n2026-12-02 09:00 ana\n2026-12-07 09:00 ben\n2026-12-14 09:00 cem\n2026-12-21 09:00 ana\n",
		},
		"two weeks, whole from the first": {
			`{zone: UTC, layers: [{people: [UANA, UBEN], rotation: {every: 2 weeks, day: mon, start: 2026-12-07}}]}`,
			"UTC", "2026-12-07 00:00", "2027-01-05 00:00", "2026-12-07 00:00 ana\n2026-12-21 00:00 ben\n2027-01-04 00:00 ana\n",
		},
		"two weeks, short at first": {
			`{zone: UTC, layers: [{people: [UANA, UBEN], rotation: {every: 2 weeks, day: mon, start: 2026-12-02}}]}`,
			"UTC", "2026-12-02 00:00", "2027-01-05 00:00", "2026-12-02 00:00 ana\n2026-12-07 00:00 ben\n2026-12-21 00:00 ana\n2027-01-04 00:00 ben\n",
		},
		"every three days": {
			`{zone: UTC, layers: [{people: [UANA, UBEN], rotation: {every: 3 days, at: 12:00, start: 2026-12-07}}]}`,
			"UTC", "2026-12-08 00:00", "2026-12-14 00:00", "2026-12-08 00:00 ana\n2026-12-10 12:00 ben\n2026-12-13 12:00 ana\n",
		},
		"somebody who has two turns of three": {
			`{zone: UTC, layers: [{people: [UANA, UANA, UBEN], rotation: {every: day, start: 2026-12-07}}]}`,
			"UTC", "2026-12-07 00:00", "2026-12-11 00:00", "2026-12-07 00:00 ana\n2026-12-09 00:00 ben\n2026-12-10 00:00 ana\n",
		},
		"a turn that ends in the hour that is skipped": {
			`{zone: America/New_York, layers: [{people: [UANA, UBEN], rotation: {every: day, at: 02:30, start: 2026-03-07}}]}`,
			"America/New_York", "2026-03-07 12:00", "2026-03-10 00:00", "2026-03-07 12:00 ana\n2026-03-08 03:00 ben\n2026-03-09 02:30 ana\n",
		},
		"a turn that ends in the hour that is shown twice": {
			`{zone: America/New_York, layers: [{people: [UANA, UBEN], rotation: {every: day, at: 01:30, start: 2026-10-31}}]}`,
			"UTC", "2026-10-31 12:00", "2026-11-03 00:00", "2026-10-31 12:00 ana\n2026-11-01 05:30 ben\n2026-11-02 06:30 ana\n",
		},
		"a day that a zone skipped": {
			`{zone: Pacific/Apia, layers: [{` + anaBenCem + `, rotation: {every: day, start: 2011-12-28}}]}`,
			"Pacific/Apia", "2011-12-28 00:00", "2012-01-02 00:00", "2011-12-28 00:00 ana\n2011-12-29 00:00 ben\n2011-12-31 00:00 ana\n2012-01-01 00:00 ben\n",
		},
		"clocks that go back over midnight": {
			`{zone: Africa/Cairo, layers: [{people: [UANA, UBEN], rotation: {every: day, start: 2026-10-28}}]}`,
			"UTC", "2026-10-28 12:00", "2026-11-01 00:00", "2026-10-28 12:00 ana\n2026-10-28 21:00 ben\n2026-10-29 22:00 ana\n2026-10-30 22:00 ben\n2026-10-31 22:00 ana\n",
		},
		"clocks that go back over midnight after it has come": {
			`{zone: America/St_Johns, layers: [{` + anaBenCem + `, rotation: {every: day, start: 2010-11-06}}]}`,
			"UTC", "2010-11-06 12:00", "2010-11-08 12:00", "2010-11-06 12:00 ana\n2010-11-07 02:30 ben\n2010-11-08 03:30 cem\n",
		},
		"the sun": {
			follow, "UTC", "2026-12-06 20:00", "2026-12-08 08:00",
			"2026-12-06 20:00 nit\n2026-12-06 22:00 syd\n2026-12-07 06:00 ber\n2026-12-07 15:00 nit\n2026-12-07 22:00 syd\n2026-12-08 06:00 ber\n",
		},
		"plain shifts, and nobody in between": {
			`{zone: UTC, everyone: true, layers: [
				{people: [UANA, UBEN], hours: {week: {mon: [08:00-16:00]}}}, {people: [UCEM, UANA], hours: {week: {mon: [12:00-20:00]}}}]}`,
			"UTC", "2026-12-07 00:00", "2026-12-08 00:00",
			"2026-12-07 00:00 -\n2026-12-07 08:00 ana ben\n2026-12-07 12:00 ana ben cem\n2026-12-07 16:00 cem ana\n2026-12-07 20:00 -\n",
		},
		"turns that go on unseen": {
			`{zone: UTC, layers: [{people: [UANA, UBEN], rotation: {every: day, start: 2026-12-07}, hours: {week: {mon: [09:00-17:00], thu: [09:00-17:00]}}}]}`,
			"UTC", "2026-12-07 09:00", "2026-12-14 09:30",
			"2026-12-07 09:00 ana\n2026-12-07 17:00 -\n2026-12-10 09:00 ben\n2026-12-10 17:00 -\n2026-12-14 09:00 ben\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, timeline(t, schedule(t, tc.rota), tc.zone, tc.from, tc.until)); diff != "" {
				t.Errorf("timeline (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnCallSaysUntilWhenAndWhy(t *testing.T) {
	s := schedule(t, follow)
	now := wall(t, "UTC", "2026-12-07 10:00")
	want := rota.OnCall{People: []rota.OnDuty{{
		Person: "UBER", Until: wall(t, "UTC", "2026-12-07 15:00"), Why: rota.Why{Source: rota.ByLayer, Layer: "Berlin"},
	}}}
	if diff := cmp.Diff(want, s.OnCall(now)); diff != "" {
		t.Errorf("on call (-want +got):\n%s", diff)
	}
	next, ok := s.Next(now)
	if diff := cmp.Diff(rota.Change{At: wall(t, "UTC", "2026-12-07 15:00"), On: []rota.PersonID{"UNIT"}, Off: []rota.PersonID{"UBER"}}, next); diff != "" || !ok {
		t.Errorf("next, %v (-want +got):\n%s", ok, diff)
	}
	changes := s.Changes(now, wall(t, "UTC", "2026-12-07 22:00"))
	if len(changes) != 2 || !changes[1].At.Equal(wall(t, "UTC", "2026-12-07 22:00")) {
		t.Errorf("changes up to the last one: %+v", changes)
	}
	if changes := s.Changes(wall(t, "UTC", "2026-12-07 15:00"), wall(t, "UTC", "2026-12-07 21:59")); len(changes) > 0 {
		t.Errorf("a change at the begin counts: %+v", changes)
	}
}

func TestATurnThatCameBeforeTheClocksWentBackGoesOn(t *testing.T) {
	s := schedule(t, `{zone: America/St_Johns, layers: [{`+anaBenCem+`, rotation: {every: day, start: 2010-11-06}}]}`)
	at := wall(t, "UTC", "2010-11-07 02:45") // the wall shows 23:15 of the 6th again
	if on := s.On(at); len(on) != 1 || on[0] != "UBEN" {
		t.Errorf("on at %v: %v", at.In(load(t, "America/St_Johns")), on)
	}
}

func TestTimesAreInTheCallersZone(t *testing.T) {
	now := wall(t, "America/New_York", "2026-12-07 09:30")
	s := schedule(t, twoLayers, overrides(t, "off ana 12-20")...)
	times := []time.Time{s.OnCall(now).People[0].Until, s.OnCall(now).Absent[0].Until}
	for _, c := range s.Changes(now, now.AddDate(0, 0, 1)) {
		times = append(times, c.At)
	}
	for _, st := range s.Shifts(now, now.AddDate(0, 0, 1)) {
		times = append(times, st.From, st.To)
	}
	if len(times) != 7 {
		t.Errorf("there are %d times", len(times))
	}
	for _, at := range times {
		if at.Location() != now.Location() {
			t.Errorf("%v is not in the zone of %v", at, now)
		}
	}
}

func TestHoursDoNotBeginOnAHoliday(t *testing.T) {
	r := read(t, `{zone: UTC, everyone: true, layers: [{people: [UANA], hours: {holidays: xx, week: {mon: [22:00-06:00], tue: [22:00-06:00]}}}, {people: [UBEN]}]}`)
	if _, err := rota.New(r, rota.Given{Zone: time.LoadLocation}); err == nil || err.Error() != `layers[0].hours.holidays: there are no holidays "xx"` {
		t.Errorf("holidays that nobody gave: %v", err)
	}
	xx := map[string][]calendar.Holiday{"xx": {{Date: calendar.Date{Year: 2026, Month: 12, Day: 8}}}}
	s, err := rota.New(r, rota.Given{Zone: time.LoadLocation, Holidays: xx})
	if err != nil {
		t.Fatal(err)
	}
	want := "2026-12-07 20:00 ben\n2026-12-07 22:00 ana ben\n2026-12-08 06:00 ben\n"
	if diff := cmp.Diff(want, timeline(t, s, "UTC", "2026-12-07 20:00", "2026-12-10 00:00")); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestWhoGoesOffAndComesOnAtOnceStaysOn(t *testing.T) {
	s := schedule(t, `{zone: UTC, layers: [{name: a, people: [UANA], hours: {week: {mon: [08:00-12:00]}}}, {name: b, people: [UANA], hours: {week: {mon: [12:00-16:00]}}}]}`)
	now := wall(t, "UTC", "2026-12-07 08:00")
	if on := s.OnCall(now); len(on.People) != 1 || !on.People[0].Until.Equal(wall(t, "UTC", "2026-12-07 16:00")) {
		t.Errorf("on call: %+v", on)
	}
	if line := s.Shifts(now, now.Add(8*time.Hour)); len(line) != 2 {
		t.Errorf("the timeline does not tell the layers apart: %+v", line)
	}
	if next, ok := s.Next(now); !ok || !next.At.Equal(wall(t, "UTC", "2026-12-14 08:00")) {
		t.Errorf("next: %+v, %v", next, ok)
	}
}

func TestWhatNeverChangesIsNeverOver(t *testing.T) {
	s := schedule(t, "layers: [{people: [UANA]}]")
	now := time.Unix(0, 1)
	if on := s.OnCall(now); len(on.People) != 1 || !on.People[0].Until.IsZero() {
		t.Errorf("on call: %+v", on)
	}
	if next, ok := s.Next(now); ok {
		t.Errorf("next: %+v", next)
	}
	line := s.Shifts(now, now.Add(time.Hour))
	if len(line) != 1 || !line[0].To.Equal(now.Add(time.Hour)) {
		t.Errorf("timeline: %+v", line)
	}
	if line := s.Shifts(now, now); len(line) > 0 {
		t.Errorf("a timeline of no time: %+v", line)
	}
	far := schedule(t, `{zone: UTC, layers: [{people: [UANA], rotation: {every: day, start: 1970-06-01}}]}`)
	if next, ok := far.Next(now); ok {
		t.Errorf("further ahead than a schedule looks: %+v", next)
	}
}

func TestOneAtATime(t *testing.T) {
	turns := ", rotation: {every: day, start: 2026-12-07}}"
	for text, want := range map[string]rota.Kind{
		`{zone: UTC, layers: [{` + anaBenCem + turns + `]}`:                                 rota.TakeOver,
		`{zone: UTC, everyone: true, layers: [{` + anaBenCem + turns + `]}`:                 rota.TakeOver,
		`{zone: UTC, everyone: true, layers: [{` + anaBenCem + turns + `, {people: [U0]}]}`: rota.Add,
		`layers: [{people: [UANA]}, {people: [UBEN]}]`:                                      rota.TakeOver,
		`layers: [{people: [UANA, UBEN]}]`:                                                  rota.Add,
		`layers: [{group: '@empty'}]`:                                                       rota.Add, // it may fill
	} {
		if got := schedule(t, text).Covering(); got != want {
			t.Errorf("%s: covering it is %s; want %s", text, got, want)
		}
	}
}

var zones = []string{"America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "Europe/Berlin", "America/St_Johns", "UTC"}
