package desk

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

// library is knowledge that says of each id what it reads as now; what it has not is gone.
type library map[string]string

func (k library) SourcesNow(asked []escalate.Source) []escalate.Source {
	out := make([]escalate.Source, len(asked))
	for i, s := range asked {
		s.Version, s.Passage = k[s.ID], k[s.ID]
		out[i] = s
	}
	return out
}

// oneAssessment is a store that keeps one assessment.
type oneAssessment struct {
	Tx

	kept *escalate.Assessment
	err  error
}

func (o *oneAssessment) Update(_ context.Context, fn func(Tx) error) error { return fn(o) }
func (o *oneAssessment) View(_ context.Context, fn func(Tx) error) error   { return fn(o) }

func (o *oneAssessment) Assessment(context.Context, escalate.TicketID, escalate.AssessmentID) (*escalate.Assessment, error) {
	if o.err != nil {
		return nil, o.err
	}
	a := *o.kept
	a.Sources = append([]escalate.Source(nil), a.Sources...)
	return &a, nil
}

func (o *oneAssessment) PutAssessment(_ context.Context, _ escalate.TicketID, a *escalate.Assessment) error {
	o.kept = a
	return nil
}

func (o *oneAssessment) NewestModel(context.Context) (*Model, error) { return nil, ErrNotFound }

func (o *oneAssessment) Solved(context.Context, time.Time, escalate.TicketID, int) ([]Solved, error) {
	return []Solved{{Ticket: "t9"}}, nil
}

func (o *oneAssessment) Ticket(context.Context, escalate.TicketID) (*escalate.Ticket, error) {
	return &escalate.Ticket{ID: "t9"}, nil
}

// resting returns a change to a ticket whose reply rests on the macro m and the past ticket t9.
func resting(k Sources) (*change, *oneAssessment, *escalate.Reply) {
	store := &oneAssessment{kept: &escalate.Assessment{ID: "a1", Sources: []escalate.Source{
		{ID: "m", Kind: "macro", Title: "Refunds", Version: "v1", Used: true},
		{ID: "t9", Kind: "ticket", Title: "Parcel", Version: "w1", Used: true},
		{ID: "near", Kind: "article", Title: "Something near", Version: "x1"},
	}}}
	s := &Service{Options: Options{Store: store, Sources: k, Logger: slog.New(slog.DiscardHandler)}}
	return &change{s: s, tx: store, ticket: &escalate.Ticket{ID: "t1"}}, store, &escalate.Reply{ID: "r1", Rests: "a1"}
}

func TestAReplyIsFencedByWhatItsWordsComeFrom(t *testing.T) {
	as := library{"m": "v1", "t9": "w1", "near": "x1"}
	for name, tc := range map[string]struct {
		now  Sources
		rest escalate.AssessmentID
		err  error
		want []string
	}{
		"nothing changed":              {as, "a1", nil, nil},
		"what is only near changed":    {library{"m": "v1", "t9": "w1", "near": "x2"}, "a1", nil, nil},
		"the macro changed":            {library{"m": "v2", "t9": "w1"}, "a1", nil, []string{"Changed: Refunds", "Now: v2"}},
		"the past ticket is gone":      {library{"m": "v1"}, "a1", nil, []string{"Changed: Parcel", "Now: it is not there any more"}},
		"it rests on nothing":          {library{}, "", nil, nil},
		"its assessment was erased":    {library{}, "a1", ErrNotFound, nil},
		"nobody knows what it says":    {nil, "a1", nil, nil},
		"two changed, and both are so": {library{"m": "v2", "t9": "w2"}, "a1", nil, []string{"Changed: Refunds", "Now: v2", "Changed: Parcel", "Now: w2"}},
	} {
		c, store, r := resting(tc.now)
		r.Rests, store.err = tc.rest, tc.err
		before := *store.kept
		why, lines, err := c.sourceMoved(t.Context(), r)
		if err != nil || (why == movedSource) != (tc.want != nil) || !cmp.Equal(tc.want, lines) {
			t.Errorf("%s: %q, %q, %v; want %q", name, why, lines, err, tc.want)
		}
		if diff := cmp.Diff(before, *store.kept); diff != "" {
			t.Errorf("%s: what the AI's draft rests on was rewritten:\n%s", name, diff)
		}
	}
	c, store, r := resting(as)
	store.err = errors.New("disk full")
	if _, _, err := c.sourceMoved(t.Context(), r); err == nil {
		t.Error("that nothing could be read counts as nothing changed")
	}
}

