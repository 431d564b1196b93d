package rota_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // so that the zones are the same on every machine

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

func load(tb testing.TB, zone string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// read reads a rota as a policy has it; tabs stand for two spaces.
func read(tb testing.TB, text string) *rota.Rota {
	tb.Helper()
	var r rota.Rota
	decoder := yaml.NewDecoder(strings.NewReader(strings.ReplaceAll(text, "\t", "  ")))
	decoder.KnownFields(true)
	if err := decoder.Decode(&r); err != nil {
		tb.Fatal(err)
	}
	return &r
}

func schedule(tb testing.TB, text string, overrides ...rota.Override) *rota.Schedule {
	tb.Helper()
	s, err := rota.New(read(tb, text), rota.Given{
		Zone:      time.LoadLocation,
		Members:   map[string][]rota.PersonID{"@eu": {"UBEN", "UANA"}, "@empty": nil},
		Overrides: overrides,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

const allOfIt = `zone: Europe/Berlin
everyone: true
layers:
    - name: Europe
      people:
        - U0ANA
        - U0BEN
      rotation:
        every: 2 weeks
        day: mon
        at: "09:00"
        start: "2026-12-07"
      hours:
        zone: Europe/Paris
        week:
            mon:
                - 09:00-17:00
    - group: '@support-us'
`

func TestARotaIsWrittenAndRead(t *testing.T) {
	want := rota.Rota{Zone: "Europe/Berlin", Everyone: true, Layers: []rota.Layer{
		{
			Name: "Europe", People: []rota.PersonID{"U0ANA", "U0BEN"},
			Rotation: rota.Rotation{Every: 2 * rota.Week, Day: "mon", At: 9 * 60, Start: calendar.Date{Year: 2026, Month: 12, Day: 7}},
			Hours:    calendar.Hours{Zone: "Europe/Paris", Week: calendar.Week{Mon: []calendar.Shift{{From: 9 * 60, To: 17 * 60}}}},
		},
		{Group: "@support-us"},
	}}
	if diff := cmp.Diff(want, *read(t, allOfIt)); diff != "" {
		t.Errorf("YAML (-want +got):\n%s", diff)
	}
	again, err := yaml.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(allOfIt, string(again)); diff != "" {
		t.Errorf("YAML again (-want +got):\n%s", diff)
	}
	asJSON, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var fromJSON rota.Rota
	if err := json.Unmarshal(asJSON, &fromJSON); err != nil || !cmp.Equal(want, fromJSON) {
		t.Errorf("JSON: %v\n%s", err, asJSON)
	}
}

func TestAGroupAloneIsARota(t *testing.T) {
	b, err := json.Marshal(rota.Rotas{"support": {Layers: []rota.Layer{{Group: "@eu"}}}})
	if want := `{"support":{"layers":[{"group":"@eu"}]}}`; err != nil || string(b) != want {
		t.Errorf("it is written as %s, %v; want %s", b, err, want)
	}
	s := schedule(t, "layers: [{group: '@eu'}]")
	if diff := cmp.Diff([]rota.PersonID{"UANA", "UBEN"}, s.On(time.Unix(0, 0))); diff != "" {
		t.Errorf("on (-want +got):\n%s", diff)
	}
	if on := s.OnCall(time.Unix(0, 0)).People; len(on) != 2 || on[0].Person != "UANA" { // Slack gives them in any order
		t.Errorf("on call: %+v", on)
	}
	if on := schedule(t, "layers: [{group: '@empty'}]").On(time.Unix(0, 0)); len(on) > 0 {
		t.Errorf("an empty group has %v on", on)
	}
}

func TestParsePeriod(t *testing.T) {
	for in, want := range map[string]rota.Period{
		"day": 1, "daily": 1, "1 day": 1, "Week": 7, "weekly": 7, "3 days": 3, " 2  weeks ": 14, "90 days": 90, "12 weeks": 84,
		"": 0, "0 days": 0, "91 days": 0, "13 weeks": 0, "-1 days": 0, "3": 0, "3 months": 0, "days 3": 0, "a week or so": 0, "99999999999999999999 days": 0,
	} {
		p, err := rota.ParsePeriod(in)
		if p != want || (err == nil) != (want > 0) {
			t.Errorf("%q: got %d, %v; want %d", in, p, err, want)
		}
		if again, err := rota.ParsePeriod(p.String()); want > 0 && (again != want || err != nil) {
			t.Errorf("%q is written as %s", in, p)
		}
	}
	for _, wrong := range []rota.Period{-1, 0, 91} {
		if b, err := wrong.MarshalText(); err == nil {
			t.Errorf("%d days are written as %s", int(wrong), b)
		}
	}
}

// faultsOf are the lines of an error, each of which is a *rota.Fault.
func faultsOf(t *testing.T, err error) string {
	t.Helper()
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		t.Fatalf("%v is not a list of faults", err)
	}
	for _, e := range joined.Unwrap() {
		var f *rota.Fault
		if !errors.As(e, &f) || f.Path == "" {
			t.Errorf("%v is no fault with a path", e)
		}
	}
	return err.Error()
}

func TestValidateNamesEveryFault(t *testing.T) {
	on := []calendar.Shift{calendar.AllDay}
	rotas := rota.Rotas{
		"a": {Layers: []rota.Layer{
			{Name: "x", People: []rota.PersonID{"UANA", "@ben", "UANA"}, Hours: calendar.Hours{Week: calendar.Weekdays(on...)}},
			{Name: "x", People: []rota.PersonID{"UANA"}, Group: "@eu"},
			{Group: "eu"},
			{},
			{Group: "@eu", Rotation: rota.Rotation{Every: 3, Day: "mon", At: 24 * 60}},
			{People: []rota.PersonID{"UANA", "UBEN", "UANA"}, Rotation: rota.Rotation{Every: 91, Day: "Monday", Start: calendar.Date{Year: 2026, Month: 2, Day: 30}}},
			{People: []rota.PersonID{"UANA"}, Hours: calendar.Hours{Zone: "UTC", Week: calendar.Week{Mon: []calendar.Shift{{}}}}},
		}},
		"b":          {},
		"c":          {Layers: make([]rota.Layer, 21)},
		"First line": {Layers: []rota.Layer{{Group: "@eu"}}},
	}
	for i := range rotas["c"].Layers {
		rotas["c"].Layers[i].Group = "@eu"
	}
	rotas["c"].Layers[0] = rota.Layer{People: make([]rota.PersonID, 201), Rotation: rota.Rotation{Every: 1, Start: calendar.Date{Year: 2026, Month: 1, Day: 1}}}
	for i := range rotas["c"].Layers[0].People {
		rotas["c"].Layers[0].People[i] = "UANA"
	}
	want := strings.TrimSpace(`
First line: "First line" cannot be a rota's name; use lower-case letters, digits, - and _
a.layers[0].people[1]: "@ben" is not a user id (U…)
a.layers[0].people[2]: UANA is listed twice, here and as people[0]; remove one
a.zone: is missing, and so is that of layers[0]; name one such as Europe/Berlin
a.layers[1].name: "x" is also the name of layers[0]; nobody could tell them apart
a.layers[1].group: stands beside a list of people; a layer has one of the two
a.layers[2].group: "eu" is not a user group; write its handle, such as @support-eu
a.layers[3]: has nobody in it; list people, or name a user group
a.layers[4].rotation: is given for a user group, which has no order; list the people who take turns
a.layers[4].rotation.day: does not go with turns of 3 days; leave it out, or have whole weeks
a.layers[4].rotation.at: 24:00 is outside the day; the last minute is 23:59
a.layers[4].rotation.start: is missing; give the date of the first turn, such as 2026-12-07
a.layers[5].rotation.every: is missing; write day, week, 3 days or 2 weeks, of 90 days at the most
a.layers[5].rotation.day: "Monday" is not a weekday; write mon, tue, wed, thu, fri, sat or sun
a.layers[5].rotation.start: 2026-02-30 is not a date; write it as 2026-12-07
a.layers[6].hours.week.mon[0]: 00:00-00:00 begins and ends at the same time; a whole day is 00:00-24:00
b.layers: is empty, so nobody would ever be on; list people, or name a user group
c.layers: has 21 layers; 20 are the most
c.layers[0].people: lists 201 people; 200 are the most
c.zone: is missing, and so is that of layers[0]; name one such as Europe/Berlin`)
	if diff := cmp.Diff(want, faultsOf(t, rotas.Validate())); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if err := (rota.Rotas{"support-eu_2": *read(t, allOfIt)}).Validate(); err != nil {
		t.Errorf("a rota as it should be: %v", err)
	}
	if got := faultsOf(t, new(rota.Rota).Validate()); !strings.HasPrefix(got, "layers: is empty") {
		t.Errorf("a rota alone: %s", got)
	}
}

func TestNewSaysWhatThereIsNot(t *testing.T) {
	r := read(t, `{zone: Mars/Olympus, layers: [{group: "@gone"}, {people: [UANA], hours: {week: {mon: [09:00-17:00]}}}]}`)
	_, err := rota.New(r, rota.Given{Zone: time.LoadLocation, Overrides: []rota.Override{{ID: "7", Kind: rota.Off, Person: "UANA", From: time.Unix(60, 0), To: time.Unix(60, 0)}}})
	want := strings.TrimSpace(`
layers[0].group: there is no user group @gone
layers[1]: there is no time zone "Mars/Olympus"
overrides[7].to: is not after the begin`)
	if diff := cmp.Diff(want, faultsOf(t, err)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if _, err := rota.New(&rota.Rota{}, rota.Given{}); err == nil {
		t.Error("a schedule was made of nothing")
	}
}
