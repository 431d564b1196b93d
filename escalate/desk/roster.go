package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

// roster is a rota made ready to be asked, with the overrides of it that may matter.
type roster struct {
	*rota.Schedule
	overrides []rota.Override
}

// loadRoster makes a rota ready, to be asked of now and later. The error wraps a *rota.Fault when it is the rota that cannot be read.
func (s *Service) loadRoster(ctx context.Context, tx Tx, p *escalate.Policy, name string) (*roster, error) {
	all, err := s.readRosters(ctx, tx, p, tx.Now())
	if err != nil {
		return nil, err
	}
	return all.roster(name)
}

// rosters are what the rotas of a policy do not say themselves, read once for all of them.
type rosters struct {
	rotas     rota.Rotas
	given     rota.Given
	overrides []rota.Override
}

// readRosters reads what it takes to ask rotas of a time and later.
func (s *Service) readRosters(ctx context.Context, tx Tx, p *escalate.Policy, since time.Time) (*rosters, error) {
	all, err := tx.OverridesAfter(ctx, since)
	if err != nil {
		return nil, err
	}
	members, err := tx.Members(ctx)
	if err != nil {
		return nil, err
	}
	given := rota.Given{Zone: time.LoadLocation, Members: make(map[string][]rota.PersonID, len(members))}
	for handle, ids := range members {
		team := make([]rota.PersonID, len(ids))
		for i, id := range ids {
			team[i] = rota.PersonID(id)
		}
		given.Members[handle] = team
	}
	given.Holidays = s.holidays(p.Rotas)
	return &rosters{rotas: p.Rotas, given: given, overrides: all}, nil
}

// roster makes one of the rotas ready. The error wraps a *rota.Fault when it cannot be read.
func (all *rosters) roster(name string) (*roster, error) {
	given := all.given
	for i := range all.overrides {
		if all.overrides[i].Rota == name {
			given.Overrides = append(given.Overrides, all.overrides[i])
		}
	}
	r := all.rotas[name]
	s, err := rota.New(&r, given)
	if err != nil {
		return nil, fmt.Errorf("read rota %s: %w", name, err)
	}
	return &roster{s, given.Overrides}, nil
}

// all are the rotas that can be read, by their names. What is wrong with another one, oncall says.
func (all *rosters) all() map[string]*roster {
	made := make(map[string]*roster, len(all.rotas))
	for name := range all.rotas {
		if r, err := all.roster(name); err == nil {
			made[name] = r
		}
	}
	return made
}

// holidays are those that layers of rotas name. A code that there are none of is left out: its rota says so.
func (s *Service) holidays(rotas rota.Rotas) map[string][]calendar.Holiday {
	all := map[string][]calendar.Holiday{}
	for name := range rotas {
		for i := range rotas[name].Layers {
			code := rotas[name].Layers[i].Hours.Holidays
			if code == "" || s.Hours == nil {
				continue
			}
			if days, err := s.hourly.holidays(code, s.Hours); err == nil {
				all[code] = days
			}
		}
	}
	return all
}

// holidays are those of a code, worked out once.
func (h *hourly) holidays(code string, from Hours) ([]calendar.Holiday, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if days, ok := h.off[code]; ok {
		return days, nil
	}
	days, err := from.Holidays(code)
	if err != nil {
		return nil, err
	}
	if h.off == nil {
		h.off = map[string][]calendar.Holiday{}
	}
	h.off[code] = days
	return days, nil
}

// isFault reports whether it is a rota that cannot be read, rather than the store.
func isFault(err error) bool {
	_, ok := errors.AsType[*rota.Fault](err)
	return ok
}
