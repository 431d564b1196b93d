package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
)

// threshold shows or sets the line between machine and people: "auto 0.97", "delivery auto 0.9 draft 0.5".
func (a *act) threshold(ctx context.Context, args []string) error {
	if len(args) == 0 {
		ans := Answer{Text: "The line between machine and people", Lines: []Line{
			{Head: "All topics", Text: a.line(a.policy.Thresholds, a.policy.Stage)},
		}}
		for _, topic := range slices.Sorted(maps.Keys(a.policy.Topics)) {
			th, stage := a.policy.For(topic)
			ans.Lines = append(ans.Lines, Line{Head: topic, Text: a.line(th, stage)})
		}
		ans.Lines = append(ans.Lines, usage("threshold")...)
		return a.answer(ctx, ans)
	}
	typed, auto, draft, err := parseThreshold(args)
	if err != nil {
		return a.misread(ctx, "%v.", err)
	}
	topic, known, err := a.scope(ctx, typed)
	if err != nil {
		return err
	}
	if topic == unknownScope {
		return a.unknownTopic(ctx, typed, known)
	}
	return a.revise(ctx, revision{why: "threshold " + strings.Join(args, " "), edit: thresholdEdit(topic, auto, draft)})
}

// thresholdEdit sets the line of a topic, or of all; nil leaves a number as it is.
func thresholdEdit(topic string, auto, draft *float64) func(*escalate.Policy) {
	return func(p *escalate.Policy) {
		if topic == "" {
			set(&p.Thresholds.Auto, auto)
			set(&p.Thresholds.Draft, draft)
			return
		}
		changeRule(p, topic, func(rule *escalate.TopicRule) {
			if auto != nil {
				rule.Auto = auto
			}
			if draft != nil {
				rule.Draft = draft
			}
		})
	}
}

// changeRule changes a topic's own rule, which it may not have yet.
func changeRule(p *escalate.Policy, topic string, edit func(*escalate.TopicRule)) {
	if p.Topics == nil {
		p.Topics = map[string]escalate.TopicRule{}
	}
	rule := p.Topics[topic]
	edit(&rule)
	p.Topics[topic] = rule
}

func set(field *float64, v *float64) {
	if v != nil {
		*field = *v
	}
}

// parseThreshold reads "[topic] [auto X] [draft Y]"; numbers may be shares (0.95) or percentages (95%).
func parseThreshold(args []string) (topic string, auto, draft *float64, err error) {
	var words []string
	for len(args) > 0 && args[0] != "auto" && args[0] != "draft" {
		words, args = append(words, args[0]), args[1:]
	}
	topic = strings.Join(words, " ")
	if len(args) == 0 {
		return "", nil, nil, errors.New("say auto or draft, and a number")
	}
	for len(args) > 0 {
		if len(args) == 1 {
			return "", nil, nil, fmt.Errorf("%s needs a number from 0 to 1", args[0])
		}
		v, err := parseShare(args[1])
		switch {
		case err != nil:
			return "", nil, nil, err
		case args[0] == "auto":
			auto = &v
		case args[0] == "draft":
			draft = &v
		default:
			return "", nil, nil, fmt.Errorf("%q is neither auto nor draft", args[0])
		}
		args = args[2:]
	}
	return topic, auto, draft, nil
}

func parseShare(s string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	if strings.HasSuffix(s, "%") {
		v /= 100
	}
	if !(v >= 0 && v <= 1) {
		return 0, fmt.Errorf("%s is not between 0 and 1", s)
	}
	return v, nil
}

// exclude lists, adds or removes exclusions.
func (a *act) exclude(ctx context.Context, args []string) error {
	switch {
	case len(args) == 0 || args[0] == "list":
		return a.exclusions(ctx)
	case args[0] == "remove" && len(args) == 2:
		return a.removeExclusion(ctx, args[1])
	case args[0] == "add" && len(args) >= 3:
		return a.addExclusion(ctx, args[1], strings.Join(args[2:], " "))
	}
	return a.misread(ctx, "Say what to exclude.")
}

