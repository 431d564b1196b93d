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
	ans := Answer{Text: "Simulation: " + sim.Headline, Lines: []Line{{Head: "Simulation", Text: sim.Headline}}}
	if q.whatIf != nil {
		ans.Lines = append(ans.Lines, sim.effect(q.whatIf.words)...)
	}
	ans.Lines = append(ans.Lines, sim.advice()...)
	// What the button does comes before what it rests on: where not all fits, the end is left out.
	if err := a.withButton(ctx, &ans, q, ran, sim); err != nil {
		return ans, err
	}
	ans.Lines = append(ans.Lines, sim.details()...)
	return ans, nil
}

// withButton adds the button to a report, unless the policy moved on while it was made.
func (a *act) withButton(ctx context.Context, ans *Answer, q question, ran *escalate.Policy, sim *Simulation) error {
	if ran.Version != a.policy.Version {
		ans.Lines = append(ans.Lines, Line{Text: fmt.Sprintf(
			"The policy has moved on from version %d to %d while this ran; to change it by what stands here, simulate again.", ran.Version, a.policy.Version)})
		return nil
	}
	p := &proposal{Base: ran.Version, Why: q.words}
	if q.whatIf != nil {
		var err error
		if p.Next, err = q.whatIf.next(a.policy); err != nil {
			return err
		}
		return a.offer(ctx, ans, p, "")
	}
	held, err := a.recommend(ctx, p, sim)
	if err != nil {
		return err
	}
	return a.offer(ctx, ans, p, held)
}

// offer adds what Apply would do and what it would not, and the button.
func (a *act) offer(ctx context.Context, ans *Answer, p *proposal, not string) error {
	changes := escalate.Diff(a.policy, p.Next)
	if err := p.Next.Validate(); err != nil {
		ans.Lines = append(ans.Lines, Line{Head: "It cannot be applied:", Text: err.Error()})
		return nil //nolint:nilerr // it is what the answer says
	}
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
	ans.Lines = append(ans.Lines, Line{Head: head, Text: fewChanges(changes)})
	if len(effects) > effectsShown {
		effects = append(effects[:effectsShown:effectsShown], Line{Text: escalate.Counted(len(effects)-effectsShown, "more topic changes.", "more topics change.")})
	}
	ans.Lines = append(ans.Lines, effects...)
	if not != "" {
		ans.Lines = append(ans.Lines, Line{Text: not})
	}
	ans.Lines = append(ans.Lines, Line{Text: fmt.Sprintf("Nothing is changed until a lead presses Apply, within an hour, and only if the policy still is version %d then.", p.Base)})
	ans.Actions, ans.Token = []Action{ActApply}, row.Token
	return nil
}

// fewChanges says what a change changes; the history has all of it.
func fewChanges(changes []escalate.Change) string {
	if len(changes) <= changesShown {
		return changeWords(changes)
	}
	return fmt.Sprintf("%s; and %d more", changeWords(changes[:changesShown]), len(changes)-changesShown)
}

// recommend makes the policy that a simulation recommends: its budget as the promise, its thresholds, and for each topic that
// they carry the next rung, if the ladder's own evidence carries it too. A topic that must not answer goes back to draft. It
// says which topics stay where they are although they carry more.
func (a *act) recommend(ctx context.Context, p *proposal, sim *Simulation) (held string, err error) {
	if p.Next, err = a.policy.Clone(); err != nil {
		return "", err
	}
	p.Next.Version, p.Next.Budget = a.policy.Version+1, sim.Budget
	if sim.All.Advice != AdviceDraft {
		p.Next.Thresholds = raised(p.Next.Thresholds, sim.All.From)
	}
	var waits []string
	for i := range sim.Topics {
		t := &sim.Topics[i]
		if t.Topic == "" {
			continue
		}
		missing, err := a.recommendTopic(ctx, p, t)
		if err != nil {
			return "", err
		}
		if missing {
			waits = append(waits, t.Topic)
		}
	}
	settleDrafts(p.Next)
	if len(waits) == 0 {
		return "", nil
	}
	return fmt.Sprintf("No rung is taken where past and present judgements of the topic itself do not carry the promise yet: %s. /escalate ladder says what is missing.",
		shortList(waits, simTopicsShown)), nil
}

// recommendTopic takes one topic's advice; waits reports that it carries a rung that the ladder does not give yet.
func (a *act) recommendTopic(ctx context.Context, p *proposal, t *SimulatedLine) (waits bool, err error) {
	line, stage := p.Next.For(t.Topic)
	rule, own := p.Next.Topics[t.Topic]
	switch {
	case t.Advice == AdviceDraft:
		if stage.Answers() {
			changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Stage = escalate.StageDraft })
		}
		return false, nil
	case t.Advice == AdviceOwn:
		line = raised(line, t.From)
		changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Auto, rule.Draft = &line.Auto, &line.Draft })
	case own && rule.Auto != nil: // it had a threshold that nothing backs
		changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Auto = nil })
	}
	if stage.Answers() {
		return false, nil
	}
	up := stage.Up()
	missing, err := a.missing(ctx, p.Next, t.Topic, up)
	if err != nil || missing != "" {
		return missing != "", err
	}
	changeRule(p.Next, t.Topic, func(rule *escalate.TopicRule) { rule.Stage = up })
	p.Rises = append(p.Rises, t.Topic)
	return false, nil
}

// settleDrafts brings every topic's own line for drafts down to where it answers from, when that has moved below.
func settleDrafts(p *escalate.Policy) {
	for topic, rule := range p.Topics {
		if line, _ := p.For(topic); rule.Draft != nil && line.Draft > line.Auto {
			rule.Draft = &line.Auto
			p.Topics[topic] = rule
		}
	}
}

// raised is a line that answers from a threshold on, rounded up to what people read, so that what is applied is never looser
// than what was measured. The line for drafts stays, unless it would lie above.
func raised(line escalate.Thresholds, from float64) escalate.Thresholds {
	line.Auto = min(1, math.Ceil(from*1000-1e-9)/1000)
	line.Draft = min(line.Draft, line.Auto)
	return line
}
