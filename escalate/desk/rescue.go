package desk

import (
	"context"
	"fmt"

	"warmline/escalate"
)

// rescue hands a ticket to people when the answer that the policy sent did not arrive, or when nobody can tell: else
// nobody would ever look at it again.
func (c *change) rescue(ctx context.Context, r *escalate.Reply) error {
	stuck := r.State == escalate.ReplyFailed || r.State == escalate.ReplyAsk
	if !stuck || r.ByPerson() || r.Purpose != escalate.PurposeAnswer || c.ticket.Handoff.Active() {
		return nil
	}
	a, err := c.tx.Assessment(ctx, c.ticket.ID, c.ticket.Decision.Assessment)
	if err != nil {
		return fmt.Errorf("load assessment of ticket %s: %w", c.ticket.ID, err)
	}
	p, d, err := c.decision(ctx, a, func(w *escalate.World) { w.Undelivered = true })
	if err != nil {
		return err
	}
	now := c.tx.Now()
	event := escalate.Decided{Decision: d, Handoff: escalate.HandoffID(c.s.NewID(now)), Clock: clock(now, p, c.ticket)}
	event.Decision.Leave = ""
	if err := c.retarget(ctx, p); err != nil {
		return err
	}
	if r.State == escalate.ReplyFailed { // the customer has heard nothing at all
		if event.Ack, err = c.acknowledge(ctx, p, a, &d); err != nil {
			return err
		}
	}
	return c.apply(actorPolicy, event)
}
