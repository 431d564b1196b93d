package policyfile_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
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

// What people write down is read, and faults are told with their line, whatever the keys look like.
func TestTargetsAndCalendarsAreReadAndWritten(t *testing.T) {
	const file = `
calendars:
  support:
    zone: Europe/Berlin
    holidays: de-by
    week:
      mon: [09:00-12:30, 13:30-18:00]
      fri: [09:00-12:30]
    closed:
      - date: 2026-12-24
sla:
  first_response: 2h
  claim: 15m
  calendar: support
  alerts: [0.5, 30m left, {at: 1, tell: channel}, {at: +1h, tell: manager}]
  working_hours_only: true
  plans:
    gold:
      first_response: 30m
  customers:
    lena@acme.example:
      next_response: 10m
    "@acme.example":
      alerts: [1]
  tickets:
    - tag: outage
      resolution: 4h
    - priority: urgent
      first_response: 0s
`
	p, err := policyfile.Read("p.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	s := p.SLA
	if s.FirstResponse != 2*time.Hour || s.Claim != 15*time.Minute || s.Calendar != "support" || !s.WorkingHoursOnly || len(s.Alerts) != 4 ||
		s.Alerts[1] != (escalate.AlertStage{At: calendar.Stage{Left: 30 * time.Minute}}) ||
		s.Alerts[3] != (escalate.AlertStage{At: calendar.Stage{Late: time.Hour}, Tell: escalate.TellManager}) || *s.Plans["gold"].FirstResponse != 30*time.Minute ||
		*s.Customers["lena@acme.example"].NextResponse != 10*time.Minute || *s.Tickets[0].Resolution != 4*time.Hour || *s.Tickets[1].FirstResponse != 0 {
		t.Errorf("read %+v", s)
	}
	if h := p.Calendars["support"]; h.Zone != "Europe/Berlin" || h.Holidays != "de-by" || len(h.Week.Mon) != 2 || len(h.Closed) != 1 {
		t.Errorf("read %+v", h)
	}
	b, err := policyfile.Write(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := policyfile.Read("p.yaml", b)
	if diff := cmp.Diff(p, again); err != nil || diff != "" {
		t.Errorf("written and read again (-before +after): %v\n%s\n%s", err, diff, b)
	}
	if !strings.Contains(string(b), "- 0.5\n") || strings.Contains(string(b), "warn") {
		t.Errorf("written:\n%s", b)
	}
}

func TestFaultsOfTargetsNameTheirLine(t *testing.T) {
	const file = `calendars:
  support:
    zone: Europe/Atlantis
    closed:
      - date: 2026-12-24
      - date: 2026-12-24
sla:
  calendar: sales
  alerts:
    - 1
    - 1
    - at: 0.5
      tell: boss
  customers:
    lena@acme.example:
      next_response: -1m
  tickets:
    - resolution: 4h
`
	nowhere := func(*escalate.Policy) error {
		return errors.Join(&escalate.Fault{Path: "calendars.support.zone", What: "there is none of that name"})
	}
	_, err := policyfile.Read("p.yaml", []byte(file), nowhere)
	for _, want := range []string{
		"p.yaml:3: calendars.support.zone: there is none", "p.yaml:6: calendars.support.closed[1].date: ", "p.yaml:8: sla.calendar: there is no calendar",
		"p.yaml:11: sla.alerts[1]: 1 stands there twice", "p.yaml:13: sla.alerts[2].tell: \"boss\" is nobody",
		"p.yaml:16: sla.customers.lena@acme.example.next_response: is negative", "p.yaml:18: sla.tickets[0]: matches by none",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

func TestRotasAreReadAndWritten(t *testing.T) {
	const file = `
rotas:
  support:
    zone: Europe/Berlin
    layers:
      - name: first line
        people: [U0ANA, U0BEN]
        rotation: {every: week, day: mon, at: "09:00", start: 2026-12-07}
        hours:
          week:
            mon: [09:00-18:00]
      - group: "@support-leads"
`
	p, err := policyfile.Read("p.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if r := p.Rotas["support"].Layers[0].Rotation; r.Every != rota.Week || r.At != 9*60 {
		t.Errorf("read %+v", r)
	}
	if got := p.Groups(); !slices.Contains(got, "@support-leads") {
		t.Errorf("the groups to look for are %q", got)
	}
	b, err := policyfile.Write(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := policyfile.Read("again.yaml", b)
	if diff := cmp.Diff(p, again); err != nil || diff != "" {
		t.Errorf("written and read again (-want +got): %v\n%s\n%s", err, diff, b)
	}
}

func TestFaultsOfRotasNameTheirLine(t *testing.T) {
	const file = `rotas:
  support:
    zone: Europe/Berlin
    layers:
      - people: [U0ANA, ben]
        rotation:
          every: week
          day: monday
          start: 2026-12-07
      - name: nobody
  "On Call":
    layers: []
`
	_, err := policyfile.Read("p.yaml", []byte(file))
	for _, want := range []string{
		`p.yaml:5: rotas.support.layers[0].people[1]: "ben" is not a user id`, `p.yaml:8: rotas.support.layers[0].rotation.day: "monday" is not a weekday`,
		"p.yaml:10: rotas.support.layers[1]: has nobody in it", `p.yaml:11: rotas.On Call: "On Call" cannot be a rota's name`,
		"p.yaml:12: rotas.On Call.layers: is empty",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

// A file of before there were stages: one share, and no word of later answers.
func TestAnEarlierVersionsWarningBecomesAnAlert(t *testing.T) {
	p, err := policyfile.Read("p.yaml", []byte("sla:\n  first_response: 20m\n  warn: 0.75\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s := p.SLA; s.Warn != nil || len(s.Alerts) != 1 || s.Alerts[0] != (escalate.AlertStage{At: calendar.Stage{Share: 0.75}}) || s.NextResponse != 20*time.Minute {
		t.Errorf("read %+v", s)
	}
}
