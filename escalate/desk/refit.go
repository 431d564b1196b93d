package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
)

const (
	// refitTries is how often learning anew is tried before the old model stays until the next occasion.
	refitTries = 3
	// refitTried names the setting that holds when learning anew was last given up, so that what fails is not tried all day.
	refitTried = "refit:given-up"
	// judgedLast is how many of the newest judgements count.
	judgedLast = 2000
)

// refitWork is the payload of JobRefit.
type refitWork struct {
	Planned time.Time `json:"planned"`
}

// PlanRefit has one replica learn anew, once however often it is planned before that ends.
func (s *Service) PlanRefit(ctx context.Context, tx Tx) error {
	j, err := newJob(JobRefit, refitWork{Planned: tx.Now()})
	if err != nil {
		return err
	}
	j.Key, j.Group = JobRefit, JobRefit
	return tx.Enqueue(ctx, j)
}

// planRefit is PlanRefit, on a schedule.
func (s *Service) planRefit(ctx context.Context, j Leased) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(s.PlanRefit(ctx, tx), tx.Finish(ctx, j))
	})
}

// refitDue reports whether so much was solved since the brain last learned anew that it is worth its while.
func refitDue(ctx context.Context, tx Tx) (bool, error) {
	since, err := lastRefit(ctx, tx)
	if err != nil {
		return false, err
	}
	n, err := tx.CountSolved(ctx, since)
	return n >= refitAfter, err
}

// lastRefit is when the brain last learned anew, or gave it up; zero when it never did.
func lastRefit(ctx context.Context, tx Tx) (last time.Time, err error) {
	m, err := tx.NewestModel(ctx)
	if err == nil {
		last = m.At
	} else if !errors.Is(err, ErrNotFound) {
		return last, err
	}
	given, err := tx.Setting(ctx, refitTried)
	if err != nil || given == "" {
		return last, err
	}
	at, err := time.Parse(time.RFC3339Nano, given)
	if err != nil {
		return last, fmt.Errorf("read setting %s: %w", refitTried, err)
	}
	if at.After(last) {
		last = at
	}
	return last, nil
}

// overtaken reports whether a refit has ended since this one was planned: while one runs, another may be planned for the same cause.
func (s *Service) overtaken(ctx context.Context, j Leased) (over bool, err error) {
	var w refitWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return false, fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	err = s.Store.View(ctx, func(tx Tx) error {
		last, err := lastRefit(ctx, tx)
		over = !last.Before(w.Planned)
		return err
	})
	return over, err
}

// refit learns anew and keeps what was learned for all replicas.
func (s *Service) refit(ctx context.Context, j Leased) error {
	if s.Learner == nil {
		return s.finish(ctx, j)
	}
	switch over, err := s.overtaken(ctx, j); {
	case err != nil:
		return err
	case over:
		return s.finish(ctx, j)
	}
	judged, began, err := s.judgedAnswers(ctx)
	if err != nil {
		return err
	}
	m, err := s.learnAnew(ctx, judged)
	if err != nil {
		if ctx.Err() != nil || j.Attempt < refitTries {
			return err
		}
		return s.refitFailed(ctx, j, err)
	}
	// Commit point: a crash before it costs a refit, which the job begins again; after it every replica loads the model.
	var version int64
	var ended time.Time
	err = s.Store.Update(ctx, func(tx Tx) (err error) {
		if version, err = tx.SaveModel(ctx, m); err != nil {
			return err
		}
		ended = tx.Now()
		detail := fmt.Sprintf("model %d from %s, %s", version, escalate.Counted(m.TrainedOn, "ticket", "tickets"), escalate.Counted(len(judged), "judgement", "judgements"))
		return errors.Join(s.auditRefit(ctx, tx, outcomeDone, detail), tx.Finish(ctx, j))
	})
	if err != nil {
		return fmt.Errorf("keep what was learned: %w", err)
	}
	s.heard.mu.Lock()
	s.heard.model = max(s.heard.model, version)
	s.heard.mu.Unlock()
	s.Logger.InfoContext(ctx, "brain learned anew", "version", version, "trained_on", m.TrainedOn, "judgements", len(judged),
		"bytes", len(m.Body), "took", ended.Sub(began).Round(time.Millisecond))
	return nil
}

func (s *Service) learnAnew(ctx context.Context, judged []Judged) (*Model, error) {
	if err := s.CatchUp(ctx); err != nil {
		return nil, err
	}
	m, err := s.Learner.Refit(ctx, judged)
	if err != nil {
		return nil, fmt.Errorf("learn anew: %w", err)
	}
	return m, nil
}

// refitFailed gives up until the next occasion: the model in force stays, and people can read that it did.
func (s *Service) refitFailed(ctx context.Context, j Leased, cause error) error {
	s.Logger.ErrorContext(ctx, "refit failed; the model in force stays", "error", cause)
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(
			tx.PutSetting(ctx, refitTried, tx.Now().Format(time.RFC3339Nano)),
			s.auditRefit(ctx, tx, outcomeFailed, "the model in force stays; the log says why"),
			tx.Finish(ctx, j))
	})
}

func (s *Service) auditRefit(ctx context.Context, tx Tx, outcome, detail string) error {
	return tx.Audit(ctx, AuditRow{At: tx.Now(), Actor: actorWarmline, Action: JobRefit, Subject: "model", Outcome: outcome, Detail: detail})
}

// judgedAnswers returns what people said of the newest answers, newest first, with what the brain knew then, and when it was read. A
// complaint about
// what went out by itself is left out: of those only the wrong ones are heard of, so that they would say nothing of the rate.
func (s *Service) judgedAnswers(ctx context.Context) (all []Judged, at time.Time, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		all, at = nil, tx.Now()
		js, err := tx.Judgements(ctx, "", time.Time{}, judgedLast)
		if err != nil {
			return err
		}
		for i := range js {
			j := &js[i]
			if j.Verdict == escalate.VerdictVoid || j.Kind == escalate.JudgedComplaint && j.Way == escalate.WayAuto {
				continue
			}
			a, err := assessed(ctx, tx, j)
			if errors.Is(err, ErrNotFound) { // erased, or older than what is kept
				continue
			}
			if err != nil {
				return err
			}
			all = append(all, Judged{Assessment: *a, Right: j.Verdict == escalate.VerdictRight})
		}
		return nil
	})
	if err != nil {
		return nil, at, fmt.Errorf("read judged answers: %w", err)
	}
	return all, at, nil
}

// assessed returns what the brain said of the ticket when it gave the answer that was judged.
func assessed(ctx context.Context, tx Tx, j *escalate.Judgement) (*escalate.Assessment, error) {
	t, err := tx.Ticket(ctx, j.Ticket)
	if err != nil {
		return nil, err
	}
	r := t.Reply(j.Reply)
	if r == nil {
		return nil, ErrNotFound
	}
	d, err := decisionOf(ctx, tx, t, r)
	if err != nil {
		return nil, err
	}
	return tx.Assessment(ctx, t.ID, d.Assessment)
}
