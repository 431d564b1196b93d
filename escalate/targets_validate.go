package escalate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate/calendar"
)

// targets checks the calendars, and the targets with all that overrides them.
func (fs *faults) targets(p *Policy) {
	for name, h := range p.Calendars {
		fs.hours("calendars."+name, &h)
	}
	fs.rule("sla", p, p.SLA.rule())
	for plan, r := range p.SLA.Plans {
		fs.rule("sla.plans."+plan, p, r)
	}
	for who, r := range p.SLA.Customers {
		path := "sla.customers." + who
		if _, domain, ok := strings.Cut(who, "@"); !ok || domain == "" || strings.ContainsAny(who, " \t\n") {
			fs.add(path, "%q is neither an address nor a @domain", who)
		}
		fs.rule(path, p, r)
	}
	for i := range p.SLA.Tickets {
		r := &p.SLA.Tickets[i]
		path := fmt.Sprintf("sla.tickets[%d]", i)
		if (strings.TrimSpace(r.Tag) != "") == (r.Priority != PriorityNone) {
			fs.add(path, "matches by none or by both; set either tag or priority")
		}
		if !slices.Contains([]Priority{PriorityNone, PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent}, r.Priority) {
			fs.add(path+".priority", "%q is not a priority; write low, normal, high or urgent", r.Priority)
		}
		fs.rule(path, p, r.SLARule)
	}
}

// hours checks a calendar. Whether there is a zone of that name, and such holidays, whoever looks them up finds out.
func (fs *faults) hours(path string, h *Hours) {
	err := h.Validate()
	joined, ok := err.(interface{ Unwrap() []error })
	if err == nil || !ok {
		return
	}
	for _, e := range joined.Unwrap() {
		if f, ok := errors.AsType[*calendar.Fault](e); ok {
			fs.add(path+"."+f.Path, "%s", f.What)
		}
	}
}

// calendarName checks a calendar's name; "" is none.
func (fs *faults) calendarName(path string, p *Policy, name string) {
	if _, ok := p.Calendars[name]; name != "" && !ok {
		fs.add(path, "there is no calendar %q; describe it under calendars", name)
	}
}

// rule checks targets as one part of the policy has them.
func (fs *faults) rule(path string, p *Policy, r SLARule) {
	for _, t := range Targets {
		if b := r.budget(t); b != nil && *b < 0 {
			fs.add(path+"."+string(t), "is negative; write 0s to turn it off")
		}
	}
	fs.calendarName(path+".calendar", p, r.Calendar)
	for i, s := range r.Alerts {
		at := fmt.Sprintf("%s.alerts[%d]", path, i)
		switch err := s.Validate(); {
		case err != nil:
			fs.add(at, "%s", err)
		case s == calendar.Stage{}:
			fs.add(at, "is empty; write a share of the time such as 0.8, 1 for all of it, or 30m left")
		case slices.Contains(r.Alerts[:i], s):
			fs.add(at, "%s stands there twice", s)
		}
	}
}
