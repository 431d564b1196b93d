package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"warmline/escalate"
)

// JobCare finds what nobody looks after (docs/fallbacks.md), on a schedule.
const JobCare = "look-after"

const (
	// careRounds is in how many rounds, of a minute each, all tickets are looked at.
	careRounds = 4
	// carePart is how many tickets one round looks at, at the least.
	carePart = 500
	// looseFor is for how long a ticket is known to be nobody's before people are told: with the rounds before, a quarter of an hour.
	looseFor = 10 * time.Minute
	// failingFor is for how long work fails before people are told.
	failingFor = 14 * time.Minute
	// looseAgain and looseDaily are after how long they are told again: the second time, and all others.
	looseAgain, looseDaily = 4 * time.Hour, 24 * time.Hour
	// unreadFor and unreadSince bound the notices that are looked for: after that a ticket should have been read, and what is older than
	// that was looked for long ago.
	unreadFor, unreadSince = 15 * time.Minute, 2 * time.Hour
	// mostHealed bounds what one round enqueues again; mostFailing and mostLoose what it reads of failing jobs, and of what nobody looks
	// after.
	mostHealed, mostFailing, mostLoose = 1000, 500, 20000
)

// careSetting keeps the ticket that was looked at last.
const careSetting = "care:after"

// lookAfter is the net below everything else. It looks at a part of the tickets on which something of ours is open: what a ticket
// needs and has no job for is enqueued again, and what nobody looks after, or what fails again and again, is told to people.
//
// Each ticket is healed in a transaction of its own, so that one that cannot be does not stop the others. Everything may run again: a
// job that waits already is not enqueued a second time, and who was told is a row.
func (s *Service) lookAfter(ctx context.Context, j Leased) error {
	found, err := s.inspect(ctx)
	if err != nil {
		return err
	}
	for _, id := range found.lacking[:min(mostHealed, len(found.lacking))] { // the others in the next pass
		if err := s.heal(ctx, id); err != nil {
			if ctx.Err() != nil {
				return err
			}
			s.Logger.ErrorContext(ctx, "ticket cannot be looked after", "ticket_id", id, "error", err)
			found.note(id, "", whyBroken)
		}
	}
	if err := s.readAgain(ctx, found.unread); err != nil {
		return err
	}
	// Commit point: what was found, and that people are told of it, is there together with the end of the round.
	return s.Store.Update(ctx, func(tx Tx) error {
		if err := found.save(ctx, tx); err != nil {
			return err
		}
		if err := s.tellLoose(ctx, tx); err != nil {
			return err
		}
		return tx.Finish(ctx, j)
	})
}

// heal enqueues the jobs that a ticket needs and has not. What it finds by the time it looks is what counts.
func (s *Service) heal(ctx context.Context, id escalate.TicketID) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, id)
		if errors.Is(err, ErrNotFound) {
			return nil // erased
		}
		if err != nil {
			return err
		}
		p, err := tx.Policy(ctx)
		if err != nil {
			return fmt.Errorf("load policy: %w", err)
		}
		one := inspection{now: tx.Now(), policy: p}
		if err := one.jobs(ctx, tx, []*escalate.Ticket{c.ticket}); err != nil {
			return err
		}
		lacks, err := s.lacks(ctx, tx, &one, c.ticket)
		if err != nil {
			return err
		}
		for _, e := range lacks {
			if err := c.mend(ctx, e); err != nil {
				return err
			}
		}
		return c.save(ctx)
	})
}

