package policyfile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/internal/policyfile"
)

func TestAFileChangesOnlyWhatItNames(t *testing.T) {
	got, err := policyfile.Read("p.yaml", []byte("thresholds: {auto: 0.97}\nsla: {first_response: 90m}\nteam: Lumen support\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := escalate.DefaultPolicy()
	want.Thresholds.Auto, want.SLA.FirstResponse, want.Team = 0.97, 90*time.Minute, "Lumen support"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
}

func TestAnEmptyFileIsTheDefaultPolicy(t *testing.T) {
	for _, file := range []string{"", "# nothing yet\n"} {
		got, err := policyfile.Read("p.yaml", []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(escalate.DefaultPolicy(), got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestFaultsNameTheirLine(t *testing.T) {
	file := `thresholds:
  auto: 0.5
  draft: 0.9
exclusions:
  - id: press
    tag: press
  - id: press
    words: "…"
topics:
  delivery:
    stage: never
    budget: 2
budget: -1
`
	_, err := policyfile.Read("p.yaml", []byte(file))
	if err == nil {
		t.Fatal("a policy with faults was accepted")
	}
	for _, want := range []string{
		"p.yaml:3: thresholds.draft: 0.9 is above auto 0.5",
		"p.yaml:7: exclusions[1].id: \"press\" is used twice",
		"p.yaml:8: exclusions[1].words:",
		"p.yaml:11: topics.delivery.stage: \"never\" is not a stage",
		"p.yaml:12: topics.delivery.budget: 2 is not a share",
		"p.yaml:13: budget: -1 is not a share",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("faults lack %q:\n%v", want, err)
		}
	}
}

func TestAnUnknownKeyIsAFault(t *testing.T) {
	_, err := policyfile.Read("p.yaml", []byte("team: x\nchanel: support\n"))
	if err == nil || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), "chanel") {
		t.Errorf("want line 2 and chanel named, got %v", err)
	}
}

func TestWriteAndReadGiveTheSamePolicy(t *testing.T) {
	p := escalate.DefaultPolicy()
	auto := 0.9
	p.Budget = 0.02
	p.Topics = map[string]escalate.TopicRule{"delivery": {Auto: &auto, Stage: escalate.StageAuto, Budget: new(0.0)}}
	p.Exclusions = []escalate.Exclusion{{ID: "x1", Words: "gift card", Then: escalate.ExcludeLeave, Route: "payments"}}
	b, err := policyfile.Write(p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := policyfile.Read("p.yaml", b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s\n%s", diff, b)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("team: x\n"))
	f.Add([]byte("exclusions: [{id: a, tag: b}]"))
	f.Add([]byte("topics: {a: {auto: .nan}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := policyfile.Read("p.yaml", data)
		if err == nil && p.Validate() != nil {
			t.Errorf("accepted a policy that is not valid: %v", p.Validate())
		}
	})
}