func (a *act) exclusions(ctx context.Context) error {
	if len(a.policy.Exclusions) == 0 {
		return a.answer(ctx, Answer{Text: "Nothing is excluded.", Lines: append([]Line{{Text: "Nothing is excluded."}}, usage("exclude")...)})
	}
	ans := Answer{Text: escalate.Counted(len(a.policy.Exclusions), "exclusion", "exclusions"), Lines: []Line{{Head: "Kept from the AI"}}}
	for i := range a.policy.Exclusions {
		x := &a.policy.Exclusions[i]
		ans.Lines = append(ans.Lines, Line{Head: x.ID, Text: x.Describe()})
	}
	ans.Lines = append(ans.Lines, usage("exclude")...)
	return a.answer(ctx, ans)
}

func (a *act) addExclusion(ctx context.Context, kind, value string) error {
	edit, err := exclusionEdit(kind, value)
	if err != nil {
		return a.misread(ctx, "I %v.", err)
	}
	return a.revise(ctx, revision{why: "exclude by " + kind, edit: edit})
}

// exclusionKinds are what tickets can be excluded by.
var exclusionKinds = []string{"tag", "category", "topic", "customer", "channel", "language", "words", "answer"}

// exclusionEdit adds an exclusion under an id that is free.
func exclusionEdit(kind, value string) (func(*escalate.Policy), error) {
	x := escalate.Exclusion{Then: escalate.ExcludeCard}
	fields := map[string]*string{
		"tag": &x.Tag, "category": &x.Category, "topic": &x.Topic, "customer": &x.Customer, "channel": &x.Channel, "language": &x.Language, "words": &x.Words,
		"answer": &x.Answer,
	}
	field, ok := fields[kind]
	if !ok {
		return nil, fmt.Errorf("cannot exclude by %q; by %s I can", kind, strings.Join(exclusionKinds, ", "))
	}
	*field = value
	return func(p *escalate.Policy) {
		used := map[string]bool{}
		for i := range p.Exclusions {
			used[p.Exclusions[i].ID] = true
		}
		for n := 1; x.ID == "" || used[x.ID]; n++ {
			x.ID = fmt.Sprintf("x%d", n)
		}
		p.Exclusions = append(p.Exclusions, x)
	}, nil
}

func (a *act) removeExclusion(ctx context.Context, id string) error {
	for i := range a.policy.Exclusions {
		if a.policy.Exclusions[i].ID == id {
			return a.revise(ctx, revision{why: "exclude remove " + id, edit: func(p *escalate.Policy) {
				p.Exclusions = slices.Delete(p.Exclusions, i, i+1)
			}})
		}
	}
	return a.say(ctx, "There is no exclusion %s. /escalate exclude list shows them.", id)
}

// pause stops or resumes automatic answers, of everything or of one topic.
func (a *act) pause(ctx context.Context, on bool, typed string) error {
	scope, known, err := a.scope(ctx, typed)
	if err != nil {
		return err
	}
	if scope == unknownScope {
		return a.unknownTopic(ctx, typed, known)
	}
	by := ""
	if on {
		by = a.who.Name
	}
	if err := a.tx.SetPause(ctx, scope, by); err != nil {
		return fmt.Errorf("pause %s: %w", scopeWords(scope), err)
	}
	word := "resumed"
	if on {
		word = "paused"
	}
	if err := a.audit(ctx, scopeWords(scope), outcomeDone, word); err != nil {
		return err
	}
	if on {
		return a.say(ctx, "Paused: %s. What would have been answered becomes a draft, unsent bot messages stop. A lead ends it with /escalate resume.", scopeWords(scope))
	}
	return a.say(ctx, "Resumed: %s.", scopeWords(scope))
}

// unknownScope is what nobody can pause.
const unknownScope = "\x00"

// scope finds what a pause is about: "" is everything. A mistyped topic must not pass for one that nothing belongs to.
func (a *act) scope(ctx context.Context, typed string) (scope string, known []string, err error) {
	switch strings.ToLower(typed) {
	case "", "all", "everything":
		return "", nil, nil
	}
	if known, err = a.topics(ctx); err != nil {
		return "", nil, err
	}
	for _, topic := range known {
		if strings.EqualFold(topic, typed) {
			return topic, known, nil
		}
	}
	return unknownScope, known, nil
}
