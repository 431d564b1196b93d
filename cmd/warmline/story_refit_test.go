package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"warmline/brain/llm"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/pgtest"
)

// pupil stands before what is taught: what it holds up or refuses, the brain does not hear.
type pupil struct {
	desk.Learner
	deaf    atomic.Bool   // lessons are refused
	fails   atomic.Bool   // learning anew fails
	hold    chan struct{} // learning anew waits until this is closed; nil does not
	refits  atomic.Int64
	waiting chan struct{} // closed when learning anew waits
}

func (p *pupil) in(at *setting) {
	at.teach = func(l desk.Learner) desk.Learner { p.Learner = l; return p }
}

// Learn implements desk.Learner.
func (p *pupil) Learn(ctx context.Context, lessons []desk.Lesson) error {
	if p.deaf.Load() {
		return errors.New("not listening")
	}
	return p.Learner.Learn(ctx, lessons)
}

// Refit implements desk.Learner.
func (p *pupil) Refit(ctx context.Context, judged []desk.Judged) (*desk.Model, error) {
	p.refits.Add(1)
	if p.hold != nil {
		close(p.waiting)
		select {
		case <-p.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if p.fails.Load() {
		return nil, errors.New("out of memory")
	}
	return p.Learner.Refit(ctx, judged)
}

// newest is the newest model that was kept; nil when there is none.
func (s *story) newest() (m *desk.Model) {
	s.t.Helper()
	s.view(func(tx desk.Tx) (err error) {
		if m, err = tx.NewestModel(s.t.Context()); errors.Is(err, desk.ErrNotFound) {
			m, err = nil, nil
		}
		return err
	})
	return m
}

// keeps keeps a model that no brain of ours made.
func (s *story) keeps(m desk.Model) {
	s.t.Helper()
	err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
		_, err := tx.SaveModel(s.t.Context(), &m)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) learnsAnew() {
	s.t.Helper()
	err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error { return s.app.service.PlanRefit(s.t.Context(), tx) })
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) expectModel(version int64) *desk.Model {
	s.t.Helper()
	s.eventually(fmt.Sprintf("model %d", version), func() bool { m := s.newest(); return m != nil && m.Version == version }, func() string { return "" })
	return s.newest()
}

func TestTheNightlyRefitSwapsWithoutATicketFailing(t *testing.T) {
	p := &pupil{}
	tell(t, func(s *story) {
		p.hold, p.waiting = make(chan struct{}), make(chan struct{})
		solved := s.ticket(s.solvedByAna())
		<-p.waiting // until the night
		during := s.customer("Per").asksAboutDelivery()
		s.card("support", during).ExpectText("Draft to approve")
		if s.newest() != nil {
			s.t.Error("a model was kept before it was learned")
		}
		close(p.hold)
		m := s.expectModel(1)
		after := s.customer("Kim").asksAboutDelivery()
		s.card("support", after).ExpectText("Draft to approve")
		if m.TrainedOn != len(s.config.Knowledge.Past)+1 || s.app.brain.Model().Hash != m.Hash || s.app.brain.Stale() {
			s.t.Errorf("trained on %d tickets of %d and one, hash %s", m.TrainedOn, len(s.config.Knowledge.Past), m.Hash)
		}
		s.wantAudit("warmline", "refit", "model")

		s.shut()
		s.open()
		if got := s.app.brain.Model(); got.Hash != m.Hash || !got.Trained() {
			s.t.Errorf("after a restart the model is %s, kept was %s", got.Hash, m.Hash)
		}
		if !finds(s.t, s.app.brain, solved) {
			s.t.Error("after a restart what was solved is not known")
		}
		p.hold = nil
		s.learnsAnew()
		s.expectModel(2)
	}, p.in)
}

func TestARefitThatFailsLeavesTheOldModelAndSaysSo(t *testing.T) {
	p := &pupil{}
	tell(t, func(s *story) {
		p.fails.Store(true)
		before := s.app.brain.Model()
		s.learnsAnew()
		s.wantAudit("warmline", "refit", "model")
		if s.newest() != nil || s.app.brain.Model() != before {
			s.t.Error("it left another model")
		}
		if n := p.refits.Load(); n != 3 {
			s.t.Errorf("tried %d times", n)
		}
		s.card("support", s.customer("Ina").asksAboutDelivery()).ExpectText("Draft to approve")
		p.fails.Store(false)
		s.learnsAnew()
		s.expectModel(1)
	}, p.in)
}

func TestTwoHundredSolvedTicketsAreWorthARefit(t *testing.T) {
	p := &pupil{}
	tell(t, func(s *story) {
		solve := func(from, n int) {
			err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
				for i := range n {
					if err := tx.PutSolved(s.t.Context(), desk.Solved{Ticket: escalate.TicketID(fmt.Sprint("old", from+i))}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				s.t.Fatal(err)
			}
		}
		solve(0, 198)
		s.solvedByAna()
		s.later(time.Minute)
		if n := p.refits.Load(); n != 0 {
			s.t.Fatalf("%d refits after 199", n)
		}
		solve(198, 1)
		p.fails.Store(true)
		s.solvedByAna()
		s.later(time.Minute)
		s.solvedByAna()
		s.later(time.Minute)
		if n := p.refits.Load(); n != 3 {
			s.t.Errorf("what failed was tried %d times, want 3 in all", n)
		}
		p.fails.Store(false)
		solve(500, 200)
		s.solvedByAna()
		s.later(time.Minute)
		s.expectModel(1)
		if n := p.refits.Load(); n != 4 {
			s.t.Errorf("%d refits, of which one was to succeed", n-3)
		}
	}, p.in)
}

func TestJudgementsCorrectTheConfidenceAtTheNextRefit(t *testing.T) {
	tell(t, func(s *story) {
		asked := s.customer("Ina").asksAboutDelivery()
		s.card("support", asked)
		was := s.ticket(asked).Decision.Confidence
		s.judgedLike(asked, 300, escalate.VerdictWrong)
		s.learnsAnew()
		s.expectModel(1)
		next := s.customer("Per").asksAboutDelivery()
		s.card("support", next)
		if is := s.ticket(next).Decision.Confidence; is > was/2 {
			s.t.Errorf("300 such answers were wrong, and confidence goes from %v to %v", was, is)
		}
	})
}

// judgedLike has people have said the same of so many answers that are like a ticket's draft.
func (s *story) judgedLike(t *ticket, n int, verdict escalate.Verdict) {
	s.t.Helper()
	one := s.ticket(t)
	ctx := s.t.Context()
	err := s.app.store.Update(ctx, func(tx desk.Tx) error {
		a, err := tx.Assessment(ctx, one.ID, one.Decision.Assessment)
		if err != nil {
			return err
		}
		for i := range n {
			made := &escalate.Ticket{ID: escalate.TicketID(fmt.Sprint("like", i)), Ref: escalate.Ref{Desk: deskName, ID: fmt.Sprint("like", i)}}
			id, _, err := tx.CreateTicket(ctx, made)
			if err != nil {
				return err
			}
			d, r := *one.Decision, one.Replies[len(one.Replies)-1]
			r.ID = escalate.ReplyID(fmt.Sprint("r", i))
			found, err := tx.Ticket(ctx, id)
			if err != nil {
				return err
			}
			found.Decision, found.Replies = &d, []escalate.Reply{r}
			err = errors.Join(tx.SaveTicket(ctx, found, nil), tx.PutAssessment(ctx, id, a), tx.SaveJudgement(ctx, escalate.Judgement{
				Ticket: id, Reply: r.ID, Topic: d.Topic, Kind: escalate.JudgedDraft, Verdict: verdict, Way: d.Way, Confidence: d.Confidence,
			}))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// The other replica has a brain of its own, and hears of what was solved and learned through the database alone.
func TestAnotherReplicaKnowsWhatWasSolvedAndLearned(t *testing.T) {
	dsn := pgtest.Database(t)
	live(t, func(s *story) {
		other, err := newApp(s.t.Context(), s.config)
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() {
			if err := other.Close(); err != nil {
				s.t.Error(err)
			}
		})
		s.run(other.hear)
		solved := s.ticket(s.solvedByAna())
		s.eventually("the other replica to know what was solved", func() bool { return finds(s.t, other.brain, solved) }, func() string { return "" })
		s.learnsAnew()
		m := s.expectModel(1)
		s.eventually("the other replica to have the model", func() bool { return other.brain.Model().Hash == m.Hash }, func() string { return "" })
		if other.brain.Stale() {
			s.t.Error("it knows something else than the replica that learned")
		}
	}, func(at *setting) { at.dsn = dsn })
}

func TestALongPastIsLearnedWhileTicketsCome(t *testing.T) {
	p := &pupil{}
	tell(t, func(s *story) {
		p.hold, p.waiting = make(chan struct{}), make(chan struct{})
		s.shut()
		past := s.config.Knowledge.Past
		for n := 0; len(s.config.Knowledge.Past) <= promptRows; n++ {
			for _, row := range past {
				row.ID += fmt.Sprint("-", n)
				s.config.Knowledge.Past = append(s.config.Knowledge.Past, row)
			}
		}
		s.open()
		<-p.waiting
		s.card("support", s.customer("Ina").asksAboutDelivery()).ExpectText("Delivery time to Cork")
		if s.app.brain.Model().Trained() {
			s.t.Error("it has learned before the first ticket came")
		}
		close(p.hold)
		s.expectModel(1)
		if !s.app.brain.Model().Trained() {
			s.t.Error("it has not learned")
		}

		p.hold = nil
		s.shut()
		s.open()
		s.later(time.Minute)
		if m := s.newest(); m.Version != 1 || !s.app.brain.Model().Trained() {
			s.t.Errorf("a restart learns anew: model %d", m.Version)
		}
		s.shut()
		s.config.Knowledge.Past = s.config.Knowledge.Past[:promptRows]
		s.open()
		s.expectModel(2)
	}, p.in)
}

func TestAModelThatIsNoneIsLeftAloneAndTheBrainStaysAsItWas(t *testing.T) {
	tell(t, func(s *story) {
		before := s.app.brain.Model()
		for _, m := range []desk.Model{{Code: local.Version, Body: []byte("no model")}, {Code: "local/0"}} {
			s.keeps(m)
			if err := s.app.service.CatchUp(s.t.Context()); err != nil {
				s.t.Fatal(err)
			}
		}
		if s.app.brain.Model() != before {
			s.t.Error("the brain has another model")
		}
		s.later(time.Second)
		s.learnsAnew()
		s.expectModel(3)

		s.keeps(desk.Model{Code: local.Version, Body: []byte("a disk lost the rest")})
		s.shut()
		s.config.Model = nil
		s.open()
		s.expectModel(5)
		if !s.app.brain.Model().Trained() {
			s.t.Error("what it started with cannot be read, and it learns nothing")
		}
	})
}

func TestJudgementsRefitALanguageModelsWeightsToo(t *testing.T) {
	m := &model{says: `{"summary":"","triggers":[],"answer":"none","citations":[],"draft":"","unsure":true}`}
	tell(t, func(s *story) {
		asked := s.customer("Ina").asksAboutDelivery()
		s.card("support", asked)
		s.judgedLike(asked, 200, escalate.VerdictRight)
		s.learnsAnew()
		var said metrics
		if err := json.Unmarshal(s.expectModel(1).Metrics, &said); err != nil {
			s.t.Fatal(err)
		}
		if said.Judged != 200 || !said.Corrected || said.Weights == nil || *said.Weights == llm.DefaultWeights {
			s.t.Fatalf("kept beside the model: %+v", said)
		}
		s.shut()
		s.open()
		l := newLearner(&s.config, s.app.brain, s.app.service.Brain).(*learner)
		if got := l.model.Weights(); got != *said.Weights {
			s.t.Errorf("after a restart the weights are %v, kept were %v", got, *said.Weights)
		}
	}, m.in)
}
