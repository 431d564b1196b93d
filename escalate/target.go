package escalate

import (
	"slices"
	"time"

	"warmline/escalate/calendar"
)

// Target is something that people are to have done by a deadline.
type Target string

// The targets. What the bot says meets none of them.
const (
	TargetFirstResponse Target = "first_response" // the first reply of a person
	TargetNextResponse  Target = "next_response"  // a person's reply to a customer who wrote again
	TargetResolution    Target = "resolution"     // the ticket is solved
	TargetClaim         Target = "claim"          // somebody acknowledges the hand-off
	TargetHandoff       Target = "handoff"        // the hand-off is dealt with
)

// Targets lists the targets in the order in which they are named.
var Targets = []Target{TargetFirstResponse, TargetNextResponse, TargetResolution, TargetClaim, TargetHandoff}

// Words names what is due: "first answer".
func (t Target) Words() string {
	switch t {
	case TargetFirstResponse:
		return "first answer"
	case TargetNextResponse:
		return "next answer"
	case TargetResolution:
		return "solution"
	case TargetClaim:
		return "claim"
	case TargetHandoff:
		return "end of the hand-off"
	}
	return ""
}

// response reports whether the customer waits for this target to be met.
func (t Target) response() bool { return t == TargetFirstResponse || t == TargetNextResponse }

// pauses reports whether the target's clock stands still while the ticket waits for the customer or a third party. As in most
// helpdesks the first reply does not: nobody asked the customer anything yet. Nor does the claim: nobody has looked yet.
func (t Target) pauses() bool { return t != TargetFirstResponse && t != TargetClaim }

// Terms are what is promised of a target, and who hears when it comes near.
type Terms struct {
	// Terms has the working time, the calendar, and when it is due soon. A Budget of 0 is none of ours: only the helpdesk's own
	// deadline counts then.
	calendar.Terms

	Alerts []AlertStage `json:"alerts,omitempty"` // in the order in which they are reached
	Held   bool         `json:"held,omitempty"`   // alerts wait for working hours
	From   TermsFrom    `json:"from,omitempty"`   // which part of the policy says so
}

// TermsFrom is the part of the policy from which a target's time comes.
type TermsFrom string

// The parts, the strongest first.
const (
	FromTicket   TermsFrom = "ticket" // its tags or priority
	FromCustomer TermsFrom = "customer"
	FromPlan     TermsFrom = "plan"
	FromDefault  TermsFrom = "default"
)

// same reports whether two terms promise the same.
func (t Terms) same(other Terms) bool {
	return t.Terms == other.Terms && t.Held == other.Held && t.From == other.From && slices.Equal(t.Alerts, other.Alerts)
}

// SameTerms reports whether two sets of terms promise the same.
func SameTerms(a, b map[Target]Terms) bool {
	return !slices.ContainsFunc(Targets, func(t Target) bool { return !a[t].same(b[t]) })
}

// Deadline is a helpdesk's own deadline of a target, from when it was seen on.
type Deadline struct {
	At  time.Time `json:"at"`
	Due time.Time `json:"due,omitzero"` // zero: it has none any more
}
