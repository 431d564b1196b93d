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
	roster *roster // nil: it cannot be read
	people []rota.PersonID
	paged  bool
	own    time.Time // paged: when somebody comes on in the channel's own rota
	opens  time.Time // nobody is on: when somebody comes on; zero: not within rota.Horizon, or somebody is
}

// onShift says who is on for a channel.
func (c *change) onShift(ctx context.Context, p *escalate.Policy, rule *escalate.OfferRule) (*staff, error) {
	now, none := c.tx.Now(), &staff{name: rule.Rota}
	for _, name := range []string{rule.Rota, rule.Page} {
		if name == "" {
			continue
		}
		r, err := c.roster(ctx, p, name)
		if err != nil {
			return nil, err
		}
		if people := r.on(now); len(people) > 0 {
			return &staff{name: name, roster: r, people: people, paged: name != rule.Rota, own: none.opens}, nil
		}
		if r != nil {
			next, _ := r.Next(now)
			none.opens = soonest(none.opens, next.At)
		}
	}
	return none, nil
}

// roster makes a rota ready; nil when it cannot be read, as with a user group that there is none of: then it has nobody on, and nothing
// else waits for that to be put right.
func (c *change) roster(ctx context.Context, p *escalate.Policy, name string) (*roster, error) {
	r, err := c.s.loadRoster(ctx, c.tx, p, name)
	if isFault(err) {
		c.s.Logger.WarnContext(ctx, "rota cannot be read, taking it as nobody on", "rota", name, "error", err)
		return nil, nil //nolint:nilnil // nobody is a valid answer
	}
	return r, err
}

// on are those who are on, nobody when the rota cannot be read.
func (r *roster) on(now time.Time) []rota.PersonID {
	if r == nil {
		return nil
	}
	return r.On(now)
}

// has reports whether somebody may still claim what they were offered: they are on, and there.
func (s *staff) has(ctx context.Context, c *change, p *escalate.Policy, id escalate.PersonID) (bool, error) {
	if id == "" || !slices.Contains(s.people, rota.PersonID(id)) {
		return false, nil
	}
	there, err := c.tx.PresenceOf(ctx, []escalate.PersonID{id})
	seen := there[id]
	return err == nil && !p.Offers.IsAway(seen.Status(c.tx.Now())), err
}

// until is when it changes who is on; the zero time when it does not within rota.Horizon.
func (s *staff) until(now time.Time) time.Time {
	if s.roster == nil {
		return time.Time{}
	}
	next, _ := s.roster.NextChange(now)
	return soonest(next.At, s.own)
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
		r, err := c.roster(ctx, p, rule.Rota)
		if err != nil {
			return nil, err
		}
		if len(r.on(c.tx.Now())) == 0 {
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
			r, err := (&change{s: s, tx: tx}).roster(ctx, p, name)
			if err != nil {
				return err
			}
			for _, id := range r.on(tx.Now()) {
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
