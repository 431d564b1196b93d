package escalate

import (
	"slices"
	"time"
)

// WaitReason is what an owner waits for before they can answer. It is one of a closed set: the customer reads its words, in
// their own language, and so nothing that an agent typed reaches them unread.
type WaitReason string

// The reasons to wait.
const (
	WaitNone       WaitReason = ""
	WaitPayment    WaitReason = "payment"    // the payment provider
	WaitPartner    WaitReason = "partner"    // a partner or supplier
	WaitDelivery   WaitReason = "delivery"   // the carrier
	WaitTechnical  WaitReason = "technical"  // the technical team
	WaitSpecialist WaitReason = "specialist" // a colleague who knows more of it
	WaitDecision   WaitReason = "decision"   // a decision inside the company
)

// WaitReasons lists the reasons in the order in which people pick them.
var WaitReasons = []WaitReason{WaitPayment, WaitPartner, WaitDelivery, WaitTechnical, WaitSpecialist, WaitDecision}

// Known reports whether it is one of the reasons to wait.
func (r WaitReason) Known() bool { return slices.Contains(WaitReasons, r) }

// Words names for colleagues what is waited for, as it stands after "waiting for"; a reason that is not known gives itself.
func (r WaitReason) Words() string {
	switch r {
	case WaitPayment:
		return "the payment provider"
	case WaitPartner:
		return "a partner or supplier"
	case WaitDelivery:
		return "the carrier"
	case WaitTechnical:
		return "the technical team"
	case WaitSpecialist:
		return "a specialist"
	case WaitDecision:
		return "a decision of ours"
	default:
	}
	return string(r)
}

// ReminderBefore is how long before a stated time its owner is reminded.
const ReminderBefore = time.Hour

// Wait is what was said about a customer's waiting: by its owner, for what, and until when the customer hears from us; or by the
// acknowledgement, until when they do, from how long others waited. A person's answer to the customer ends it.
type Wait struct {
	Reason   WaitReason `json:"reason,omitempty"`
	Since    time.Time  `json:"since,omitzero"`     // when this reason was first given
	Until    time.Time  `json:"until,omitzero"`     // the customer hears from us by then; zero: nobody said when
	By       PersonID   `json:"by,omitempty"`       // empty: the acknowledgement said Until
	At       time.Time  `json:"at,omitzero"`        // when it was last said
	Reminded bool       `json:"reminded,omitempty"` // the owner was reminded of Until
	Missed   bool       `json:"missed,omitempty"`   // Until passed without a word from a person
}

// Set reports whether something is waited for.
func (w *Wait) Set() bool { return w.Reason != WaitNone }

// Measured reports whether Until is what the acknowledgement said, from how long others waited: no person has said a time since.
func (w *Wait) Measured() bool { return w.By == "" && !w.Until.IsZero() }

// answeredAt ends the wait when a person wrote to the customer after it was said: what was stated is kept.
func (w *Wait) answeredAt(at time.Time) {
	if at.After(w.At) {
		*w = Wait{}
	}
}

// waiting takes over what the owner says. A reason that stays goes on since when it was first given, and a time that stays keeps
// what was done about it.
func (t *Ticket) waiting(now time.Time, e Waiting) []Effect {
	h, old, quiet := t.Handoff, t.Handoff.Wait, t.Handoff.Quiet
	h.Quiet = e.Off
	if e.On {
		h.UpdatesOn = now
	}
	h.Wait = Wait{}
	if e.Reason != WaitNone {
		h.Wait = Wait{Reason: e.Reason, Since: now, Until: e.Until.Time(), By: e.By, At: now}
	} else if old.Measured() {
		h.Wait.At = old.At
	}
	if e.Until == 0 && old.Measured() { // nobody has said another time, so what the customer was told stands
		h.Wait.Until = old.Until
	}
	if h.Wait.Set() && old.Reason == e.Reason {
		h.Wait.Since = old.Since
	}
	if !old.Until.IsZero() && old.Until.Equal(h.Wait.Until) {
		h.Wait.Reminded, h.Wait.Missed = old.Reminded, old.Missed
	}
	effects := []Effect{t.draw()}
	if !old.Until.Equal(h.Wait.Until) {
		effects = append(effects, t.stated(now)...)
	}
	switch {
	case e.Off && !quiet: // whoever looks into the helpdesk sees it, too
		effects = append(effects, t.effect(EffectTags))
	case e.On: // before an update that is due, which the tag would hold back
		effects = append(effects, t.effect(EffectUntag))
	}
	if e.Warm != 0 {
		effects = append(effects, t.timer(EffectWarm, e.Warm))
	}
	return effects
}

// stated is the timer of the time that was stated: for the reminder, or, when it is too late for one, for the time itself.
func (t *Ticket) stated(now time.Time) []Effect {
	w := &t.Handoff.Wait
	if w.Until.IsZero() || w.Missed {
		return nil
	}
	at := w.Until.Add(-ReminderBefore)
	if w.Reminded || !at.After(now) {
		at = w.Until
	}
	e := t.timer(EffectStated, At(at))
	e.Until = At(w.Until)
	return []Effect{e}
}

// carryWait lets a new hand-off of the same matter go on with what was said in the one before; when nothing was, what its own
// acknowledgement says stays.
func (t *Ticket) carryWait(now time.Time, before *Handoff) []Effect {
	t.Handoff.Quiet, t.Handoff.UpdatesOn = before.Quiet, before.UpdatesOn
	if before.Wait == (Wait{}) {
		return nil
	}
	t.Handoff.Wait = before.Wait
	return t.stated(now)
}

// acknowledged takes over the time that an acknowledgement says. It is a timer as one that a person says.
func (t *Ticket) acknowledged(now time.Time, until UnixMicro) []Effect {
	if until == 0 || t.Handoff.Wait != (Wait{}) {
		return nil
	}
	t.Handoff.Wait = Wait{Until: until.Time(), At: now}
	return t.stated(now)
}

// missed notes that a stated time has passed, and tells the customer when the event says what.
func (t *Ticket) missed(now time.Time, e Missed) []Effect {
	t.Handoff.Wait.Missed = true
	effects := []Effect{t.draw()}
	if e.Reply != nil {
		r := t.propose(*e.Reply)
		r.State, r.SendAt, r.ApprovedAt = ReplyApproved, now, now
		effects = append(effects, t.send(r))
	}
	return effects
}

// Told returns the newest update that reached the customer, or may have, when nobody wrote to them since; nil when there is none. An
// acknowledgement that says a time counts as one.
func (t *Ticket) Told() *Reply {
	for i := len(t.Replies) - 1; i >= 0; i-- {
		r := &t.Replies[i]
		if r.Purpose != PurposeWarm && (r.Purpose != PurposeAck || r.Until.IsZero()) || r.State != ReplySent && !r.Begun() {
			continue
		}
		if t.Conversation.HumanAt.After(r.BegunAt) || t.closedSince(r.BegunAt) {
			return nil
		}
		return r
	}
	return nil
}

// closedSince reports whether a hand-off of the ticket was resolved since: what was said of it before is over with it.
func (t *Ticket) closedSince(at time.Time) bool {
	return slices.ContainsFunc(t.Past, func(h Handoff) bool { return h.State == HandoffResolved && h.EndedAt.After(at) })
}

// Outdated returns the time by which the customer was told to hear from us, when it was moved since; else the zero time.
func (t *Ticket) Outdated() time.Time {
	r := t.Told()
	if r == nil || r.Until.IsZero() || t.Handoff == nil || r.Until.Equal(t.Handoff.Wait.Until) {
		return time.Time{}
	}
	return r.Until
}
