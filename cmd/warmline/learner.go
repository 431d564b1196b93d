package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"warmline/brain"
	"warmline/brain/group"
	"warmline/brain/llm"
	"warmline/brain/local"
	"warmline/brain/local/learn"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// learner teaches the built-in brain, and a language model's weights beside it.
type learner struct {
	brain     *local.Brain
	model     *llm.Brain      // nil when none is asked
	knowledge brain.Knowledge // what prepared answers there are; no past
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

// newLearner returns what the use cases teach.
func newLearner(c *appConfig, b *local.Brain, reader desk.Brain) desk.Learner {
	l := &learner{brain: b, knowledge: brain.Knowledge{Macros: c.Knowledge.Macros, Articles: c.Knowledge.Articles}}
	l.model, _ = reader.(*llm.Brain)
	if c.Teach != nil {
		return c.Teach(l)
	}
	return l
}
