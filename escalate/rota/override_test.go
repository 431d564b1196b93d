package rota_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/rota"
)

// overrides reads lines such as "cover ana ben 9-13", "off ben 10-11", of hours of 7 December 2026 in UTC, in the order in
// which they are made. Their ids are their numbers, from 1 on.
func overrides(tb testing.TB, lines ...string) (list []rota.Override) {
	tb.Helper()
	for i, line := range lines {
		f := strings.Fields(line)
		o := rota.Override{ID: strconv.Itoa(i + 1), Rota: "support", Kind: rota.Kind(f[0]), Person: person(f[1]), Made: time.Unix(int64(i), 0)}
		if len(f) == 4 {
			o.Instead = person(f[2])
		}
		var from, to int
		if _, err := fmt.Sscanf(f[len(f)-1], "%d-%d", &from, &to); err != nil {
			tb.Fatal(err)
		}
		day := wall(tb, "UTC", "2026-12-07 00:00")
		o.From, o.To = day.Add(time.Duration(from)*time.Hour), day.Add(time.Duration(to)*time.Hour)
		list = append(list, o)
	}
	return list
}

func person(name string) rota.PersonID { return rota.PersonID("U" + strings.ToUpper(name)) }

const (
	turnOfAna = `{zone: UTC, layers: [{name: first, ` + anaBenCem + `, rotation: {every: day, start: 2026-12-07}}]}`
	twoLayers = `{zone: UTC, layers: [{name: first, people: [UANA]}, {name: second, people: [UBEN]}]}`
	team      = `{zone: UTC, everyone: true, layers: [{name: early, people: [UANA, UBEN]}, {name: late, people: [UCEM]}]}`
)

