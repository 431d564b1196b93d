package local

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"warmline/brain"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// Version names this brain in every assessment. It changes when the same knowledge may give another answer.
const Version = "local/3"

// Options says what a brain starts from. Its zero value is a brain that knows nothing: it still reports triggers, summary
// and language, and answers nothing.
type Options struct {
	Knowledge brain.Knowledge
	Seed      string  // parts the past into folds; the same seed and knowledge give the same brain
	Team      string  // whose knowledge it is, for errors
	Encoder   Encoder // meaning beside words; nil leaves it at words

	// Model is what was learned before, from this knowledge or nearly this: with it nothing is learned at the start. One of other
	// code is an ErrOtherModel. nil learns.
	Model *Model
	// Later, without a Model, leaves the learning to the first Refit. Until then answers are found by their neighbours alone, and
	// none is trusted for more than a draft.
	Later bool
}

// Brain is the built-in brain. It needs no network; it is safe for concurrent use.
type Brain struct {
	now   atomic.Pointer[state]
	model atomic.Pointer[Model]
	mu    sync.Mutex // held while the two change
	refit sync.Mutex // held, before mu, for as long as a Refit takes
	seed  string
	files string // hash of what it was started with
}

var _ desk.Brain = (*Brain)(nil)

// New reads the knowledge and learns from it: about ten seconds on two cores for fifteen thousand past tickets with 150 answers,
// with a Model less than one.
func New(o Options) (*Brain, error) { return NewContext(context.Background(), o) }

// NewContext is New, given up with ctx's error when ctx ends.
func NewContext(ctx context.Context, o Options) (*Brain, error) {
	if err := check(o.Knowledge); err != nil {
		return nil, fmt.Errorf("read knowledge of %q: %w", o.Team, err)
	}
	docs, err := docsOf(o.Knowledge)
	if err != nil {
		return nil, fmt.Errorf("read knowledge of %q: %w", o.Team, err)
	}
	s := newState(docs, o.Encoder)
	b := &Brain{seed: o.Seed, files: s.hash(o.Seed)}
	m := o.Model
	if m == nil {
		var learned *mind
		if !o.Later {
			if learned, err = s.study(ctx, o.Seed); err != nil {
				return nil, fmt.Errorf("learn from the past of %q: %w", o.Team, err)
			}
		}
		m = &Model{Version: Version, Files: b.files, encoder: s.encoderID(), mind: learned}
		if !o.Later {
			m.Hash, m.Rows = b.files, s.tickets() // nothing is known yet but what it was started with
		}
	}
	if err := b.use(s, m); err != nil {
		return nil, fmt.Errorf("start the brain of %q: %w", o.Team, err)
	}
	return b, nil
}

// check refuses what would answer two questions by one name.
func check(k brain.Knowledge) error {
	seen := map[string]string{}
	add := func(kind, id, lang string) error {
		if id == "" {
			return fmt.Errorf("%s without an id", kind)
		}
		if before, ok := seen[id+"\x00"+lang]; ok {
			return fmt.Errorf("%s %q has the id of a %s", kind, id, before)
		}
		seen[id+"\x00"+lang] = kind
		return nil
	}
	for _, m := range k.Macros {
		if err := add("macro", m.ID, m.Lang); err != nil {
			return err
		}
	}
	for _, a := range k.Articles {
		if err := add("article", a.ID, a.Lang); err != nil {
			return err
		}
	}
	return nil
}

// Assess reads a ticket. It fails only when ctx has ended or there is no ticket.
func (b *Brain) Assess(ctx context.Context, _ time.Time, t *escalate.Ticket) (escalate.Assessment, error) {
	if err := ctx.Err(); err != nil {
		return escalate.Assessment{}, fmt.Errorf("assess ticket: %w", err)
	}
	if t == nil {
		return escalate.Assessment{}, errors.New("assess ticket: there is none")
	}
	return b.now.Load().assess(t), nil
}

// Outcomes returns how the past tickets of a topic ("" is all of them) would have gone: each was answered by a brain that knew
// neither it nor a fifth of all answers. It is empty for a team with too little past. The slice stays as it is, and is the same one until
// the next Refit, Recalibrate or Use; the caller must not change it.
func (b *Brain) Outcomes(topic string) []escalate.Outcome {
	m := b.now.Load().mind
	if !m.answers() {
		return nil
	}
	if topic != "" {
		return m.foretold[topic]
	}
	return m.foretoldAll
}

// Learn makes a solved ticket findable at once, without building the index anew; Assess goes on meanwhile. The
// heads and the confidence hear of it at the next Refit. A ticket that is learned again replaces itself.
func (b *Brain) Learn(ctx context.Context, t *escalate.Ticket, answerID string) error {
	if t == nil {
		return errors.New("learn ticket: there is none")
	}
	return b.LearnAll(ctx, []brain.Past{brain.PastOf(t, answerID)})
}

// manyLessons is from how many tickets on one building of the index is faster than adding them one by one.
const manyLessons = 100

// LearnAll is Learn for many solved tickets, oldest first; of two with the same id the later one counts. When ctx ends some may
// be known.
func (b *Brain) LearnAll(ctx context.Context, past []brain.Past) error {
	docs := make([]*doc, 0, len(past))
	for i := range past {
		d := ticketDoc(&past[i])
		if !d.known && d.answer == "" || d.asked == "" && d.title == "" {
			continue // nobody answered it, or it asks nothing
		}
		docs = append(docs, d)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("learn tickets: %w", err)
	}
	if len(docs) >= manyLessons {
		b.now.Store(b.now.Load().learnMany(docs))
		return nil
	}
	for _, d := range docs {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("learn tickets: %w", err)
		}
		b.now.Store(b.now.Load().learn(d))
	}
	return nil
}

// Refit learns anew from all that is known, and then swaps: Assess goes on with what was known before, and Learn with it. What
// came meanwhile is known after the swap too. People's judgements stay as they were last counted: see Recalibrate. It returns
// ctx's error when ctx ends, and then nothing has changed.
func (b *Brain) Refit(ctx context.Context) error {
	b.refit.Lock()
	defer b.refit.Unlock()
	from := b.now.Load()
	s := from.rebuild()
	m, err := s.study(ctx, b.seed)
	if err != nil {
		return fmt.Errorf("refit: %w", err)
	}
	model := b.modelOf(s, m)
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now.Load()
	if m != nil && now.mind != nil {
		m.judged = now.mind.judged
		m.foretell()
	}
	switch {
	case now == from: // nothing came meanwhile
		now = s
	case len(now.ix.docs) > now.ix.built || len(now.gone) > 0:
		now = now.rebuild()
	}
	return b.use(now, model)
}
