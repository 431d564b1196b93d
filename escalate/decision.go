package escalate

import "time"

// Way is which of three ways a ticket goes.
type Way string

// The three ways.
const (
	WayAuto     Way = "auto"     // answer
	WayDraft    Way = "draft"    // draft for approval
	WayEscalate Way = "escalate" // hand to a human
)

// Bound names what bound a decision, in their order of power.
type Bound string

// What can bind a decision.
const (
	BoundPause     Bound = "pause"
	BoundExclusion Bound = "exclusion"
	BoundTrigger   Bound = "trigger"
	BoundLadder    Bound = "ladder"
	BoundHuman     Bound = "human"   // a human has replied or was asked for: never automatic again
	BoundPromise   Bound = "promise" // the evidence does not keep the wrong-answer budget at this confidence
	BoundThreshold Bound = "threshold"
)

// DraftUse says what may be done with a draft.
type DraftUse string

// The uses of a draft.
const (
	DraftNone     DraftUse = "none"      // none is shown
	DraftEdit     DraftUse = "edit_only" // a person must rework it
	DraftApproval DraftUse = "approval"  // may be approved as it stands
)

// Leave says why a decision is not acted upon; empty means act.
type Leave string

// Why nothing is done.
const (
	LeaveObserve   Leave = "observe"   // the topic's ladder stands at observe
	LeaveQueue     Leave = "queue"     // an exclusion or low confidence leaves it in the helpdesk's queue
	LeaveAutomatic Leave = "automatic" // mail by a machine never gets an answer or a card
	LeaveThanks    Leave = "thanks"    // a bare thank-you
)

// Reason is one typed reason of a decision.
type Reason struct {
	Kind     TriggerKind `json:"kind"`
	Strength float64     `json:"strength"`
	Topic    string      `json:"topic,omitempty"`  // of high_risk
	Detail   string      `json:"detail,omitempty"` // the exclusion that matched, the deadline that is near
	Evidence []Span      `json:"evidence,omitempty"`
}

// Decision is which way a ticket goes and everything that led there. It holds no customer text.
type Decision struct {
	Way        Way          `json:"way"`
	Leave      Leave        `json:"leave,omitempty"`
	Bound      Bound        `json:"bound"`
	Reasons    []Reason     `json:"reasons,omitempty"` // the primary one first; empty when nothing spoke against the AI
	Channel    string       `json:"channel"`           // where a card goes, by channel name
	Rule       string       `json:"rule,omitempty"`    // of the routes, that picked it
	Skills     []string     `json:"skills,omitempty"`  // what who is offered it has to have
	Instead    string       `json:"instead,omitempty"` // the channel that it belongs into, where nobody is on
	Draft      DraftUse     `json:"draft"`
	Topic      string       `json:"topic,omitempty"`
	AnswerID   string       `json:"answer_id,omitempty"`
	Confidence float64      `json:"confidence"`
	Auto       float64      `json:"auto"` // the thresholds that applied: the stricter of the policy's and the promise's
	DraftFrom  float64      `json:"draft_from"`
	Policy     int64        `json:"policy"` // version
	Assessment AssessmentID `json:"assessment"`
	Newest     MessageID    `json:"newest"`          // the message it answers
	Edited     time.Time    `json:"edited,omitzero"` // the customer's newest edit that it takes into account
	World      World        `json:"world"`
	At         time.Time    `json:"at"`
}

// Primary returns the reason that names the decision, or nil for a decision without one.
func (d *Decision) Primary() *Reason {
	if len(d.Reasons) == 0 {
		return nil
	}
	return &d.Reasons[0]
}

// Has reports whether a trigger is among the reasons.
func (d *Decision) Has(k TriggerKind) bool {
	return fired(d.Reasons, k)
}

// World is what Decide needs beside the ticket and the policy. It is stored with the decision, so that replay and
// "why" need nothing else.
type World struct {
	Paused   bool   `json:"paused,omitempty"`    // everything, or this ticket's topic
	PausedBy string `json:"paused_by,omitempty"` // for people
	Record   Record `json:"record"`
	// Promise is what the topic's wrong-answer budget asks for and what backs it; nil when nothing is promised.
	Promise *Backed `json:"promise,omitempty"`
	// Lookup is what was asked about the customer before the decision, and whether it was answered; nil when nothing was.
	Lookup *Lookup `json:"lookup,omitempty"`
	// Undelivered says that the answer which the policy sent did not reach the customer, or that nobody can tell.
	Undelivered bool `json:"undelivered,omitempty"`
	Asked       bool `json:"asked,omitempty"` // a colleague wants a person to see to it
	Wrong       bool `json:"wrong,omitempty"` // a person called the answer wrong that was sent: it has to be put right
	// Unstaffed are the channels with a fallback in which nobody is on, in ascending order.
	Unstaffed []string `json:"unstaffed,omitempty"`
	SLANear   string   `json:"sla_near,omitempty"` // the target that is near while no human has it: "first response due 14:30"
}

// Record is a topic's record so far: of Seen drafts and answers that a person judged, Unedited went out as they stood.
type Record struct {
	Seen     int `json:"seen"`
	Unedited int `json:"unedited"`
}
