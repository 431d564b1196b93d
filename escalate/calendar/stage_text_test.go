package calendar_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"warmline/escalate/calendar"
)

func TestAStageIsReadAsItIsWritten(t *testing.T) {
	for text, want := range map[string]calendar.Stage{
		"0.5": {Share: 0.5}, "1": {Share: 1}, "1.25": {Share: 1.25},
		"30m left": {Left: 30 * time.Minute}, "1h left": {Left: time.Hour}, "1h30m left": {Left: 90 * time.Minute}, "45s left": {Left: 45 * time.Second},
		"1h late": {Late: time.Hour}, "10m late": {Late: 10 * time.Minute},
	} {
		got, err := calendar.ParseStage(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%q is read as %+v and written as %q, %v; want %+v", text, got, got, err, want)
		}
	}
	for text, want := range map[string]calendar.Stage{"80%": {Share: 0.8}, " 80 % ": {Share: 0.8}, "90m left": {Left: 90 * time.Minute}, "+1h": {Late: time.Hour}, "120%": {Share: 1.2}} {
		if got, err := calendar.ParseStage(text); err != nil || got != want {
			t.Errorf("%q is read as %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestWhatIsNoStageIsRefused(t *testing.T) {
	for _, text := range []string{"", "0", "-1", "NaN", "11", "soon", "left", "-5m left", "0s left", "5 left", "Inf", "late", "0s late", "-1h late", "+", "+5"} {
		if got, err := calendar.ParseStage(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestStagesKeepThroughJSON(t *testing.T) {
	stages := []calendar.Stage{{}, {Share: 0.8}, {Left: 30 * time.Minute}, {Late: time.Hour}}
	b, err := json.Marshal(stages)
	if err != nil {
		t.Fatal(err)
	}
	var got []calendar.Stage
	if err := json.Unmarshal(b, &got); err != nil || !slices.Equal(got, stages) {
		t.Errorf("%s is read as %v, %v", b, got, err)
	}
}
