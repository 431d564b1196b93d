package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"warmline/escalate"
)

// membership shares readings of the Slack groups: one that begins after a press serves everybody who waits for it.
type membership struct {
	mu   sync.Mutex
	next *reading      // has not begun; whoever comes now may join it
	turn chan struct{} // holds a token while a reading runs
}

type reading struct {
	done chan struct{}
	err  error
}

// fresh returns once a reading of the groups that began after the call is in the store.
func (s *Service) fresh(ctx context.Context) error {
	m := &s.members
	m.mu.Lock()
	r := m.next
	if r != nil {
		m.mu.Unlock()
		select {
		case <-r.done:
			return r.err
		case <-ctx.Done():
			return fmt.Errorf("wait for the Slack groups: %w", ctx.Err())
		}
	}
	r = &reading{done: make(chan struct{})}
	m.next = r
	m.mu.Unlock()

	m.turn <- struct{}{} // at most one call to Slack long
	m.mu.Lock()
	m.next = nil
	m.mu.Unlock()
	defer func() { <-m.turn; close(r.done) }()
	_, r.err = s.readGroups(ctx)
	return r.err
}

// readGroups reads every group and keeps what it saw, with the instant at which the reading began.
func (s *Service) readGroups(ctx context.Context) ([]Group, error) {
	var begun time.Time
	if err := s.Store.View(ctx, func(tx Tx) error { begun = tx.Now(); return nil }); err != nil {
		return nil, fmt.Errorf("read the Slack groups: %w", err)
	}
	groups, err := s.Directory.ReadGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the Slack groups: %w", err)
	}
	s.pulse.beat("")
	err = s.Store.Update(ctx, func(tx Tx) error { return tx.SaveGroups(ctx, begun, groups) })
	if err != nil {
		return nil, fmt.Errorf("save the Slack groups: %w", err)
	}
	return groups, nil
}

// readPerson reads one person and keeps what it saw. Who they are in a helpdesk is looked up once per e-mail address, unless a lead
// or they themselves have said it.
func (s *Service) readPerson(ctx context.Context, id escalate.PersonID) error {
	p, err := s.Directory.ReadPerson(ctx, id)
	if err != nil {
		return fmt.Errorf("read Slack user %s: %w", id, err)
	}
	var known Person
	err = s.Store.View(ctx, func(tx Tx) error {
		row, err := tx.PersonRow(ctx, id)
		if err == nil {
			known = *row
		}
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("load person %s: %w", id, err)
	}
	if known.Email == p.Email {
		p.Accounts = known.Accounts
	}
	for _, name := range s.desks() {
		if p.Email != "" && p.agentIn(name) == "" && known.Accounts[name].Link == LinkEmail {
			s.lookUpAgent(ctx, name, p)
		}
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		p := *p
		p.ReadAt = tx.Now()
		return s.notePerson(ctx, tx, &p)
	})
}

// lookUpAgent gives a person the account in a helpdesk that has their e-mail address. A helpdesk that does not answer is asked again
// at the next reading.
func (s *Service) lookUpAgent(ctx context.Context, desk string, p *Person) {
	agent, err := s.agentByEmail(ctx, desk, p.Email)
	if err == nil {
		p.setAccount(desk, Account{Agent: agent})
		err = s.release(ctx, desk, agent, p.ID)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		s.Logger.WarnContext(ctx, "helpdesk agent not looked up", "person", p.ID, "helpdesk", desk, "error", err)
	}
}

// readMembers is the regular reading: groups, and everyone in them. It keeps what authorises a claim at most one
// interval old even when Slack's events are lost.
func (s *Service) readMembers(ctx context.Context, j Leased) error {
	groups, err := s.readGroups(ctx)
	if err != nil {
		return s.unlessLater(ctx, err)
	}
	stale, err := s.stale(ctx, groups)
	if err != nil {
		return err
	}
	for _, id := range stale {
		if err := s.readPerson(ctx, id); err != nil {
			s.Logger.WarnContext(ctx, "person not read", "person", id, "error", err)
		}
	}
	if err := s.readPresence(ctx); err != nil {
		s.Logger.WarnContext(ctx, "nobody can say who is there", "error", err)
	}
	return s.finish(ctx, j)
}

// stale returns the members of groups that are to be read again.
func (s *Service) stale(ctx context.Context, groups []Group) (stale []escalate.PersonID, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		seen := map[escalate.PersonID]bool{}
		for _, g := range groups {
			for _, id := range g.Members {
				if seen[id] {
					continue
				}
				seen[id] = true
				p, err := tx.PersonRow(ctx, id)
				if err != nil && !errors.Is(err, ErrNotFound) {
					return fmt.Errorf("load person %s: %w", id, err)
				}
				if err != nil || tx.Now().Sub(p.ReadAt) >= personFresh {
					stale = append(stale, id)
				}
			}
		}
		return nil
	})
	return stale, err
}

// known reports whether a person was read within a while.
func (s *Service) known(ctx context.Context, id escalate.PersonID, within time.Duration) bool {
	known := false
	err := s.Store.View(ctx, func(tx Tx) error {
		p, err := tx.PersonRow(ctx, id)
		known = err == nil && tx.Now().Sub(p.ReadAt) < within
		return err
	})
	return err == nil && known
}

// MemberChanged takes Slack's word for one change of a user group.
func (s *Service) MemberChanged(ctx context.Context, groupID string, added, removed []escalate.PersonID) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		for _, id := range added {
			if err := tx.ChangeMember(ctx, groupID, id, true); err != nil {
				return err
			}
		}
		for _, id := range removed {
			if err := tx.ChangeMember(ctx, groupID, id, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// who is a person as one transaction knows them.
type who struct {
	Person
	role  Role
	known bool      // the person and the groups have been read
	begun time.Time // when the reading of the groups began
}

// identify says who a person is and what they may do, by what this transaction knows.
func identify(ctx context.Context, tx Tx, p *escalate.Policy, id escalate.PersonID) (who, error) {
	w := who{Person: Person{ID: id, Name: string(id)}, role: RoleNone}
	person, err := tx.PersonRow(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return w, nil
	case err != nil:
		return w, fmt.Errorf("load person %s: %w", id, err)
	}
	w.Person = *person
	handles, begun, err := tx.Groups(ctx, id)
	if err != nil {
		return w, fmt.Errorf("load groups of %s: %w", id, err)
	}
	w.known, w.begun = !begun.IsZero(), begun
	if person.Guest || person.Bot || person.Gone {
		return w, nil
	}
	w.role = roleOf(&p.Roles, id, handles)
	return w, nil
}
