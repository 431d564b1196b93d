package escalate

import (
	"time"

	"warmline/escalate/calendar"
)

// Met is a target that people met: what it takes to say how they did.
type Met struct {
	Target Target
	At     time.Time

	clocks Clocks
}

// Result says how people did: how much working time it took, and whether it was late, by the helpdesk's deadline where it has one. False
// when nobody set the target. The error is calendar.ErrUnknownCalendar.
func (m *Met) Result(cals calendar.Calendars) (Standing, bool, error) {
	all, err := m.clocks.Standings(m.At, cals)
	if err != nil || len(all) == 0 {
		return Standing{}, false, err
	}
	return all[0], true, nil
}

// Started is when the wait for people began.
func (m *Met) Started() time.Time { return m.clocks.Runs[m.Target].Started }

// Calendars lists the keys of the calendars that the result counts by.
func (m *Met) Calendars() []string { return m.clocks.Calendars() }

// Running are the clocks that run or are paused.
func (c *Clocks) Running() map[Target]TargetClock {
	var all map[Target]TargetClock
	for _, t := range Targets {
		if run := c.running(t); run != nil {
			if all == nil {
				all = make(map[Target]TargetClock, len(Targets))
			}
			all[t] = *run
		}
	}
	return all
}

// MetSince returns which of the clocks that ran before an event were met by it, in the order of Targets. A customer who wrote again right
// after the answer, so that both became known at once, has a new clock by then; the one before was met by the answer all the same.
func (t *Ticket) MetSince(before map[Target]TargetClock) (met []Met) {
	c := &t.Clocks
	for _, target := range Targets {
		was, ran := before[target]
		run := c.Runs[target]
		if !ran || run == nil {
			continue
		}
		if !run.Started.Equal(was.Started) {
			human := t.Conversation.HumanAt
			if !target.response() || human.Before(was.Started) || human.After(run.Started) {
				continue
			}
			run = &was
			run.Met = human
		}
		if run.Met.IsZero() {
			continue
		}
		kept := *run
		met = append(met, Met{Target: target, At: run.Met, clocks: Clocks{Terms: c.Terms, Desk: c.Desk, Runs: map[Target]*TargetClock{target: &kept}}})
	}
	return met
}
