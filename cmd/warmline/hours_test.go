package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/internal/policyfile"
)

func TestThePolicyInTheGuideIsValid(t *testing.T) {
	b, err := os.ReadFile("../../docs/sla.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/sla.md has no policy")
	}
	p, err := policyfile.Read("sla.md", []byte(example), checkHours)
	if err != nil {
		t.Fatal(err)
	}
	c := escalate.Content{Tags: []string{"newsletter"}, Customer: escalate.Customer{Email: "per@acme.example"}}
	if terms := p.Targets(&c); terms[escalate.TargetFirstResponse].Budget != 0 || terms[escalate.TargetClaim].Budget != 30*time.Minute {
		t.Errorf("Acme's newsletter is not as the guide says: %+v", terms)
	}
}

func TestHoursKnowZonesAndHolidays(t *testing.T) {
	h := escalate.Hours{Holidays: "de-by"}
	h.Zone = "Europe/Berlin"
	cal, err := workingHours{}.Calendar(&h)
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for day, open := range map[int]bool{6: false, 7: true} { // Epiphany is a holiday in Bavaria
		if at := time.Date(2027, time.January, day, 10, 0, 0, 0, berlin); cal.Open(at) != open {
			t.Errorf("%v: open %v, want %v", at, cal.Open(at), open)
		}
	}
}

func TestZonesAndHolidaysThatThereAreNoneOfAreNamed(t *testing.T) {
	wrong := escalate.Hours{Holidays: "atlantis"}
	wrong.Zone = "Local"
	p := &escalate.Policy{Calendars: map[string]escalate.Hours{"office": wrong, "always": {}}}
	err := checkHours(p)
	for _, want := range []string{"calendars.office.zone: ", "calendars.office.holidays: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
	if _, err := (workingHours{}).Calendar(&wrong); err == nil {
		t.Error("a zone of that name was found")
	}
}
