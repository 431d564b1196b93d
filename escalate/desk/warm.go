package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
)

// reread runs a step of a ticket's timer after the ticket was read back from its helpdesk: a person may have answered there. The job
// ends, or comes again when the step names an instant. When the helpdesk cannot be read, a patient step waits for it; another one
// goes on with what is known after three tries, for what it tells colleagues cannot wait.
func (s *Service) reread(ctx context.Context, j Leased, patient bool, step func(c *change, e escalate.Effect) (next time.Time, err error)) error {
	w, t, _, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	snap, err := s.read(ctx, j, t)
	switch {
	case gone(j, err):
		snap = &Snapshot{Status: escalate.StatusGone, Content: t.Content}
	case err != nil && (patient || j.Attempt < 3):
		return err
	case err != nil:
		snap = nil
	}
	var next time.Time
	err = s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, w.Ticket)
		if err != nil {
			return err
		}
		if snap != nil {
			if err := c.take(ctx, snap); err != nil {
				return err
			}
		}
		c.unread = snap == nil
		if next, err = step(c, w.Effect); err != nil {
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

// keepWarm tells a waiting customer that their request is not forgotten, with nothing but what the ticket says.
func (s *Service) keepWarm(ctx context.Context, j Leased) error {
	return s.reread(ctx, j, true, func(c *change, e escalate.Effect) (time.Time, error) { return c.warm(ctx, e.Handoff) })
}

// warm starts one update, or says when to look again; the zero time when no more are due.
func (c *change) warm(ctx context.Context, handoff escalate.HandoffID) (next time.Time, err error) {
	t, h, now := c.ticket, c.ticket.Handoff, c.tx.Now()
	if h == nil || h.ID != handoff {
		return time.Time{}, nil
	}
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("load policy: %w", err)
	}
	hours, err := c.warmHours(ctx, p)
	if err != nil {
		return time.Time{}, err
	}
	due, why := hours.due(p, t, now)
	switch {
	case why == stopTag || why == stopPending:
		return now.Add(p.KeepWarm.Gap(0)), nil // the helpdesk may say something else by then
	case why != "":
		return time.Time{}, nil
	case now.Before(due):
		return earlier(due, now.Add(p.KeepWarm.Gap(0))), nil // a snooze may end before its time
	}
	if onItsWay(t) {
		return now.Add(time.Minute), nil // the helpdesk does not take it yet: two would arrive together
	}
	if paused, err := c.paused(ctx); err != nil || paused {
		return now.Add(p.KeepWarm.Gap(0)), err
	}
	if in, held := p.InTrial(t); in {
		if err := c.tx.JoinTrial(ctx, origin(t).ID, held); err != nil || held {
			return time.Time{}, err // what a person says, or the customer writes, begins updates anew
		}
	}
	u, err := c.update(ctx, p, now, t.Outdated())
	if err != nil {
		return time.Time{}, err
	}
	reply, err := c.inform(ctx, u)
	if err != nil {
		return time.Time{}, err
	}
	if reply == nil {
		return now.Add(p.KeepWarm.Gap(0)), nil // they have heard just that
	}
	e := escalate.Warmed{Handoff: h.ID, Reply: *reply}
	if t.Warmed()+1 < p.KeepWarm.Cap {
		// It is looked at no later than after the first interval: a message of anyone begins the schedule anew.
		e.Next = escalate.At(now.Add(min(p.KeepWarm.Gap(spent(t).updates+1), p.KeepWarm.Gap(0))))
	}
	return time.Time{}, c.apply(actorWarmline, e)
}

// Why there are no updates for now: the helpdesk says so, and may say something else later.
const (
	stopTag     = "the customer wants none, says the tag " + escalate.TagNoUpdates
	stopAsked   = "the customer has asked for none"
	stopPending = "the ticket is pending, and nobody said what we wait for"
	stopHeld    = "it is held out, to see what updates do; what a person says that we wait for is told all the same"
)

// idle reports whether the ticket was put to pending without a reason to wait, and no stated time is left to take back.
func idle(t *escalate.Ticket) bool {
	return t.Conversation.Status == escalate.StatusPending && !t.Handoff.Wait.Set() && t.Outdated().IsZero()
}

// nextWarm is when the next update to the customer is due, whatever the hour, or why there will be none.
func nextWarm(p *escalate.Policy, t *escalate.Ticket) (due time.Time, why string) {
	h, outdated := t.Handoff, t.Outdated()
	switch {
	case h == nil || h.State != escalate.HandoffOpen && h.State != escalate.HandoffClaimed:
		return due, "nobody in Slack has the ticket"
	case p.KeepWarm.Off:
		return due, "the policy sends no updates"
	case h.Quiet:
		return due, "updates are off for this ticket"
	case t.Content.NoUpdates():
		return due, stopTag
	case t.OptedOut() != nil:
		return due, stopAsked
	case t.Conversation.WaitingSince.IsZero() && !h.Wait.Set() && outdated.IsZero():
		return due, "a person has answered, and nobody said what we wait for"
	case idle(t):
		return due, stopPending
	case t.Warmed() >= p.KeepWarm.Cap && outdated.IsZero():
		return due, fmt.Sprintf("the %d that the policy allows a ticket are sent", p.KeepWarm.Cap)
	}
	if t.Warmed() >= p.KeepWarm.Cap {
		return outdated, "" // over the cap they hear only that a time is not kept, and not that we mean to write before it
	}
	s := spent(t)
	due = s.last.Add(p.KeepWarm.Gap(s.updates))
	if !outdated.IsZero() { // what we said is not true any more: they hear of it before they wait in vain
		return earlier(due, outdated), ""
	}
	if h.Snoozed.After(due) && !h.Wait.Set() {
		due = h.Snoozed // its owner does nothing until then, and has not said why
	}
	return due, ""
}