// Two replicas that were started with different files check in turn: each text is told of once, and then it is the person's word.
func TestWhatAPersonTypedIsHeldOnceForEachTextThatTheyWereShown(t *testing.T) {
	c, store, r := resting(nil)
	r.Edited = true
	for i, step := range []struct {
		macro string
		held  bool
	}{{"v1", false}, {"v2", true}, {"v2", false}, {"v1", false}, {"v2", false}, {"", true}, {"", false}, {"v3", true}, {"v3", false}, {"v1", false}} {
		c.s.Sources = library{"m": step.macro, "t9": "w1"}
		why, _, err := c.sourceMoved(t.Context(), r)
		if err != nil || (why != "") != step.held {
			t.Errorf("check %d, which finds %q: %q, %v; want held %v", i, step.macro, why, err, step.held)
		}
	}
	if s := store.kept.Sources[0]; s.Version != "v3" || s.Title != "Refunds" || !s.Used {
		t.Errorf("it rests on %+v by now", s)
	}
}

// hearsay is a learner that teaches a library.
type hearsay struct {
	Learner

	library library
	err     error
	times   int
}

func (h *hearsay) Learn(_ context.Context, lessons []Lesson) error {
	h.times++
	for _, l := range lessons {
		h.library[string(l.Ticket.ID)] = "w1"
	}
	return h.err
}

func TestAPastTicketThatIsMissingIsHeardOfBeforeItCountsAsGone(t *testing.T) {
	k := library{"m": "v1"}
	c, _, r := resting(k)
	h := &hearsay{library: k}
	c.s.Learner = h
	if err := c.s.hearOf(t.Context(), c.ticket, r); err != nil {
		t.Fatal(err)
	}
	if why, lines, err := c.sourceMoved(t.Context(), r); why != "" || err != nil || h.times != 1 {
		t.Errorf("after hearing of it %d times: %q %q, %v", h.times, why, lines, err)
	}
	if err := c.s.hearOf(t.Context(), c.ticket, r); err != nil || h.times != 1 {
		t.Errorf("listened %d times for what is known, %v", h.times, err)
	}

	c, _, r = resting(library{"m": "v1"})
	c.s.Learner = &hearsay{library: library{}, err: errors.New("not listening")}
	if err := c.s.hearOf(t.Context(), c.ticket, r); err != nil {
		t.Errorf("who cannot hear sends nothing: %v", err)
	}
	if why, _, err := c.sourceMoved(t.Context(), r); why != movedSource || err != nil {
		t.Errorf("what is missing for good: %q, %v", why, err)
	}
}

func TestAnAnswerWithdrawnTwiceForItsSourceGoesToAPerson(t *testing.T) {
	b, _, _, tk := informed()
	s := &Service{Options: Options{Brain: b.Brain, Logger: slog.New(slog.DiscardHandler)}}
	snap := &Snapshot{Content: tk.Content}
	for n, fault := range []bool{false, false, true} {
		if a := s.ask(t.Context(), noon, tk, snap); (a.Fault != "") != fault || fault && !strings.Contains(a.Fault, "did not hold") {
			t.Errorf("after %d withdrawn: fault %q", n, a.Fault)
		}
		tk.Replies = append(tk.Replies, escalate.Reply{Newest: "m1", State: escalate.ReplyWithdrawn, Detail: movedSource})
	}
}
