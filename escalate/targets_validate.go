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
	for i, a := range r.Alerts {
		at := fmt.Sprintf("%s.alerts[%d]", path, i)
		switch err := a.At.Validate(); {
		case err != nil:
			fs.add(at, "%s", err)
		case a.At == calendar.Stage{}:
			fs.add(at, "is empty; write a share of the time such as 0.8, 1 for all of it, 30m left or 1h late")
		case slices.ContainsFunc(r.Alerts[:i], func(b AlertStage) bool { return b.At == a.At }):
			fs.add(at, "%s stands there twice", a.At)
		}
		if a.Tell != "" && !slices.Contains(audiences, a.Tell) {
			fs.add(at+".tell", "%q is nobody; write owner, channel, leads or manager", a.Tell)
		}
	}
}
