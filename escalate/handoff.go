package escalate

import (
	"time"

	"warmline/escalate/calendar"
)

// HandoffState is where a hand-off stands: the second of the three machines.
type HandoffState string

// The states of a hand-off. Resolved and withdrawn are final; a reopened ticket makes a new hand-off.
const (
	HandoffNone      HandoffState = ""          // the ticket has none
	HandoffOpen      HandoffState = "open"      // anybody may claim it
	HandoffClaimed   HandoffState = "claimed"   // one person owns it
	HandoffTaken     HandoffState = "taken"     // a human answered in the helpdesk, outside Slack
	HandoffResolved  HandoffState = "resolved"  // the ticket was solved
	HandoffWithdrawn HandoffState = "withdrawn" // it went on in another channel, or the AI has the ticket again
)

// HandoffKind says whether a person is asked for an answer or for an approval. Both have one owner and one clock.
type HandoffKind string

// The kinds of hand-off.
const (
	KindEscalation HandoffKind = "escalation"
	KindDraft      HandoffKind = "draft"
)

// Hindsight is what a person says of a ticket once it is resolved: which way should it have gone?
type Hindsight string

// What people say.
const (
	HindsightAuto  Hindsight = "auto"  // the AI should have answered it by itself
	HindsightDraft Hindsight = "draft" // it should have drafted the answer
	HindsightHuman Hindsight = "human" // it was a matter for people
)

// Handoff is one ticket in human hands.
type Handoff struct {
	ID       HandoffID    `json:"id"`
	Kind     HandoffKind  `json:"kind"`
	State    HandoffState `json:"state"`
	Channel  string       `json:"channel"` // Slack channel name
	OpenedAt time.Time    `json:"opened_at"`
	DueAt    time.Time    `json:"due_at,omitzero"` // the nearest deadline of people; zero: none, or its clock stands still
	Due      Due          `json:"due,omitzero"`    // which one that is, and how it stands

	Offer     Offer     `json:"offer,omitzero"` // of an open one
	Owner     PersonID  `json:"owner,omitempty"`
	Agent     AgentID   `json:"agent,omitempty"` // the owner in the helpdesk, "" when not linked
	ClaimedAt time.Time `json:"claimed_at,omitzero"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
	EndedBy   PersonID  `json:"ended_by,omitempty"`
	MovedTo   string    `json:"moved_to,omitempty"`  // of a withdrawn one: the channel where it went on; "" when the AI has it again
	Nudged    bool      `json:"nudged,omitempty"`    // the owner was reminded of a claim without a reply
	Raised    bool      `json:"raised,omitempty"`    // a person passed it up: no decision but safety takes it elsewhere
	Snoozed   time.Time `json:"snoozed,omitzero"`    // the owner has nothing to do before this
	Hindsight Hindsight `json:"hindsight,omitempty"` // of a resolved one, once somebody said so
	LookedBy  PersonID  `json:"looked_by,omitempty"`
	Warned    bool      `json:"warned,omitempty"` // an earlier version warned of the first response
	Warmed    int       `json:"warmed,omitempty"` // keep-warm updates started
	Wait      Wait      `json:"wait,omitzero"`    // what was said of the customer's waiting
	Quiet     bool      `json:"quiet,omitempty"`  // the customer gets no updates
	// UpdatesOn is when a person turned updates on although the customer had asked for none.
	UpdatesOn time.Time `json:"updates_on,omitzero"`
	ShowAt    time.Time `json:"show_at,omitzero"` // of a draft: its card waits for the end of the customer's burst
}

// Due is the deadline of a hand-off that people have to watch.
type Due struct {
	At     UnixMicro      `json:"at,omitempty"` // 0: its clock stands still
	Target Target         `json:"target,omitempty"`
	State  calendar.State `json:"state,omitempty"` // running, due soon, breached, paused
}

// Origins are the ticket's hand-offs that were not passed on from another, oldest first: the last is where the newest began.
func (t *Ticket) Origins() (all []*Handoff) {
	passed := false
	for i := range t.Past {
		if !passed {
			all = append(all, &t.Past[i])
		}
		passed = t.Past[i].MovedTo != ""
	}
	if t.Handoff != nil && !passed {
		all = append(all, t.Handoff)
	}
	return all
}

// Early reports whether the customer may still be typing, so that the card of a draft that nobody has need not come yet.
func (h *Handoff) Early(now time.Time) bool {
	return h != nil && h.Kind == KindDraft && h.State == HandoffOpen && now.Before(h.ShowAt)
}

// GivenBack reports whether a person gave the ticket back to the AI.
func (h *Handoff) GivenBack() bool { return h.State == HandoffWithdrawn && h.MovedTo == "" }

// Active reports whether the hand-off still waits for a human.
func (h *Handoff) Active() bool {
	return h != nil && (h.State == HandoffOpen || h.State == HandoffClaimed || h.State == HandoffTaken)
}
