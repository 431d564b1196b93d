package escalate

import "time"

// decided opens what a decision calls for.
func (t *Ticket) decided(now time.Time, e Decided) ([]Effect, error) {
	d := e.Decision
	if d.Leave == "" && !t.Handoff.Active() && !e.opens() {
		return nil, &TransitionError{Machine: "hand-off", State: t.handoffState(), Event: "decided without what it opens"}
	}
	t.Decision = &d
	t.Conversation.Reopened = false
	if d.Has(HumanRequest) {
		t.Conversation.HandsOff = true
	}
	switch {
	case d.Leave == LeaveThanks && t.lastAnswer() != nil:
		// The thank-you reopened the ticket: its status goes back to what it was after our reply.
		status := Effect{Kind: EffectStatus, Status: StatusPending}
		if t.lastAnswer().Solve {
			status.Status = StatusSolved
		}
		return append(t.redraw(), status), nil
	case d.Leave != "":
		return t.redraw(), nil
	case t.Handoff.Active() && t.Opens(&d) && e.Handoff != "":
		return t.move(now, e), nil
	case t.Handoff.Active():
		return t.decidedAgain(now, e), nil
	case d.Way == WayAuto:
		t.withdrawLive("superseded")
		r := t.propose(*e.Reply)
		r.State, r.SendAt = ReplyApproved, e.Clock.SendAt.Time()
		return []Effect{t.send(r)}, nil
	}
	return t.open(now, e), nil
}

// opens reports whether the event names what its decision opens.
func (e *Decided) opens() bool {
	if e.Decision.Way == WayAuto {
		return e.Reply != nil
	}
	return e.Handoff != ""
}

// open makes a new hand-off: one card, one note, tags, and its clocks.
func (t *Ticket) open(now time.Time, e Decided) []Effect {
	kind := KindEscalation
	if e.Decision.Way == WayDraft {
		kind = KindDraft
	}
	t.withdrawLive("superseded")
	if t.Handoff != nil {
		t.Past = append(t.Past, *t.Handoff)
	}
	t.Handoff = &Handoff{
		ID: e.Handoff, Kind: kind, State: HandoffOpen, Channel: e.Decision.Channel, OpenedAt: now, DueAt: e.Clock.Due.Time(),
	}
	if e.Reply != nil {
		t.propose(*e.Reply)
	}
	draw, script := t.draw(), t.effect(EffectTranscript)
	if kind == KindDraft { // a draft waits for the end of the customer's burst, a hand-off for nothing
		draw.At, script.At = e.Clock.SendAt, e.Clock.SendAt
		t.Handoff.ShowAt = e.Clock.SendAt.Time()
	}
	effects := []Effect{draw, script, t.effect(EffectNote), t.effect(EffectTags), t.timer(EffectOffer, draw.At)}
	if kind == KindEscalation {
		effects = append(effects, t.tellCustomer(now, e)...)
	}
	return effects
}

// tellCustomer acknowledges a hand-off and starts the updates.
func (t *Ticket) tellCustomer(now time.Time, e Decided) []Effect {
	var effects []Effect
	if e.Ack != nil {
		r := t.propose(*e.Ack)
		r.State, r.SendAt = ReplyApproved, now
		effects = append(append(effects, t.send(r)), t.acknowledged(now, e.Ack.Until)...)
	}
	if e.Clock.Warm != 0 {
		effects = append(effects, t.timer(EffectWarm, e.Clock.Warm))
	}
	return effects
}

// Opens reports whether a decision opens a hand-off: because there is none, or because it belongs into another channel now.
// Nobody's work is taken away for less than safety.
func (t *Ticket) Opens(d *Decision) bool {
	switch {
	case d.Leave != "" || d.Way == WayAuto:
		return false
	case !t.Handoff.Active():
		return true
	}
	free := t.Handoff.State == HandoffOpen && !t.Handoff.Raised
	return d.Way == WayEscalate && d.Channel != t.Handoff.Channel && (free || d.Has(Safety))
}

// move ends the hand-off and opens another one where it belongs; the old card says where it went.
func (t *Ticket) move(now time.Time, e Decided) []Effect {
	before := *t.Handoff
	t.endHandoff(now, HandoffWithdrawn, "")
	t.Handoff.MovedTo = e.Decision.Channel
	effects := []Effect{t.draw(), t.effect(EffectStopTimers)}
	effects = append(effects, t.open(now, e)...)
	return append(effects, t.carryWait(now, &before)...)
}

// decidedAgain changes what an open card shows: redraws never add notes, and never a second card. A draft that became a
// matter for people is one from now on.
func (t *Ticket) decidedAgain(now time.Time, e Decided) []Effect {
	h := t.Handoff
	if d := t.Draft(); d != nil && d.State == ReplyProposed && !d.Edited && d.Purpose == PurposeAnswer {
		t.withdraw(d, "superseded")
	}
	if e.Reply != nil && t.Draft() == nil {
		t.propose(*e.Reply)
	}
	h.ShowAt = e.Clock.SendAt.Time()
	effects := t.redraw()
	switch {
	case e.Decision.Way == WayEscalate && h.Kind == KindDraft:
		h.Kind = KindEscalation
		effects = append(append(effects, t.effect(EffectTags)), t.tellCustomer(now, e)...)
	case h.Kind == KindEscalation && e.Clock.Warm != 0: // they may have stopped when a person answered: who writes again waits again
		effects = append(effects, t.timer(EffectWarm, e.Clock.Warm))
	}
	if t.Conversation.HumanAt.After(h.OpenedAt) && e.Clock.Due != 0 { // as an earlier version had it: answered once, the next is due
		h.DueAt, h.Warned = e.Clock.Due.Time(), false
	}
	return effects
}
