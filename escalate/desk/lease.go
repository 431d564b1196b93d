package desk

import (
	"context"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// lease reminds the owner of a claim without a reply, and later gives the hand-off back to its channel: a claim that nobody
// follows up would hide a waiting customer from everybody else.
func (s *Service) lease(ctx context.Context, j Leased) error {
	return s.timer(ctx, j, func(c *change, id escalate.HandoffID) (time.Time, error) {
		p, err := c.tx.Policy(ctx)
		if err != nil {
			return time.Time{}, fmt.Errorf("load policy: %w", err)
		}
		return c.expire(ctx, p, id)
	})
}

// expire takes the step that is due, and says when to look again; the zero time when there is nothing more to do.
func (c *change) expire(ctx context.Context, p *escalate.Policy, handoff escalate.HandoffID) (next time.Time, err error) {
	l := &p.Lease
	t, h, now := c.ticket, c.ticket.Handoff, c.tx.Now()
	if h == nil || h.ID != handoff || h.State != escalate.HandoffClaimed || t.Conversation.HumanAt.After(h.ClaimedAt) {
		return time.Time{}, nil // ended, or its owner has answered
	}
	from, hours := silentSince(h), c.s.calendarNamed(ctx, p, p.LeaseCalendar(&c.ticket.Content))
	nudge, release := worked(hours, from, l.Nudge), worked(hours, from, l.Release)
	if d := t.Draft(); t.UnderWay() != nil || d != nil && d.State == escalate.ReplyApproved {
		return now.Add(time.Minute), nil
	}
	switch {
	case l.Nudge > 0 && !h.Nudged && now.Before(nudge):
		return nudge, nil
	case l.Nudge > 0 && !h.Nudged:
		if err := c.apply(actorWarmline, escalate.Nudged{Handoff: h.ID}); err != nil {
			return next, err
		}
		text := "You claimed this, and the customer has not heard from a person yet. Reply, snooze it, or pass it on."
		if l.Release > 0 {
			text += fmt.Sprintf(" In %s it goes back to the channel.", workingWords(hours, hours.Between(now, release)))
			next = release
		}
		return next, c.leaseWords(ctx, h, "Still yours?", text)
	case l.Release == 0:
		return next, nil
	case now.Before(release):
		return release, nil
	}
	owner := *h
	if err := c.apply(actorWarmline, escalate.Released{}); err != nil {
		return next, err
	}
	return next, c.leaseWords(ctx, &owner, "Released", fmt.Sprintf("Nobody has answered the customer within %s of the claim. "+
		"Whoever is free may claim it now.", workingWords(hours, l.Release)))
}

// silentSince is from when on the owner of a claim has been silent.
func silentSince(h *escalate.Handoff) time.Time {
	from := h.ClaimedAt
	if h.Snoozed.After(from) {
		from = h.Snoozed // nothing was to be done until then
	}
	if h.Wait.At.After(from) {
		from = h.Wait.At // they said what they wait for, which is no silence
	}
	if !h.Wait.Measured() && h.Wait.Until.After(from) {
		from = h.Wait.Until // and until when; that time has a timer of its own
	}
	return from
}

// worked is when so much working time has passed. Hours that never come count around the clock: a claim must not last for ever.
func worked(hours *calendar.Calendar, from time.Time, d time.Duration) time.Time {
	if at := hours.Due(from, d); !at.IsZero() {
		return at
	}
	return from.Add(d)
}

// workingWords says a duration, and that it counts in working time where it does.
func workingWords(hours *calendar.Calendar, d time.Duration) string {
	words := spoken(d.Round(time.Minute))
	if !hours.AlwaysOpen() {
		words += " of working time"
	}
	return words
}

// leaseWords tells the owner of a hand-off something in its thread.
func (c *change) leaseWords(ctx context.Context, h *escalate.Handoff, head, text string) error {
	return c.enqueueThread(ctx, h, ThreadPost{
		Key: fmt.Sprintf("lease-%s-%d-%s", h.ID, h.ClaimedAt.Unix(), head), Head: head, Text: text, Mention: h.Owner, At: c.tx.Now(),
	})
}
