package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
)

// revision is a change of the policy as a command asks for it.
type revision struct {
	why  string
	rise string // the topic that goes up a rung: its evidence is looked at again when the change is confirmed
	edit func(*escalate.Policy)
}

// proposal is a change that lets the machine do more: it waits for a lead who has seen what it does.
type proposal struct {
	Base int64            `json:"base"` // the version that it was shown for
	Next *escalate.Policy `json:"next"`
	Why  string           `json:"why"`
	Rise string           `json:"rise,omitempty"`
	// Rises are topics that go up with it, as a simulation recommends.
	Rises []string `json:"rises,omitempty"`
}

// rising lists the topics that go up a rung with a change.
func (p *proposal) rising() []string {
	if p.Rise == "" {
		return p.Rises
	}
	return append([]string{p.Rise}, p.Rises...)
}

// proposalLife is how long a change may wait for its click: what was shown must still be what happens.
const proposalLife = time.Hour

// revise makes the next version of the policy, if it is valid. What makes the machine do less applies at once; what lets it
// do more asks first.
func (a *act) revise(ctx context.Context, r revision) error {
	next, err := a.policy.Clone()
	if err != nil {
		return err
	}
	r.edit(next)
	next.Version = a.policy.Version + 1
	if err := next.Validate(); err != nil {
		return a.say(ctx, "Nothing was changed: %v", err)
	}
	changes := escalate.Diff(a.policy, next)
	switch {
	case len(changes) == 0:
		return a.say(ctx, "Nothing was changed: the policy says so already.")
	case escalate.Loosens(changes):
		return a.propose(ctx, &proposal{Base: a.policy.Version, Next: next, Why: r.why, Rise: r.rise}, changes)
	}
	return a.commit(ctx, next, r.why, changes)
}

// commit saves the next version and says what it changed.
func (a *act) commit(ctx context.Context, next *escalate.Policy, why string, changes []escalate.Change) error {
	effects, err := a.effects(ctx, next)
	if err != nil {
		return err
	}
	if err := a.save(ctx, next, why); err != nil {
		return err
	}
	text := fmt.Sprintf("Done, policy %d: %s", next.Version, changeWords(changes))
	return a.answer(ctx, Answer{Text: text, Lines: append([]Line{{Text: text}}, effects...)})
}

// save makes a version of the policy the one in force.
func (a *act) save(ctx context.Context, next *escalate.Policy, why string) error {
	if err := a.tx.SavePolicy(ctx, next, string(a.press.Actor), why); err != nil {
		return fmt.Errorf("save policy %d: %w", next.Version, err)
	}
	a.policy = next
	return a.audit(ctx, fmt.Sprintf("policy %d", next.Version), outcomeDone, why)
}

// propose shows what a change would do, with a button that does it.
func (a *act) propose(ctx context.Context, p *proposal, changes []escalate.Change) error {
	effects, err := a.effects(ctx, p.Next)
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode proposal: %w", err)
	}
	row := &Ask{Token: a.s.NewToken(), Kind: askPolicy, Subject: p.Rise, At: a.tx.Now(), Body: body}
	if err := a.tx.PutAsk(ctx, row); err != nil {
		return err
	}
	if err := a.audit(ctx, fmt.Sprintf("policy %d", p.Next.Version), outcomeNothing, "asked: "+p.Why); err != nil {
		return err
	}
	text := "This lets the machine do more: " + changeWords(changes)
	lines := append([]Line{{Head: "This lets the machine do more:", Text: changeWords(changes)}}, effects...)
	lines = append(lines, Line{Text: fmt.Sprintf("Nothing is changed until a lead presses Apply, within an hour, and only if the policy still is version %d then.", p.Base)})
	return a.answer(ctx, Answer{Text: text, Lines: lines, Actions: []Action{ActApply}, Token: row.Token})
}

// confirmed applies a change that was proposed, if it still is the change that was shown.
func (a *act) confirmed(ctx context.Context) error {
	row, err := a.tx.Ask(ctx, a.press.Token)
	if errors.Is(err, ErrNotFound) || err == nil && row.Kind != askPolicy {
		return a.refuse(ctx, "That button belongs to no question of mine. Please type the command again.")
	}
	if err != nil {
		return err
	}
	var p proposal
	if err := json.Unmarshal(row.Body, &p); err != nil {
		return fmt.Errorf("decode proposal: %w", err)
	}
	switch {
	case p.Base != a.policy.Version:
		return a.stale(ctx, &p, fmt.Sprintf("the policy has moved on to version %d since this was shown for version %d", a.policy.Version, p.Base))
	case a.tx.Now().Sub(row.At) > proposalLife:
		return a.stale(ctx, &p, "this was shown more than an hour ago")
	}
	for _, topic := range p.rising() {
		_, stage := p.Next.For(topic)
		missing, err := a.missing(ctx, p.Next, topic, stage)
		if err != nil {
			return err
		}
		if missing != "" {
			return a.stale(ctx, &p, "what people said since then does not carry it: "+missing)
		}
	}
	return a.commit(ctx, p.Next, p.Why, escalate.Diff(a.policy, p.Next))
}

// stale says that a change is not what was shown any more, and that nothing happened.
func (a *act) stale(ctx context.Context, p *proposal, why string) error {
	if err := a.audit(ctx, fmt.Sprintf("policy %d", p.Next.Version), outcomeNothing, "stale: "+p.Why); err != nil {
		return err
	}
	return a.say(ctx, "Nothing was changed: %s. Please type the command again and look at what it does now.", why)
}

// effects says for each topic what becomes of it, where a policy makes a difference.
func (a *act) effects(ctx context.Context, next *escalate.Policy) ([]Line, error) {
	topics, err := a.topics(ctx, next)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, topic := range topics {
		now, err := a.standing(ctx, a.policy, topic)
		if err != nil {
			return nil, err
		}
		then, err := a.standing(ctx, next, topic)
		if err != nil {
			return nil, err
		}
		switch {
		case now.rung() != then.rung():
			text := fmt.Sprintf("from “%s” to “%s”", now.rung(), then.rung())
			if proof := then.proof(); proof != "" {
				text += "; " + proof
			}
			lines = append(lines, Line{Head: topic, Text: text})
		case now.proof() != then.proof():
			text := "no promise"
			if proof := then.proof(); proof != "" {
				text = proof
			}
			lines = append(lines, Line{Head: topic, Text: text})
		}
	}
	return atMost(lines), nil
}

// linesShown is how many topics an answer lists.
const linesShown = 40

// atMost cuts a list and says so.
func atMost(lines []Line) []Line {
	if len(lines) <= linesShown {
		return lines
	}
	return append(slices.Clip(lines[:linesShown]), Line{Text: escalate.Counted(len(lines)-linesShown, "more is not shown.", "more are not shown.")})
}

func changeWords(changes []escalate.Change) string {
	words := make([]string, len(changes))
	for i, c := range changes {
		words[i] = c.What
	}
	return strings.Join(words, "; ")
}
