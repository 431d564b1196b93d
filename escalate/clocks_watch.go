package escalate

import (
	"fmt"
	"slices"
	"time"

	"warmline/escalate/calendar"
)

// Standing is how one target stands at a time.
type Standing struct {
	calendar.Reading

	Target Target
	Desk   bool      // the deadline is the helpdesk's own
	From   TermsFrom // of a deadline of ours: which part of the policy says so
}

// Over reports whether the target has ended: nobody has to do anything for it.
func (s *Standing) Over() bool { return s.State == calendar.Met || s.State == calendar.Cancelled }

// Standings says how a ticket's targets stand at a time, in the order of Targets; those that nobody set, or whose clock never
// ran, are left out. The error is calendar.ErrUnknownCalendar.
func (c *Clocks) Standings(now time.Time, cals calendar.Calendars) ([]Standing, error) {
	var all []Standing
	for _, t := range Targets {
		g, ok, err := c.gauge(now, t, cals)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		s, err := g.standing(now, cals)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Alert is a stage that a target has reached and that nobody was told of.
type Alert struct {
	Standing

	Stages []calendar.Stage // reached since the last alert; the newest is last
	To     Audience
}

// Watch is what a ticket's clocks call for at a time.
type Watch struct {
	Due    Due       // the deadline that people have to watch; zero: none
	Alerts []Alert   // to be given now, at most one for each target
	Next   time.Time // when to look again; zero: when something happens
}

// Watch says what a ticket's clocks call for at a time: nothing while people do not have it. A snooze silences alerts until it
// ends, and terms may hold them until people work. Of several stages that were reached meanwhile only the newest is told of, to all who would have heard of one of them. The error is
// calendar.ErrUnknownCalendar.
func (t *Ticket) Watch(now time.Time, cals calendar.Calendars) (Watch, error) {
	w := watching{now: now, cals: cals}
	if !t.Handoff.Active() {
		return Watch{}, nil
	}
	w.silent = t.Handoff.Snoozed
	for _, target := range Targets {
		g, ok, err := t.Clocks.gauge(now, target, cals)
		if err == nil && ok && t.Clocks.running(target) != nil {
			err = w.target(g)
		}
		if err != nil {
			return Watch{}, fmt.Errorf("read clock of %s: %w", target, err)
		}
	}
	return w.Watch, nil
}

// watching collects what the targets of a ticket call for.
type watching struct {
	Watch

	now    time.Time
	cals   calendar.Calendars
	silent time.Time // no alert before this
}

func (w *watching) target(g gauge) error {
	s, err := g.standing(w.now, w.cals)
	if err != nil {
		return err
	}
	w.watch(&s)
	reached, err := w.stages(g)
	if err != nil || len(reached) == 0 {
		return err
	}
	if w.now.Before(w.silent) {
		w.again(w.silent)
		return nil
	}
	if cal := w.cals[g.terms.Calendar]; g.terms.Held && !cal.Open(w.now) {
		w.again(cal.NextOpen(w.now))
		return nil
	}
	w.Alerts = append(w.Alerts, Alert{Standing: s, Stages: reached, To: g.terms.Tells(reached)})
	return nil
}

// stages returns those stages that were reached and that nobody was told of, in their order, and has the ticket looked at again when
// the next one comes. At two the card changes, whether anybody is told of them or not: where it is due soon, and at the deadline.
func (w *watching) stages(g gauge) ([]calendar.Stage, error) {
	var reached []calendar.Stage
	for i, a := range append(slices.Clone(g.terms.Alerts), AlertsAt(g.terms.Warn, calendar.Breach)...) {
		stage := a.At
		if stage == (calendar.Stage{}) {
			continue
		}
		at, err := g.reaches(w.now, stage, w.cals)
		if err != nil {
			return nil, err
		}
		if at.After(w.now) {
			w.again(at)
		} else if !at.IsZero() && i < len(g.terms.Alerts) && g.news(stage, at) {
			reached = append(reached, stage)
		}
	}
	return reached, nil
}

// watch takes a target's deadline when it is nearer than those before. What stands still has none.
func (w *watching) watch(s *Standing) {
	due := Due{At: At(s.Deadline), Target: s.Target, State: s.State}
	if w.Due.Target == "" || due.At != 0 && (w.Due.At == 0 || due.At < w.Due.At) {
		w.Due = due
	}
}

// again has the ticket looked at, at the latest, at a time; the zero time asks for nothing.
func (w *watching) again(at time.Time) {
	if !at.IsZero() && (w.Next.IsZero() || at.Before(w.Next)) {
		w.Next = at
	}
}

// gauge is one target's clock made ready to be read: with the helpdesk's deadlines where it has any.
type gauge struct {
	target Target
	run    *TargetClock
	clock  calendar.Clock
	terms  Terms     // the newest
	desk   time.Time // the helpdesk's deadline, which is the truth; zero: it has none now
}

// gauge makes a target's clock ready as of a time; false when nobody set the target.
func (c *Clocks) gauge(now time.Time, t Target, cals calendar.Calendars) (gauge, bool, error) {
	run := c.Runs[t]
	if run == nil {
		return gauge{}, false, nil
	}
	g := gauge{target: t, run: run, clock: run.Clock, terms: c.Terms[t]}
	for _, d := range c.deadlines(t) {
		if d.At.After(now) {
			break
		}
		if err := g.follow(d, cals); err != nil {
			return gauge{}, false, err
		}
	}
	return g, !g.desk.IsZero() || run.terms().Budget > 0, nil
}

// deadlines are the helpdesk's for a target. To many helpdesks the bot's reply is the first: they tell of the next one while
// the customer still waits for a person's first.
func (c *Clocks) deadlines(t Target) []Deadline {
	own := c.Desk[t]
	if t == TargetFirstResponse && (len(own) == 0 || own[len(own)-1].Due.IsZero()) && len(c.Desk[TargetNextResponse]) > 0 {
		return c.Desk[TargetNextResponse]
	}
	return own
}

// follow takes a deadline of the helpdesk as terms: as much working time as there is until it, on top of what was used. So the
// stages before it keep their shares, and only those that a move of it takes back come again.
func (g *gauge) follow(d Deadline, cals calendar.Calendars) error {
	at := d.At
	if at.Before(g.run.Started) {
		at = g.run.Started
	}
	if end := g.end(); !end.IsZero() && end.Before(at) {
		return nil
	}
	own := g.run.Clock
	r, err := own.Read(at, cals)
	if err != nil {
		return err
	}
	terms := termsAt(&own, at)
	g.desk = d.Due
	if !d.Due.IsZero() {
		terms.Budget = r.Used + max(0, cals[terms.Calendar].Between(at, d.Due))
	}
	g.clock.Changes = slices.DeleteFunc(slices.Clone(g.clock.Changes), func(c calendar.Change) bool { return !c.At.Before(at) })
	g.clock.Changes = append(g.clock.Changes, calendar.Change{At: at, Terms: terms})
	if d.Due.IsZero() { // ours count again, with what came of them later
		for _, c := range own.Changes {
			if c.At.After(at) {
				g.clock.Changes = append(g.clock.Changes, c)
			}
		}
	}
	g.clock.Pauses = pausesUntil(own.Pauses, at, !d.Due.IsZero())
	return nil
}

// end is when the clock ended; zero while it runs.
func (g *gauge) end() time.Time {
	if !g.run.Met.IsZero() {
		return g.run.Met
	}
	return g.run.Cancelled
}

// termsAt are the terms that hold at a time.
func termsAt(c *calendar.Clock, at time.Time) calendar.Terms {
	terms := c.Terms
	for _, x := range c.Changes {
		if !x.At.After(at) {
			terms = x.Terms
		}
	}
	return terms
}

// pausesUntil are the pauses up to a time from which the helpdesk's deadline counts, which knows of no pause of ours: while one
// holds, a helpdesk that stops its clock gives no deadline.
func pausesUntil(all []calendar.Pause, at time.Time, fixed bool) []calendar.Pause {
	if !fixed {
		return all
	}
	var past []calendar.Pause
	for _, p := range all {
		if !p.From.Before(at) {
			continue
		}
		if p.To.IsZero() || p.To.After(at) {
			p.To = at
		}
		past = append(past, p)
	}
	return past
}

// standing reads the clock.
func (g *gauge) standing(now time.Time, cals calendar.Calendars) (Standing, error) {
	r, err := g.clock.Read(now, cals)
	s := Standing{Reading: r, Target: g.target, From: g.terms.From}
	if err != nil || g.desk.IsZero() {
		return s, err
	}
	s.Desk, s.Deadline = true, g.desk.In(now.Location())
	if s.Over() {
		s.Late = s.State == calendar.Met && g.run.Met.After(g.desk)
		return s, nil
	}
	switch {
	case !now.Before(g.desk):
		s.State = calendar.Breached
	case s.State == calendar.Breached: // our hours are used up, but not the helpdesk's
		s.State = calendar.DueSoon
	}
	return s, nil
}

// reaches says when a stage is reached. At the helpdesk's deadline everything is that lies before it.
func (g *gauge) reaches(now time.Time, stage calendar.Stage, cals calendar.Calendars) (time.Time, error) {
	if g.desk.IsZero() {
		return g.clock.Reaches(now, cals, stage)
	}
	if stage == calendar.Breach {
		return g.desk, nil
	}
	at, err := g.clock.Reaches(now, cals, stage)
	if stage.Past() {
		return at, err
	}
	if err == nil && (at.IsZero() || at.After(g.desk)) {
		at = g.desk
	}
	return at, err
}

// news reports whether nobody was told of a stage since it was reached. One that a later deadline took back is reached anew.
func (g *gauge) news(stage calendar.Stage, reached time.Time) bool {
	return !slices.ContainsFunc(g.run.Told, func(t Told) bool { return t.Stage == stage && !reached.After(t.At) })
}
