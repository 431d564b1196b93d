package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"warmline/brain"
	"warmline/brain/group"
	"warmline/brain/llm"
	"warmline/brain/local"
	"warmline/brain/local/learn"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store"
)

// promptRows is up to how many past tickets a start learns before the first ticket comes: it takes about a second. With more it
// answers by neighbours until it has learned.
const promptRows = 2000

// learner teaches the built-in brain, and a language model's weights beside it.
type learner struct {
	brain     *local.Brain
	model     *llm.Brain      // nil when none is asked
	knowledge brain.Knowledge // what prepared answers there are; no past
	log       *slog.Logger
}

var _ desk.Learner = (*learner)(nil)

// metrics is what is kept beside a model, for people and for the weights that are not in it.
type metrics struct {
	Answers   int          `json:"answers"`
	Judged    int          `json:"judged"`              // judgements that the confidence was measured by
	Corrected bool         `json:"corrected,omitempty"` // there were enough of them
	Weights   *llm.Weights `json:"llm_weights,omitempty"`
}

// Name implements desk.Learner: a filled-in macro is that macro, whoever sent it.
func (l *learner) Name(_ context.Context, t *escalate.Ticket) (string, error) {
	k := l.knowledge
	k.Past = []brain.Past{brain.PastOf(t, "")}
	id := group.Answers(k).Past[0].Gold.AnswerID
	if strings.HasPrefix(id, "reply:") {
		return "", nil // in words of their own
	}
	return id, nil
}

// Learn implements desk.Learner.
func (l *learner) Learn(ctx context.Context, lessons []desk.Lesson) error {
	past := make([]brain.Past, len(lessons))
	for i, lesson := range lessons {
		past[i] = brain.PastOf(lesson.Ticket, lesson.Answer)
	}
	return l.brain.LearnAll(ctx, past)
}

// Refit implements desk.Learner.
func (l *learner) Refit(ctx context.Context, judged []desk.Judged) (*desk.Model, error) {
	if err := l.brain.Refit(ctx); err != nil {
		return nil, err
	}
	var outcomes []escalate.Outcome
	var labels []llm.Label
	for i := range judged {
		if p, ok := local.Uncorrected(&judged[i].Assessment); ok {
			outcomes = append(outcomes, escalate.Outcome{Confidence: p, Right: judged[i].Right})
		}
		if label, ok := llm.LabelOf(&judged[i].Assessment, judged[i].Right); ok {
			labels = append(labels, label)
		}
	}
	m := metrics{Judged: len(outcomes), Corrected: l.brain.Recalibrate(outcomes)}
	if l.model != nil {
		if err := l.model.Fit(labels); err != nil && !errors.Is(err, llm.ErrTooFew) {
			return nil, err
		}
		w := l.model.Weights()
		m.Weights = &w
	}
	learned := l.brain.Model()
	m.Answers = learned.Answers()
	return keep(learned, m)
}

func keep(learned *local.Model, m metrics) (*desk.Model, error) {
	body, err := learned.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("encode model: %w", err)
	}
	said, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode the model's figures: %w", err)
	}
	return &desk.Model{Code: learned.Version, Hash: learned.Hash, TrainedOn: learned.Rows, Metrics: said, Body: body}, nil
}

// Load implements desk.Learner.
func (l *learner) Load(_ context.Context, m *desk.Model) error {
	learned, err := local.ReadModel(bytes.NewReader(m.Body))
	if err == nil {
		err = l.brain.Use(learned)
	}
	if errors.Is(err, local.ErrOtherModel) || errors.Is(err, learn.ErrBroken) {
		return errors.Join(desk.ErrOtherCode, err)
	}
	if err != nil {
		return err
	}
	var said metrics
	if err := json.Unmarshal(m.Metrics, &said); err != nil {
		return fmt.Errorf("decode the figures of model %d: %w", m.Version, err)
	}
	if l.model != nil && said.Weights != nil {
		l.model.Use(*said.Weights)
	}
	return nil
}

// newBrain reads what the team knows. It learns from the past at once when that is quick, and not at all when the store has what
// was learned: the first CatchUp loads it.
func newBrain(ctx context.Context, c *appConfig, seed string, st *store.Store) (*local.Brain, error) {
	kept := false
	err := st.View(ctx, func(tx desk.Tx) error {
		m, err := tx.NewestModel(ctx)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		kept = err == nil && m.Code == local.Version
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("start the brain: %w", err)
	}
	b, err := local.NewContext(ctx, local.Options{
		Knowledge: c.Knowledge, Seed: seed, Team: c.Policy.Team, Later: kept || len(c.Knowledge.Past) > promptRows,
	})
	if err != nil {
		return nil, fmt.Errorf("start the brain: %w", err)
	}
	return b, nil
}

// newLearner returns what the use cases teach.
func newLearner(c *appConfig, b *local.Brain, reader desk.Brain) desk.Learner {
	l := &learner{brain: b, knowledge: brain.Knowledge{Macros: c.Knowledge.Macros, Articles: c.Knowledge.Articles}, log: c.Logger}
	l.model, _ = reader.(*llm.Brain)
	if c.Teach != nil {
		return c.Teach(l)
	}
	return l
}

// wake brings the brain up to what is known before the first ticket comes, and has it learn anew where that is not enough: when it
// has learned nothing yet, or from files that were changed since.
func (a *app) wake(ctx context.Context) error {
	began := time.Now()
	if err := a.service.CatchUp(ctx); err != nil {
		return fmt.Errorf("catch up with what was solved: %w", err)
	}
	m := a.brain.Model()
	learns := !m.Trained() && a.brain.Rows() > promptRows || a.brain.FilesChanged()
	a.log.InfoContext(ctx, "brain ready", "answers", m.Answers(), "trained_on", m.Rows, "tickets", a.brain.Rows(), "stale", a.brain.Stale(),
		"learns_anew", learns, "took", time.Since(began).Round(time.Millisecond))
	if !learns {
		return nil
	}
	return a.store.Update(ctx, func(tx desk.Tx) error { return a.service.PlanRefit(ctx, tx) })
}

// How often a replica looks for what others solved and learned. A process that has its database for itself hears of all that by
// its own jobs.
const (
	hearShared = 3 * time.Second
	hearAlone  = 5 * time.Minute
)

// hear keeps up with the feed until ctx ends.
func (a *app) hear(ctx context.Context) error {
	every := hearAlone
	if a.store.Shared() {
		every = hearShared
	}
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
		if err := a.service.CatchUp(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "not caught up with what was solved", "error", err, "again_in", every)
		}
	}
}

// ending lets a long handler end with the app: what it has done so far is worth nothing, and waiting for it holds up the exit.
func ending(life context.Context, handle func(context.Context, desk.Leased) error) func(context.Context, desk.Leased) error {
	return func(ctx context.Context, j desk.Leased) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stop := context.AfterFunc(life, cancel)
		defer stop()
		return handle(ctx, j)
	}
}

// together runs what an app consists of until ctx ends or one of it fails.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, part := range parts {
		g.Go(func() error { return part(ctx) })
	}
	return g.Wait()
}
