package escalate

import (
	"fmt"
	"strings"
	"time"
)

// targets names what differs of the calendars and the targets. None of it lets the machine do more.
func (cs *changes) targets(from, to *Policy) {
	for _, name := range bothKeys(from.Calendars, to.Calendars) {
		a, was := from.Calendars[name]
		b, is := to.Calendars[name]
		switch {
		case !is:
			cs.add(false, "calendar %s is gone", name)
		case !was:
			cs.add(false, "calendar %s is new", name)
		case !sameJSON(a, b):
			cs.add(false, "calendar %s has other hours", name)
		}
	}
	a, b := &from.SLA, &to.SLA
	before := len(*cs)
	cs.rule("", a.rule(), b.rule())
	for _, plan := range bothKeys(a.Plans, b.Plans) {
		cs.rule("plan "+plan+": ", a.Plans[plan], b.Plans[plan])
	}
	for _, who := range bothKeys(a.Customers, b.Customers) {
		cs.rule(who+": ", a.Customers[who], b.Customers[who])
	}
	if !sameJSON(a.Tickets, b.Tickets) {
		cs.add(false, "targets by tag or priority changed")
	}
	if len(*cs) == before && !sameJSON(a, b) {
		cs.add(false, "targets changed")
	}
}

// rule names what differs in one part of the targets.
func (cs *changes) rule(about string, from, to SLARule) {
	for _, t := range Targets {
		if a, b := budgetOf(from.budget(t)), budgetOf(to.budget(t)); a != b {
			cs.add(false, "%stime for the %s %s → %s", about, t.Words(), a, b)
		}
	}
	if from.Calendar != to.Calendar {
		cs.add(false, "%shours %s → %s", about, calendarWords(from.Calendar), calendarWords(to.Calendar))
	}
	if a, b := alertsOf(from.Alerts), alertsOf(to.Alerts); a != b {
		cs.add(false, "%salerts %s → %s", about, a, b)
	}
	if !sameJSON(from.WorkingHoursOnly, to.WorkingHoursOnly) {
		cs.add(false, "%salerts in working hours only changed", about)
	}
}

// budgetOf writes how long a target has.
func budgetOf(d *time.Duration) string {
	switch {
	case d == nil:
		return "not set"
	case *d == 0:
		return "off"
	}
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}

func calendarWords(name string) string {
	if name == "" {
		return "around the clock"
	}
	return "of " + name
}

func alertsOf(stages []AlertStage) string {
	var words []string
	for _, s := range stages {
		words = append(words, fmt.Sprint(s))
	}
	return listed(words)
}
