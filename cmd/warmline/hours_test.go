package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
	"warmline/internal/policyfile"
)

func TestThePolicyInTheGuideIsValid(t *testing.T) {
	p, err := policyfile.Read("sla.md", exampleIn(t, "sla.md"), checkHours)
	if err != nil {
		t.Fatal(err)
	}
	c := escalate.Content{Tags: []string{"newsletter"}, Customer: escalate.Customer{Email: "per@acme.example"}}
	if terms := p.Targets(&c); terms[escalate.TargetFirstResponse].Budget != 0 || terms[escalate.TargetClaim].Budget != 30*time.Minute {
		t.Errorf("Acme's newsletter is not as the guide says: %+v", terms)
	}
}

func TestTheUpdatesInTheGuideAreValid(t *testing.T) {
	p, err := policyfile.Read("keep-warm.md", exampleIn(t, "keep-warm.md"), checkHours)
	if err != nil {
		t.Fatal(err)
	}
	c := escalate.Content{Customer: escalate.Customer{Email: "ken@shop.jp"}}
	if hours := p.WarmHours(&c, "en"); len(hours) != 2 || hours[0].Zone != "Asia/Tokyo" || p.KeepWarm.HoldOut != 0.2 {
		t.Errorf("updates are not as the guide says: %+v", hours)
	}
}

func TestTheRotasInTheGuideAreValid(t *testing.T) {
	p, err := policyfile.Read("rota.md", exampleIn(t, "rota.md"), checkHours)
	if err != nil {
		t.Fatal(err)
	}
	team := map[string][]rota.PersonID{"@support-eu": {"U0ANA"}, "@support-us": {"U0CEM"}}
	bavaria, err := workingHours{}.Holidays("de-by")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]rota.PersonID{"support": "U0BEN", "follow-the-sun": "U0CEM"} {
		r := p.Rotas[name]
		s, err := rota.New(&r, rota.Given{Zone: zoneNamed, Members: team, Holidays: map[string][]calendar.Holiday{"de-by": bavaria}})
		if err != nil {
			t.Fatal(err)
		}
		// 17:30 in Berlin, in Ben's week.
		if on := s.On(time.Date(2026, time.December, 14, 16, 30, 0, 0, time.UTC)); !slices.Equal(on, []rota.PersonID{want}) {
			t.Errorf("%s has %q on, want %s", name, on, want)
		}
	}
}

func TestTheRoutesAndOffersInTheGuideAreValid(t *testing.T) {
	p, err := policyfile.Read("routing.md", exampleIn(t, "routing.md"), checkHours)
	if err != nil {
		t.Fatal(err)
	}
	gold := &escalate.Ticket{Content: escalate.Content{Customer: escalate.Customer{Plan: "Gold"}}}
	if d := escalate.Decide(time.Now(), p, gold, escalate.Assessment{}, escalate.World{}); d.Channel != "gold-desk" || d.Rule != "gold" {
		t.Errorf("a gold customer goes to #%s by %q", d.Channel, d.Rule)
	}
	if rule, ok := p.OffersIn("support"); !ok || rule.Ladder.Lead != 30*time.Minute || rule.Page != "night" {
		t.Errorf("#support offers as %+v", rule)
	}
	p.Offers.People["U0BEN"] = escalate.PersonRule{Holidays: "atlantis"}
	if err := checkHours(p); err == nil || !strings.Contains(err.Error(), "offers.people.U0BEN.holidays") {
		t.Errorf("Atlantis has holidays: %v", err)
	}
}

func TestAZoneOfARotaThatThereIsNoneOfIsNamed(t *testing.T) {
	_, err := policyfile.Read("p.yaml", []byte(`rotas:
  support:
    zone: Europe/Atlantis
    layers:
      - people: [U0ANA]
        hours:
          zone: Mars/Utopia
          week: {mon: [09:00-17:00]}
`), checkHours)
	for _, want := range []string{`p.yaml:3: rotas.support.zone: "Europe/Atlantis" is not`, `p.yaml:7: rotas.support.layers[0].hours.zone: "Mars/Utopia" is not`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

// exampleIn is the first policy that a guide shows.
func exampleIn(t *testing.T, guide string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../docs/" + guide)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatalf("docs/%s has no policy", guide)
	}
	return []byte(example)
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
	p.Rotas = rota.Rotas{"support": {Zone: "Nowhere", Layers: []rota.Layer{{Hours: wrong}}}}
	err := checkHours(p)
	for _, want := range []string{
		"calendars.office.zone: ", "calendars.office.holidays: ", "rotas.support.zone: ", "rotas.support.layers[0].hours.zone: ",
		"rotas.support.layers[0].hours.holidays: ",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
	if _, err := (workingHours{}).Calendar(&wrong); err == nil {
		t.Error("a zone of that name was found")
	}
}
