package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

// furthestStated is how far off a stated time may be.
const furthestStated = 90 * 24 * time.Hour

// Values of the modal's fields "updates" and "wait" beside the reasons.
const (
	updatesOff = "off"
	waitNone   = "none"
)

// stating is what a person says about a customer's waiting.
type stating struct {
	reason escalate.WaitReason
	until  time.Time
	off    bool
	on     bool // said by name: whatever they, or the helpdesk, said before
}

// statingOf is what is set now. Updates are off, too, when the customer asked for none.
func statingOf(t *escalate.Ticket) stating {
	h := t.Handoff
	s := stating{reason: h.Wait.Reason, until: h.Wait.Until, off: h.Quiet || t.OptedOut() != nil}
	if h.Wait.Measured() { // it stands until a person says another
		s.until = time.Time{}
	}
	return s
}

// fault says which field is wrong, and why; "" when nothing is. A time that stays as it was may have passed.
func (s *stating) fault(now, before time.Time) (field, why string) {
	switch {
	case s.reason != escalate.WaitNone && !s.reason.Known():
		return "wait", "Pick one of the reasons: the customer reads it in their own language."
	case s.until.IsZero() || s.until.Equal(before) && s.reason != escalate.WaitNone:
		return "", ""
	case s.reason == escalate.WaitNone:
		return "wait", "Say what we wait for: the customer reads it with the time."
	case !s.until.After(now):
		return "by", "That is in the past; pick a time to come."
	case s.until.Sub(now) > furthestStated:
		return "by", fmt.Sprintf("That is too far off: %d days at the most.", int(furthestStated.Hours()/24))
	}
	return "", ""
}

// picked reads what was picked in the modal.
func picked(p *Press) stating {
	s := stating{off: p.Fields["updates"] == updatesOff}
	if reason := p.Fields["wait"]; reason != waitNone {
		s.reason = escalate.WaitReason(reason)
	}
	if at, err := strconv.ParseInt(p.Fields["by"], 10, 64); err == nil && at > 0 {
		s.until = time.Unix(at, 0).UTC()
	}
	return s
}

// badInform says what is wrong in the modal, by field.
func (a *act) badInform() map[string]string {
	s := picked(&a.press)
	if field, why := s.fault(a.press.At, time.Time{}); why != "" {
		return map[string]string{field: why}
	}
	return nil
}

// informed takes what an owner says about a customer's waiting; what they noted goes on the ticket.
func (a *act) informed(ctx context.Context) error {
	if ok, err := a.mayState(ctx); !ok || err != nil {
		return err
	}
	if ok, err := a.state(ctx, picked(&a.press)); !ok || err != nil {
		return err
	}
	if text := strings.TrimSpace(a.press.Fields["text"]); text != "" {
		return a.note(ctx, text, nil)
	}
	return nil
}

// mayState reports whether the person may say what a customer waits for: the owner or a lead, of a ticket that is claimed.
func (a *act) mayState(ctx context.Context) (bool, error) {
	h := a.ticket().Handoff
	switch {
	case h.State == escalate.HandoffOpen:
		return false, a.noEffect(ctx, "Nothing was changed: nobody has this ticket. Claim it first; then say what we wait for.")
	case h.State != escalate.HandoffClaimed:
		return false, a.noEffect(ctx, a.taken(ctx))
	}
	return a.own(ctx)
}

// state applies what was said; false when it could not be.
func (a *act) state(ctx context.Context, s stating) (bool, error) {
	t := a.ticket()
	h := *t.Handoff
	h.Quiet, h.Wait = s.off, escalate.Wait{Reason: s.reason, Until: s.until}
	if s.reason != escalate.WaitNone {
		h.Wait.At = a.tx.Now()
	}
	then := *t
	then.Handoff = &h
	e := escalate.Waiting{Handoff: h.ID, By: a.press.Actor, Reason: s.reason, Until: escalate.At(s.until), Off: s.off}
	e.On = s.on && t.NoUpdates() || !s.off && (t.OptedOut() != nil || t.Handoff.Quiet && t.Content.NoUpdates())
	if e.On { // the tag is taken away before the next update is looked at; where it cannot be, that waits
		h.UpdatesOn = a.tx.Now()
		then.Content.Tags = slices.DeleteFunc(slices.Clone(t.Content.Tags), func(tag string) bool { return strings.EqualFold(tag, escalate.TagNoUpdates) })
	}
	hours, err := a.change.warmHours(ctx, a.policy)
	if err != nil {
		return false, err
	}
	switch due, why := hours.due(a.policy, &then, a.tx.Now()); why {
	case "":
		e.Warm = escalate.At(due)
	case stopTag: // it may go from the helpdesk
		e.Warm = escalate.At(a.tx.Now().Add(a.policy.KeepWarm.Gap(0)))
	}
	if err := a.apply(e); err != nil {
		return false, a.unless(ctx, err)
	}
	return true, a.done(ctx, s.words())
}

// words says for the audit log what was said.
func (s *stating) words() string {
	words := "updates on"
	if s.off {
		words = "updates off"
	}
	if s.reason != escalate.WaitNone {
		words += ", waits for " + string(s.reason)
	}
	if !s.until.IsZero() {
		words += ", by " + s.until.UTC().Format(time.RFC3339)
	}
	return words
}
