package local

import (
	"context"
	"hash/fnv"
	"strings"

	"warmline/brain/local/learn"
)

// folds is into how many parts the past is split: each is asked of a brain that was trained on the others.
const folds = 5

// trial is one past ticket as it would have been answered without itself and without the answers that its fold holds out.
type trial struct {
	row   *headRow
	fold  int
	h     *heads
	label int // class in h; -1 when h cannot know its answer, as in life with a question that is new
	s     scores
	vote  vote
	verdict
	right bool
}

// replay asks each row of a brain that was trained on the other folds and without a fifth of all answers, macros and articles
// included. The fifth stands in for the unknown: a brain that was never asked what it cannot know would trust itself too far.
func (s *state) replay(ctx context.Context, rows []*headRow, seed string) ([]*trial, error) {
	part := parts{seed: seed, of: map[string]int{}}
	held := make([]int8, len(s.ix.docs)) // the fold that leaves a document's answer out
	for i, d := range s.ix.docs {
		held[i] = int8(part.answer(d.answer))
	}
	asked := make([]int8, len(s.ix.docs)) // the fold that a document is asked in
	for i := range asked {
		asked[i] = -1
	}
	for _, r := range rows {
		asked[r.doc] = int8(bucket(seed, "question", same(r.q.terms)))
	}
	var out []*trial
	for f := range int8(folds) {
		var train []*headRow
		var trials []*trial
		for _, r := range rows {
			switch {
			case asked[r.doc] == f && !r.q.grams.Empty():
				trials = append(trials, &trial{row: r, fold: int(f)})
			case asked[r.doc] != f && int8(part.answer(r.answer)) != f:
				train = append(train, r)
			}
		}
		h, err := trainHeads(ctx, train, uint64(f+1), s.dim())
		if err != nil {
			return nil, err
		}
		if h == nil {
			continue
		}
		keep := func(j int) bool { return held[j] != f && asked[j] != f }
		parallel(len(trials), func(i int) { trials[i].ask(s, h, keep) })
		out = append(out, trials...)
	}
	return out, nil
}

func (t *trial) ask(s *state, h *heads, keep func(int) bool) {
	t.h, t.label = h, -1
	t.vote = s.ix.ask(query{t.row.q.terms, t.row.q.lang}, keep)
	t.s = h.score(t.row.q, &t.vote)
	if k, ok := h.class[t.row.answer]; ok {
		t.label = k
	}
}

// parts says which fold leaves an answer out.
type parts struct {
	seed string
	of   map[string]int
}

func (p *parts) answer(a string) int {
	if a == "" {
		return -1
	}
	f, ok := p.of[a]
	if !ok {
		f = bucket(p.seed, "answer", a)
		p.of[a] = f
	}
	return f
}

// same is equal for questions that ask the same in the same words, whatever their order: they must not be on both sides.
func same(terms []termCount) string {
	var b strings.Builder
	for _, t := range terms {
		b.WriteString(t.term)
		b.WriteByte(0)
	}
	return b.String()
}

func bucket(parts ...string) int {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // a hash never fails
		_, _ = h.Write([]byte{0})
	}
	// FNV's last bytes hardly reach its high bits, so that neighbours in a file would share a part: mix once more (the
	// finalizer of MurmurHash3).
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return int((x ^ x>>33) % folds)
}

// maxFused bounds how many trials the models' weights are fitted on: three numbers need no more.
const maxFused = 4000

// firstWeights are the models' weights before any were fitted.
var firstWeights = []float64{bySVM: 4, bySoft: 0.3, byVote: 0.5, byMeaning: 1, byNear: 5}

// fuse fits the models' weights on trials whose answer could be known.
func fuse(trials []*trial) []float64 {
	by := make([][][]float32, trials[0].h.models())
	var labels []int
	step := max(1, len(trials)/maxFused)
	for i := 0; i < len(trials); i += step {
		t := trials[i]
		if t.label < 0 {
			continue
		}
		for m := range by {
			by[m] = append(by[m], t.s.by[m])
		}
		labels = append(labels, t.label)
	}
	return learn.Fuse(by, labels, firstWeights[:len(by)])
}
