package escalate

import (
	"fmt"
	"time"

	"warmline/escalate/calendar"
)

// KeepWarm says what a waiting customer hears from us.
type KeepWarm struct {
	Off   bool          `json:"off,omitempty" yaml:"off,omitempty"`
	After time.Duration `json:"after" yaml:"after"` // from the last message to the customer to the first update; counts without a Schedule
	Cap   int           `json:"cap" yaml:"cap"`     // updates per ticket at the most
	// Schedule is how long it is quiet before each update: the first counts from the last message of anyone, the others from the
	// update before, and the last repeats. None is After, then a day, then two days again and again.
	Schedule []time.Duration `json:"schedule,omitempty" yaml:"schedule,omitempty"`
	// Calendar names working hours where the customers live: updates go out only while they hold. Empty: around the clock.
	Calendar string `json:"calendar,omitempty" yaml:"calendar,omitempty"`
	// Quiet is a stretch of every day, in the zone of the Calendar, in which no update goes out. Zero: none.
	Quiet calendar.Shift `json:"quiet,omitzero" yaml:"quiet,omitempty"`
}

const day = 24 * time.Hour

// Gap is how long it is quiet before the next update, when so many were sent since anyone else wrote.
func (k *KeepWarm) Gap(sent int) time.Duration {
	gaps := k.Schedule
	if len(gaps) == 0 {
		gaps = []time.Duration{k.After, max(k.After, day), max(k.After, 2*day)}
	}
	return gaps[min(max(sent, 0), len(gaps)-1)]
}

// Warmed counts the updates that were started of a ticket, in whichever of its hand-offs.
func (t *Ticket) Warmed() (n int) {
	for i := range t.Past {
		n += t.Past[i].Warmed
	}
	if t.Handoff != nil {
		n += t.Handoff.Warmed
	}
	return n
}

// WarmHours are the hours in which updates may go out: within all of them, in any order. None is around the clock.
func (p *Policy) WarmHours() []Hours {
	h, ok := p.Calendars[p.KeepWarm.Calendar]
	if !ok {
		return nil
	}
	quiet := p.KeepWarm.Quiet
	if quiet == (calendar.Shift{}) {
		return []Hours{h}
	}
	awake := []calendar.Shift{{From: quiet.To % calendar.AllDay.To, To: quiet.From}}
	rest := Hours{}
	rest.Zone, rest.Week = h.Zone, calendar.Weekdays(awake...)
	rest.Week.Sat, rest.Week.Sun = awake, awake
	return []Hours{h, rest}
}

// keepWarm checks what says when a waiting customer hears from us.
func (fs *faults) keepWarm(p *Policy) {
	k := &p.KeepWarm
	fs.calendarName("keep_warm.calendar", p, k.Calendar)
	switch hours := p.WarmHours(); {
	case k.Quiet != (calendar.Shift{}) && k.Calendar == "":
		fs.add("keep_warm.quiet", "counts in the zone of keep_warm.calendar, and there is none; name a calendar")
	case len(hours) > 1 && hours[1].Validate() != nil:
		fs.add("keep_warm.quiet", "%s leaves no time for an update; write it as 20:00-08:00", k.Quiet)
	}
	if !k.Off && k.After == 0 && len(k.Schedule) == 0 {
		fs.add("keep_warm.after", "is zero; give a time such as 4h, or set keep_warm.off")
	}
	for i, gap := range k.Schedule {
		path := fmt.Sprintf("keep_warm.schedule[%d]", i)
		switch {
		case gap <= 0:
			fs.add(path, "is no time to wait; give one such as 24h")
		case i > 0 && gap < k.Schedule[i-1]:
			fs.add(path, "%s is shorter than %s before it; updates come ever more rarely", gap, k.Schedule[i-1])
		}
	}
}
