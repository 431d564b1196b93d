package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"warmline/brain"
	"warmline/escalate"
)

// decisionLine is what decide prints of a ticket.
type decisionLine struct {
	ID         string       `json:"id"`
	Action     escalate.Way `json:"action"`
	AnswerID   *string      `json:"answer_id"`  // the best answer, whatever the action; null when nothing at all is known
	Confidence float64      `json:"confidence"` // that it is right
	Triggers   triggersLine `json:"triggers"`
	Summary    string       `json:"summary"`
	Lang       string       `json:"lang"`
	Topic      string       `json:"topic"`
	Reasons    []string     `json:"reasons"` // kind, or kind:detail; the primary one first
}

// triggersLine holds a probability per trigger; of high_risk the topics that fire. Those that follow from the policy and from
// the decision stand there only when they fire.
type triggersLine struct {
	Safety              float64  `json:"safety"`
	HumanRequest        float64  `json:"human_request"`
	Suspicious          float64  `json:"suspicious"`
	HighRisk            []string `json:"high_risk"`
	Anger               float64  `json:"anger"`
	RepeatFailure       float64  `json:"repeat_failure"`
	Participant         float64  `json:"participant"`
	UnsupportedLanguage float64  `json:"unsupported_language"`
	Excluded            float64  `json:"excluded,omitempty"`
	VIP                 float64  `json:"vip,omitempty"`
	SLARisk             float64  `json:"sla_risk,omitempty"`
	LowConfidence       float64  `json:"low_confidence,omitempty"`
	AIError             float64  `json:"ai_error,omitempty"`
}

// line decides one ticket.
func (d *decider) line(ctx context.Context, p *brain.Past) ([]byte, error) {
	t, now := asRead(p)
	a, err := d.brain.Assess(ctx, now, t)
	if err != nil {
		return nil, err
	}
	made := escalate.Decide(now, d.policy, t, a, d.world(a.Topic))
	l := decisionLine{
		ID: p.ID, Action: made.Way, Confidence: a.Confidence, Triggers: triggersOf(a, &made),
		Summary: a.Summary, Lang: a.Lang, Topic: a.Topic, Reasons: reasonsOf(&made),
	}
	if a.Answer != nil {
		l.AnswerID = &a.Answer.ID
	}
	if made.Leave != "" && made.Way == escalate.WayAuto {
		l.Action = escalate.WayEscalate // nothing would be sent
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(l); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// asRead is a file's ticket as the desk would have read it, and the moment at which it is decided: right after its newest
// message. A person who has replied is seen even where the file gives no times.
func asRead(p *brain.Past) (*escalate.Ticket, time.Time) {
	t := p.Ticket()
	seen := t.Look(&t.Content, escalate.Status(p.Status), "")
	if seen.Human != "" && seen.HumanAt.IsZero() {
		seen.HumanAt = time.Unix(0, 0).UTC()
	}
	t.Conversation.Status, t.Conversation.Newest = seen.Status, seen.Newest
	t.Conversation.Customer, t.Conversation.CustomerAt = seen.Customer, seen.CustomerAt
	t.Conversation.Human, t.Conversation.HumanAt, t.Conversation.WaitingSince = seen.Human, seen.HumanAt, seen.WaitingSince
	now := p.Created
	for _, m := range p.Content.Messages {
		if m.At.After(now) {
			now = m.At
		}
	}
	return t, now
}

func triggersOf(a escalate.Assessment, made *escalate.Decision) triggersLine {
	strength := map[escalate.TriggerKind]float64{}
	risks := []string{}
	note := func(k escalate.TriggerKind, s float64, topic string) {
		strength[k] = max(strength[k], math.Round(s*1e6)/1e6)
		if k == escalate.HighRisk && s >= escalate.FireStrength && !slices.Contains(risks, topic) {
			risks = append(risks, topic)
		}
	}
	for _, s := range a.Signals {
		note(s.Kind, s.Strength, s.Topic)
	}
	for _, r := range made.Reasons {
		note(r.Kind, r.Strength, r.Topic)
	}
	slices.SortFunc(risks, func(x, y string) int {
		return cmp.Or(cmp.Compare(riskRank(x), riskRank(y)), cmp.Compare(x, y))
	})
	return triggersLine{
		Safety: strength[escalate.Safety], HumanRequest: strength[escalate.HumanRequest], Suspicious: strength[escalate.Suspicious],
		HighRisk: risks, Anger: strength[escalate.Anger], RepeatFailure: strength[escalate.RepeatFailure],
		Participant: strength[escalate.Participant], UnsupportedLanguage: strength[escalate.UnsupportedLanguage],
		Excluded: strength[escalate.Excluded], VIP: strength[escalate.VIP], SLARisk: strength[escalate.SLARisk],
		LowConfidence: strength[escalate.LowConfidence], AIError: strength[escalate.AIError],
	}
}

// riskRank is a risk's place in the product's own order; other topics come last.
func riskRank(topic string) int {
	if i := slices.Index(escalate.Risks, topic); i >= 0 {
		return i
	}
	return len(escalate.Risks)
}

// reasonsOf lists what spoke against the AI; a draft without such a reason says what bound it.
func reasonsOf(made *escalate.Decision) []string {
	out := []string{}
	for _, r := range made.Reasons {
		s := string(r.Kind)
		if more := cmp.Or(r.Topic, r.Detail); more != "" {
			s += ":" + more
		}
		out = append(out, s)
	}
	if len(out) == 0 && made.Way == escalate.WayDraft {
		out = append(out, string(made.Bound))
	}
	if made.Leave != "" {
		out = append(out, "left:"+string(made.Leave))
	}
	return out
}
