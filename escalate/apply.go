package escalate

import (
	"fmt"
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
	now = now.UTC()
	was := t.situation()
	effects, err := t.apply(now, e)
	if err != nil {
		return nil, err
	}
	t.Version++
	if t.follow(now, was, e) {
		effects = append(effects, Effect{Kind: EffectSLA})
	}
	return effects, nil
}

func (t *Ticket) apply(now time.Time, e Event) ([]Effect, error) {
	switch e := e.(type) {
	case Read:
		return t.read(now, e)
	case Decided:
		return t.decided(now, e)
	case Targeted:
		return nil, nil // the clocks follow
	case Claimed, Linked, Released, Reassigned, Offered, Climbed, Nudged, Snoozed, Woken, Raised, HandedBack, Resolved, Looked, Warned, Timed, Alerted, Warmed, Waiting, Reminded, Missed:
		return t.applyHandoff(now, e)
	default:
		return t.applyReply(now, e)
	}
}

// read takes over what the helpdesk says. A human's action there always wins.
func (t *Ticket) read(now time.Time, e Read) ([]Effect, error) {
	old := t.Conversation
	t.Conversation = Conversation{
		Status: e.Seen.Status, Assignee: e.Seen.Assignee,
		Newest: e.Seen.Newest, Customer: e.Seen.Customer, Human: e.Seen.Human,
		CustomerAt: e.Seen.CustomerAt, WaitingSince: e.Seen.WaitingSince, HumanAt: e.Seen.HumanAt, Edited: e.Seen.Edited,
		HandsOff: old.HandsOff, FreedAt: old.FreedAt, Reopened: old.Reopened || old.Status.Ended() && !e.Seen.Status.Ended(), ReadAt: now,
		Assigning: old.Assigning,
	}
	given := old.Assignee != e.Seen.Assignee && !t.Conversation.shows(e.Seen.Assignee) && e.Seen.Assignee != "" // by a person, there
	if !t.Handoff.Active() {
		if e.Seen.Status.Ended() {
			t.withdrawLive("closed")
		}
		return nil, nil
	}
	h := t.Handoff
	wrote := old.Customer != e.Seen.Customer || e.Seen.Edited.After(old.Edited)
	changed := wrote || old.Newest != e.Seen.Newest || old.Status != e.Seen.Status || old.Assignee != e.Seen.Assignee
	if wrote {
		h.Snoozed = time.Time{} // they wrote again: whatever was waited for, this is news
	}
	switch {
	case e.Seen.Status.Ended():
		t.withdrawLive("closed")
		t.endHandoff(now, HandoffResolved, "")
		return []Effect{t.draw(), t.effect(EffectTranscript), t.effect(EffectStopTimers)}, nil
	case old.Human != e.Seen.Human && e.Seen.Human != "":
		h.Wait.answeredAt(e.Seen.HumanAt)
		t.withdrawDraft("human_replied")
		if h.State == HandoffOpen {
			h.State = HandoffTaken
			h.unoffer()
		}
	case h.State == HandoffClaimed && given && e.Seen.Assignee != h.Agent:
		t.giveUp(HandoffTaken) // the helpdesk gave it to someone else, and the helpdesk is always right
	case h.State == HandoffTaken && wrote && !e.Seen.WaitingSince.IsZero():
		t.giveUp(HandoffOpen) // the customer waits again
		return []Effect{t.draw(), t.effect(EffectTranscript), t.effect(EffectOffer)}, nil
	case !changed:
		return nil, nil
	}
	return []Effect{t.draw(), t.effect(EffectTranscript)}, nil
}

// lastAnswer is the newest reply to the customer's question that went out, or nil.
func (t *Ticket) lastAnswer() *Reply {
	for i := len(t.Replies) - 1; i >= 0; i-- {
		if r := &t.Replies[i]; r.State == ReplySent && r.Purpose.Answers() {
			return r
		}
	}
	return nil
}

func (t *Ticket) handoffState() string {
	if t.Handoff == nil {
		return string(HandoffNone)
	}
	return string(t.Handoff.State)
}

// giveUp takes the hand-off from its owner. Whom it is offered to begins anew, without them.
func (t *Ticket) giveUp(next HandoffState) {
	h := t.Handoff
	h.ask(h.Owner)
	h.unoffer()
	h.State, h.Owner, h.Agent, h.ClaimedAt, h.Snoozed, h.Nudged = next, "", "", time.Time{}, time.Time{}, false
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
