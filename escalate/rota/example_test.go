package rota_test

import (
	"fmt"
	"time"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

func ExampleSchedule_OnCall() {
	r := rota.Rota{Zone: "Europe/Berlin", Layers: []rota.Layer{{
		Name:   "first line",
		People: []rota.PersonID{"U0ANA", "U0BEN"},
		Rotation: rota.Rotation{
			Every: rota.Week, Day: "mon", At: 9 * 60, Start: calendar.Date{Year: 2026, Month: 12, Day: 7},
		},
	}}}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 12, 11, 8, 0, 0, 0, berlin)
	span, err := rota.ParseSpan("today 9-13", now, berlin)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := rota.New(&r, rota.Given{Zone: time.LoadLocation, Overrides: []rota.Override{
		{ID: "1", Kind: rota.Cover, Person: "U0CEM", Instead: "U0ANA", From: span.From, To: span.To},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, st := range s.Shifts(now, now.AddDate(0, 0, 4)) {
		for _, d := range st.People {
			fmt.Println(st.From.Format("Monday, 15:04"), d.Person, d.Why)
		}
	}
	// Output:
	// Friday, 08:00 U0ANA whose turn it is in first line
	// Friday, 09:00 U0CEM who covers U0ANA in first line
	// Friday, 13:00 U0ANA whose turn it is in first line
	// Monday, 09:00 U0BEN whose turn it is in first line
}

func ExampleOffer() {
	now := time.Date(2026, 12, 11, 9, 0, 0, 0, time.UTC)
	people := []rota.Candidate{
		{Person: "U0ANA", OnShift: true, Open: 5, Capacity: 5},
		{Person: "U0BEN", OnShift: true, Open: 3, Capacity: 5},
		{Person: "U0CEM", OnShift: true, Open: 1, DoNotDisturb: true},
		{Person: "U0DAN"},
	}
	c := rota.Offer(now, &rota.Need{Method: rota.LeastLoaded}, people)
	fmt.Println(c.Person, c.Reason)
	for i := range c.LeftOut {
		fmt.Println(c.LeftOut[i].Person, &c.LeftOut[i])
	}
	// Output:
	// U0BEN nobody else could take it
	// U0ANA has 5 of 5
	// U0CEM does not want to be disturbed
	// U0DAN is not on shift
}
