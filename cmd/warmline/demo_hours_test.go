package main

import (
	"slices"
	"testing"
	"time"

	"warmline/cmd/warmline/demo"
	"warmline/escalate"
	"warmline/escalate/rota"
)

// Whenever the demo is looked at, one person is on and another is next, and what comes in is due within a day.
func TestTheDemoWorksAtAnyHourOfAnyDay(t *testing.T) {
	company, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := demoHours(demoPolicy(company), company)
	p.Version = 1
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	if err := checkHours(p); err != nil {
		t.Fatal(err)
	}
	r := p.Rotas["support"]
	turns, err := rota.New(&r, rota.Given{Zone: zoneNamed})
	if err != nil {
		t.Fatal(err)
	}
	shop := p.Calendars["shop"]
	hours, err := workingHours{}.Calendar(&shop)
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 400 * 24 {
		now := time.Date(2026, 1, 1, hour, 30, 0, 0, time.UTC)
		on := turns.OnCall(now).People
		next, ok := turns.Next(now)
		if len(on) != 1 || !ok || slices.Contains(next.On, on[0].Person) {
			t.Fatalf("at %v %v are on, and then %v", now, on, next)
		}
		due := hours.Due(now, p.Targets(&escalate.Content{})[escalate.TargetFirstResponse].Budget)
		if wait := due.Sub(now); wait <= 0 || wait > 11*time.Hour {
			t.Fatalf("what comes in at %v is due at %v", now, due)
		}
	}
}
