package simulate

import (
	"fmt"
	"slices"

	"warmline/escalate"
)

// Recommendation says which thresholds keep a budget.
type Recommendation struct {
	All    Promise       `json:"all"`    // for every topic that has none of its own
	Topics []TopicAdvice `json:"topics"` // most questions first
	Total  Rate          `json:"total"`  // of all that would be sent with these thresholds, how much would be wrong
	Auto   float64       `json:"auto"`   // the share of all questions that would be answered with them
}

// TopicAdvice is what is recommended for one topic.
type TopicAdvice struct {
	Topic   string  `json:"topic"`
	Advice  string  `json:"advice"` // "own": its own threshold, "all": that of all topics, "draft": nothing is sent
	Why     string  `json:"why"`    // for people
	Promise Promise `json:"promise"`
}

// What is recommended for a topic.
const (
	AdviceOwn   = "own"
	AdviceAll   = "all"
	AdviceDraft = "draft"
)

// Recommend finds the thresholds that keep a budget (0..1): one for each topic that has evidence enough, and one for the rest.
// A topic without enough takes the one for all, unless its own outcomes speak against that.
func (r *Result) Recommend(budget float64) Recommendation {
	return r.recommend(r.view(r.policy), budget)
}

func (r *Result) recommend(v *view, budget float64) Recommendation {
	share, expected := r.Share.Promised, r.Share.Expected
	rec := Recommendation{All: v.keep(v.rows, share, expected, budget), Topics: []TopicAdvice{}}
	if !rec.All.OK { // a topic that breaks the budget by itself must not hold back all others
		hopeless := map[string]bool{}
		for _, topic := range v.topics() {
			rows := v.of(topic)
			hopeless[topic] = r.breaks(v, rows, rows[len(rows)/5].Confidence, budget) // even its most confident fifth does
		}
		rest := slices.DeleteFunc(slices.Clone(v.rows), func(row *Row) bool { return hopeless[row.Topic] })
		if len(rest) < len(v.rows) {
			rec.All = v.keep(rest, share, expected, budget)
		}
	}
	for _, topic := range v.topics() {
		rec.Topics = append(rec.Topics, r.advise(v, topic, v.keep(v.of(topic), share, expected, budget), &rec.All))
	}
	e := v.with(&rec)
	if rec.All.OK && !e.keeps(share, budget, escalate.PromiseConfidence) {
		rec.stricter() // topics that are each inside may together be outside: each had its own 5 %
		e = v.with(&rec)
	}
	if e.right+e.wrong+e.slipped > 0 {
		rec.Total, rec.Auto = e.rateAt(share), e.auto(expected)
	}
	return rec
}

// breaks reports whether rows certainly leave the budget from a threshold on.
func (r *Result) breaks(v *view, rows []*Row, from, budget float64) bool {
	e := v.evidenceOf(rows, from)
	return e.lower(r.Share.Promised, escalate.PromiseConfidence) > budget
}

// advise says what becomes of one topic.
func (r *Result) advise(v *view, topic string, p Promise, all *Promise) TopicAdvice {
	a := TopicAdvice{Topic: topic, Promise: p}
	missing := "its answers are wrong too often at every threshold"
	if p.Missing > 0 {
		missing = fmt.Sprintf("about %d more judged tickets like these are needed for a threshold of its own", p.Missing)
	}
	switch {
	case p.OK:
		a.Advice, a.Why = AdviceOwn, fmt.Sprintf("%d questions above the threshold, %d of them answered wrong", p.Tried, p.Wrong)
	case !all.OK:
		a.Advice, a.Why = AdviceDraft, "too little evidence: "+missing
	case r.breaks(v, v.of(topic), all.From, all.Budget):
		a.Advice, a.Why = AdviceDraft, "at the threshold for all, its own answers break the budget; "+missing
	default:
		a.Advice, a.Why = AdviceAll, "nothing speaks against the threshold for all; "+missing
	}
	return a
}

// stricter lets no topic answer below the threshold for all.
func (rec *Recommendation) stricter() {
	for i := range rec.Topics {
		if t := &rec.Topics[i]; t.Advice == AdviceOwn && t.Promise.From < rec.All.From {
			t.Advice, t.Why = AdviceAll, "held to the threshold for all: with its own, all topics together would leave the budget"
		}
	}
}

// from is the threshold for a topic; ok is false where nothing may be sent.
func (rec *Recommendation) from(topic string) (float64, bool) {
	i := slices.IndexFunc(rec.Topics, func(t TopicAdvice) bool { return t.Topic == topic })
	switch {
	case i >= 0 && rec.Topics[i].Advice == AdviceOwn:
		return rec.Topics[i].Promise.From, true
	case i >= 0 && rec.Topics[i].Advice == AdviceDraft:
		return 1, false
	}
	return rec.All.From, rec.All.OK
}

// Apply returns a policy with the recommended thresholds: what may answer is promoted to auto, what may not is held at draft.
// Everything else stays as it is in p, which is not changed.
func (rec *Recommendation) Apply(p *escalate.Policy) (*escalate.Policy, error) {
	next, err := p.Clone()
	if err != nil {
		return nil, err
	}
	set := func(th *escalate.Thresholds, from float64) {
		th.Auto = from
		th.Draft = min(th.Draft, from)
	}
	next.Stage = escalate.StageDraft
	if rec.All.OK {
		next.Stage = escalate.StageAuto
		set(&next.Thresholds, rec.All.From)
	} else {
		next.Thresholds.Auto = max(next.Thresholds.Auto, next.Thresholds.Draft)
	}
	if next.Topics == nil && len(rec.Topics) > 0 {
		next.Topics = map[string]escalate.TopicRule{}
	}
	for _, t := range rec.Topics {
		rule := next.Topics[t.Topic]
		rule.Auto, rule.Stage = nil, ""
		switch t.Advice {
		case AdviceOwn:
			th, _ := next.For(t.Topic)
			set(&th, t.Promise.From)
			rule = escalate.TopicRule{Auto: &th.Auto, Draft: &th.Draft, Stage: escalate.StageAuto}
		case AdviceDraft:
			rule.Stage = escalate.StageDraft
		default:
			rule.Draft = nil
		}
		if rule == (escalate.TopicRule{}) {
			delete(next.Topics, t.Topic)
			continue
		}
		next.Topics[t.Topic] = rule
	}
	return next, next.Validate()
}

// of returns the rows of a topic, in the view's order.
func (v *view) of(topic string) []*Row {
	var rows []*Row
	for _, r := range v.rows {
		if r.Topic == topic {
			rows = append(rows, r)
		}
	}
	return rows
}

// with is the evidence of all that a recommendation would send.
func (v *view) with(rec *Recommendation) evidence {
	type line struct {
		from float64
		ok   bool
	}
	lines := map[string]line{}
	c := v.counter()
	for _, r := range v.rows {
		l, known := lines[r.Topic]
		if !known {
			l.from, l.ok = rec.from(r.Topic)
			lines[r.Topic] = l
		}
		if l.ok && r.Confidence >= l.from {
			c.add(r)
		}
	}
	return c.sum()
}
