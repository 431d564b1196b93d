package simulate

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"warmline/brain"
	"warmline/escalate"
)

// Row is one question that a brain was asked, and what became of it.
type Row struct {
	ID         string
	Topic      string
	Answer     string // the best answer; "" when there was none
	Truth      string // the answer that solved it; "" when nobody knows, or when there is none
	Confidence float64
	Known      bool // the brain had the answer that solved it
	Judged     bool // it is known what would have been right: Truth, or that nothing is
	Right      bool
	Left       bool // its answer was left out on purpose
	Shown      bool // it stands for its ticket where each ticket counts once

	past  *brain.Past
	text  string
	group string // what is left out together with it: questions whose acceptance is not independent
	seen  escalate.Assessment
	asked escalate.Content
}

// score builds one brain after another and asks it.
func (w *work) score(ctx context.Context) ([]Row, error) {
	plan := w.plan()
	for i := range plan {
		w.total += len(plan[i].jobs)
	}
	asked := map[int]bool{}
	var rows []Row
	order := map[*brain.Past]int{}
	for i := range plan {
		jobs := plan[i].jobs
		w.progress(0, fmt.Sprintf("building brain %d of %d", i+1, len(plan)))
		k := w.knowledge(&plan[i])
		mind, err := w.o.Build(ctx, k)
		if err != nil {
			return nil, fmt.Errorf("build brain %d of %d: %w", i+1, len(plan), err)
		}
		has := answers(&k)
		got, err := w.ask(ctx, mind, jobs, has)
		if err != nil {
			return nil, err
		}
		rows = append(rows, got...)
		for _, j := range jobs {
			asked[j.item] = true
			order[w.items[j.item].past] = j.item
		}
	}
	w.split.Asked = len(asked)
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(order[a.past], order[b.past]) })
	seen := map[*brain.Past]bool{}
	for i := range rows {
		if r := &rows[i]; r.Judged && !seen[r.past] {
			seen[r.past] = true
			w.split.Judged++
		}
	}
	return rows, nil
}

func (w *work) progress(more int, stage string) {
	w.done += more
	if w.o.Progress != nil {
		w.o.Progress(w.done, w.total, stage)
	}
}

// answers lists the answers that a brain's knowledge holds.
func answers(k *brain.Knowledge) map[string]bool {
	has := map[string]bool{}
	for i := range k.Macros {
		has[k.Macros[i].ID] = true
	}
	for i := range k.Articles {
		has[k.Articles[i].ID] = true
	}
	for i := range k.Past {
		if a := k.Past[i].Gold.AnswerID; a != "" && !k.Past[i].Unanswerable() {
			has[a] = true
		}
	}
	return has
}

// chunk is how many questions are asked between two reports of progress.
const chunk = 64

// ask puts questions to a brain, on all cores. Each has its own place in the rows, so that the order in which they are
// answered leaves no trace.
func (w *work) ask(ctx context.Context, mind Brain, jobs []job, has map[string]bool) ([]Row, error) {
	rows := make([]Row, len(jobs))
	for from := 0; from < len(jobs); from += 16 * chunk {
		to := min(len(jobs), from+16*chunk)
		var next atomic.Int64
		next.Store(int64(from))
		g, gctx := errgroup.WithContext(ctx)
		for range min(runtime.GOMAXPROCS(0), (to-from+chunk-1)/chunk) {
			g.Go(func() error {
				for {
					end := int(next.Add(chunk))
					if end-chunk >= to {
						return nil
					}
					for n := end - chunk; n < min(end, to); n++ {
						if err := w.one(gctx, mind, &rows[n], jobs[n], has); err != nil {
							return err
						}
					}
				}
			})
		}
		if err := g.Wait(); err != nil {
			return nil, err
		}
		w.progress(to-from, "asking")
	}
	return rows, nil
}

// one asks one question. A brain that fails is no end of the simulation: live, the ticket would go to a human.
func (w *work) one(ctx context.Context, mind Brain, r *Row, j job, has map[string]bool) error {
	it := &w.items[j.item]
	p := it.past
	content, _ := opening(p)
	t := &escalate.Ticket{ID: escalate.TicketID(p.ID), Ref: escalate.Ref{Desk: "file", ID: p.ID}, Content: content}
	a, err := mind.Assess(ctx, time.Time{}, t)
	if ctx.Err() != nil {
		return fmt.Errorf("ask ticket %s: %w", p.ID, ctx.Err())
	}
	if err != nil {
		a = escalate.Assessment{Fault: err.Error()}
	}
	*r = Row{
		ID: p.ID, Topic: a.Topic, Confidence: a.Confidence, Judged: it.family != "" || p.Unanswerable(), Left: j.left,
		past: p, text: it.text, group: cmp.Or(it.family, p.ID), asked: content,
		seen: escalate.Assessment{
			Lang: a.Lang, Topic: a.Topic, Signals: a.Signals, Answer: a.Answer, Confidence: a.Confidence, Sources: a.Sources,
			Similar: a.Similar, Attempts: a.Attempts, Automatic: a.Automatic, Thanks: a.Thanks, Fault: a.Fault,
		},
	}
	if a.Answer != nil {
		r.Answer = a.Answer.ID
	}
	if it.family != "" {
		r.Truth = p.Gold.AnswerID
		r.Known = has[r.Truth]
		r.Right = r.Known && r.Answer == r.Truth
	}
	return nil
}
