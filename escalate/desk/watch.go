package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"warmline/escalate"
)

type watchWork struct {
	Topic string `json:"topic"`
}

// watch takes a topic one rung down when what people say of its answers has left its budget. Nothing ever goes up here.
func (s *Service) watch(ctx context.Context, j Leased) error {
	var w watchWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		p, err := tx.Policy(ctx)
		if err != nil {
			return fmt.Errorf("load policy: %w", err)
		}
		if _, stage := p.For(w.Topic); stage.Answers() {
			d, err := s.leaves(ctx, tx, p, w.Topic)
			if err != nil {
				return err
			}
			if d != nil {
				if err := s.demote(ctx, tx, p, w.Topic, d); err != nil {
					return err
				}
			}
		}
		return tx.Finish(ctx, j)
	})
}

// leaves says why a topic that answers by itself has to go down; nil when it stays.
func (s *Service) leaves(ctx context.Context, tx Tx, p *escalate.Policy, topic string) (*escalate.Demotion, error) {
	line, stage := p.For(topic)
	since, err := rungSince(ctx, tx, topic, stage)
	if err != nil {
		return nil, err
	}
	now := tx.Now()
	if oldest := now.Add(-escalate.DemoteWithin); since.Before(oldest) {
		since = oldest
	}
	js, err := judgementsOf(ctx, tx, topic, since)
	if err != nil {
		return nil, err
	}
	backed, err := s.backed(ctx, tx, p, topic)
	if err != nil {
		return nil, err
	}
	w := escalate.Watched{Sure: line.Auto, Budget: p.Promises(topic)}
	if backed != nil {
		w.Sure = max(w.Sure, backed.From)
	}
	if w.Answered, err = tx.AutoCount(ctx, topic, now.Add(-24*time.Hour)); err != nil {
		return nil, err
	}
	return escalate.Demote(js, w, now), nil
}

// versionsLooked bounds how far back the policy is read; a topic that has not moved for longer is judged by that much.
const versionsLooked = 200

// rungSince is when a topic came to the rung that it stands on: the instant of the oldest version since which it stands there.
func rungSince(ctx context.Context, tx Tx, topic string, stage escalate.Stage) (time.Time, error) {
	log, err := tx.PolicyLog(ctx, versionsLooked)
	if err != nil {
		return time.Time{}, err
	}
	var since time.Time
	for _, e := range log {
		if _, was := e.Policy.For(topic); was != stage {
			break
		}
		since = e.At
	}
	return since, nil
}

// demote makes the next version of the policy, with the topic one rung down, and tells of it.
func (s *Service) demote(ctx context.Context, tx Tx, p *escalate.Policy, topic string, d *escalate.Demotion) error {
	next, err := p.Clone()
	if err != nil {
		return err
	}
	_, was := p.For(topic)
	next.Version++
	changeRule(next, topic, func(rule *escalate.TopicRule) { rule.Stage = was.Down() })
	why := fmt.Sprintf("%s down from %s to %s: %s", topicWords(topic), was, was.Down(), demotionWords(d))
	if err := tx.SavePolicy(ctx, next, actorWarmline, why); err != nil {
		return fmt.Errorf("save policy %d: %w", next.Version, err)
	}
	err = tx.Audit(ctx, AuditRow{
		At: tx.Now(), Actor: actorWarmline, Action: "demote", Subject: fmt.Sprintf("policy %d", next.Version), Outcome: outcomeDone, Detail: why,
	})
	if err != nil {
		return err
	}
	text := fmt.Sprintf("I answer less by myself from now on: the topic %s went from %s to %s.", topicWords(topic), was, was.Down())
	return s.announce(ctx, tx, p.ChannelOf(topic), Answer{Text: text, Lines: []Line{
		{Head: text},
		{Head: "Why", Text: demotionWords(d) + "."},
		{Head: "Policy", Text: fmt.Sprintf("version %d, by Warmline. A lead brings it up again, when the evidence carries it.", next.Version)},
		{Head: "Look", Text: "/escalate ladder " + topic, Code: true},
	}})
}

func demotionWords(d *escalate.Demotion) string {
	if d.Complaints > 0 {
		return escalate.Counted(d.Complaints, "complaint", "complaints") + " about its answers within a day"
	}
	of := fmt.Sprintf("of %d judged answers ", d.N)
	return fmt.Sprintf("%s, so at least %s of all; promised are at most %s",
		escalate.Counted(d.Wrong, of+"was wrong", of+"were wrong"), percent(d.Lower), percent(d.Budget))
}
