package escalate

import (
	"time"

	"warmline/escalate/calendar"
)

// situation is what a ticket's clocks follow, as they stand between two events.
type situation struct {
	handoff  HandoffID
	state    HandoffState
	active   bool
	snoozed  time.Time
	status   Status
	customer MessageID
	edited   time.Time
	human    time.Time
	waiting  time.Time
}

func (t *Ticket) situation() situation {
	c := &t.Conversation
	s := situation{status: c.Status, customer: c.Customer, edited: c.Edited, human: c.HumanAt, waiting: c.WaitingSince}
	if h := t.Handoff; h != nil {
		s.handoff, s.state, s.active, s.snoozed = h.ID, h.State, h.Active(), h.Snoozed
	}
	return s
}

// follow lets the clocks follow what an event changed, and reports whether it concerned them. Clocks run while people have the
// ticket, from the moment at which the customer began to wait. Only people's replies, and what the helpdesk says, count.
func (t *Ticket) follow(now time.Time, was situation, e Event) bool {
	c, is := &t.Clocks, t.situation()
	switch e := e.(type) {
	case Targeted:
		c.promise(now, e)
		if is.active && len(c.Runs) == 0 {
			t.catchUp()
		}
		return true
	case Alerted:
		return true
	}
	if is == was || len(c.Terms) == 0 {
		return false
	}
	t.answered(now, was, is)
	t.handled(now, was, is, begun(now, is, e))
	if t.solved(is, e) {
		c.meet(now, TargetResolution)
	}
	t.waits(was, is)
	t.stands(now, was, is)
	return was.active || is.active
}

// catchUp starts the clocks of a hand-off that was opened before there were targets.
func (t *Ticket) catchUp() {
	c, h := &t.Clocks, t.Handoff
	begun := h.OpenedAt
	if since := t.Conversation.WaitingSince; !since.IsZero() {
		begun = since
		t.respond(begun)
	}
	c.start(begun, TargetResolution)
	c.start(h.OpenedAt, TargetHandoff)
	if h.State == HandoffOpen {
		c.start(h.OpenedAt, TargetClaim)
	}
}

// answered ends the clocks of the answer that a person gave, or for which nobody waits any more.
func (t *Ticket) answered(now time.Time, was, is situation) {
	for _, target := range Targets {
		run := t.Clocks.running(target)
		switch {
		case run == nil || !target.response():
		case is.human.After(was.human) && !is.human.Before(run.Started):
			run.Met = is.human
		case is.waiting.IsZero() && !was.waiting.IsZero():
			run.Cancelled = now // what they wrote is gone
		}
	}
}

// handled follows the hand-off: when it opens, is acknowledged, and ends.
func (t *Ticket) handled(now time.Time, was, is situation, begun time.Time) {
	c, moved := &t.Clocks, was.active && is.active && was.handoff != is.handoff
	switch {
	case is.active && (moved || !was.active):
		if !moved {
			c.start(now, TargetHandoff)
		}
		c.start(now, TargetClaim)
		if c.running(TargetResolution) == nil {
			c.start(begun, TargetResolution)
		}
		if !t.responding() {
			t.respond(begun)
		}
	case is.active && was.state == HandoffOpen && is.state != HandoffOpen:
		c.meet(now, TargetClaim)
	case is.active && was.state != HandoffOpen && is.state == HandoffOpen:
		c.start(now, TargetClaim) // somebody has to acknowledge it anew
	case was.active && !is.active:
		t.ended(now)
	}
}

// ended ends the clocks of a hand-off that went on nowhere.
func (t *Ticket) ended(now time.Time) {
	c, h := &t.Clocks, t.Handoff
	if h.State == HandoffResolved {
		c.meet(now, TargetHandoff)
		if h.EndedBy != "" {
			c.meet(now, TargetClaim) // who deals with it has seen it
		}
	}
	for _, target := range Targets {
		if target != TargetResolution || h.State != HandoffResolved {
			c.cancel(now, target)
		}
	}
}

// solved reports whether an event solved the ticket itself, not just the hand-off.
func (t *Ticket) solved(is situation, e Event) bool {
	switch e := e.(type) {
	case Resolved:
		return true
	case Sent:
		return t.Reply(e.Reply).Solve
	}
	return is.status.Ended()
}

// waits starts the clock of an answer for a customer who began to wait while people have the ticket.
func (t *Ticket) waits(was, is situation) {
	if is.active && !is.waiting.IsZero() && !is.waiting.Equal(was.waiting) && !t.responding() {
		t.respond(is.waiting)
	}
}

// stands stops the clocks while the ticket waits for others or is snoozed. A customer who writes ends their own wait at once,
// whatever the helpdesk makes of the status: else a ticket that is left pending would hide that they wait.
func (t *Ticket) stands(now time.Time, was, is situation) {
	c := &t.Clocks
	wrote := (is.customer != was.customer || is.edited.After(was.edited)) && !is.waiting.IsZero()
	switch {
	case is.status != StatusPending || wrote:
		c.resume(now, calendar.PausePending)
	case was.status != StatusPending:
		c.pause(now, calendar.PausePending)
	}
	if is.status == StatusOnHold {
		c.pause(now, calendar.PauseOnHold)
	} else {
		c.resume(now, calendar.PauseOnHold)
	}
	if !is.snoozed.IsZero() {
		c.pause(now, calendar.PauseSnoozed)
		return
	}
	if !was.snoozed.IsZero() && was.snoozed.Before(now) { // it was over before somebody noticed
		c.resume(was.snoozed, calendar.PauseSnoozed)
	}
	c.resume(now, calendar.PauseSnoozed)
}

// responding reports whether the clock of an answer runs.
func (t *Ticket) responding() bool {
	return t.Clocks.running(TargetFirstResponse) != nil || t.Clocks.running(TargetNextResponse) != nil
}

// respond starts the clock of the answer that the customer waits for.
func (t *Ticket) respond(at time.Time) {
	if t.Conversation.HumanAt.IsZero() {
		t.Clocks.start(at, TargetFirstResponse)
	} else {
		t.Clocks.start(at, TargetNextResponse)
	}
}

// begun is when the wait for people began: when the customer wrote, or now, when nobody waits, or nobody knows that they do because
// the answer that they were given was wrong.
func begun(now time.Time, is situation, e Event) time.Time {
	if d, ok := e.(Decided); is.waiting.IsZero() || ok && d.Decision.World.Wrong {
		return now
	}
	return is.waiting
}
