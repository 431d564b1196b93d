package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"warmline/escalate"
)

// What people said of a topic backs its promise for a year, the newest thousand judgements of it: a topic that answers by
// itself gathers some ten reviews a week, and must not lose its promise because its approvals grew old.
const (
	promiseLast   = 1000
	promiseWithin = 365 * 24 * time.Hour
)

// backed says whether the budget that a policy promises for a topic is kept, and by what; nil when nothing is promised.
func (s *Service) backed(ctx context.Context, tx Tx, p *escalate.Policy, topic string) (*escalate.Backed, error) {
	line, _ := p.For(topic)
	budget := p.Promises(topic)
	if budget <= 0 {
		return nil, nil
	}
	since := tx.Now().Add(-promiseWithin)
	// The mark first: a judgement that comes between the two readings only means that the next one looks again.
	mark, err := tx.JudgementMark(ctx, topic, since, promiseLast)
	if err != nil {
		return nil, err
	}
	seen := proof{mark: mark}
	if s.Backtest != nil {
		seen.past = s.Backtest.Outcomes(topic)
	}
	key := proofKey{topic, budget, line.Auto}
	if known, ok := s.proofs.recall(key, seen); ok {
		return &known, nil
	}
	js, err := judgementsOf(ctx, tx, topic, since)
	if err != nil {
		return nil, err
	}
	seen.backed = escalate.Back(escalate.OutcomesOf(js), seen.past, budget, line.Auto)
	s.proofs.keep(key, seen)
	return &seen.backed, nil
}

// judgementsOf returns what people said of a topic since an instant, newest first. "" is the topic that nobody could name,
// which the store takes for all of them.
func judgementsOf(ctx context.Context, tx Tx, topic string, since time.Time) ([]escalate.Judgement, error) {
	js, err := tx.Judgements(ctx, topic, since, promiseLast)
	if err != nil {
		return nil, fmt.Errorf("load judgements on topic %q: %w", topic, err)
	}
	return slices.DeleteFunc(js, func(j escalate.Judgement) bool { return j.Topic != topic }), nil
}

// proofs remembers the last answer for each topic: it takes milliseconds to work out, within a transaction, and changes only
// with a judgement, a new back-test, another budget or another threshold.
type proofs struct {
	mu   sync.Mutex
	last map[proofKey]proof
}

type proofKey struct {
	topic         string
	budget, floor float64
}

// proof is a promise's backing, and the evidence that it was worked out from.
type proof struct {
	mark   JudgementMark
	past   []escalate.Outcome
	backed escalate.Backed
}

// proofsKept bounds how many are remembered.
const proofsKept = 500

// recall returns what was worked out before from the same evidence.
func (p *proofs) recall(key proofKey, seen proof) (escalate.Backed, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.last[key]
	return known.backed, ok && known.mark == seen.mark && sameSlice(known.past, seen.past)
}

func (p *proofs) keep(key proofKey, found proof) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil || len(p.last) >= proofsKept {
		p.last = map[proofKey]proof{}
	}
	p.last[key] = found
}

// sameSlice reports whether two slices are one. Outcomes of a back-test never change in place.
func sameSlice(a, b []escalate.Outcome) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// backedWords says what backs a promise, or what is missing. The words are for people who decide about the ladder.
func backedWords(b *escalate.Backed) string {
	var from string
	switch b.By {
	case escalate.EvidenceBacktest:
		from = "the back-test"
	case escalate.EvidenceBoth:
		from = "the back-test and what people said"
	default:
		from = "what people said"
	}
	if b.OK {
		return fmt.Sprintf("%s is kept from %s: %s, so at most %s (by %s)",
			percent(b.Budget), percent(b.From), wrongOf(b.Wrong, b.N), percent(b.Upper), from)
	}
	words := fmt.Sprintf("%d of %d clean approvals until auto", b.Clean, b.Need)
	if b.Clean >= b.Need {
		words = fmt.Sprintf("no threshold keeps %s yet", percent(b.Budget))
	}
	if b.Slips > 0 {
		words += fmt.Sprintf("; %s (by %s)", wrongOf(b.Slips, b.Seen), from)
	}
	return words + fmt.Sprintf(", counting answers that are %s sure", percent(b.Floor))
}

// wrongOf says how many were wrong.
func wrongOf(wrong, all int) string {
	of := fmt.Sprintf("of %d ", all)
	return escalate.Counted(wrong, of+"was wrong", of+"were wrong")
}

// standing is where a topic stands under a policy.
type standing struct {
	topic  string
	line   escalate.Thresholds
	stage  escalate.Stage
	share  float64
	backed *escalate.Backed // nil: nothing is promised
}

// standing works out where a topic stands under a policy, which need not be in force.
func (a *act) standing(ctx context.Context, p *escalate.Policy, topic string) (standing, error) {
	st := standing{topic: topic, share: p.Sample}
	st.line, st.stage = p.For(topic)
	var err error
	st.backed, err = a.s.backed(ctx, a.tx, p, topic)
	return st, err
}

// rung says what the topic does on its own.
func (s *standing) rung() string {
	drafts := ", drafts from " + percent(s.line.Draft)
	switch {
	case s.stage == escalate.StageObserve:
		return "rung observe: decides and logs only"
	case s.stage == escalate.StageDraft:
		return "rung draft: answers nothing by itself" + drafts
	case s.backed != nil && !s.backed.OK:
		return fmt.Sprintf("rung %s, but answers nothing by itself yet%s", s.stage, drafts)
	}
	from := s.line.Auto
	if s.backed != nil {
		from = max(from, s.backed.From)
	}
	whom := ""
	if s.stage == escalate.StageSample {
		whom = percent(s.share) + " of tickets "
	}
	return fmt.Sprintf("rung %s: answers %sfrom %s%s", s.stage, whom, percent(from), drafts)
}

// proof says what is promised and what backs it; "" when nothing is promised.
func (s *standing) proof() string {
	if s.backed == nil {
		return ""
	}
	return fmt.Sprintf("promise %s: %s", percent(s.backed.Budget), backedWords(s.backed))
}

// topics lists every topic there is: those that tickets had, and those that the policies name.
func (a *act) topics(ctx context.Context, policies ...*escalate.Policy) ([]string, error) {
	known, err := a.tx.Topics(ctx)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	for _, p := range append(policies, a.policy) {
		for topic := range p.Topics {
			known = append(known, topic)
		}
	}
	slices.Sort(known)
	return slices.Compact(known), nil
}
