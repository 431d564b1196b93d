package desk

import (
	"context"
	"fmt"
	"time"

	"warmline/escalate"
)

// timer runs a step of a ticket's timer: what it changes is saved, and the job ends, or comes again when the step names an instant.
func (s *Service) timer(ctx context.Context, j Leased, step func(c *change, h escalate.HandoffID) (next time.Time, err error)) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	var next time.Time
	err = s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, w.Ticket)
		if err != nil {
			return err
		}
		if next, err = step(c, w.Effect.Handoff); err != nil {
			return err
		}
		if err := c.save(ctx); err != nil || !next.IsZero() {
			return err
		}
		return tx.Finish(ctx, j)
	})
	if err == nil && !next.IsZero() {
		return &Later{At: next}
	}
	return err
}

// spoken says a duration as people do.
func spoken(d time.Duration) string {
	h, m := int(d.Hours()), int(d.Minutes())%60
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d h %d min", h, m)
}
