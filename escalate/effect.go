package escalate

import "time"

// UnixMicro is an instant in microseconds since 1970 in UTC, the precision that the store keeps; 0 is no instant.
type UnixMicro int64

// At returns the UnixMicro of a time; the zero time gives 0.
func At(t time.Time) UnixMicro {
	if t.IsZero() {
		return 0
	}
	return UnixMicro(t.UnixMicro())
}

// Time returns the instant, or the zero time for 0.
func (u UnixMicro) Time() time.Time {
	if u == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(u)).UTC()
}

// EffectKind names what is to be done outside; each is one kind of durable job.
type EffectKind string

// The effects. Every one is safe to repeat: it looks at the state before it acts.
const (
	EffectAssess     EffectKind = "assess"      // read the ticket and decide anew
	EffectDrawCard   EffectKind = "draw-card"   // post or update the hand-off's card
	EffectTranscript EffectKind = "transcript"  // bring the card's thread up to date with the conversation
	EffectNote       EffectKind = "note"        // the internal note in the helpdesk
	EffectTags       EffectKind = "tags"        // tags for reason and topic in the helpdesk
	EffectUntag      EffectKind = "untag"       // takes the tag for no updates from the ticket in the helpdesk
	EffectAssign     EffectKind = "assign"      // the owner becomes the helpdesk's assignee
	EffectStatus     EffectKind = "set-status"  // the conversation's status in the helpdesk
	EffectSend       EffectKind = "send-reply"  // send a reply, or find out whether it was sent
	EffectSLA        EffectKind = "sla"         // timer: tell of stages that the ticket's targets reach
	EffectWarm       EffectKind = "keep-warm"   // timer: tell the waiting customer
	EffectOffer      EffectKind = "offer"       // offer an open hand-off to somebody, and to the next when they do not claim it
	EffectLease      EffectKind = "lease"       // timer: a claim without a reply is not for ever
	EffectWake       EffectKind = "wake"        // timer: end a snooze
	EffectStated     EffectKind = "stated-time" // timer: remind of, or note the miss of, the time that the customer was told
	EffectStopTimers EffectKind = "stop-timers" // cancel the hand-off's timers
)

// Effect is one thing to do outside, at or after At (zero: at once).
type Effect struct {
	Kind    EffectKind `json:"kind"`
	At      UnixMicro  `json:"at,omitempty"`
	Handoff HandoffID  `json:"handoff,omitempty"`
	Reply   ReplyID    `json:"reply,omitempty"`
	Person  PersonID   `json:"person,omitempty"`
	Agent   AgentID    `json:"agent,omitempty"`
	Status  Status     `json:"status,omitempty"`
	Until   UnixMicro  `json:"until,omitempty"` // of stated-time: the time that it is about
}
