package escalate

import "time"

// applyHandoff moves the hand-off: docs/state-machine.md, "Hand-off".
func (t *Ticket) applyHandoff(now time.Time, e Event) ([]Effect, error) {
	h := t.Handoff
	if alert, ok := e.(Alerted); ok && (!h.Active() || h.ID != alert.Handoff || t.Clocks.running(alert.Target) == nil) || !ok && !handoffAllows(h, e) {
		return nil, &TransitionError{Machine: "hand-off", State: t.handoffState(), Event: e.EventKind()}
	}
	switch e := e.(type) {
	case Claimed:
		h.State, h.Owner, h.Agent, h.ClaimedAt = HandoffClaimed, e.By, e.Agent, now
		h.unoffer()
		return []Effect{t.draw(), t.assign(), t.effect(EffectLease)}, nil
	case Linked:
		h.Agent = e.Agent
		return []Effect{t.draw(), t.assign()}, nil
	case Reassigned:
		t.giveUp(HandoffClaimed)
		h.Owner, h.Agent, h.ClaimedAt = e.To, e.Agent, now
		return []Effect{t.draw(), t.assign(), t.effect(EffectLease)}, nil
	case Offered:
		h.offered(now, e)
		return t.redraw(), nil
	case Climbed:
		h.Offer.Climbed = e.Rung
		return nil, nil
	case Nudged:
		h.Nudged = true
		return t.redraw(), nil
	case Snoozed:
		h.Snoozed = e.Until.Time()
		return []Effect{t.draw(), t.timer(EffectWake, e.Until)}, nil
	case Woken:
		h.Snoozed = time.Time{}
		return t.redraw(), nil
	case Raised:
		return t.raised(now, e), nil
	case HandedBack:
		t.withdrawLive("handed_back")
		t.endHandoff(now, HandoffWithdrawn, e.By)
		t.Conversation.HandsOff, t.Conversation.FreedAt = false, now
		return []Effect{t.draw(), t.effect(EffectAssign), t.effect(EffectStopTimers)}, nil
	case Released:
		t.giveUp(HandoffOpen)
		return []Effect{t.draw(), t.effect(EffectAssign), t.effect(EffectOffer)}, nil
	case Resolved:
		t.withdrawLive("resolved")
		t.endHandoff(now, HandoffResolved, e.By)
		status := t.effect(EffectStatus)
		status.Status = StatusSolved
		return []Effect{t.draw(), status, t.effect(EffectStopTimers)}, nil
	case Looked:
		h.Hindsight, h.LookedBy = e.Hindsight, e.By
		return t.redraw(), nil
	case Warned:
		h.Warned = true
		return t.redraw(), nil
	case Timed:
		h.Due, h.DueAt = e.Due, e.Due.At.Time()
		return t.redraw(), nil
	case Alerted:
		t.Clocks.Runs[e.Target].told(now, e.Stages)
		return nil, nil
	case Warmed:
		h.Warmed++
		r := t.propose(e.Reply)
		r.State, r.SendAt, r.ApprovedAt = ReplyApproved, now, now
		effects := []Effect{t.send(r)}
		if e.Next != 0 {
			effects = append(effects, t.timer(EffectWarm, e.Next))
		}
		return effects, nil
	case Waiting:
		return t.waiting(now, e), nil
	case Reminded:
		h.Wait.Reminded = true
		return t.redraw(), nil
	case Missed:
		return t.missed(now, e), nil
	}
	return nil, nil
}

// handoffAllows is the hand-off's table of transitions.
func handoffAllows(h *Handoff, e Event) bool {
	if h == nil {
		return false
	}
	switch e := e.(type) {
	case Claimed:
		return h.State == HandoffOpen
	case Linked:
		return h.State == HandoffClaimed && h.Owner == e.By && h.Agent == ""
	case Released, Snoozed, Nudged:
		return h.State == HandoffClaimed
	case Reassigned:
		return h.State == HandoffOpen || h.State == HandoffClaimed
	case Offered:
		return h.State == HandoffOpen && h.ID == e.Handoff
	case Climbed:
		return h.State == HandoffOpen && h.ID == e.Handoff && e.Rung.Above(h.Offer.Climbed)
	case Woken:
		return h.Active() && !h.Snoozed.IsZero()
	case Looked:
		return h.State == HandoffResolved && h.EndedBy != "" && h.Hindsight == ""
	case Resolved, Raised, HandedBack:
		return h.Active()
	case Waiting:
		return h.State == HandoffClaimed && h.ID == e.Handoff && (e.Reason.Known() || e.Reason == WaitNone && e.Until == 0)
	case Reminded:
		return h.Active() && h.ID == e.Handoff && e.Until != 0 && At(h.Wait.Until) == e.Until && !h.Wait.Reminded
	case Missed:
		return h.Active() && h.ID == e.Handoff && e.Until != 0 && At(h.Wait.Until) == e.Until && !h.Wait.Missed
	case Timed:
		return h.Active() && h.ID == e.Handoff
	case Warned, Warmed:
		return h.State == HandoffOpen || h.State == HandoffClaimed
	}
	return false
}

// raised ends the hand-off and opens another one in the channel that a person passed it to, with its clock and its draft. The
// customer hears nothing of it.
func (t *Ticket) raised(now time.Time, e Raised) []Effect {
	if d := t.Draft(); d != nil {
		t.withdraw(d, "superseded")
	}
	before := *t.Handoff
	t.endHandoff(now, HandoffWithdrawn, e.By)
	t.Handoff.MovedTo = e.Channel
	effects := []Effect{t.draw(), t.effect(EffectStopTimers)}
	old := *t.Handoff
	t.Past = append(t.Past, old)
	t.Handoff = &Handoff{
		ID: e.Handoff, Kind: KindEscalation, State: HandoffOpen, Channel: e.Channel, OpenedAt: now, DueAt: old.DueAt, Due: old.Due, Raised: true,
	}
	if e.Reply != nil {
		t.propose(*e.Reply)
	}
	effects = append(effects, t.draw(), t.effect(EffectTranscript), t.effect(EffectOffer))
	if e.Clock.Warm != 0 {
		effects = append(effects, t.timer(EffectWarm, e.Clock.Warm))
	}
	return append(effects, t.carryWait(now, &before)...)
}

// assign makes the owner the helpdesk's assignee.
func (t *Ticket) assign() Effect {
	e := t.effect(EffectAssign)
	e.Person, e.Agent = t.Handoff.Owner, t.Handoff.Agent
	t.Conversation.asked(e.Agent)
	return e
}

// endHandoff ends the current hand-off; by is empty when it ended in the helpdesk or by itself.
func (t *Ticket) endHandoff(now time.Time, s HandoffState, by PersonID) {
	t.Handoff.State, t.Handoff.EndedAt, t.Handoff.EndedBy, t.Handoff.Snoozed = s, now, by, time.Time{}
	t.Handoff.Wait, t.Handoff.Quiet = Wait{}, false
}
