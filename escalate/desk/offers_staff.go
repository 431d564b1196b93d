package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/rota"
)

// staff are those who are on for a channel at a time: in its rota or, while nobody is on there, in the one that is paged.
type staff struct {
	name   string
	roster *roster
	people []rota.PersonID
	paged  bool
	opens  time.Time // nobody is on: when somebody comes on; zero: not within rota.Horizon, or somebody is
}

// onShift says who is on for a channel.
func (c *change) onShift(ctx context.Context, p *escalate.Policy, rule *escalate.OfferRule) (*staff, error) {
	now := c.tx.Now()
	for _, name := range []string{rule.Rota, rule.Page} {
		if name == "" {
			continue
		}
		r, err := loadRoster(ctx, c.tx, p, name)
		if err != nil {
			return nil, err
		}
		if people := r.On(now); len(people) > 0 {
			return &staff{name: name, roster: r, people: people, paged: name == rule.Page && name != rule.Rota}, nil
		}
	}
	r, err := loadRoster(ctx, c.tx, p, rule.Rota)
	if err != nil {
		return nil, err
	}
	none := &staff{name: rule.Rota, roster: r}
	if next, ok := r.Next(now); ok {
		none.opens = next.At
	}
	return none, nil
}

// has reports whether somebody may still claim what they were offered: they are on, and there.
func (s *staff) has(ctx context.Context, c *change, p *escalate.Policy, id escalate.PersonID) (bool, error) {
	if id == "" || !slices.Contains(s.people, rota.PersonID(id)) {
		return false, nil
	}
	there, err := c.tx.PresenceOf(ctx, id)
	return err == nil && !p.Offers.IsAway(there.Status(c.tx.Now())), err
}

// until is when it changes who is on; the zero time when it does not within rota.Horizon.
func (s *staff) until(now time.Time) time.Time {
	next, _ := s.roster.NextChange(now)
	return next.At
}

// again is when to look again for somebody who can take a hand-off that nobody can now.
func (s *staff) again(now time.Time) time.Time {
	if len(s.people) == 0 && !s.opens.IsZero() {
		return s.opens
	}
	return soonest(s.until(now), now.Add(lookAgain))
}

// unstaffed lists the channels that have a fallback and nobody who is on, in ascending order.
func (c *change) unstaffed(ctx context.Context, p *escalate.Policy) (closed []string, err error) {
	for channel, rule := range p.Offers.Channels {
		if rule.Fallback == "" || rule.Rota == "" {
			continue
		}
		r, err := loadRoster(ctx, c.tx, p, rule.Rota)
		if err != nil {
			return nil, err
		}
		if len(r.On(c.tx.Now())) == 0 {
			closed = append(closed, channel)
		}
	}
	slices.Sort(closed)
	return closed, nil
}

// soonest is the earlier of two instants, of which the zero time is none.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// readPresence asks Slack about those who are on shift where something is offered. What could not be read stays as it was known.
func (s *Service) readPresence(ctx context.Context) error {
	var ids []escalate.PersonID
	err := s.Store.View(ctx, func(tx Tx) error {
		ids = nil
		p, err := tx.Policy(ctx)
		if err != nil {
			return ignoreNotFound(err)
		}
		for _, name := range p.Staffed() {
			r, err := loadRoster(ctx, tx, p, name)
			if err != nil {
				return err
			}
			for _, id := range r.On(tx.Now()) {
				ids = append(ids, escalate.PersonID(id))
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list who is on shift: %w", err)
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil
	}
	seen, err := s.Directory.ReadPresence(ctx, ids)
	if err != nil {
		return fmt.Errorf("read who is there: %w", err)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		for i := range seen {
			if err := tx.SavePresence(ctx, &seen[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
