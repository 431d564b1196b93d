package escalate_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
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
