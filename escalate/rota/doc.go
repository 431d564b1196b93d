// Package rota says who is on shift, and to whom of them a hand-off is offered.
//
// A Rota is written down, a Schedule is what is made of it, and Offer picks one person. Two people who take turns by the week,
// and the one who is on:
//
//	r := rota.Rota{Zone: "Europe/Berlin", Layers: []rota.Layer{{
//		People:   []rota.PersonID{"U0ANA", "U0BEN"},
//		Rotation: rota.Rotation{Every: rota.Week, Day: "mon", At: 9 * 60, Start: start},
//	}}}
//	s, err := rota.New(&r, rota.Given{Zone: time.LoadLocation})
//	s.OnCall(now).People[0] // U0ANA, until Monday at 9:00, because it is their turn
//
// The package is pure: the time, the zones, the members of user groups, the holidays and the overrides are arguments.
//
// # Layers
//
// A layer is a list of people, or a Slack user group. Those who take turns are on one at a time; without a rotation all are on
// at once. Hours bound when: outside of them nobody of the layer is on, and turns go on unseen. Of several layers the first
// that has somebody on counts, so that those below stand in for it; with Everyone all of them count. That nobody is on is an
// answer like any other.
//
// # Turns
//
// A turn ends when the wall clock shows its time, or a later one, for the first time: as a shift of escalate/calendar does. So
// every turn is one stretch, whatever the clocks do, and what a zone skips altogether is nobody's turn.
//
// # Overrides
//
// An override changes who is on for a span of time. The one that was made last has the last word:
//
//	cover      Ana is on whenever Ben would be, and also where Ben is off already
//	take_over  Ana is on in place of everybody
//	add        Ana is on beside whoever else is
//	off        Ben is on nowhere
//
// Who is off leaves a place empty: a layer below stands in if there is one, and otherwise nobody does. When who took over is
// off, the rota is as it was without them. Covers follow each other: Cem, who later covers Ana, also has what Ana covers; and
// who later covers Ben takes it from both.
//
// # Offers
//
// One person is offered a hand-off, or nobody is. Who is off shift, has a day off, is away, lacks a skill or the language, has as
// many as they may or was asked before is left out, for the first of these reasons; who does not want to be disturbed comes
// last, and is assigned nothing. Those who are left take turns, or the one with the fewest gets it. Nothing is left to chance,
// so that it can be told again why.
package rota
