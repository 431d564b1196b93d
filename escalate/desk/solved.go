package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
)

// learnWork is the payload of JobLearn: a row of the feed.
type learnWork struct {
	Ticket escalate.TicketID `json:"ticket"`
	At     time.Time         `json:"at"`
	Named  bool              `json:"named"`
}

// solved writes a ticket that was just solved to the feed, in the commit that solved it, with a job that learns it here; all
// other replicas read the feed. A crash before that job costs nothing: the job is durable, and a start reads the feed whole.
func (c *change) solved(ctx context.Context) error {
	row, ok := solution(c.ticket, c.events)
	if !ok {
		return nil
	}
	if err := c.tx.PutSolved(ctx, row); err != nil {
		return err
	}
	if c.s.Learner == nil {
		return nil
	}
	j, err := newJob(JobLearn, learnWork{Ticket: row.Ticket, At: c.tx.Now(), Named: row.Answer != ""})
	if err != nil {
		return err
	}
	j.Key = string(row.Ticket)
	return c.tx.Enqueue(ctx, j)
}

// solution says how a ticket was solved by what just happened to it, if it was: with something that a person told the customer,
// or let be told. What went out by itself and met silence teaches nothing, and what is kept from the AI stays so.
func solution(t *escalate.Ticket, events []Happened) (Solved, bool) {
	ended := false
	for i := range events {
		ended = ended || ends(t, events[i].Event)
	}
	if !ended || t.Decision != nil && t.Decision.Has(escalate.Excluded) {
		return Solved{}, false
	}
	s := Solved{Ticket: t.ID}
	var r *escalate.Reply
	for i := range t.Replies {
		if answered(&t.Replies[i]) {
			r = &t.Replies[i]
		}
	}
	typed := lastTyped(&t.Content)
	switch {
	case r != nil && (typed == nil || !typed.At.After(r.BegunAt)):
		s.Answer, s.By = r.Answer, r.By
	case typed == nil:
		return Solved{}, false
	}
	return s, true
}

// ends reports whether an event ends a ticket for the people who work on it.
func ends(t *escalate.Ticket, e escalate.Event) bool {
	switch e := e.(type) {
	case escalate.Sent:
		r := t.Reply(e.Reply)
		return answered(r) && (r.Solve || t.Handoff != nil && t.Handoff.State == escalate.HandoffResolved)
	case escalate.Resolved:
		return true
	case escalate.Read:
		return e.Seen.Status == escalate.StatusSolved || e.Seen.Status == escalate.StatusClosed
	}
	return false
}

// lastTyped is the newest public message that a person wrote in the helpdesk itself, or nil.
func lastTyped(c *escalate.Content) *escalate.Message {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if m := &c.Messages[i]; m.Role == escalate.RoleAgent && m.Public && m.Marker == "" && !m.Auto {
			return m
		}
	}
	return nil
}

// learn makes a solved ticket findable here at once. Where a person used their own words, it is first asked whether these were
// a known answer; its name goes to the feed, so that all replicas hear the same.
func (s *Service) learn(ctx context.Context, j Leased) error {
	var w learnWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	if s.Learner == nil {
		return s.finish(ctx, j)
	}
	name, err := s.nameOf(ctx, w)
	if err != nil {
		return err
	}
	if name != "" {
		err := s.Store.Update(ctx, func(tx Tx) error { return tx.NameSolved(ctx, w.Ticket, w.At, name) })
		if err != nil {
			return err
		}
	}
	if err := s.CatchUp(ctx); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		due, err := refitDue(ctx, tx)
		if err == nil && due {
			err = s.PlanRefit(ctx, tx)
		}
		return errors.Join(err, tx.Finish(ctx, j))
	})
}

// nameOf is the known answer that a person's own words were, "" for none.
func (s *Service) nameOf(ctx context.Context, w learnWork) (string, error) {
	if w.Named {
		return "", nil
	}
	var t *escalate.Ticket
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		t, err = solvedTicket(ctx, tx, w.Ticket)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("load solved ticket: %w", err)
	}
	name, err := s.Learner.Name(ctx, t)
	if err != nil {
		return "", fmt.Errorf("name the answer of ticket %s: %w", w.Ticket, err)
	}
	return name, nil
}