func TestOverrides(t *testing.T) {
	for name, tc := range map[string]struct {
		rota, overrides, want string
	}{
		"a cover":                                    {turnOfAna, "cover dan ana 9-13", "00 ana, 09 dan, 13 ana"},
		"a cover of who is not on":                   {turnOfAna, "cover dan ben 9-13", "00 ana"},
		"a cover over the end of a turn":             {turnOfAna, "cover dan ana -2-13", "00 dan, 13 ana"},
		"off":                                        {turnOfAna, "off ana 9-13", "00 ana, 09 -, 13 ana"},
		"off, and somebody below":                    {twoLayers, "off ana 9-13", "00 ana, 09 ben, 13 ana"},
		"off of who is not on":                       {twoLayers, "off ben 9-13", "00 ana"},
		"everybody is off":                           {twoLayers, "off ana 9-13; off ben 10-11", "00 ana, 09 ben, 10 -, 11 ben, 13 ana"},
		"off, then covered":                          {turnOfAna, "off ana 8-14; cover dan ana 9-13", "00 ana, 08 -, 09 dan, 13 -, 14 ana"},
		"covered, then off":                          {turnOfAna, "cover dan ana 9-13; off ana 8-14", "00 ana, 08 -, 09 dan, 13 -, 14 ana"},
		"who covers is off later":                    {turnOfAna, "cover dan ana 9-13; off dan 10-11", "00 ana, 09 dan, 10 -, 11 dan, 13 ana"},
		"who covers was off before":                  {turnOfAna, "off dan 0-24; cover dan ana 9-13", "00 ana, 09 dan, 13 ana"},
		"covered again":                              {turnOfAna, "cover dan ana 9-13; cover eva ana 10-11", "00 ana, 09 dan, 10 eva, 11 dan, 13 ana"},
		"who covers is covered":                      {turnOfAna, "cover dan ana 9-13; cover eva dan 10-11", "00 ana, 09 dan, 10 eva, 11 dan, 13 ana"},
		"covered before they cover":                  {turnOfAna, "cover eva dan 9-13; cover dan ana 9-13", "00 ana, 09 dan, 13 ana"},
		"covered again, and the first cover covered": {turnOfAna, "cover dan ana 9-13; cover eva ana 9-13; cover fay dan 9-13", "00 ana, 09 eva, 13 ana"},
		"back and forth":                             {turnOfAna, "cover dan ana 9-13; cover ana dan 10-11; cover eva ana 10-11", "00 ana, 09 dan, 10 eva, 11 dan, 13 ana"},
		"who covers an absent cover":                 {turnOfAna, "cover dan ana 9-13; off dan 9-13; cover eva ana 10-11", "00 ana, 09 -, 10 eva, 11 -, 13 ana"},
		"a take-over":                                {team, "take_over dan 9-13", "00 ana ben cem, 09 dan, 13 ana ben cem"},
		"a take-over where nobody would be":          {turnOfAna, "off ana 0-24; take_over dan 9-13", "00 -, 09 dan, 13 -"},
		"two take-overs":                             {turnOfAna, "take_over dan 9-13; take_over eva 10-11", "00 ana, 09 dan, 10 eva, 11 dan, 13 ana"},
		"who took over is off":                       {turnOfAna, "take_over dan 9-13; off dan 10-11", "00 ana, 09 dan, 10 ana, 11 dan, 13 ana"},
		"the second who took over is off":            {turnOfAna, "take_over dan 9-13; take_over eva 9-13; off eva 10-11", "00 ana, 09 eva, 10 dan, 11 eva, 13 ana"},
		"who took over is covered":                   {turnOfAna, "take_over dan 9-13; cover eva dan 10-11", "00 ana, 09 dan, 10 eva, 11 dan, 13 ana"},
		"added":                                      {turnOfAna, "add dan 9-13", "00 ana, 09 ana dan, 13 ana"},
		"added to nobody":                            {turnOfAna, "off ana 9-13; add dan 9-13", "00 ana, 09 dan, 13 ana"},
		"added to two layers":                        {twoLayers, "add dan 9-13", "00 ana, 09 ana dan, 13 ana"},
		"added, though on":                           {team, "add cem 9-13", "00 ana ben cem"},
		"added, then taken over":                     {turnOfAna, "add dan 9-13; take_over eva 10-11", "00 ana, 09 ana dan, 10 eva, 11 ana dan, 13 ana"},
		"taken over, then added":                     {turnOfAna, "take_over eva 9-13; add dan 10-11", "00 ana, 09 eva, 10 eva dan, 11 eva, 13 ana"},
		"a cover within a team":                      {team, "cover dan ben 9-13", "00 ana ben cem, 09 ana dan cem, 13 ana ben cem"},
		"a cover by who is on":                       {team, "cover cem ben 9-13", "00 ana ben cem, 09 ana cem, 13 ana ben cem"},
		"a cover in a layer that does not count":     {twoLayers, "cover dan ben 9-13; off ana 10-11", "00 ana, 10 dan, 11 ana"},
	} {
		t.Run(name, func(t *testing.T) {
			list := overrides(t, strings.Split(tc.overrides, "; ")...)
			for range 2 { // whatever their order
				s := schedule(t, tc.rota, list...)
				line := timeline(t, s, "UTC", "2026-12-07 00:00", "2026-12-08 00:00")
				line = strings.NewReplacer("2026-12-07 ", "", ":00", "", "\n", ", ").Replace(line)
				if diff := cmp.Diff(tc.want, withoutRepeats(strings.TrimSuffix(line, ", "))); diff != "" {
					t.Errorf("timeline (-want +got):\n%s", diff)
				}
				list[0], list[len(list)-1] = list[len(list)-1], list[0]
			}
		})
	}
}

// withoutRepeats leaves out stretches that differ from the one before by their reasons only.
func withoutRepeats(line string) string {
	var kept []string
	for one := range strings.SplitSeq(line, ", ") {
		if n := len(kept); n == 0 || kept[n-1][3:] != one[3:] {
			kept = append(kept, one)
		}
	}
	return strings.Join(kept, ", ")
}

