package simulate

import (
	"time"

	"warmline/escalate"
)

// Decide is what a policy would do with the ticket: the same function decides live.
func (r *Row) Decide(p *escalate.Policy, w escalate.World) escalate.Decision {
	t := &escalate.Ticket{ID: escalate.TicketID(r.ID), Ref: escalate.Ref{Desk: "file", ID: r.ID}, Content: r.asked}
	return escalate.Decide(time.Time{}, p, t, r.seen, w)
}

// worlds says what a policy's promises rest on in a replay: the replay itself, topic by topic, as they would on the first day.
type worlds struct {
	policy *escalate.Policy
	past   map[string][]escalate.Outcome
	known  map[string]escalate.World
}

func (r *Result) worlds(p *escalate.Policy) *worlds {
	w := &worlds{policy: p, past: map[string][]escalate.Outcome{}, known: map[string]escalate.World{}}
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Judged && row.Shown {
			w.past[row.Topic] = append(w.past[row.Topic], escalate.Outcome{Confidence: row.Confidence, Right: row.Right})
		}
	}
	return w
}

// World is what a policy's promise for a topic rests on in the replay.
func (r *Result) World(p *escalate.Policy, topic string) escalate.World { return r.worlds(p).of(topic) }

func (w *worlds) of(topic string) escalate.World {
	if known, ok := w.known[topic]; ok {
		return known
	}
	var out escalate.World
	if budget := w.policy.Promises(topic); budget > 0 {
		line, _ := w.policy.For(topic)
		backed := escalate.Back(nil, w.past[topic], budget, line.Auto)
		out.Promise = &backed
	}
	w.known[topic] = out
	return out
}
