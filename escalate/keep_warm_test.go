package escalate_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

func TestUpdatesComeEverMoreRarely(t *testing.T) {
	hours := func(k *escalate.KeepWarm) (got []int) {
		for sent := range 5 {
			got = append(got, int(k.Gap(sent).Hours()))
		}
		return got
	}
	for stored, want := range map[string][]int{
		`{"after":14400000000000,"cap":3}`:                                           {4, 24, 48, 48, 48}, // as earlier versions wrote it
		`{"after":259200000000000,"cap":3}`:                                          {72, 72, 72, 72, 72},
		`{"after":14400000000000,"cap":3,"schedule":[3600000000000,36000000000000]}`: {1, 10, 10, 10, 10},
	} {
		var k escalate.KeepWarm
		if err := json.Unmarshal([]byte(stored), &k); err != nil {
			t.Fatal(err)
		}
		for i, got := range hours(&k) {
			if got != want[i] {
				t.Errorf("%s: update %d comes after %d h, want %d", stored, i+1, got, want[i])
			}
		}
	}
}

func TestAScheduleOfUpdatesIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		gaps []time.Duration
		want string
	}{
		"as it should be":     {[]time.Duration{time.Hour, time.Hour, 2 * time.Hour}, ""},
		"without a time":      {[]time.Duration{0}, "keep_warm.schedule[0]: is no time to wait"},
		"ever more often":     {[]time.Duration{2 * time.Hour, time.Hour}, "keep_warm.schedule[1]: 1h0m0s is shorter than 2h0m0s"},
		"back from the start": {[]time.Duration{time.Hour, -time.Hour}, "keep_warm.schedule[1]: is no time to wait"},
	} {
		p := escalate.DefaultPolicy()
		p.KeepWarm.After, p.KeepWarm.Schedule = 0, c.gaps
		if err := p.Validate(); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestQuietHoursAreReadAndChecked(t *testing.T) {
	for quiet, want := range map[string]string{
		"20:00-08:00": "08:00-20:00", "00:00-07:30": "07:30-00:00", "22:00-24:00": "00:00-22:00", "12:00-14:00": "14:00-12:00",
	} {
		p := escalate.DefaultPolicy()
		h := escalate.Hours{Holidays: "de-by"}
		h.Zone = "Europe/Berlin"
		p.Calendars = map[string]escalate.Hours{"munich": h}
		if err := json.Unmarshal([]byte(`{"after":14400000000000,"cap":3,"calendar":"munich","quiet":"`+quiet+`"}`), &p.KeepWarm); err != nil {
			t.Fatal(err)
		}
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		hours := p.WarmHours()
		if len(hours) != 2 || hours[0].Holidays != "de-by" || hours[1].Zone != "Europe/Berlin" || hours[1].Week.Sun[0].String() != want {
			t.Errorf("quiet %s: %+v, want %s", quiet, hours, want)
		}
		copied, err := p.Clone()
		if err != nil || copied.KeepWarm.Quiet != p.KeepWarm.Quiet {
			t.Errorf("%+v, %v after a copy", copied, err)
		}
	}
	for want, change := range map[string]func(*escalate.Policy){
		"keep_warm.calendar: there is no calendar": func(p *escalate.Policy) { p.KeepWarm.Calendar = "moon" },
		"keep_warm.quiet: counts in the zone":      func(p *escalate.Policy) { p.KeepWarm.Quiet = calendar.Shift{From: 60, To: 120} },
		"keep_warm.quiet: 00:00-24:00 leaves no": func(p *escalate.Policy) {
			p.Calendars = map[string]escalate.Hours{"all": {}}
			p.KeepWarm.Calendar, p.KeepWarm.Quiet = "all", calendar.AllDay
		},
	} {
		p := escalate.DefaultPolicy()
		change(p)
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
