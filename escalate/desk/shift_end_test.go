package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

// shift is a layer of one person on Mondays; several stretches are separated by spaces.
func shift(t *testing.T, person, stretches string) rota.Layer {
	t.Helper()
	l := rota.Layer{People: []rota.PersonID{rota.PersonID(person)}}
	for text := range strings.FieldsSeq(stretches) {
		var s calendar.Shift
		if err := s.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		l.Hours.Week.Mon = append(l.Hours.Week.Mon, s)
	}
	return l
}

func made(t *testing.T, overrides []rota.Override, rotas rota.Rotas) map[string]*roster {
	t.Helper()
	all := rosters{rotas: rotas, given: rota.Given{Zone: time.LoadLocation}, overrides: overrides}
	for name := range rotas {
		if _, err := all.roster(name); err != nil {
			t.Fatal(err)
		}
	}
	return all.all()
}

func TestWhoStaysOnOrTakesABreakHasNotEndedTheirShift(t *testing.T) {
	monday := func(clock string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", "2026-12-07 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	of := func(layers ...rota.Layer) rota.Rota { return rota.Rota{Zone: "UTC", Everyone: true, Layers: layers} }
	for name, c := range map[string]struct {
		now       string
		rotas     rota.Rotas
		overrides []rota.Override
		want      string
	}{
		"a shift ends":         {"16:45", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00"))}, nil, "UANA 17:00 [support]"},
		"not so soon":          {"16:44", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00"))}, nil, ""},
		"it has ended":         {"17:14", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00"))}, nil, "UANA 17:00 [support]"},
		"long ago":             {"17:16", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00"))}, nil, ""},
		"lunch":                {"12:00", rota.Rotas{"support": of(shift(t, "UANA", "09:00-12:30 13:30-17:00"))}, nil, ""},
		"a split shift":        {"12:15", rota.Rotas{"support": of(shift(t, "UANA", "09:00-12:30 15:00-17:00"))}, nil, "UANA 12:30 [support]"},
		"another layer's turn": {"16:50", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00"), shift(t, "UANA", "17:00-20:00"))}, nil, ""},
		"on in another rota": {
			"16:50", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00")), "billing": of(shift(t, "UANA", "12:00-18:00"))}, nil, "",
		},
		"both rotas end": {
			"16:50",
			rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00")), "billing": of(shift(t, "UANA", "12:00-17:00"))},
			nil,
			"UANA 17:00 [billing support]",
		},
		"two people": {
			"16:50",
			rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:05"), shift(t, "UBEN", "09:00-17:00"))},
			nil,
			"UBEN 17:00 [support], UANA 17:05 [support]",
		},
		"off early": {"14:50", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00"))}, []rota.Override{
			{ID: "1", Rota: "support", Kind: rota.Off, Person: "UANA", From: monday("15:00"), To: monday("23:00")},
		}, "UANA 15:00 [support]"},
		"covered, and over": {"15:10", rota.Rotas{"support": of(shift(t, "UANA", "09:00-17:00"))}, []rota.Override{
			{ID: "1", Rota: "support", Kind: rota.Cover, Person: "UBEN", Instead: "UANA", From: monday("12:00"), To: monday("15:00")},
		}, "UBEN 15:00 [support]"},
	} {
		var got []string
		for _, e := range endsOf(made(t, c.overrides, c.rotas), monday(c.now)) {
			got = append(got, fmt.Sprintf("%s %s %v", e.Person, e.At.Time().Format("15:04"), e.rotas))
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhoComesOnAfterSomebody(t *testing.T) {
	all := made(t, nil, rota.Rotas{
		"support": {Zone: "UTC", Everyone: true, Layers: []rota.Layer{shift(t, "UANA", "09:00-17:00"), shift(t, "UBEN", "16:00-20:00")}},
		"alone":   {Zone: "UTC", Layers: []rota.Layer{shift(t, "UANA", "09:00-17:00")}},
	})
	five := time.Date(2026, 12, 7, 17, 0, 0, 0, time.UTC)
	if who, from := all["support"].after("UANA", five); !cmp.Equal(who, []rota.PersonID{"UBEN"}) || !from.Equal(five) {
		t.Errorf("after Ana comes %v from %v", who, from)
	}
	if who, from := all["support"].after("UBEN", five.Add(3*time.Hour)); !cmp.Equal(who, []rota.PersonID{"UANA"}) || !from.Equal(five.AddDate(0, 0, 7).Add(-8*time.Hour)) {
		t.Errorf("after Ben comes %v from %v", who, from)
	}
	if who, _ := all["alone"].after("UANA", five); len(who) != 0 {
		t.Errorf("after Ana, who is alone, comes %v", who)
	}
}
