package local

import (
	"maps"
	"math"
	"slices"

	"warmline/brain/local/learn"
	"warmline/escalate"
)

// How many judgements a correction needs, how many of the newest count, and how strongly it is held to changing nothing: as if
// so much variance had been seen there.
const (
	minJudged  = 100
	maxJudged  = 2000
	heldJudged = 2.0
)

// uncorrected is the name, in an assessment's Measured, of what the confidence would be had nobody judged.
const uncorrected = "uncorrected"

// Uncorrected returns the confidence that this brain had in an answer before people's judgements corrected it: what Recalibrate
// must be given. ok is false where it was found by its neighbours alone, so that there was nothing to correct.
func Uncorrected(a *escalate.Assessment) (p float64, ok bool) {
	p, ok = a.Measured[uncorrected]
	return p, ok
}

// Recalibrate corrects the confidence by how people judged answers, the newest first, at most 2,000: its log-odds are stretched and
// shifted (Platt 1999). Outcomes carry the uncorrected confidence, so that what was corrected before is not corrected twice. With
// fewer than 100 nothing is corrected. Whoever was sure before another answer stays surer. It takes effect at once, and returns
// whether there is a correction.
func (b *Brain) Recalibrate(outcomes []escalate.Outcome) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, old := b.now.Load(), b.model.Load()
	if s.mind == nil {
		return false
	}
	m := *s.mind
	m.judged = judge(outcomes)
	m.foretell()
	model := *old
	model.mind = &m
	b.model.Store(&model)
	b.now.Store(s.with(&m))
	return m.judged != learn.Platt{}
}

func judge(outcomes []escalate.Outcome) learn.Platt {
	outcomes = outcomes[:min(len(outcomes), maxJudged)]
	if len(outcomes) < minJudged {
		return learn.Platt{}
	}
	p, right := make([]float64, len(outcomes)), make([]bool, len(outcomes))
	for i, o := range outcomes {
		p[i], right[i] = o.Confidence, o.Right
	}
	return learn.FitPlatt(p, right, heldJudged)
}

// correct returns a confidence as people's judgements leave it, never above most.
func (m *mind) correct(p, most float64) float64 { return min(m.judged.Of(p), most) }

// foretell works out the past's outcomes under the correction: they are asked for in transactions, which must not wait.
func (m *mind) foretell() {
	m.foretold = make(map[string][]escalate.Outcome, len(m.replay))
	for topic, all := range m.replay {
		out := make([]escalate.Outcome, len(all))
		for i, o := range all {
			out[i] = escalate.Outcome{Confidence: m.correct(o.Confidence, m.cap), Right: o.Right}
		}
		m.foretold[topic] = out
	}
	m.foretoldAll = nil
	for _, topic := range slices.Sorted(maps.Keys(m.foretold)) {
		m.foretoldAll = append(m.foretoldAll, m.foretold[topic]...)
	}
}

// heed applies people's judgements to a confidence that the heads had a say in.
func (s *state) heed(a *escalate.Assessment, p, most float64) float64 {
	raw := math.Round(p*1e6) / 1e6
	now := s.mind.correct(raw, min(most, s.mind.cap))
	a.Measured = map[string]float64{uncorrected: raw}
	if pull := round(logit(now) - logit(raw)); math.Abs(pull) >= shownPull {
		words := "people found such answers right more often than the past foretold"
		if pull < 0 {
			words = "people found such answers right less often than the past foretold"
		}
		a.Factors = append(a.Factors, escalate.Factor{Name: "judgements", Words: words, Pull: pull})
	}
	return now
}

// shownPull is the least correction that a person is told of, in log-odds.
const shownPull = 0.1
