package desk

import (
	"context"
	"fmt"
	"strings"

	"warmline/escalate"
)

// ladder shows the rungs, or moves a topic by one: "", "delivery", "delivery up", "delivery down".
func (a *act) ladder(ctx context.Context, args []string) error {
	way := direction(args)
	if way != "" {
		args = args[:len(args)-1]
	}
	typed := strings.Join(args, " ")
	topic, known, err := a.scope(ctx, typed)
	switch {
	case err != nil:
		return err
	case topic == unknownScope:
		return a.unknownTopic(ctx, typed, known)
	case topic == "" && way != "":
		return a.say(ctx, "Name the topic: /escalate ladder delivery %s. Topics: %s.", way, strings.Join(known, ", "))
	case way == "up":
		return a.rise(ctx, topic)
	case way == "down":
		return a.step(ctx, topic)
	}
	topics := []string{topic}
	if topic == "" {
		if topics, err = a.topics(ctx); err != nil {
			return err
		}
	}
	return a.rungs(ctx, topics)
}

// direction is the "up" or "down" that a ladder command ends with, or "".
func direction(args []string) string {
	if len(args) > 0 {
		if last := strings.ToLower(args[len(args)-1]); last == "up" || last == "down" {
			return last
		}
	}
	return ""
}

// rungs shows where topics stand and what the next rung takes.
func (a *act) rungs(ctx context.Context, topics []string) error {
	if len(topics) == 0 {
		return a.say(ctx, "There are no topics yet: they come with the first tickets.")
	}
	var lines []Line
	for _, topic := range topics {
		st, err := a.standing(ctx, a.policy, topic)
		if err != nil {
			return err
		}
		words := []string{st.rung()}
		if proof := st.proof(); proof != "" {
			words = append(words, proof)
		}
		if up := st.stage.Up(); up != st.stage {
			missing, err := a.missing(ctx, a.policy, topic, up)
			if err != nil {
				return err
			}
			if missing == "" {
				missing = "nothing; /escalate ladder " + topic + " up"
			}
			words = append(words, fmt.Sprintf("missing for %s: %s", up, missing))
		}
		lines = append(lines, Line{Head: topic, Text: strings.Join(words, "; ")})
	}
	head := Line{Head: "The ladder", Text: "observe → draft → sample → auto"}
	return a.answer(ctx, Answer{Text: "The ladder", Lines: append(append([]Line{head}, atMost(lines)...), usage("ladder")...)})
}

// missing says what a topic lacks for a rung under a policy; "" when it lacks nothing. To draft takes a lead alone: a person
// looks at every draft. To answer by itself takes a promise, and evidence that it is kept.
func (a *act) missing(ctx context.Context, p *escalate.Policy, topic string, rung escalate.Stage) (string, error) {
	if !rung.Answers() {
		return "", nil
	}
	st, err := a.standing(ctx, p, topic)
	switch {
	case err != nil:
		return "", err
	case st.backed == nil:
		return "a promise, such as /escalate promise balanced", nil
	case !st.backed.OK:
		return backedWords(st.backed), nil
	}
	return "", nil
}

// rise proposes the next rung, if the evidence carries it.
func (a *act) rise(ctx context.Context, topic string) error {
	_, stage := a.policy.For(topic)
	up := stage.Up()
	if up == stage {
		return a.say(ctx, "%s stands on the highest rung already: %s.", topic, stage)
	}
	missing, err := a.missing(ctx, a.policy, topic, up)
	if err != nil {
		return err
	}
	if missing != "" {
		if err := a.audit(ctx, "topic "+topic, outcomeRefused, "ladder up: too little evidence"); err != nil {
			return err
		}
		return a.say(ctx, "Not yet: for %s the topic %s lacks this: %s. Nothing was changed.", up, topic, missing)
	}
	return a.revise(ctx, revision{why: fmt.Sprintf("ladder %s up to %s", topic, up), rise: topic, edit: func(p *escalate.Policy) {
		changeRule(p, topic, func(rule *escalate.TopicRule) { rule.Stage = up })
	}})
}

// step takes a topic one rung down, at once.
func (a *act) step(ctx context.Context, topic string) error {
	_, stage := a.policy.For(topic)
	down := stage.Down()
	if down == stage {
		return a.say(ctx, "%s stands on the lowest rung already: %s.", topic, stage)
	}
	return a.revise(ctx, revision{why: fmt.Sprintf("ladder %s down to %s", topic, down), edit: func(p *escalate.Policy) {
		changeRule(p, topic, func(rule *escalate.TopicRule) { rule.Stage = down })
	}})
}
