package escalate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// Earlier versions wrote stages alone, and what says no more is still written so.
func TestAnAlertIsReadAsItIsWritten(t *testing.T) {
	for text, want := range map[string]escalate.AlertStage{
		`"0.8"`:                             {At: calendar.Stage{Share: 0.8}},
		`"30m left"`:                        {At: calendar.Stage{Left: 30 * time.Minute}},
		`{"at":"1h late","tell":"manager"}`: {At: calendar.Stage{Late: time.Hour}, Tell: escalate.TellManager},
	} {
		var got escalate.AlertStage
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
		if b, err := json.Marshal(got); err != nil || string(b) != text {
			t.Errorf("%s is written as %s, %v", text, b, err)
		}
	}
}

func TestWhoHearsOfAStage(t *testing.T) {
	half, most, breach, late := calendar.Stage{Share: 0.5}, calendar.Stage{Share: 0.8}, calendar.Breach, calendar.Stage{Late: time.Hour}
	plain := escalate.AlertsAt(half, most, breach, late)
	said := []escalate.AlertStage{{At: half, Tell: escalate.TellLeads}, {At: most}, {At: breach, Tell: escalate.TellOwner}, {At: late, Tell: escalate.TellManager}}
	for name, c := range map[string]struct {
		alerts  []escalate.AlertStage
		reached []calendar.Stage
		want    escalate.Audience
	}{
		"the first":                   {plain, []calendar.Stage{half}, escalate.TellOwner},
		"a later one":                 {plain, []calendar.Stage{most}, escalate.TellChannel},
		"the deadline":                {plain, []calendar.Stage{breach}, escalate.TellLeads},
		"after it":                    {plain, []calendar.Stage{late}, escalate.TellLeads},
		"two at once":                 {plain, []calendar.Stage{half, most}, escalate.TellChannel},
		"said":                        {said, []calendar.Stage{half}, escalate.TellLeads},
		"said to be for fewer":        {said, []calendar.Stage{breach}, escalate.TellOwner},
		"for managers":                {said, []calendar.Stage{late}, escalate.TellManager},
		"the most of those passed by": {said, []calendar.Stage{half, most, breach}, escalate.TellLeads},
	} {
		terms := escalate.Terms{Alerts: c.alerts}
		if diff := cmp.Diff(c.want, terms.Tells(c.reached)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
