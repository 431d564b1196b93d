package escalate

import (
	"fmt"
	"slices"
	"time"
)

// TransitionError says that an event does not fit the state a ticket is in. Nothing was changed.
type TransitionError struct {
	Machine string // "hand-off" or "reply"
	State   string // "" when there is none
	Event   string
}

// Error implements error.
func (e *TransitionError) Error() string {
	state := e.State
	if state == "" {
		state = "none"
	}
	return fmt.Sprintf("%s is %s: cannot be %s", e.Machine, state, e.Event)
}

// Apply is the state machine: what happened goes in, what is to do comes out. An event that does not fit is refused
// with a *TransitionError and changes nothing. Each applied event raises Version by one. The same events in the same
// order always give the same ticket.
func (t *Ticket) Apply(now time.Time, e Event) ([]Effect, error) {
	effects, err := t.apply(now.UTC(), e)
	if err != nil {
		return nil, err
	}
	t.Version++
	return effects, nil
}

func (t *Ticket) apply(now time.Time, e Event) ([]Effect, error) {
	switch e := e.(type) {
	case Read:
		return t.read(now, e)
	case Decided:
		return t.decided(now, e)
	case Claimed, Released, Resolved, Warned, Warmed:
		return t.applyHandoff(now, e)
	default:
		return t.applyReply(now, e)
	}
}

// read takes over what the helpdesk says. A human's action there always wins.
func (t *Ticket) read(now time.Time, e Read) ([]Effect, error) {
	old := t.Conversation
	t.Conversation = Conversation{
		Status: e.Seen.Status, Assignee: e.Seen.Assignee, Stamp: e.Seen.Stamp,
		Newest: e.Seen.Newest, Customer: e.Seen.Customer, Human: e.Seen.Human,
		CustomerAt: e.Seen.CustomerAt, WaitingSince: e.Seen.WaitingSince, HumanAt: e.Seen.HumanAt,
		HandsOff: old.HandsOff, ReadAt: now,
	}
	if !t.Handoff.Active() {
		if e.Seen.Status.Ended() {
			t.withdrawLive("closed")
		}
		return nil, nil
	}
	h := t.Handoff
	changed := old.Newest != e.Seen.Newest || old.Status != e.Seen.Status || old.Assignee != e.Seen.Assignee
	switch {
	case e.Seen.Status.Ended():
		t.withdrawLive("closed")
		t.endHandoff(now, HandoffResolved, "")
		return []Effect{t.draw(), t.effect(EffectTranscript), t.effect(EffectStopTimers)}, nil
	case old.Human != e.Seen.Human && e.Seen.Human != "":
		t.withdrawDraft("human_replied")
		if h.State == HandoffOpen {
			h.State = HandoffTaken
		}
	case !changed:
		return nil, nil
	}
	return []Effect{t.draw(), t.effect(EffectTranscript)}, nil
}

// decided opens what a decision calls for. A hand-off that is still open only changes what its card shows: redraws
// never add notes, and never a second card.
func (t *Ticket) decided(now time.Time, e Decided) ([]Effect, error) {
	d := e.Decision
	if d.Leave == "" && !t.Handoff.Active() && !e.opens() {
		return nil, &TransitionError{Machine: "hand-off", State: t.handoffState(), Event: "decided without what it opens"}
	}
	t.Decision = &d
	if d.Has(HumanRequest) {
		t.Conversation.HandsOff = true
	}
	switch {
	case d.Leave == LeaveThanks && t.answered():
		// The thank-you reopened the ticket: its status goes back to what it was after our reply.
		return append(t.redraw(), Effect{Kind: EffectStatus, Status: StatusPending}), nil
	case d.Leave != "":
		return t.redraw(), nil
	case t.Handoff.Active():
		return t.decidedAgain(e), nil
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
	}
	effects := []Effect{draw, script, t.effect(EffectNote), t.effect(EffectTags)}
	if e.Clock.Warn != 0 {
		effects = append(effects, t.timer(EffectWarn, e.Clock.Warn))
	}
	if kind == KindEscalation && e.Ack != nil {
		r := t.propose(*e.Ack)
		r.State, r.SendAt = ReplyApproved, now
		effects = append(effects, t.send(r))
	}
	if kind == KindEscalation && e.Clock.Warm != 0 {
		effects = append(effects, t.timer(EffectWarm, e.Clock.Warm))
	}
	return effects
}

func (t *Ticket) decidedAgain(e Decided) []Effect {
	if e.Decision.Way == WayEscalate {
		t.Handoff.Kind = KindEscalation
	}
	if d := t.Draft(); d != nil && d.State == ReplyProposed && !d.Edited && d.Purpose == PurposeAnswer {
		t.withdraw(d, "superseded")
	}
	if e.Reply != nil && t.Draft() == nil {
		t.propose(*e.Reply)
	}
	return t.redraw()
}

// answered reports whether a reply to the customer's question went out.
func (t *Ticket) answered() bool {
	return slices.ContainsFunc(t.Replies, func(r Reply) bool { return r.State == ReplySent && r.Purpose.Answers() })
}

func (t *Ticket) handoffState() string {
	if t.Handoff == nil {
		return string(HandoffNone)
	}
	return string(t.Handoff.State)
}

// Effects of the current hand-off.

func (t *Ticket) effect(k EffectKind) Effect { return Effect{Kind: k, Handoff: t.Handoff.ID} }
func (t *Ticket) draw() Effect               { return t.effect(EffectDrawCard) }

func (t *Ticket) timer(k EffectKind, at UnixMicro) Effect {
	return Effect{Kind: k, Handoff: t.Handoff.ID, At: at}
}

// redraw is the card's redraw, if there is a card.
func (t *Ticket) redraw() []Effect {
	if t.Handoff == nil {
		return nil
	}
	return []Effect{t.draw()}
}

func (t *Ticket) send(r *Reply) Effect {
	return Effect{Kind: EffectSend, Reply: r.ID, At: At(r.SendAt)}
}
