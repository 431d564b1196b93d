package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"warmline/escalate"
)

// report is a simulation with a button that does what it recommends, or what the what-if tries. Nothing changes before a lead
// presses it.
func (a *act) report(ctx context.Context, q question, ran *escalate.Policy, sim *Simulation) (Answer, error) {
	words := ""
	if q.whatIf != nil {
		words = q.whatIf.words
	}
	ans := Answer{Text: "Simulation: " + sim.Headline, Lines: sim.lines(words)}
	if ran.Version != a.policy.Version {
		ans.Lines = append(ans.Lines, Line{Text: fmt.Sprintf(
			"The policy has moved on from version %d to %d while this ran; to change it by what stands here, simulate again.", ran.Version, a.policy.Version)})
		return ans, nil
	}
	p := &proposal{Base: ran.Version, Why: q.words}
	var err error
	if q.whatIf != nil {
		p.Next, err = q.whatIf.next(a.policy)
	} else {
		err = a.recommend(ctx, p, sim)
	}
	if err != nil {
		return ans, err
	}
	return ans, a.offer(ctx, &ans, p)
}

// offer adds what Apply would do, and the button.
func (a *act) offer(ctx context.Context, ans *Answer, p *proposal) error {
	changes := escalate.Diff(a.policy, p.Next)
	if len(changes) == 0 {
		ans.Lines = append(ans.Lines, Line{Head: "Apply", Text: "nothing to change: the policy says so already."})
		return nil
	}
	effects, err := a.effects(ctx, p.Next)
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode proposal: %w", err)
	}
	row := &Ask{Token: a.s.NewToken(), Kind: askPolicy, Subject: "simulation", At: a.tx.Now(), Body: body}
	if err := a.tx.PutAsk(ctx, row); err != nil {
		return err
	}
	if err := a.audit(ctx, fmt.Sprintf("policy %d", p.Next.Version), outcomeNothing, "asked: "+p.Why); err != nil {
		return err
	}
	head := "Apply makes the machine do less:"
	if escalate.Loosens(changes) {
		head = "Apply lets the machine do more:"
	}
	ans.Lines = append(ans.Lines, Line{Head: head, Text: changeWords(changes)})
	ans.Lines = append(ans.Lines, effects...)
	ans.Lines = append(ans.Lines, Line{Text: fmt.Sprintf("Nothing is changed until a lead presses Apply, within an hour, and only if the policy still is version %d then.", p.Base)})
	ans.Actions, ans.Token = []Action{ActApply}, row.Token
	return nil
}

// recommend makes the policy that a simulation recommends: its budget as the promise, its thresholds, and for each topic that
// they carry the next rung, if the ladder's own evidence carries it too. A topic that must not answer goes back to draft.
func (a *act) recommend(ctx context.Context, p *proposal, sim *Simulation) error {
	next, err := a.policy.Clone()
	if err != nil {
		return err
	}
	next.Version = a.policy.Version + 1
	next.Budget = sim.Budget
	if sim.All.Advice != AdviceDraft {
		next.Thresholds = raised(next.Thresholds, sim.All.From)
	}
	p.Next = next
	for i := range sim.Topics {
		if t := &sim.Topics[i]; t.Topic != "" {
			if err := a.recommendTopic(ctx, p, t); err != nil {
				return err
			}
		}
	}
	if err := next.Validate(); err != nil {
		return fmt.Errorf("check the recommended policy: %w", err)
	}
	return nil
}

func (a *act) recommendTopic(ctx context.Context, p *proposal, t *SimulatedLine) error {
	line, stage := p.Next.For(t.Topic)
	switch {
	case t.Advice == AdviceDraft && stage.Answers():
		changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Stage = escalate.StageDraft })
		return nil
	case t.Advice == AdviceDraft:
		return nil
	case t.Advice == AdviceOwn:
		line = raised(line, t.From)
		changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Auto, rule.Draft = &line.Auto, &line.Draft })
	default:
		if rule, ok := p.Next.Topics[t.Topic]; ok && rule.Auto != nil { // it had a threshold that nothing backs
			changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Auto, rule.Draft = nil, nil })
		}
	}
	up := stage.Up()
	if stage.Answers() || up == stage {
		return nil
	}
	missing, err := a.missing(ctx, p.Next, t.Topic, up)
	if err != nil || missing != "" {
		return err // the ladder says what is missing; the thresholds are right all the same
	}
	changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Stage = up })
	p.Rises = append(p.Rises, t.Topic)
	return nil
}

// raised is a line that answers from a threshold on, rounded up to what people read, so that what is applied is never looser
// than what was measured. The line for drafts stays, unless it would lie above.
func raised(line escalate.Thresholds, from float64) escalate.Thresholds {
	line.Auto = min(1, math.Ceil(from*1000-1e-9)/1000)
	line.Draft = min(line.Draft, line.Auto)
	return line
}