// mend has one missing job enqueued again, and says so in the log of the operator and in the audit log.
func (c *change) mend(ctx context.Context, e escalate.Effect) error {
	switch e.Kind {
	case escalate.EffectAssess:
		if err := c.s.enqueueAssess(ctx, c.tx, c.ticket.ID, c.ticket.Abandoned()); err != nil {
			return err
		}
	case escalate.EffectWarm:
		due, ok, err := c.warmAgain(ctx)
		if err != nil || !ok {
			return err
		}
		e.At = escalate.At(due)
		c.effects = append(c.effects, e)
	default:
		c.effects = append(c.effects, e)
	}
	c.s.Logger.WarnContext(ctx, "a job was missing, enqueued again", "kind", e.Kind, "ticket", c.ticket.Ref.ID)
	return c.tx.Audit(ctx, AuditRow{
		At: c.tx.Now(), Actor: actorWarmline, Action: "heal", Subject: string(c.ticket.ID), Outcome: outcomeDone,
		Detail: "the job " + string(e.Kind) + " was missing",
	})
}

// warmAgain says when the updates to a customer go on, if any are due.
func (c *change) warmAgain(ctx context.Context) (due time.Time, ok bool, err error) {
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return due, false, fmt.Errorf("load policy: %w", err)
	}
	hours, err := c.warmHours(ctx, p)
	if err != nil {
		return due, false, err
	}
	due, why := hours.due(p, c.ticket, c.tx.Now())
	if why == stopTag || why == stopPending { // the helpdesk may say something else later
		return c.tx.Now().Add(p.KeepWarm.Gap(0)), true, nil
	}
	return due, why == "", nil
}

// readAgain has tickets read of which a helpdesk told and that were not read since.
func (s *Service) readAgain(ctx context.Context, ids []escalate.TicketID) error {
	if len(ids) == 0 {
		return nil
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		for _, id := range ids {
			s.Logger.WarnContext(ctx, "a notice was not followed, reading the ticket again", "ticket_id", id)
			if err := s.enqueueAssess(ctx, tx, id, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// findings are what one round found.
type findings struct {
	now      time.Time
	channel  string              // where people are told who cannot be told beside a ticket
	after    escalate.TicketID   // where the next round begins
	seen     map[string]bool     // subjects that were looked at
	lacking  []escalate.TicketID // that may need a job and have none
	settled  []*escalate.Ticket  // on which nothing of ours is open
	unread   []escalate.TicketID // of which a helpdesk told in vain
	loose    map[string]Loose    // what nobody looks after, by subject
	channels map[string]struct{} // with alerts that no job tells of
}

// note has a ticket told to people.
func (f *findings) note(id escalate.TicketID, channel string, why Why) {
	f.add(Loose{Subject: string(id), Ticket: id, Channel: channel, Why: why, Since: f.now})
}

func (f *findings) add(l Loose) {
	if l.Channel == "" {
		l.Channel = f.channel
	}
	if _, there := f.loose[l.Subject]; !there { // the longest known comes first
		f.loose[l.Subject] = l
	}
	f.seen[l.Subject] = true
}

// save brings the rows up to date: what was found, since when it is known, and what is no news any more.
func (f *findings) save(ctx context.Context, tx Tx) error {
	known, err := tx.AllLoose(ctx, mostLoose)
	if err != nil {
		return err
	}
	var over []string
	for i := range known {
		k := &known[i]
		l, still := f.loose[k.Subject]
		switch {
		case still && l.Why == k.Why && l.Channel == k.Channel:
			delete(f.loose, k.Subject)
		case still && l.Why == k.Why:
			l.Since, l.Told, l.ToldAt = k.Since, k.Told, k.ToldAt
			f.loose[k.Subject] = l
		case !still && (f.seen[k.Subject] || k.Ticket == "" || k.Subject != string(k.Ticket)):
			over = append(over, k.Subject)
		}
	}
	for _, subject := range slices.Sorted(maps.Keys(f.loose)) {
		l := f.loose[subject]
		if err := tx.SaveLoose(ctx, &l); err != nil {
			return err
		}
	}
	for channel := range f.channels {
		if err := enqueueAlerts(ctx, tx, channel, tx.Now()); err != nil {
			return err
		}
	}
	return errors.Join(tx.DropLoose(ctx, over), tx.Settle(ctx, f.settled), tx.DropSettled(ctx), tx.PutSetting(ctx, careSetting, string(f.after)))
}
