package escalate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"warmline/escalate/calendar"
)

// Hours are when people work, with the public holidays of where they do.
type Hours = calendar.Hours

// SLA holds the targets of our own clock, and what holds instead for some customers and tickets. A zero target is off.
type SLA struct {
	FirstResponse time.Duration `json:"first_response" yaml:"first_response"`             // to the first human reply
	NextResponse  time.Duration `json:"next_response" yaml:"next_response"`               // to the reply to a customer who wrote again
	Resolution    time.Duration `json:"resolution,omitempty" yaml:"resolution,omitempty"` // until the ticket is solved
	Claim         time.Duration `json:"claim,omitempty" yaml:"claim,omitempty"`           // until somebody acknowledges the hand-off
	Handoff       time.Duration `json:"handoff,omitempty" yaml:"handoff,omitempty"`       // until the hand-off is dealt with

	Calendar string       `json:"calendar,omitempty" yaml:"calendar,omitempty"` // by whose hours; empty: around the clock
	Alerts   []AlertStage `json:"alerts" yaml:"alerts"`                         // when people are told
	// WorkingHoursOnly holds alerts until the calendar is open.
	WorkingHoursOnly bool `json:"working_hours_only,omitempty" yaml:"working_hours_only,omitempty"`

	Plans     map[string]SLARule `json:"plans,omitempty" yaml:"plans,omitempty"`         // by the customer's plan
	Customers map[string]SLARule `json:"customers,omitempty" yaml:"customers,omitempty"` // by address, or @domain
	Tickets   []TicketRule       `json:"tickets,omitempty" yaml:"tickets,omitempty"`     // by tag or priority; of several the first counts

	// Warn is how earlier versions wrote a single alert. It is read, and never written.
	Warn *float64 `json:"warn,omitempty" yaml:"warn,omitempty"`
}

// SLARule overrides the targets; what is nil or empty does not. A target of 0s is off.
type SLARule struct {
	FirstResponse *time.Duration `json:"first_response,omitempty" yaml:"first_response,omitempty"`
	NextResponse  *time.Duration `json:"next_response,omitempty" yaml:"next_response,omitempty"`
	Resolution    *time.Duration `json:"resolution,omitempty" yaml:"resolution,omitempty"`
	Claim         *time.Duration `json:"claim,omitempty" yaml:"claim,omitempty"`
	Handoff       *time.Duration `json:"handoff,omitempty" yaml:"handoff,omitempty"`

	Calendar         string       `json:"calendar,omitempty" yaml:"calendar,omitempty"`
	Alerts           []AlertStage `json:"alerts,omitempty" yaml:"alerts,omitempty"`
	WorkingHoursOnly *bool        `json:"working_hours_only,omitempty" yaml:"working_hours_only,omitempty"`
}

// TicketRule overrides the targets of tickets with a tag, or of a priority: exactly one of the two.
type TicketRule struct {
	Tag      string   `json:"tag,omitempty" yaml:"tag,omitempty"`
	Priority Priority `json:"priority,omitempty" yaml:"priority,omitempty"`
	SLARule  `yaml:",inline"`
}

// UnmarshalJSON reads a stored policy, of an earlier version too.
func (s *SLA) UnmarshalJSON(b []byte) error {
	type plain SLA
	if err := json.Unmarshal(b, (*plain)(s)); err != nil {
		return err
	}
	s.Modernize()
	return nil
}

// Modernize turns what an earlier version wrote into what is written now: one share after which to warn, and no word of
// anything but the first response, which then held for later ones as well.
func (s *SLA) Modernize() {
	if s.Warn == nil {
		return
	}
	s.Alerts = nil
	if *s.Warn > 0 {
		s.Alerts = AlertsAt(calendar.Stage{Share: *s.Warn})
	}
	s.Warn, s.NextResponse = nil, s.FirstResponse
}

// rule is the default written as a rule that overrides everything.
func (s *SLA) rule() SLARule {
	return SLARule{
		FirstResponse: &s.FirstResponse, NextResponse: &s.NextResponse, Resolution: &s.Resolution, Claim: &s.Claim, Handoff: &s.Handoff,
		Calendar: s.Calendar, Alerts: s.Alerts, WorkingHoursOnly: &s.WorkingHoursOnly,
	}
}

// budget is what a rule says of a target, or nil.
func (r *SLARule) budget(t Target) *time.Duration {
	switch t {
	case TargetFirstResponse:
		return r.FirstResponse
	case TargetNextResponse:
		return r.NextResponse
	case TargetResolution:
		return r.Resolution
	case TargetClaim:
		return r.Claim
	case TargetHandoff:
		return r.Handoff
	}
	return nil
}

