package escalate_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

func TestDefaultPolicyIsValid(t *testing.T) {
	if err := escalate.DefaultPolicy().Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestValidateNamesEveryFault(t *testing.T) {
	p := escalate.DefaultPolicy()
	low, high := 0.2, 0.99
	p.Thresholds = escalate.Thresholds{Auto: 0.5, Draft: math.NaN()}
	p.Stage = "fast"
	p.Sample, p.Budget = 2, math.NaN()
	p.Topics = map[string]escalate.TopicRule{"delivery": {Auto: &low, Draft: &high, Stage: "never", Budget: new(-0.1)}}
	p.Exclusions = []escalate.Exclusion{
		{ID: "a", Tag: "x", Topic: "y"}, {ID: "a", Words: "..."}, {Tag: "x", Then: "drop", Route: "#Ops"},
	}
	p.LowConfidence = "maybe"
	p.Triggers = escalate.TriggerRules{Off: []escalate.TriggerKind{escalate.Safety, "gloom"}}
	p.Routes = escalate.Routes{Topics: map[string]string{"delivery": "Ship Ping"}}
	p.Roles = escalate.Roles{Agents: []string{"ana"}}
	p.SLA.FirstResponse = -time.Hour
	p.SLA.Alerts = []escalate.AlertStage{{At: calendar.Stage{Share: -1}}, {At: calendar.Breach, Tell: "boss"}}
	p.KeepWarm = escalate.KeepWarm{}
	p.Lease.Calendar = "nowhere"
	var got []string
	for _, err := range p.Validate().(interface{ Unwrap() []error }).Unwrap() {
		var f *escalate.Fault
		if !errors.As(err, &f) {
			t.Fatalf("%v is no Fault", err)
		}
		got = append(got, f.Path)
	}
	want := []string{
		"budget", "exclusions[0]", "exclusions[1].id", "exclusions[1].words", "exclusions[2].id", "exclusions[2].route", "exclusions[2].then",
		"keep_warm.after", "lease.calendar", "low_confidence", "roles.agents[0]", "roles.leads", "routes.default", "routes.topics.delivery", "sample",
		"sla.alerts[0]", "sla.alerts[1].tell", "sla.first_response", "stage", "thresholds.draft", "topics.delivery.budget", "topics.delivery.draft", "topics.delivery.stage",
		"triggers.off[0]", "triggers.off[1]", "triggers.repeat",
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if !strings.Contains(p.Validate().Error(), "lower draft or raise auto") {
		t.Error("a fault does not say what to do")
	}
}
