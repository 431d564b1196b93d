package main

import (
	"time"

	"warmline/cmd/warmline/demo"
	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
	"warmline/internal/localslack"
)

const demoZone = "Europe/Berlin"

// demoHours adds to the company's policy by when people answer, who is on and whom of them is offered what. A demo is looked at on any day and at any hour: the hours are
// long and of every day, so that a deadline at night is one of the next morning, and somebody's turn never ends without the next one's.
func demoHours(p *escalate.Policy, c *demo.Company) *escalate.Policy {
	open := []calendar.Shift{{From: 7 * 60, To: 23 * 60}}
	week := calendar.Weekdays(open...)
	week.Sat, week.Sun = open, open
	p.Calendars = map[string]escalate.Hours{"shop": {Zone: demoZone, Week: week}, "always": {}}
	soon := 30 * time.Minute
	p.SLA.Calendar, p.KeepWarm.Calendar = "shop", "shop"
	p.SLA.FirstResponse, p.SLA.NextResponse, p.SLA.Resolution, p.SLA.Claim = 2*time.Hour, 2*time.Hour, 32*time.Hour, time.Hour
	p.SLA.Tickets = []escalate.TicketRule{{
		Priority: escalate.PriorityUrgent, SLARule: escalate.SLARule{Calendar: "always", FirstResponse: &soon, Claim: &soon},
	}}
	p.SLA.Alerts = append(p.SLA.Alerts, escalate.AlertStage{At: calendar.Stage{Late: time.Hour}, Tell: escalate.TellManager})
	turns := rota.Layer{Name: "first line", Rotation: rota.Rotation{Every: rota.Day, At: 7 * 60, Start: calendar.Date{Year: 2000, Month: 1, Day: 1}}}
	for _, person := range c.People {
		if person.Role == "agent" {
			turns.People = append(turns.People, rota.PersonID(localslack.UserID(person.Name)))
		}
	}
	team := rota.Layer{Name: "team", People: turns.People}
	p.Rotas = rota.Rotas{"support": {Zone: demoZone, Layers: []rota.Layer{turns}}, "team": {Zone: demoZone, Layers: []rota.Layer{team}}}
	p.Offers.Channels = map[string]escalate.OfferRule{p.Routes.Default: {Rota: "team", Method: rota.LeastLoaded}}
	return p
}
