package desk

import (
	"context"
	"errors"
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

// keepWarm tells a waiting customer that their request is not forgotten, with nothing but what the ticket says.
func (s *Service) keepWarm(ctx context.Context, j Leased) error {
	w, t, _, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	snap, err := s.read(ctx, j, t)
	if gone(j, err) {
		return s.finish(ctx, j)
	}
	if err != nil {
		return err
	}
	var later *Later
	err = s.Store.Update(ctx, func(tx Tx) error {
		later = nil
		c, err := s.change(ctx, tx, w.Ticket)
		if err != nil {
			return err
		}
		if err := c.take(ctx, snap); err != nil {
			return err
		}
		wait, err := c.warm(ctx, w.Effect.Handoff)
		if err != nil {
			return err
		}
		if err := c.save(ctx); err != nil {
			return err
		}
		if wait > 0 {
			later = &Later{At: tx.Now().Add(wait)}
			return nil
		}
		return tx.Finish(ctx, j)
	})
	if err == nil && later != nil {
		return later
	}
	return err
}

// warm starts one update, or says how long to wait still. Anyone's message starts the wait anew.
func (c *change) warm(ctx context.Context, handoff escalate.HandoffID) (wait time.Duration, err error) {
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return 0, fmt.Errorf("load policy: %w", err)
	}
	t, h, now := c.ticket, c.ticket.Handoff, c.tx.Now()
	if !waiting(t, handoff) || p.KeepWarm.Off || h.Warmed >= p.KeepWarm.Cap {
		return 0, nil
	}
	if quiet := lastPublic(&t.Content).Add(p.KeepWarm.After); now.Before(quiet) {
		return quiet.Sub(now), nil
	}
	pauses, err := c.tx.Pauses(ctx)
	if err != nil {
		return 0, fmt.Errorf("load pauses: %w", err)
	}
	if _, paused := pauses[""]; paused {
		return p.KeepWarm.After, nil
	}
	text, err := c.warmText(ctx, p)
	if err != nil {
		return 0, err
	}
	reply, err := c.write(ctx, escalate.PurposeWarm, text, t.Conversation.Customer)
	if err != nil {
		return 0, err
	}
	e := escalate.Warmed{Handoff: h.ID, Reply: *reply}
	if h.Warmed+1 < p.KeepWarm.Cap {
		// Updates come ever more rarely: after one interval, then after twice, three times the interval.
		e.Next = escalate.At(now.Add(p.KeepWarm.After * time.Duration(h.Warmed+2)))
	}
	return 0, c.apply(actorWarmline, e)
}

func (c *change) warmText(ctx context.Context, p *escalate.Policy) (string, error) {
	t, lang, owner := c.ticket, "", ""
	if t.Decision != nil {
		a, err := c.tx.Assessment(ctx, t.ID, t.Decision.Assessment)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return "", fmt.Errorf("load assessment: %w", err)
		}
		if err == nil {
			lang = a.Lang
		}
	}
	if t.Handoff.Owner != "" {
		if person, err := c.tx.PersonRow(ctx, t.Handoff.Owner); err == nil {
			owner = person.Name
		}
	}
	since := t.Conversation.WaitingSince
	if since.IsZero() {
		since = t.Handoff.OpenedAt
	}
	return warmText(lang, p.Team, owner, since.Format("2006-01-02")), nil
}

// lastPublic is when anyone last wrote something that the customer can read.
func lastPublic(c *escalate.Content) time.Time {
	var at time.Time
	for i := range c.Messages {
		if m := &c.Messages[i]; m.Public && m.At.After(at) {
			at = m.At
		}
	}
	return at
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
