package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
)

// home has the person's App Home drawn.
func (a *act) home(ctx context.Context) error {
	j, err := newJob(JobHome, homeWork{Person: a.press.Actor})
	if err != nil {
		return err
	}
	j.Key, j.Urgent = string(a.press.Actor), true
	return a.tx.Enqueue(ctx, j)
}

type homeWork struct {
	Person escalate.PersonID `json:"person"`
}

// publishHome draws a person's App Home from what the database says now.
func (s *Service) publishHome(ctx context.Context, j Leased) error {
	var w homeWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	if !s.known(ctx, w.Person, personFresh) {
		if err := s.readPerson(ctx, w.Person); err != nil {
			return err
		}
	}
	var h *Home
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		h, err = home(ctx, tx, w.Person)
		return err
	})
	if err != nil {
		return fmt.Errorf("load home of %s: %w", w.Person, err)
	}
	if err := s.Messenger.PublishHome(ctx, w.Person, h); err != nil {
		return fmt.Errorf("publish home of %s: %w", w.Person, err)
	}
	return s.finish(ctx, j)
}

// home is what a person may see: nothing of tickets for people who are no agents.
func home(ctx context.Context, tx Tx, id escalate.PersonID) (*Home, error) {
	p, err := tx.Policy(ctx)
	if err != nil {
		return nil, err
	}
	person, err := identify(ctx, tx, p, id)
	if err != nil {
		return nil, err
	}
	h := &Home{Person: id, Role: person.role, At: tx.Now()}
	if !person.role.atLeast(RoleAgent) {
		return h, nil
	}
	var errs [4]error
	h.Mine, errs[0] = tx.Queue(ctx, QueueFilter{Owner: id, Limit: 20})
	h.Open, errs[1] = tx.Queue(ctx, QueueFilter{Unclaimed: true, Limit: 20})
	h.Counts, errs[2] = tx.Counts(ctx, tx.Now().Add(-24*time.Hour))
	h.Paused, errs[3] = tx.Pauses(ctx)
	return h, errors.Join(errs[:]...)
}