// onItsWay reports whether an update was started that has not arrived.
func onItsWay(t *escalate.Ticket) bool {
	return slices.ContainsFunc(t.Replies, func(r escalate.Reply) bool {
		return r.Purpose == escalate.PurposeWarm && (r.State == escalate.ReplyApproved || r.Begun())
	})
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// spent is how much of the schedule is used up: anyone's message starts it anew.
func spent(t *escalate.Ticket) (s struct {
	last    time.Time // when the customer last heard from us, or we from them
	updates int       // since anyone else wrote
},
) {
	for i := range t.Content.Messages {
		m := &t.Content.Messages[i]
		if r := t.Reply(escalate.ReplyID(m.Marker)); m.Public && m.At.After(s.last) && (r == nil || r.Purpose != escalate.PurposeWarm) {
			s.last = m.At
		}
	}
	from := s.last
	for i := range t.Replies {
		r := &t.Replies[i]
		at := r.BegunAt
		if at.IsZero() {
			at = r.ApprovedAt // on its way
		}
		if r.Purpose == escalate.PurposeWarm && r.State != escalate.ReplyWithdrawn && at.After(from) {
			s.last, s.updates = at, s.updates+1
		}
	}
	return s
}

// paused reports whether everything is paused, or the ticket's topic.
func (c *change) paused(ctx context.Context) (bool, error) {
	pauses, err := c.tx.Pauses(ctx)
	if err != nil {
		return false, fmt.Errorf("load pauses: %w", err)
	}
	_, paused := pauses[""]
	if d := c.ticket.Decision; d != nil && !paused {
		_, paused = pauses[d.Topic]
	}
	return paused, nil
}

// update gathers what an update may say at an instant; late is the time that the customer was told and that is not kept.
func (c *change) update(ctx context.Context, p *escalate.Policy, now, late time.Time) (*update, error) {
	t := c.ticket
	u := &update{team: p.Team, since: t.Conversation.WaitingSince, wait: t.Handoff.Wait, late: late, zone: time.UTC, now: now}
	if u.since.IsZero() {
		u.since = t.Handoff.OpenedAt
	}
	var err error
	if u.lang, err = c.lang(ctx); err != nil {
		return nil, err
	}
	if t.Handoff.Owner != "" {
		person, err := c.tx.PersonRow(ctx, t.Handoff.Owner)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("load owner: %w", err)
		}
		if err == nil {
			u.owner = person.Name
		}
	}
	if u.wait.Until.After(now) && u.wait.Until.Before(late) {
		u.late = time.Time{} // we now mean to write even before the time that they know
	}
	u.zone, err = c.zoneOfTimes(ctx, p)
	return u, err
}

// lang is the customer's language; "" when nothing is known of it.
func (c *change) lang(ctx context.Context) (string, error) {
	if c.ticket.Decision == nil {
		return "", nil
	}
	a, err := c.tx.Assessment(ctx, c.ticket.ID, c.ticket.Decision.Assessment)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("load assessment: %w", err)
	}
	return a.Lang, nil
}

// zoneOfTimes is the zone that an update says times in: the customer's, else that of who set them, else the team's.
func (c *change) zoneOfTimes(ctx context.Context, p *escalate.Policy) (*time.Location, error) {
	by := c.ticket.Handoff.Wait.By
	if _, known := zoneNamed(c.ticket.Content.Customer.Zone); !known && by != "" {
		return zoneOf(ctx, c.tx, by)
	}
	hours, _, _ := c.teamHours(ctx, p)
	return c.zoneFor(hours), nil
}

// zoneOf is a person's time zone, or UTC when it is not known.
func zoneOf(ctx context.Context, tx Tx, id escalate.PersonID) (*time.Location, error) {
	person, err := tx.PersonRow(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return time.UTC, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load time zone of %s: %w", id, err)
	}
	if zone, err := time.LoadLocation(person.Zone); err == nil {
		return zone, nil
	}
	return time.UTC, nil
}

// inform writes an update that differs from all before; nil when nothing else can be said now.
func (c *change) inform(ctx context.Context, u *update) (*escalate.Proposal, error) {
	text, until := u.different(c.ticket)
	if text == "" {
		return nil, nil //nolint:nilnil // nothing is a valid answer
	}
	reply, err := c.write(ctx, escalate.PurposeWarm, text, c.ticket.Conversation.Customer)
	if err != nil {
		return nil, err
	}
	reply.Until, reply.Late = escalate.At(until), !u.late.IsZero()
	return reply, nil
}

// different says an update in words that none of the ticket's updates had: in the first wording, in the second, then in either with
// the time at which it stands so. It is "" when all of them were said, and that is within one minute.
func (u *update) different(t *escalate.Ticket) (string, time.Time) {
	said := map[string]bool{}
	for i := range t.Replies {
		if r := &t.Replies[i]; r.Purpose == escalate.PurposeWarm && r.State != escalate.ReplyWithdrawn {
			said[r.Hash] = true
		}
	}
	for _, dated := range []bool{false, true} {
		for _, again := range []bool{false, true} {
			if text, until := u.text(again, dated); !said[hashOf(text)] {
				return text, until
			}
		}
	}
	return "", time.Time{}
}
