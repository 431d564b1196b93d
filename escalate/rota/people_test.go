package rota_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

// Whoever has the turn keeps it and ends it as before, whatever the zone's clocks do, and then comes who is listed next.
func TestOtherPeopleDoNotMoveThePresentTurn(t *testing.T) {
	everybody := []rota.PersonID{"UANA", "UBEN", "UCEM", "UDORA", "UEVE"}
	for seed := range uint64(3000) {
		rnd := rand.New(rand.NewPCG(seed, 29))
		some := func() []rota.PersonID {
			all := slices.Clone(everybody)
			rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			return all[:1+rnd.IntN(len(all))]
		}
		now := time.Date(2026, 1, 1, 0, rnd.IntN(400*24*60), 0, 0, time.UTC)
		rotation := rota.Rotation{
			Every: []rota.Period{rota.Day, 3, rota.Week, 2 * rota.Week}[rnd.IntN(4)], At: calendar.TimeOfDay(rnd.IntN(24 * 60)),
			Start: calendar.DateOf(now).AddDays(-rnd.IntN(100)),
		}
		if rotation.Every%rota.Week == 0 {
			rotation.Day = []string{"", "mon", "thu"}[rnd.IntN(3)]
		}
		before := rota.Rota{Zone: zones[rnd.IntN(len(zones))], Layers: []rota.Layer{{People: some(), Rotation: rotation}}}
		people := some()
		after, err := before.WithPeople(0, people, now, time.LoadLocation)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(after.Layers[0].People, people) {
			t.Fatalf("seed %d: listed are %q, want %q", seed, after.Layers[0].People, people)
		}
		was, is := before.TurnOf(0, now, time.LoadLocation), after.TurnOf(0, now, time.LoadLocation)
		if was == "" {
			continue // the rotation begins later today
		}
		if i := slices.Index(people, was); i >= 0 && is != was {
			t.Fatalf("seed %d: it is the turn of %s, want %s\nbefore %+v\nafter %+v", seed, is, was, before, after)
		}
		ends := turnEnds(t, &before, now)
		if got := turnEnds(t, &after, now); !got.Equal(ends) {
			t.Fatalf("seed %d: the turn ends at %v, want %v", seed, got, ends)
		}
		next := people[(slices.Index(people, is)+1)%len(people)]
		if got := after.TurnOf(0, ends, time.LoadLocation); got != next {
			t.Fatalf("seed %d: after %s comes %s, want %s of %q", seed, is, got, next, people)
		}
	}
}

// turnEnds is when a turn ends, whoever comes next: two stand-ins make it seen.
func turnEnds(t *testing.T, r *rota.Rota, now time.Time) time.Time {
	t.Helper()
	two := *r
	two.Layers = []rota.Layer{{People: []rota.PersonID{"UONE", "UTWO"}, Rotation: r.Layers[0].Rotation}}
	s, err := rota.New(&two, rota.Given{Zone: time.LoadLocation})
	if err != nil {
		t.Fatal(err)
	}
	return s.OnCall(now).People[0].Until
}

func TestWhoLeavesTheListGivesTheTurnToTheNext(t *testing.T) {
	monday := calendar.Date{Year: 2026, Month: 12, Day: 7}
	r := rota.Rota{Zone: "UTC", Layers: []rota.Layer{
		{People: []rota.PersonID{"UANA", "UBEN", "UCEM"}, Rotation: rota.Rotation{Every: rota.Week, Start: monday}}, {Group: "@eu"},
	}}
	now := monday.AddDays(8).At(0, time.UTC) // Ben's week
	for want, people := range map[rota.PersonID][]rota.PersonID{
		"UCEM": {"UANA", "UCEM"}, "UANA": {"UANA", "UDORA"}, "UDORA": {"UDORA"},
	} {
		after, err := r.WithPeople(0, people, now, time.LoadLocation)
		if err != nil || after.TurnOf(0, now, time.LoadLocation) != want {
			t.Errorf("%q: it is the turn of %s, %v; want %s", people, after.TurnOf(0, now, time.LoadLocation), err, want)
		}
	}
	if early, err := r.WithPeople(0, []rota.PersonID{"UCEM", "UANA"}, monday.AddDays(-1).At(0, time.UTC), time.LoadLocation); err != nil ||
		early.Layers[0].Rotation.Start != monday {
		t.Errorf("a rotation that has not begun starts on %v, %v", early.Layers[0].Rotation.Start, err)
	}
	if _, err := r.WithPeople(1, []rota.PersonID{"UANA"}, now, time.LoadLocation); err == nil {
		t.Error("a user group got a list")
	}
}
