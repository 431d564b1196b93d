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

// warn tells of a first response that is near its deadline, once: the owner, or the channel when nobody has it.
func (s *Service) warn(ctx context.Context, j Leased) error {
	return s.timer(ctx, j, func(c *change, id escalate.HandoffID) (time.Time, error) {
		h, now := c.ticket.Handoff, c.tx.Now()
		switch {
		case !waiting(c.ticket, id) || h.Warned:
			return time.Time{}, nil
		case now.Before(h.Snoozed):
			return h.Snoozed, nil
		}
		if err := c.apply(actorWarmline, escalate.Warned{Handoff: h.ID}); err != nil {
			return time.Time{}, err
		}
		what := "Nobody has claimed it."
		if h.Owner != "" {
			what = "It is yours."
		}
		left := h.DueAt.Sub(now).Round(time.Minute)
		text := fmt.Sprintf("The first answer is due in %s. %s", spoken(left), what)
		if left <= 0 {
			text = "The first answer is overdue. " + what
		}
		post := ThreadPost{Key: "warn-" + string(h.ID), Head: "Deadline", Text: text, Mention: h.Owner, At: now}
		return time.Time{}, c.enqueueThread(ctx, h, post)
	})
}

// waiting reports whether the hand-off of a timer still stands and its customer waits for a human.
func waiting(t *escalate.Ticket, handoff escalate.HandoffID) bool {
	h := t.Handoff
	return h != nil && h.ID == handoff && (h.State == escalate.HandoffOpen || h.State == escalate.HandoffClaimed) &&
		!t.Conversation.WaitingSince.IsZero()
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
