package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
)

// sweep redraws cards that lag behind their tickets: whatever went wrong, the card tells the truth again. A new policy is noticed
// here, too, wherever it came from, and so is the end of a shift.
func (s *Service) sweep(ctx context.Context, j Leased) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if err := s.byPolicy(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.LaggingCards(ctx, 100)
		if err != nil {
			return fmt.Errorf("find lagging cards: %w", err)
		}
		for i := range rows {
			c, err := s.change(ctx, tx, rows[i].Ticket)
			if err != nil {
				return err
			}
			if err := c.enqueue(ctx, escalate.Effect{Kind: escalate.EffectDrawCard, Handoff: rows[i].Handoff}); err != nil {
				return err
			}
		}
		return tx.Finish(ctx, j)
	})
}

// byPolicy does what recurs and the policy speaks of.
func (s *Service) byPolicy(ctx context.Context, tx Tx) error {
	p, err := tx.Policy(ctx)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	if err := s.recheck(ctx, tx, p); err != nil {
		return err
	}
	return s.shiftEnds(ctx, tx, p)
}

// seal chains the audit rows that are not chained yet.
func (s *Service) seal(ctx context.Context, j Leased) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if _, err := tx.SealAudit(ctx, 1000); err != nil {
			return fmt.Errorf("seal audit log: %w", err)
		}
		return tx.Finish(ctx, j)
	})
}

// deadKept is for how long a job that was given up is kept, and counted, for whoever looks why.
const deadKept = 7 * 24 * time.Hour

// forget drops presses that are too old to be delivered again, questions that are too old to be answered, and what was measured, or given up,
// long ago.
func (s *Service) forget(ctx context.Context, j Leased) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if _, err := tx.ForgetPresses(ctx, tx.Now().Add(-24*time.Hour)); err != nil {
			return fmt.Errorf("forget old presses: %w", err)
		}
		if _, err := tx.ForgetAsks(ctx, tx.Now().Add(-reviewsKept)); err != nil {
			return fmt.Errorf("forget old questions: %w", err)
		}
		if _, err := tx.ForgetResults(ctx, tx.Now().Add(-resultsKept)); err != nil {
			return err
		}
		if _, err := tx.ForgetWaits(ctx, tx.Now().Add(-waitsKept)); err != nil {
			return fmt.Errorf("forget old waits: %w", err)
		}
		if _, err := tx.ForgetDead(ctx, tx.Now().Add(-deadKept)); err != nil {
			return err
		}
		return tx.Finish(ctx, j)
	})
}
