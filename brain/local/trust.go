package local

import (
	"context"
	"slices"

	"warmline/brain/local/learn"
	"warmline/escalate"
)

// minRows is how many solved tickets with a known answer a team needs before its confidence is its own. Below it, and for an
// answer that no ticket ever had, confidence never exceeds coldCap: enough for a draft, never for an answer.
const (
	minRows = 30
	coldCap = 0.6
)

// minLangRows is the same for one language: below it, the few tickets there are agree with each other whatever is asked.
const minLangRows = 20

// maxHeadRows and maxRows bound what the heads learn from: of each answer the newest rows, fewer where there are many answers.
// maxTrials bounds how much of it is replayed, maxScores (floats) what a replay holds in memory.
const (
	maxHeadRows = 300
	maxRows     = 30_000
	maxTrials   = 15_000
	maxScores   = 24 << 20
)

// mind is all that was learned from the past beside the index. It never changes.
type mind struct {
	triggers *triggerHeads // nil without enough labels

	heads   *heads    // with all below; nil where there is too little past to answer from
	weights []float64 // of the models
	trust   *learn.Logistic
	records map[string]float64 // by answer
	cap     float64
	judged  learn.Platt                   // what people's judgements correct; the zero value is nothing
	replay  map[string][]escalate.Outcome // by topic: how the past would have gone, uncorrected

	foretold    map[string][]escalate.Outcome // the same, corrected
	foretoldAll []escalate.Outcome            // of all topics in their order
}

// answers reports whether the mind learned to answer.
func (m *mind) answers() bool { return m != nil && m.heads != nil }

// study learns from the past: which triggers people saw in it, how to answer, and by replaying it how far to trust that. It
// returns nil for a team with too little past for either.
func (s *state) study(ctx context.Context, seed string) (*mind, error) {
	triggers, err := s.studyTriggers(ctx, seed)
	if err != nil {
		return nil, err
	}
	m, err := s.studyAnswers(ctx, seed)
	if err != nil {
		return nil, err
	}
	if m == nil && triggers != nil {
		m = &mind{}
	}
	if m != nil {
		m.triggers = triggers
	}
	return m, nil
}

// studyAnswers returns nil when the past is too little to answer from.
func (s *state) studyAnswers(ctx context.Context, seed string) (*mind, error) {
	rows := s.headRows()
	if len(rows) < minRows {
		return nil, nil
	}
	m := &mind{}
	var err error
	if m.heads, err = trainHeads(ctx, rows, folds+1, s.dim()); err != nil || m.heads == nil {
		return nil, err
	}
	most := min(maxTrials, max(1000, maxScores/(m.heads.models()*len(m.heads.answers))))
	trials, err := s.replay(ctx, rows[max(0, len(rows)-most):], seed)
	if err != nil || len(trials) < minRows {
		return nil, err
	}
	m.weights = fuse(trials)
	for _, t := range trials {
		t.verdict = s.conclude(t.h, m.weights, &t.s, &t.vote, t.row.q)
		t.right = t.label >= 0 && t.answer == t.row.answer
	}
	m.fit(trials)
	m.replay = map[string][]escalate.Outcome{}
	for _, t := range trials {
		topic := s.topic(&t.vote)
		m.replay[topic] = append(m.replay[topic], escalate.Outcome{Confidence: m.probability(&t.x), Right: t.right})
	}
	m.foretell()
	return m, nil
}

// headRows returns the newest rows of each answer that somebody named, oldest first.
func (s *state) headRows() []*headRow {
	left := max(5, min(maxHeadRows, maxRows/max(1, len(s.rows))))
	taken := map[string]int{}
	var docs []int
	for i, d := range slices.Backward(s.ix.docs) {
		if d.kind != "ticket" || !d.known || len(d.terms) == 0 || taken[d.answer] >= left {
			continue
		}
		taken[d.answer]++
		docs = append(docs, i)
	}
	rows := make([]*headRow, len(docs))
	parallel(len(docs), func(n int) {
		i := docs[len(docs)-1-n]
		d := s.ix.docs[i]
		rows[n] = &headRow{doc: i, answer: d.answer, q: s.ask(d.title, d.asked, d.lang)}
	})
	return rows
}

// unknownWeight is what a question whose answer was held out counts beside one whose answer was known. A fifth of all questions
// are such; at three quarters of their weight the confidence expects one in six to be new.
const unknownWeight = 0.75

// fit finds how far to trust an answer. Two made-up rows keep a team that never erred from certainty.
func (m *mind) fit(trials []*trial) {
	x, right, weight := make([][]float64, len(trials)), make([]bool, len(trials)), make([]float64, len(trials))
	for i, t := range trials {
		x[i], right[i], weight[i] = t.x[:], t.right, 1
		if t.label < 0 {
			weight[i] = unknownWeight
		}
	}
	m.trust = learn.FitLogistic(x, right, weight, 1)
	m.records = record(trials, m.trust)
	m.trust = learn.FitLogistic(x, right, weight, 1)
	m.cap = 1 - 1/float64(len(trials)+2)
}

// held is how much a record leans on the average: as if so much variance had been seen there.
const held = 2.0

// record measures for each answer how often it was right, among questions that had a known answer, beyond what the other facets
// expect: one Newton step of an intercept of its own, with a ridge. It fills in the trials' facet from the other folds, since a
// trial's own outcome must not stand in it, and returns the records of all folds.
func record(trials []*trial, m *learn.Logistic) map[string]float64 {
	type tally struct{ miss, variance float64 }
	all := map[string]*[folds + 1]tally{}
	for _, t := range trials {
		r := all[t.answer]
		if r == nil {
			r = &[folds + 1]tally{}
			all[t.answer] = r
		}
		if t.label < 0 {
			continue
		}
		p := learn.Sigmoid(m.Logit(t.x[:]))
		miss := -p
		if t.right {
			miss++
		}
		for _, f := range [2]int{t.fold, folds} {
			r[f].miss += miss
			r[f].variance += p * (1 - p)
		}
	}
	for _, t := range trials {
		r := all[t.answer]
		t.x[fRecord] = (r[folds].miss - r[t.fold].miss) / (r[folds].variance - r[t.fold].variance + held)
	}
	out := make(map[string]float64, len(all))
	for a, r := range all {
		out[a] = r[folds].miss / (r[folds].variance + held)
	}
	return out
}

// probability is how sure the mind is of a verdict with these facets.
func (m *mind) probability(x *[nFacets]float64) float64 {
	return min(m.cap, learn.Sigmoid(m.trust.Logit(x[:])))
}