// level is a rule with the part of the policy that it is of.
type level struct {
	from TermsFrom
	rule SLARule
}

// levels are the rules that hold for a ticket, the strongest first.
func (s *SLA) levels(c *Content) []level {
	var all []level
	for i := range s.Tickets {
		r := &s.Tickets[i]
		tagged := r.Tag != "" && slices.ContainsFunc(c.Tags, func(tag string) bool { return strings.EqualFold(tag, r.Tag) })
		if tagged || r.Priority != PriorityNone && r.Priority == c.Priority {
			all = append(all, level{FromTicket, r.SLARule})
		}
	}
	_, domain, _ := strings.Cut(c.Customer.Email, "@")
	for _, who := range []string{c.Customer.Email, "@" + domain} {
		if r, ok := foldKey(s.Customers, who); ok && domain != "" {
			all = append(all, level{FromCustomer, r})
		}
	}
	if r, ok := foldKey(s.Plans, c.Customer.Plan); ok && c.Customer.Plan != "" {
		all = append(all, level{FromPlan, r})
	}
	return append(all, level{FromDefault, s.rule()})
}

// foldKey finds a key without regard to case.
func foldKey[V any](m map[string]V, key string) (v V, ok bool) {
	if v, ok = m[key]; ok {
		return v, true
	}
	for k := range m {
		if strings.EqualFold(k, key) {
			return m[k], true
		}
	}
	return v, false
}

// Targets returns the terms of every target for a ticket: what its tags or priority say, else its customer, else their plan,
// else the default. Each part of a rule stands for itself.
func (p *Policy) Targets(c *Content) map[Target]Terms {
	levels := p.SLA.levels(c)
	var alerts []AlertStage
	var held *bool
	for i := len(levels) - 1; i >= 0; i-- {
		r := &levels[i].rule
		if len(r.Alerts) > 0 {
			alerts = r.Alerts
		}
		held = cmp.Or(r.WorkingHoursOnly, held)
	}
	hours := p.CalendarKey(hoursOf(levels))
	all := make(map[Target]Terms, len(Targets))
	for _, t := range Targets {
		terms := Terms{Terms: calendar.Terms{Calendar: hours}, Held: held != nil && *held}
		for i := range levels {
			if b := levels[i].rule.budget(t); b != nil {
				terms.Budget, terms.From = *b, levels[i].from
				break
			}
		}
		terms.Alerts, terms.Warn = inOrder(alerts, terms.Budget)
		all[t] = terms
	}
	return all
}

// hoursOf names the calendar of the strongest rule that has one; "" is around the clock.
func hoursOf(levels []level) string {
	for i := range levels {
		if name := levels[i].rule.Calendar; name != "" {
			return name
		}
	}
	return ""
}

// assumed is the time in whose light stages are put in order when only the helpdesk knows how much there is.
const assumed = 24 * time.Hour

// inOrder sorts stages by when they are reached, and says from which on a target counts as due soon: the last before its deadline.
func inOrder(stages []AlertStage, budget time.Duration) (sorted []AlertStage, soon calendar.Stage) {
	budget = cmp.Or(budget, assumed)
	sorted = slices.Clone(stages)
	slices.SortStableFunc(sorted, func(a, b AlertStage) int { return cmp.Compare(a.At.Used(budget), b.At.Used(budget)) })
	for _, s := range sorted {
		if s.At.Used(budget) < budget {
			soon = s.At
		}
	}
	return sorted, soon
}

// CalendarsOf names the policy's calendars that terms count by, each once.
func (p *Policy) CalendarsOf(terms map[Target]Terms) []string {
	var names []string
	for name := range p.Calendars {
		key := p.CalendarKey(name)
		if slices.ContainsFunc(Targets, func(t Target) bool { return terms[t].Calendar == key }) {
			names = append(names, name)
		}
	}
	return sorted(names)
}

// CalendarKey is the key under which terms name one of the policy's calendars: its name and a hash of its hours, so that a
// clock goes on by the hours that it was started with, whatever the name comes to mean later. "" is around the clock.
func (p *Policy) CalendarKey(name string) string {
	h, ok := p.Calendars[name]
	if !ok {
		return ""
	}
	b, err := json.Marshal(h)
	if err != nil {
		return "" // no hours have what cannot be encoded
	}
	sum := sha256.Sum256(b)
	return name + "#" + hex.EncodeToString(sum[:8])
}
