package escalate

import (
	"cmp"
	"time"
)

// applyReply moves one reply intent: docs/state-machine.md, "Reply".
func (t *Ticket) applyReply(now time.Time, e Event) ([]Effect, error) {
	if p, ok := e.(Proposed); ok {
		return t.proposed(p)
	}
	r := t.Reply(replyOf(e))
	if r == nil || !replyAllows(r, e) {
		var state ReplyState
		if r != nil {
			state = r.State
		}
		return nil, &TransitionError{Machine: "reply", State: string(state), Event: e.EventKind()}
	}
	switch e := e.(type) {
	case Approved:
		if r.State == ReplyAsk { // a person looked and says that it never arrived
			r.Doubt, r.Stamp, r.Attempts, r.Doubts = false, "", 0, 0
		}
		r.State, r.By, r.SendAt, r.Solve = ReplyApproved, e.By, e.SendAt.Time(), e.Solve
		r.Newest, r.SeenEdit, r.Assignee, r.ApprovedAt = e.Newest, e.SeenEdit, e.Assignee, now
		return append(t.redraw(), t.send(r)), nil
	case Undone:
		r.State, r.By, r.SendAt, r.ApprovedAt = ReplyProposed, "", time.Time{}, time.Time{}
	case Sending:
		t.sending(now, r, e)
		return t.redraw(), nil
	case Returned:
		r.State, r.Stamp, r.SendAt = ReplyApproved, "", e.SendAt.Time()
		return append(t.redraw(), t.send(r)), nil
	case Missing:
		r.State, r.Stamp, r.Doubt, r.Attempts, r.Doubts, r.SendAt = ReplyApproved, "", false, 0, 0, e.SendAt.Time()
		return append(t.redraw(), t.send(r)), nil
	case Lost:
		r.State, r.Doubt = ReplyUnknown, true
	case Sent:
		return t.sent(now, r, e), nil
	case Failed:
		r.State, r.Detail = ReplyFailed, e.Detail
	case Asked:
		r.State, r.Doubt = ReplyAsk, true
	case Withdrawn:
		t.withdraw(r, e.Detail)
	}
	return t.redraw(), nil
}

// replyAllows is the reply's table of transitions. Once in doubt, a reply is never returned or failed by a clean
// refusal: an earlier call may have been applied, and only reading back can tell. Nobody is asked about an update that got
// lost: it fails, for the next one says the same.
func replyAllows(r *Reply, e Event) bool {
	switch e.(type) {
	case Approved:
		return r.State == ReplyProposed || r.State == ReplyAsk
	case Undone:
		return r.State == ReplyApproved && r.ByPerson()
	case Sending:
		return r.State == ReplyApproved || r.Begun()
	case Returned:
		return r.State == ReplySending && !r.Doubt
	case Failed:
		return r.State == ReplySending && !r.Doubt || r.Begun() && !r.Purpose.Answers()
	case Missing:
		return r.Begun()
	case Lost:
		return r.State == ReplySending
	case Sent:
		return r.Begun() || r.State == ReplyAsk
	case Asked:
		return r.Begun() && r.Purpose.Answers()
	case Withdrawn:
		return r.Live()
	}
	return false
}

func replyOf(e Event) ReplyID {
	switch e := e.(type) {
	case Approved:
		return e.Reply
	case Undone:
		return e.Reply
	case Sending:
		return e.Reply
	case Returned:
		return e.Reply
	case Missing:
		return e.Reply
	case Lost:
		return e.Reply
	case Sent:
		return e.Reply
	case Failed:
		return e.Reply
	case Asked:
		return e.Reply
	case Withdrawn:
		return e.Reply
	}
	return ""
}

// sending begins a call. The stamp belongs to the first call and stays: a second call with a fresh stamp would be
// accepted although the first one was applied late.
func (t *Ticket) sending(now time.Time, r *Reply, e Sending) {
	if r.Begun() {
		r.Doubt = true
	}
	if r.Doubt {
		r.Doubts++
	} else {
		r.Stamp = e.Stamp
	}
	r.State, r.BegunAt = ReplySending, now
	r.Attempts++
}

func (t *Ticket) sent(now time.Time, r *Reply, e Sent) []Effect {
	r.State, r.Message = ReplySent, e.Message
	if r.ByPerson() {
		t.Conversation.HumanAt, t.Conversation.WaitingSince = now, time.Time{}
		if t.Handoff != nil {
			t.Handoff.Wait.answeredAt(r.ApprovedAt)
		}
	}
	if !r.Purpose.Answers() {
		return t.redraw()
	}
	effects := []Effect{{Kind: EffectStatus, Reply: r.ID, Status: StatusPending}}
	if r.Solve {
		effects[0].Status = StatusSolved
	}
	h := t.Handoff
	if !h.Active() {
		return append(effects, t.redraw()...)
	}
	// The policy's answer, for whose sake alone people were asked, has arrived after all.
	rescued := t.Decision.World.Undelivered && r.Purpose == PurposeAnswer && !r.Edited
	if r.Solve || h.Kind == KindDraft && r.ByPerson() || rescued {
		t.endHandoff(now, HandoffResolved, cmp.Or(e.By, r.By))
		effects = append(effects, t.effect(EffectStopTimers))
	}
	return append(effects, t.draw())
}

func (t *Ticket) proposed(e Proposed) ([]Effect, error) {
	if t.Reply(e.Reply.ID) != nil {
		return nil, &TransitionError{Machine: "reply", State: string(t.Reply(e.Reply.ID).State), Event: e.EventKind()}
	}
	if d := t.Draft(); d != nil && e.Reply.Purpose.Answers() {
		t.withdraw(d, "superseded")
	}
	t.propose(e.Reply)
	return t.redraw(), nil
}

func (t *Ticket) propose(p Proposal) *Reply {
	t.Replies = append(t.Replies, Reply{
		ID: p.ID, Purpose: p.Purpose, State: ReplyProposed, Answer: p.Answer, Hash: p.Hash, Newest: p.Newest, By: p.By, Edited: p.Edited,
		Files: p.Files, SeenEdit: p.SeenEdit, Facts: p.Facts, Rests: p.Rests, Assignee: p.Assignee, Until: p.Until.Time(), Late: p.Late,
	})
	return &t.Replies[len(t.Replies)-1]
}

func (t *Ticket) withdraw(r *Reply, why string) { r.State, r.Detail = ReplyWithdrawn, why }

// withdrawDraft withdraws the AI's own draft; what a person typed stays, and meets the fence.
func (t *Ticket) withdrawDraft(why string) {
	if d := t.Draft(); d != nil && !d.Edited {
		t.withdraw(d, why)
	}
}

// withdrawLive withdraws whatever still waits.
func (t *Ticket) withdrawLive(why string) {
	for i := range t.Replies {
		if r := &t.Replies[i]; r.Live() {
			t.withdraw(r, why)
		}
	}
}
