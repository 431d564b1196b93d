package escalate

import (
	"fmt"
	"slices"
	"strings"
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
	// Customers have another Calendar: that of the first rule that matches.
	Customers []WarmRule `json:"customers,omitempty" yaml:"customers,omitempty"`
	// HoldOut is the share (0..0.5) of waiting tickets that get no updates, to see what updates do. 0 by default: none is held out.
	HoldOut float64 `json:"hold_out,omitempty" yaml:"hold_out,omitempty"`
}

// WarmRule gives some customers another calendar. Exactly one of the match fields is set; all compare without regard to case.
type WarmRule struct {
	Email    string `json:"email,omitempty" yaml:"email,omitempty"` // an address, a domain as @acme.example, or all addresses that end so, as .jp
	Plan     string `json:"plan,omitempty" yaml:"plan,omitempty"`
	Tag      string `json:"tag,omitempty" yaml:"tag,omitempty"`           // the customer's, or the ticket's
	Language string `json:"language,omitempty" yaml:"language,omitempty"` // ISO 639-1, as they write
	Calendar string `json:"calendar" yaml:"calendar"`
}

// matches reports whether a rule is about a ticket's customer, who writes in a language.
func (r *WarmRule) matches(c *Content, lang string) bool {
	switch who := strings.ToLower(c.Customer.Email); {
	case r.Plan != "":
		return strings.EqualFold(r.Plan, c.Customer.Plan)
	case r.Tag != "":
		return firstShared([]string{r.Tag}, c.Customer.Tags) != "" || firstShared([]string{r.Tag}, c.Tags) != ""
	case r.Language != "":
		return strings.EqualFold(r.Language, lang)
	case strings.HasPrefix(r.Email, "@"), strings.HasPrefix(r.Email, "."):
		return strings.HasSuffix(who, strings.ToLower(r.Email))
	default:
		return r.Email != "" && who == strings.ToLower(r.Email)
	}
}

// warmCalendar names the calendar of a ticket's customer.
func (p *Policy) warmCalendar(c *Content, lang string) string {
	for i := range p.KeepWarm.Customers {
		if r := &p.KeepWarm.Customers[i]; r.matches(c, lang) {
			return r.Calendar
		}
	}
	return p.KeepWarm.Calendar
}

// InTrial reports whether a ticket's updates take part in the hold-out; held, whether it is one that gets none. Never do those of who is
// angry, a VIP, or at high risk; nor once a person has said what they wait for, or while a stated time has to be put right.
func (p *Policy) InTrial(t *Ticket) (in, held bool) {
	d, h := t.Decision, t.Handoff
	if p.KeepWarm.HoldOut <= 0 || d == nil || h == nil || h.Wait.Set() || !t.Outdated().IsZero() {
		return false, false
	}
	if slices.ContainsFunc([]TriggerKind{Safety, HighRisk, Anger, VIP}, d.Has) {
		return false, false
	}
	return true, Sampled(string(t.ID), "keep-warm hold-out", p.KeepWarm.HoldOut)
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

// WarmHours are the hours in which updates of a ticket, whose customer writes in a language, may go out: within all of them, in any order.
// None is around the clock.
func (p *Policy) WarmHours(c *Content, lang string) []Hours {
	return p.warmHours(p.warmCalendar(c, lang))
}

func (p *Policy) warmHours(name string) []Hours {
	h, ok := p.Calendars[name]
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
	for i := range k.Customers {
		fs.warmRule(fmt.Sprintf("keep_warm.customers[%d]", i), p, &k.Customers[i])
	}
	if !(k.HoldOut >= 0 && k.HoldOut <= mostHeldOut) { // also catches NaN
		fs.add("keep_warm.hold_out", "%v is not between 0 and %v; most customers are to hear from you", k.HoldOut, mostHeldOut)
	}
	switch hours := p.warmHours(k.Calendar); {
	case k.Quiet != (calendar.Shift{}) && k.Calendar == "":
		fs.add("keep_warm.quiet", "counts in the zone of keep_warm.calendar, and there is none; name a calendar")
	case len(hours) > 1 && hours[1].Validate() != nil:
		fs.add("keep_warm.quiet", "%s leaves no time for an update; write it as 20:00-08:00", k.Quiet)
	case len(hours) > 1 && hours[1].Zone == "":
		fs.add("keep_warm.quiet", "counts in the zone of calendar %q, and it has none; give it one", k.Calendar)
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

// mostHeldOut is the largest share of tickets that may be held out.
const mostHeldOut = 0.5

// warmRule checks what gives some customers another calendar.
func (fs *faults) warmRule(path string, p *Policy, r *WarmRule) {
	set := 0
	for _, v := range []string{r.Email, r.Plan, r.Tag, r.Language} {
		if strings.TrimSpace(v) != "" {
			set++
		}
	}
	if set != 1 {
		fs.add(path, "matches by %d fields; set exactly one of email, plan, tag, language", set)
	}
	if _, ok := p.Calendars[r.Calendar]; !ok {
		fs.add(path+".calendar", "there is no calendar %q; describe it under calendars", r.Calendar)
	}
	if hours := p.warmHours(r.Calendar); len(hours) > 1 && hours[1].Zone == "" {
		fs.add(path+".calendar", "%q has no time zone in which keep_warm.quiet could count; give it one", r.Calendar)
	}
}
