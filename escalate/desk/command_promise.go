package desk

import (
	"context"
	"fmt"
	"strings"

	"warmline/escalate"
)

// presets are budgets for the first day, the strictest first.
var presets = []struct {
	name   string
	budget float64
}{{"cautious", 0.01}, {"balanced", 0.02}, {"fast", 0.05}}

// promise shows or sets the wrong-answer budget: "2%", "balanced", "off", or the same of one topic.
func (a *act) promise(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return a.promises(ctx)
	}
	budget, err := parseBudget(args[len(args)-1])
	if err != nil {
		return a.misread(ctx, "%v.", err)
	}
	typed := strings.Join(args[:len(args)-1], " ")
	topic, known, err := a.scope(ctx, typed)
	if err != nil {
		return err
	}
	if topic == unknownScope {
		return a.unknownTopic(ctx, typed, known)
	}
	return a.revise(ctx, revision{why: "promise " + strings.Join(args, " "), edit: promiseEdit(topic, budget)})
}

// promiseEdit sets the budget of a topic, or of all.
func promiseEdit(topic string, budget float64) func(*escalate.Policy) {
	return func(p *escalate.Policy) {
		if topic == "" {
			p.Budget = budget
			return
		}
		changeRule(p, topic, func(rule *escalate.TopicRule) { rule.Budget = &budget })
	}
}

func (a *act) unknownTopic(ctx context.Context, typed string, known []string) error {
	return a.misread(ctx, "I know no topic %q, so nothing was changed. Topics: %s.", typed, strings.Join(known, ", "))
}

// parseBudget reads a budget: a share (0.02), a percentage (2%), a preset, or off.
func parseBudget(s string) (float64, error) {
	word := strings.ToLower(s)
	if word == "off" {
		return 0, nil
	}
	for _, p := range presets {
		if word == p.name {
			return p.budget, nil
		}
	}
	budget, err := parseShare(s)
	switch {
	case err != nil:
		return 0, err
	case budget < leastBudget:
		return 0, fmt.Errorf("%s is a promise that no evidence can carry; the least is %s", s, percent(leastBudget))
	case budget >= 1:
		return 0, fmt.Errorf("%s promises nothing; say off to end a promise", s)
	}
	return budget, nil
}

// leastBudget is the smallest budget that can be promised: it needs 2,995 clean answers in a row.
const leastBudget = 0.001

// promises shows what is promised, and for each topic what backs it.
func (a *act) promises(ctx context.Context) error {
	text := "Nothing is promised: the thresholds alone decide."
	if a.policy.Budget > 0 {
		text = fmt.Sprintf("At most %s of all automatic answers on a topic may be wrong.", percent(a.policy.Budget))
	}
	ans := Answer{Text: text, Lines: []Line{{Head: "Promise", Text: text}}}
	topics, err := a.topics(ctx)
	if err != nil {
		return err
	}
	var lines []Line
	for _, topic := range topics {
		st, err := a.standing(ctx, a.policy, topic)
		if err != nil {
			return err
		}
		words := "no promise"
		if proof := st.proof(); proof != "" {
			words = proof
		}
		lines = append(lines, Line{Head: topic, Text: st.rung() + "; " + words})
	}
	ans.Lines = append(ans.Lines, atMost(lines)...)
	var names []string
	for _, p := range presets {
		names = append(names, p.name+" is "+percent(p.budget))
	}
	ans.Lines = append(ans.Lines, Line{Text: "For the first day: " + strings.Join(names, ", ") + ". The stricter of promise and threshold wins."})
	ans.Lines = append(ans.Lines, append(usage("promise"), helpLines("ladder")...)...)
	return a.answer(ctx, ans)
}
