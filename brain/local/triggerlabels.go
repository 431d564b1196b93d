package local

import (
	"bytes"
	"encoding/json"
	"slices"

	"warmline/brain"
	"warmline/escalate"
)

// truth is what people said of something; its zero value is nothing.
type truth int8

const (
	unsaid truth = iota
	yes
	no
)

// Bounds of the topics that one ticket is labelled with, and of their names in bytes.
const (
	maxLabels    = 16
	maxLabelName = 64
)

// judged is what people said of a past ticket's triggers.
type judged struct {
	human, anger, risk truth
	topics             []string // of high risk
}

// judgedOf reads Gold.Triggers; what it cannot read was not said. It returns nil where nothing is left.
func judgedOf(g *brain.Gold) *judged {
	if len(g.Triggers) == 0 {
		return nil
	}
	l := &judged{
		human: truthOf(g.Triggers[string(escalate.HumanRequest)]),
		anger: truthOf(g.Triggers[string(escalate.Anger)]),
	}
	raw := g.Triggers[string(escalate.HighRisk)]
	if l.risk = truthOf(raw); l.risk == unsaid {
		l.risk, l.topics = risksOf(raw)
	}
	if l.human == unsaid && l.anger == unsaid && l.risk == unsaid {
		return nil
	}
	return l
}

func truthOf(raw json.RawMessage) truth {
	switch string(bytes.TrimSpace(raw)) {
	case "true":
		return yes
	case "false":
		return no
	}
	return unsaid
}

func risksOf(raw json.RawMessage) (truth, []string) {
	var all, kept []string
	if len(raw) == 0 || json.Unmarshal(raw, &all) != nil || all == nil {
		return unsaid, nil
	}
	for _, name := range all {
		if name != "" && len(name) <= maxLabelName && len(kept) < maxLabels && !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	if len(all) == 0 {
		return no, nil
	}
	return yes, kept
}

// of returns what was said of a trigger; topic "" is high risk as a whole. Where a ticket is a risk and nobody said which, that of
// a topic is not known.
func (l *judged) of(kind escalate.TriggerKind, topic string) truth {
	switch kind {
	case escalate.HumanRequest:
		return l.human
	case escalate.Anger:
		return l.anger
	case escalate.HighRisk:
		switch {
		case topic == "" || l.risk != yes:
			return l.risk
		case slices.Contains(l.topics, topic):
			return yes
		case len(l.topics) > 0:
			return no
		}
	default:
	}
	return unsaid
}
