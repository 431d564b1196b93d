package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"warmline/brain"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// Version names this brain in every assessment. It changes when the same knowledge may give another answer.
const Version = "local/1"

// Options says what a brain starts from. Its zero value is a brain that knows nothing: it still reports triggers, summary
// and language, and answers nothing.
type Options struct {
	Knowledge brain.Knowledge
	Seed      string // parts the past into folds; the same seed and knowledge give the same brain
	Team      string // whose knowledge it is, for errors
}

// Brain is the built-in brain. It needs no network; it is safe for concurrent use.
type Brain struct {
	now  atomic.Pointer[state]
	mu   sync.Mutex // held while learning
	seed string
}

var _ desk.Brain = (*Brain)(nil)

// New reads the knowledge and calibrates confidence on it: about a second for fifteen thousand past tickets.
func New(o Options) (*Brain, error) {
	if err := check(o.Knowledge); err != nil {
		return nil, fmt.Errorf("read knowledge of %q: %w", o.Team, err)
	}
	s := newState(docsOf(o.Knowledge))
	s.model = calibrate(s.ix, s.rows, o.Seed)
	b := &Brain{seed: o.Seed}
	b.now.Store(s)
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

// Learn makes a solved ticket findable at once. It rebuilds the index, which takes time in proportion to what is known (some
// ten milliseconds for ten thousand tickets); Assess goes on meanwhile. Confidence keeps its calibration until the next New.
// A ticket that is learned again replaces itself.
func (b *Brain) Learn(ctx context.Context, t *escalate.Ticket, answerID string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("learn ticket: %w", err)
	}
	if t == nil {
		return errors.New("learn ticket: there is none")
	}
	p := brain.PastOf(t, answerID)
	d := ticketDoc(&p)
	if d.answer == "" || d.asked == "" && d.title == "" {
		return nil // nobody answered it, or it asks nothing
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	old := b.now.Load()
	docs := slices.DeleteFunc(slices.Clone(old.ix.docs), func(o *doc) bool { return o.kind == "ticket" && o.id == d.id })
	if d.lang == "" {
		d.lang = old.home // never write to a document once others can see it
	}
	s := newState(append(docs, d))
	s.model = old.model
	b.now.Store(s)
	return nil
}
