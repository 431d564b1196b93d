package desk

import (
	"context"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// warmHours are the calendars that must all be open for an update to go out; none is around the clock.
type warmHours []*calendar.Calendar

// warmHours makes the hours for updates of a ticket ready, in the zone that its customer lives in, where that is known. Hours that cannot
// be read are an error: silence beats a message at night.
func (c *change) warmHours(ctx context.Context, p *escalate.Policy) (warmHours, error) {
	if c.s.Hours == nil {
		return nil, nil
	}
	lang := ""
	if len(p.KeepWarm.Customers) > 0 {
		var err error
		if lang, err = c.lang(ctx); err != nil {
			return nil, err
		}
	}
	content := &c.ticket.Content
	_, known := zoneNamed(content.Customer.Zone)
	var all warmHours
	for _, h := range p.WarmHours(content, lang) {
		if known {
			h.Zone = content.Customer.Zone
		}
		cal, err := c.s.Hours.Calendar(&h)
		if err != nil {
			return nil, fmt.Errorf("read hours of updates to customers: %w", err)
		}
		all = append(all, cal)
	}
	return all, nil
}

// mostTurns bounds how often one calendar may be closed when another opens: no two within calendar.Horizon do so more often.
const mostTurns = 1000

// next is the earliest time, from at on, at which an update may go out; the zero time when there is none.
func (w warmHours) next(at time.Time) time.Time {
	for range mostTurns {
		from := at
		for _, cal := range w {
			if at = cal.NextOpen(at); at.IsZero() {
				return at
			}
		}
		if at.Equal(from) {
			return at
		}
	}
	return time.Time{}
}

// due is when the next update to the customer goes out, as of a time, or why there will be none.
func (w warmHours) due(p *escalate.Policy, t *escalate.Ticket, now time.Time) (due time.Time, why string) {
	if due, why = nextWarm(p, t); why != "" {
		return time.Time{}, why
	}
	if due.Before(now) {
		due = now
	}
	if due = w.next(due); due.IsZero() {
		return due, "the policy's hours for updates leave no time for one"
	}
	return due, ""
}

// comes is due, but says so of a ticket that is held out.
func (w warmHours) comes(p *escalate.Policy, t *escalate.Ticket, now time.Time) (due time.Time, why string) {
	if due, why = w.due(p, t, now); why != "" {
		return due, why
	}
	if _, held := p.InTrial(t); held {
		return time.Time{}, stopHeld
	}
	return due, ""
}

// opens is when the customer may be sent an update: now, or later.
func (c *change) opens(ctx context.Context) (time.Time, error) {
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("load policy: %w", err)
	}
	w, err := c.warmHours(ctx, p)
	if err != nil {
		return time.Time{}, err
	}
	now := c.tx.Now()
	if at := w.next(now); !at.IsZero() {
		return at, nil
	}
	return now.Add(calendar.Horizon), nil // by then there may be other hours
}
