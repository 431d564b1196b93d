package llm

import (
	"slices"
	"strings"

	"warmline/escalate"
)

// minSign is the shortest quotation that shows a trigger, in bytes; maxEvidence bounds the spans of one.
const (
	minSign     = 3
	maxEvidence = 8
)

// signals adds the triggers that readings saw to those that the built-in brain looked for. A strength only rises, so that a
// human may be added and is never removed. What has no quotation in the customer's own words is not there.
func (p *page) signals(have []escalate.Trigger, readings []*reading) []escalate.Trigger {
	out := slices.Clone(have)
	for _, kind := range signs {
		topics := []string{""}
		if kind == escalate.HighRisk {
			topics = escalate.Risks
		}
		for _, topic := range topics {
			seen := escalate.Trigger{Kind: kind, Topic: topic}
			times := 0
			for _, r := range readings {
				if p.saw(r, &seen) {
					times++
				}
			}
			if times > 0 {
				seen.Strength = strength(kind, times, len(readings))
				out = raise(out, &seen)
			}
		}
	}
	return out
}

// strength is the share of readings that saw a trigger. Where missing one would harm somebody, one reading is enough.
func strength(kind escalate.TriggerKind, times, of int) float64 {
	s := float64(times) / float64(of)
	if kind == escalate.Safety || kind == escalate.HumanRequest || kind == escalate.HighRisk {
		s = max(s, escalate.FireStrength)
	}
	return s
}

// saw reports whether a reading names the trigger with words that the customer wrote, and notes where they are.
func (p *page) saw(r *reading, t *escalate.Trigger) bool {
	found := false
	for _, s := range r.Triggers {
		if s.Kind != t.Kind || t.Kind == escalate.HighRisk && s.Topic != t.Topic || len(strings.TrimSpace(s.Quote)) < minSign {
			continue
		}
		span, ok := p.locate(s.Quote)
		if !ok {
			continue
		}
		found = true
		if span.Message != "" && len(t.Evidence) < maxEvidence && !slices.Contains(t.Evidence, span) {
			t.Evidence = append(t.Evidence, span)
		}
	}
	return found
}

// locate finds a quotation in what the customer or another participant wrote, newest first. In the subject it has no span.
// Where the original holds characters that nobody sees, the whole message is the evidence.
func (p *page) locate(quote string) (escalate.Span, bool) {
	for i := len(p.Messages) - 1; i >= 0; i-- {
		l := &p.Messages[i]
		if l.Who == who(escalate.RoleAgent) || !strings.Contains(squeeze(l.Text), squeeze(quote)) {
			continue
		}
		words := p.vault.Restore(quote)
		if at := strings.Index(l.message.Text, words); at >= 0 {
			return escalate.Span{Message: l.message.ID, Start: at, End: at + len(words)}, true
		}
		return escalate.Span{Message: l.message.ID, End: len(l.message.Text)}, true
	}
	return escalate.Span{}, strings.Contains(squeeze(p.Subject), squeeze(quote))
}

// raise adds a trigger, or raises the one of its kind and topic.
func raise(all []escalate.Trigger, t *escalate.Trigger) []escalate.Trigger {
	i := slices.IndexFunc(all, func(o escalate.Trigger) bool { return o.Kind == t.Kind && o.Topic == t.Topic })
	if i < 0 {
		return append(all, *t)
	}
	if all[i].Strength >= t.Strength {
		return all
	}
	all[i].Strength = t.Strength
	all[i].Evidence = slices.Clone(all[i].Evidence)
	for _, span := range t.Evidence {
		if len(all[i].Evidence) < maxEvidence && !slices.Contains(all[i].Evidence, span) {
			all[i].Evidence = append(all[i].Evidence, span)
		}
	}
	return all
}
