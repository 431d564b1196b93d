package escalate

import "time"

// applyHandoff moves the hand-off: docs/state-machine.md, "Hand-off".
func (t *Ticket) applyHandoff(now time.Time, e Event) ([]Effect, error) {
	h := t.Handoff
	if !handoffAllows(h, e) {
		return nil, &TransitionError{Machine: "hand-off", State: t.handoffState(), Event: e.EventKind()}
	}
	switch e := e.(type) {
	case Claimed:
		h.State, h.Owner, h.Agent, h.ClaimedAt = HandoffClaimed, e.By, e.Agent, now
		assign := t.effect(EffectAssign)
		assign.Person, assign.Agent = e.By, e.Agent
		return []Effect{t.draw(), assign}, nil
	case Released:
		t.giveUp(HandoffOpen)
		return []Effect{t.draw(), t.effect(EffectAssign)}, nil
	case Resolved:
		t.withdrawLive("resolved")
		t.endHandoff(now, HandoffResolved, e.By)
		status := t.effect(EffectStatus)
		status.Status = StatusSolved
		return []Effect{t.draw(), status, t.effect(EffectStopTimers)}, nil
	case Warned:
		h.Warned = true
		return t.redraw(), nil
	case Warmed:
		h.Warmed++
		r := t.propose(e.Reply)
		r.State, r.SendAt = ReplyApproved, now
		effects := []Effect{t.send(r)}
		if e.Next != 0 {
			effects = append(effects, t.timer(EffectWarm, e.Next))
		}
		return effects, nil
	}
	return nil, nil
}

// handoffAllows is the hand-off's table of transitions.
func handoffAllows(h *Handoff, e Event) bool {
	if h == nil {
		return false
	}
	switch e.(type) {
	case Claimed:
		return h.State == HandoffOpen
	case Released:
		return h.State == HandoffClaimed
	case Resolved:
		return h.Active()
	case Warned, Warmed:
		return h.State == HandoffOpen || h.State == HandoffClaimed
	}
	return false
}

// endHandoff ends the current hand-off; by is empty when it ended in the helpdesk or by itself.
func (t *Ticket) endHandoff(now time.Time, s HandoffState, by PersonID) {
	t.Handoff.State, t.Handoff.EndedAt, t.Handoff.EndedBy = s, now, by
}
