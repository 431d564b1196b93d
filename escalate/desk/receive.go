package desk

import (
	"context"
	"fmt"

	"warmline/escalate"
)

// Receive takes a helpdesk's hint that a ticket changed. When it returns nil the notice and the work it causes are
// durable, so a webhook may be answered with 2xx. The same delivery again is accepted and changes nothing.
func (s *Service) Receive(ctx context.Context, n Notice) error {
	if _, err := s.helpdesk(n.Ref); err != nil {
		return fmt.Errorf("receive ticket %s: %w", n.Ref.ID, err)
	}
	if err := s.Store.Update(ctx, func(tx Tx) error { return s.noted(ctx, tx, n) }); err != nil {
		return fmt.Errorf("receive ticket %s: %w", n.Ref.ID, err)
	}
	return nil
}

// noted keeps a notice, its ticket, and the work it causes.
func (s *Service) noted(ctx context.Context, tx Tx, n Notice) error {
	fresh, err := tx.AddNotice(ctx, n)
	if err != nil || !fresh {
		return err
	}
	id, _, err := tx.CreateTicket(ctx, &escalate.Ticket{ID: escalate.TicketID(s.NewID(tx.Now())), Ref: n.Ref})
	if err != nil {
		return err
	}
	return s.enqueueAssess(ctx, tx, id, false)
}

// follow has the ticket read that this one was merged into: what the customer wrote is there now. It counts once for each merge.
func (c *change) follow(ctx context.Context, into string) error {
	if into == "" || into == c.ticket.Ref.ID {
		return nil
	}
	return c.s.noted(ctx, c.tx, Notice{
		Ref: escalate.Ref{Desk: c.ticket.Ref.Desk, ID: into}, Delivery: "merged:" + c.ticket.Ref.ID,
	})
}

// forced ends the key of a job that decides even when nothing is new.
const forced = ":force"

// enqueueAssess has a ticket read and decided upon at once. One waiting assessment serves all notices before it runs.
func (s *Service) enqueueAssess(ctx context.Context, tx Tx, id escalate.TicketID, force bool) error {
	j, err := newJob(string(escalate.EffectAssess), work{Ticket: id, Force: force})
	if err != nil {
		return err
	}
	j.Key, j.Group, j.Urgent = string(id), "ticket:"+string(id), true
	if force {
		j.Key += forced
	}
	return tx.Enqueue(ctx, j)
}
