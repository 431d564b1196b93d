package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"warmline/escalate"
)

// Learner is a brain that learns from what people did. It is safe for concurrent use, and the Brain goes on answering meanwhile.
type Learner interface {
	// Name says which known answer a person's own words were; "" for none.
	Name(ctx context.Context, t *escalate.Ticket) (string, error)
	// Learn makes solved tickets findable at once. A ticket that is learned again replaces itself.
	Learn(ctx context.Context, lessons []Lesson) error
	// Refit learns anew from all that is known, takes the judgements into account, and puts what it learned in place of the
	// old. It may take minutes. On an error the old stays.
	Refit(ctx context.Context, judged []Judged) (*Model, error)
	// Load puts what another process learned in place of its own; ErrOtherCode when it cannot be used here.
	Load(ctx context.Context, m *Model) error
}

// ErrOtherCode says that a model was made by other code, or is no model: a replica keeps its own.
var ErrOtherCode = errors.New("model of other code")

// Lesson is a solved ticket with everything a person told the customer.
type Lesson struct {
	Ticket *escalate.Ticket
	Answer string // the known answer that solved it; "" where a person's own words did
}

// Judged is an answer of which a person said whether it was right.
type Judged struct {
	Assessment escalate.Assessment
	Right      bool
}

// The kinds of job by which the brain lives.
const (
	JobLearn     = "learn"      // a ticket was solved
	JobPlanRefit = "plan-refit" // the night has come
	JobRefit     = "refit"      // learn anew
)

const (
	// feedOverlap is how far back the feed is read again: a row that was written earlier may be committed later.
	feedOverlap = time.Minute
	feedPage    = 200
	// feedBatch is how many tickets are learned at once: learning many anew each time would take a start with a long feed hours.
	feedBatch = 10_000
	// refitAfter is after how many solved tickets the brain learns anew without waiting for the night.
	refitAfter = 200
)

// heard is what this process has learned of the feed. A process that dies has heard nothing, and begins with the first row.
type heard struct {
	mu     sync.Mutex
	newest time.Time
	rows   map[escalate.TicketID]time.Time // of those that the overlap shows again
	model  int64                           // the newest version that was loaded, made or found of no use
}

// CatchUp learns what the feed holds and this process has not heard yet, and loads the newest model where there is one that it
// does not have. Every replica calls it at its start and then again and again; calling it twice is fine.
func (s *Service) CatchUp(ctx context.Context) error {
	if s.Learner == nil {
		return nil
	}
	s.heard.mu.Lock()
	defer s.heard.mu.Unlock()
	if err := s.loadModel(ctx); err != nil {
		return err
	}
	since, after := s.heard.newest.Add(-feedOverlap), escalate.TicketID("")
	if s.heard.newest.IsZero() {
		since = time.Time{}
	}
	var rows []Solved
	var lessons []Lesson
	for {
		page, news, err := s.lessons(ctx, since, after)
		if err != nil {
			return err
		}
		rows, lessons = append(rows, page...), append(lessons, news...)
		last := len(page) < feedPage
		if last && len(lessons) > 0 || len(lessons) >= feedBatch {
			if err := s.Learner.Learn(ctx, lessons); err != nil {
				return fmt.Errorf("learn %d solved tickets: %w", len(lessons), err)
			}
			lessons = nil
			s.heard.note(rows)
			rows = nil
		}
		if last {
			s.heard.note(rows)
			return nil
		}
		since, after = page[len(page)-1].At, page[len(page)-1].Ticket
	}
}

// note remembers what was learned, for as long as it may be read again.
func (h *heard) note(rows []Solved) {
	if h.rows == nil {
		h.rows = map[escalate.TicketID]time.Time{}
	}
	for _, r := range rows {
		h.rows[r.Ticket] = r.At
		if r.At.After(h.newest) {
			h.newest = r.At
		}
	}
	for id, at := range h.rows {
		if at.Before(h.newest.Add(-feedOverlap)) {
			delete(h.rows, id)
		}
	}
}

// lessons reads one page of the feed, and the tickets of those rows that are news.
func (s *Service) lessons(ctx context.Context, since time.Time, after escalate.TicketID) (rows []Solved, lessons []Lesson, err error) {
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		lessons = nil
		if rows, err = tx.Solved(ctx, since, after, feedPage); err != nil {
			return err
		}
		for _, r := range rows {
			if at, known := s.heard.rows[r.Ticket]; known && at.Equal(r.At) {
				continue
			}
			t, err := solvedTicket(ctx, tx, r.Ticket)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			lessons = append(lessons, Lesson{Ticket: t, Answer: r.Answer})
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read solved tickets: %w", err)
	}
	return rows, lessons, nil
}

// solvedTicket loads a ticket with what people sent from Slack, also where the helpdesk was not read since.
func solvedTicket(ctx context.Context, tx Tx, id escalate.TicketID) (*escalate.Ticket, error) {
	t, err := tx.Ticket(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := range t.Replies {
		r := &t.Replies[i]
		if !answered(r) || slices.ContainsFunc(t.Content.Messages, func(m escalate.Message) bool { return m.Marker == string(r.ID) }) {
			continue
		}
		text, err := tx.Text(ctx, id, replyKey(r.ID))
		if errors.Is(err, ErrNotFound) { // erased
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("load reply of ticket %s: %w", id, err)
		}
		t.Content.Messages = append(t.Content.Messages, escalate.Message{
			ID: r.Message, Role: escalate.RoleAgent, Text: text, Public: true, Marker: string(r.ID), At: r.BegunAt,
		})
	}
	return t, nil
}

// answered reports whether a reply told the customer something that a person stands behind.
func answered(r *escalate.Reply) bool {
	return r.State == escalate.ReplySent && r.ByPerson() && r.Purpose.Answers()
}

// loadModel loads the newest model where it is not the one at hand.
func (s *Service) loadModel(ctx context.Context) error {
	var m *Model
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		if m, err = tx.NewestModel(ctx); err != nil || m.Version <= s.heard.model {
			return err
		}
		m.Body, err = tx.ModelBody(ctx, m.Version)
		return err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case m.Version <= s.heard.model:
		return nil
	}
	err = s.Learner.Load(ctx, m)
	switch {
	case errors.Is(err, ErrOtherCode):
		s.Logger.WarnContext(ctx, "model not used", "version", m.Version, "code", m.Code, "error", err)
	case err != nil:
		return fmt.Errorf("load model %d: %w", m.Version, err)
	default:
		s.Logger.InfoContext(ctx, "model loaded", "version", m.Version, "trained_on", m.TrainedOn)
	}
	s.heard.model = m.Version
	return nil
}
