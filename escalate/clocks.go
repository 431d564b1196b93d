package escalate

import (
	"slices"
	"time"

	"warmline/escalate/calendar"
)

// Clocks are what a ticket's targets rest on, as facts: what was promised, what the helpdesk wants, what people did. They follow
// from the events alone; what they come to needs calendars (Watch).
type Clocks struct {
	Terms map[Target]Terms        `json:"terms,omitempty"` // the newest; empty: no target was ever set
	Desk  map[Target][]Deadline   `json:"desk,omitempty"`  // the helpdesk's own, oldest first
	Runs  map[Target]*TargetClock `json:"runs,omitempty"`  // the newest of each target
}

// TargetClock is the clock of one target of one ticket.
type TargetClock struct {
	calendar.Clock

	Told []Told `json:"told,omitempty"` // the alerts given
}

// Told is an alert that was given.
type Told struct {
	Stage calendar.Stage `json:"stage"`
	At    time.Time      `json:"at"`
}

// mostDeadlines is how many of a helpdesk's changes of one deadline are kept.
const mostDeadlines = 16

// running returns a target's clock while it runs or is paused, or nil.
func (c *Clocks) running(t Target) *TargetClock {
	if run := c.Runs[t]; run.Runs() {
		return run
	}
	return nil
}

// start begins a target's clock, once terms are known.
func (c *Clocks) start(at time.Time, t Target) {
	if len(c.Terms) == 0 {
		return
	}
	if c.Runs == nil {
		c.Runs = map[Target]*TargetClock{}
	}
	c.Runs[t] = &TargetClock{Clock: calendar.Clock{Started: at, Terms: c.Terms[t].Terms}}
}

// meet ends a target's clock well; cancel ends it without a result. One that does not run stays as it is.
func (c *Clocks) meet(at time.Time, t Target) {
	if run := c.running(t); run != nil {
		run.Met = at
	}
}

func (c *Clocks) cancel(at time.Time, t Target) {
	if run := c.running(t); run != nil {
		run.Cancelled = at
	}
}

// pause and resume stop and continue those of the clocks that a reason concerns.
func (c *Clocks) pause(at time.Time, why calendar.PauseReason) {
	for _, t := range Targets {
		if run := c.running(t); run != nil && concerns(why, t) {
			run.Pause(at, why)
		}
	}
}

func (c *Clocks) resume(at time.Time, why calendar.PauseReason) {
	for _, t := range Targets {
		if run := c.running(t); run != nil && concerns(why, t) {
			run.Resume(at, why)
		}
	}
}

// concerns reports whether a reason stops a target's clock. A snooze is the owner's alone: the customer waits on.
func concerns(why calendar.PauseReason, t Target) bool {
	if why == calendar.PauseSnoozed {
		return t == TargetHandoff
	}
	return t.pauses()
}

// promise takes over new terms and deadlines. They count from now on.
func (c *Clocks) promise(now time.Time, e Targeted) {
	if e.Terms != nil {
		c.Terms = e.Terms
	}
	for _, t := range Targets {
		if run, terms := c.running(t), c.Terms[t].Terms; run != nil && e.Terms != nil && run.terms() != terms {
			run.Change(now, terms)
		}
		due, said := e.Deadlines[t]
		if !said || c.deskDue(t) == due {
			continue
		}
		if c.Desk == nil {
			c.Desk = map[Target][]Deadline{}
		}
		c.Desk[t] = append(c.Desk[t], Deadline{At: now, Due: due.Time()})
		c.Desk[t] = c.Desk[t][max(0, len(c.Desk[t])-mostDeadlines):]
	}
}

// terms are the newest.
func (c *TargetClock) terms() calendar.Terms {
	if n := len(c.Changes); n > 0 {
		return c.Changes[n-1].Terms
	}
	return c.Terms
}

// told notes that stages were told of.
func (c *TargetClock) told(now time.Time, stages []calendar.Stage) {
	for _, s := range stages {
		c.Told = slices.DeleteFunc(c.Told, func(t Told) bool { return t.Stage == s })
		c.Told = append(c.Told, Told{Stage: s, At: now})
	}
}

// Runs reports whether the clock runs or is paused; nil does not.
func (c *TargetClock) Runs() bool { return c != nil && c.Met.IsZero() && c.Cancelled.IsZero() }

// Calendars lists the keys of the calendars that the clocks name, each once.
func (c *Clocks) Calendars() []string {
	var keys []string
	for _, t := range Targets {
		keys = append(keys, c.Terms[t].Calendar)
		if run := c.Runs[t]; run != nil {
			keys = append(keys, run.Terms.Calendar)
			for i := range run.Changes {
				keys = append(keys, run.Changes[i].Terms.Calendar)
			}
		}
	}
	return sorted(keys)
}

// News returns those of a helpdesk's deadlines that are others than were known; nil when none is.
func (c *Clocks) News(deadlines map[Target]UnixMicro) map[Target]UnixMicro {
	var news map[Target]UnixMicro
	for t, due := range deadlines {
		if c.deskDue(t) == due {
			continue
		}
		if news == nil {
			news = map[Target]UnixMicro{}
		}
		news[t] = due
	}
	return news
}

// deskDue is the helpdesk's newest deadline of a target; 0 for none.
func (c *Clocks) deskDue(t Target) UnixMicro {
	if all := c.Desk[t]; len(all) > 0 {
		return At(all[len(all)-1].Due)
	}
	return 0
}
