package desk

import (
	"context"

	"warmline/escalate"
)

// keepWaits keeps for how long the customer waited for a person, as far as what just happened tells, and what came of a wait that takes
// part in the hold-out. What is noted already stays.
func (c *change) keepWaits(ctx context.Context) error {
	t, h, origins := c.ticket, c.ticket.Handoff, c.ticket.Origins()
	if h == nil || len(c.events) == 0 {
		return nil
	}
	first := origin(t)
	answered := t.Conversation.HumanAt.After(first.OpenedAt)
	if h.Active() && h.Kind == escalate.KindEscalation && !answered && c.decided() {
		w := &WaitRow{Handoff: first.ID, Channel: h.Channel, Chat: isChat(t), Began: first.OpenedAt}
		if t.Decision != nil {
			w.Topic = t.Decision.Topic
		}
		if err := c.tx.BeginWait(ctx, w); err != nil {
			return err
		}
		if len(origins) > 1 { // it came back after it had ended
			if err := c.tx.NoteTrial(ctx, origins[len(origins)-2].ID, TrialReopened); err != nil {
				return err
			}
		}
	}
	if c.knew.Customer != "" && c.knew.Customer != t.Conversation.Customer {
		if err := c.tx.NoteTrial(ctx, first.ID, TrialAsked); err != nil {
			return err
		}
	}
	switch {
	case answered && !t.Conversation.HumanAt.Equal(c.knew.HumanAt):
		return c.tx.EndWait(ctx, first.ID, t.Conversation.HumanAt, true)
	case !h.Active() && h.EndedAt.Equal(c.tx.Now()):
		return c.tx.EndWait(ctx, first.ID, h.EndedAt, false)
	}
	return nil
}

// origin is the hand-off in which what people have now began.
func origin(t *escalate.Ticket) *escalate.Handoff {
	all := t.Origins()
	return all[len(all)-1]
}

// decided reports whether a decision was taken, or a person took the hand-off elsewhere.
func (c *change) decided() bool {
	for i := range c.events {
		switch c.events[i].Event.(type) {
		case escalate.Decided, escalate.Raised:
			return true
		}
	}
	return false
}