func TestOnCallSaysWhoIsOffAndWhoCovers(t *testing.T) {
	s := schedule(t, team, overrides(t, "cover dan ana 9-13", "off ben 10-12", "add eva 9-12")...)
	hour := func(h int) time.Time { return wall(t, "UTC", "2026-12-07 00:00").Add(time.Duration(h) * time.Hour) }
	want := rota.OnCall{
		People: []rota.OnDuty{
			{Person: "UDAN", Until: hour(13), Why: rota.Why{Source: rota.ByCover, Layer: "early", Override: "1", Instead: "UANA"}},
			{Person: "UCEM", Why: rota.Why{Source: rota.ByLayer, Layer: "late"}},
			{Person: "UEVA", Until: hour(12), Why: rota.Why{Source: rota.ByAdd, Override: "3"}},
		},
		Absent: []rota.Absent{{Person: "UBEN", Override: "2", Until: hour(12)}},
	}
	if diff := cmp.Diff(want, s.OnCall(hour(10))); diff != "" {
		t.Errorf("on call (-want +got):\n%s", diff)
	}
	over := schedule(t, team, overrides(t, "take_over dan 9-13", "off ben 9-13")...).OnCall(hour(9))
	if len(over.People) != 1 || over.People[0].Why != (rota.Why{Source: rota.ByTakeOver, Override: "1"}) || len(over.Absent) > 0 {
		t.Errorf("where somebody took over it does not matter who is off: %+v", over)
	}
	twice := schedule(t, turnOfAna, overrides(t, "off ana 9-13", "off ana 10-14")...)
	if got := twice.OnCall(hour(10)).Absent; len(got) != 1 || got[0].Override != "2" || !got[0].Until.Equal(hour(14)) {
		t.Errorf("who is off twice is absent by what was made last: %+v", got)
	}
	below := schedule(t, twoLayers, overrides(t, "off ana 9-13", "off ben 10-11")...)
	for h, want := range map[int]int{9: 1, 10: 2} {
		if got := below.OnCall(hour(h)); len(got.Absent) != want {
			t.Errorf("at %d:00 %+v are absent", h, got.Absent)
		}
	}
	if got := schedule(t, twoLayers, overrides(t, "off ben 9-13")...).OnCall(hour(9)); len(got.Absent) > 0 {
		t.Errorf("%+v are absent, in a layer that does not count", got.Absent)
	}
	for why, want := range map[rota.Why]string{
		{Source: rota.ByTurn, Layer: "layer 2"}:                           "whose turn it is in layer 2",
		{Source: rota.ByCover, Layer: "early", Instead: "UANA"}:           "who covers UANA in early",
		{Source: rota.ByLayer, Layer: "late"}:                             "who is on with all of late",
		{Source: rota.ByTakeOver}:                                         "who took over from everybody",
		{Source: rota.ByAdd}:                                              "who was added",
		{Source: rota.ByCover, Override: "1", Instead: "UDAN", Layer: ""}: "who covers UDAN",
	} {
		if why.String() != want {
			t.Errorf("%+v in words: %s; want %s", why, why, want)
		}
	}
}

func TestAnOverrideIsValid(t *testing.T) {
	at := time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC)
	good := rota.Override{ID: "1", Kind: rota.Cover, Person: "UANA", Instead: "UBEN", From: at, To: at.Add(rota.MaxOverride)}
	if err := good.Validate(); err != nil {
		t.Errorf("as long as it may be: %v", err)
	}
	for want, change := range map[string]func(*rota.Override){
		`kind: "swap" is not known; write cover, take_over, add or off`: func(o *rota.Override) { o.Kind = "swap" },
		"person: is missing":                                   func(o *rota.Override) { o.Kind, o.Person, o.Instead = rota.Add, "", "" },
		"instead: is missing; say whose time UANA covers":      func(o *rota.Override) { o.Instead = "" },
		"instead: is UANA again; nobody covers for themselves": func(o *rota.Override) { o.Instead = "UANA" },
		"instead: goes with a cover only":                      func(o *rota.Override) { o.Kind = rota.Off },
		"from: is missing":                                     func(o *rota.Override) { o.From = time.Time{} },
		"to: is not after the begin":                           func(o *rota.Override) { o.To = at },
		"to: is 91 days after the begin; 90 are the most, because what lasts longer is a change of the rota": func(o *rota.Override) { o.To = at.AddDate(0, 0, 91) },
	} {
		o := good
		change(&o)
		if err := o.Validate(); err == nil || faultsOf(t, err) != want {
			t.Errorf("got %v; want %s", err, want)
		}
	}
	b, err := json.Marshal(good)
	var again rota.Override
	if err != nil || json.Unmarshal(b, &again) != nil || !cmp.Equal(good, again) {
		t.Errorf("it is kept as %s, %v", b, err)
	}
}

func TestAnOverrideIsCutWhereItIsRemoved(t *testing.T) {
	o := overrides(t, "off ana 9-13")[0]
	for add, want := range map[time.Duration]time.Time{-time.Hour: {}, 0: {}, time.Hour: o.From.Add(time.Hour), 5 * time.Hour: o.To} {
		cut, keep := o.Cut(o.From.Add(add))
		if keep == want.IsZero() || !cut.To.Equal(want) {
			t.Errorf("removed %v after its begin: %v, %v", add, cut, keep)
		}
		if keep && cut.Validate() != nil {
			t.Errorf("removed %v after its begin it is not valid: %v", add, cut.Validate())
		}
	}
}
