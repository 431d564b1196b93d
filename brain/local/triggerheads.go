package local

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"warmline/brain/local/learn"
	"warmline/escalate"
)

// triggerHeads hear the triggers that a team labelled in its past. They never change.
type triggerHeads struct {
	space *learn.Space
	human *triggerHead   // nil without enough labels, as are the next two
	anger *triggerHead   // also weighs the features of the mood
	risk  *triggerHead   // high risk as a whole
	risks []*triggerHead // of one topic each, in the order of their names
	gated bool           // risks are labelled well enough as a whole to ask first whether there is one

	vectors sync.Pool
}

// triggerHead hears one trigger.
type triggerHead struct {
	topic string
	words *learn.Linear
	sure  *learn.Logistic // of the words' score, and for anger of the mood's features
	point float64         // the log-odds that count as one half
}

// impression is what one head hears of a text: how strong, and the words that say so.
type impression struct {
	topic    string
	strength float64
	spans    []escalate.Span // none below escalate.FireStrength
}

// impressions are what all heads hear of one ticket but for anger, which the mood keeps.
type impressions struct {
	human, risk impression
	risks       []impression
	gated       bool
}

// faint is the strength below which nothing was heard.
const faint = 0.1

// hear listens to what nobody has answered, and tells the mood what its turn sounds like to the team's own ear.
func (m *mind) hear(t *thread, now *mood) impressions {
	if m == nil || m.triggers == nil {
		return impressions{}
	}
	h := m.triggers
	v, ok := h.vectors.Get().(*learn.Vector)
	if !ok {
		v = &learn.Vector{}
	}
	defer h.vectors.Put(v)
	out := impressions{gated: h.gated}
	e := ear{h: h, said: t.saidSince(t.open), v: v}
	e.read()
	out.human, out.risk = e.listen(h.human), e.listen(h.risk)
	for _, r := range h.risks {
		if i := e.listen(r); i.strength > 0 {
			out.risks = append(out.risks, i)
		}
	}
	if h.anger != nil && now.line != nil {
		if turn := now.said(t); !slices.Equal(turn.spans, e.said.spans) {
			e.said = turn
			e.read()
		}
		e.feel(now)
	}
	return out
}

// ear holds one text up to the heads.
type ear struct {
	h      *triggerHeads
	said   spoken
	v      *learn.Vector
	places *learn.Places // found when a head fires
}

func (e *ear) read() {
	grams := learn.Read(e.said.words)
	e.h.space.Vector(&grams, nil, e.v)
	e.places = nil
}

// listen scores the text by a head. No head hears nothing, and no head hears it in no words.
func (e *ear) listen(head *triggerHead) impression {
	if head == nil || len(e.said.words) == 0 {
		return impression{}
	}
	i := impression{topic: head.topic, strength: roundDown(learn.Sigmoid(e.logit(head)))}
	if i.strength < faint {
		i.strength = 0
	}
	if i.strength >= escalate.FireStrength {
		i.spans = e.evidence(head)
	}
	return i
}

// logit is how far the text is above a head's point; more are features beside its words.
func (e *ear) logit(head *triggerHead, more ...float64) float64 {
	var score [1]float32
	head.words.Scores(e.v, score[:])
	return head.sure.Logit(append([]float64{float64(score[0])}, more...)) - head.point
}

// roundDown never lifts a strength over a bound.
func roundDown(x float64) float64 { return math.Floor(x*1e4) / 1e4 }

// maxQuoted bounds the words that a head quotes.
const maxQuoted = 3

// evidence quotes the words that pulled hardest towards a head's yes, each word once.
func (e *ear) evidence(head *triggerHead) []escalate.Span {
	if e.places == nil {
		e.places = e.h.space.Places(e.said.words, e.v)
	}
	pulls, said := e.places.Pulls(head.words, 0), &e.said
	var order []int
	for i, p := range pulls {
		if p > 0 && said.spans[i].Message != "" {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(pulls[b], pulls[a]) })
	var out []escalate.Span
	seen := map[string]bool{}
	for _, i := range order {
		if len(out) < maxQuoted && !seen[said.words[i]] {
			seen[said.words[i]] = true
			out = append(out, said.spans[i])
		}
	}
	return out
}

// clearAnger is the lexicon's strength from which no head can take it back: two signs, or a strong one said loudly.
const clearAnger = 0.9

// feel lets the team's head judge the mood. It replaces the lexicon's strength, whose features it weighs beside the words: what
// one team's customers say in anger is another's small talk, and two strengths of one thing cannot both be right. What the
// thread's course adds, no head has seen, so that is added as before; and where the lexicon is clear it stands.
func (e *ear) feel(now *mood) {
	if len(e.said.words) == 0 {
		return
	}
	head := e.h.anger
	i := impression{strength: roundDown(learn.Sigmoid(e.logit(head, now.features()...) + furySlope*now.course))}
	if i.strength >= escalate.FireStrength {
		i.spans = e.evidence(head)
	}
	if sure := furyStrength(now.fury); sure >= clearAnger {
		i.strength = max(i.strength, sure)
	}
	now.learned = &i
	now.Word = now.word()
}

// said is what the customer said in the turn that counts.
func (m *mood) said(t *thread) spoken {
	if turn := t.customer(t.burst); len(turn) > 0 && !m.settled {
		return t.saidSince(t.burst)
	}
	var s spoken
	s.add(m.line.ID, m.line.Text, slips.read(m.line.all()))
	return s
}

// features are those of the message that counts, and the lexicon's strength of it.
func (m *mood) features() []float64 {
	return append(slices.Clone(m.f), furyStrength(m.fury-m.course))
}

// replace gives a trigger the strength that was heard, and the words for it beside what was found.
func (i *impression) replace(tr *escalate.Trigger) {
	tr.Strength = i.strength
	quote(tr, i.spans)
}

// raise lifts a trigger to what was heard: either suffices.
func (i *impression) raise(tr *escalate.Trigger) {
	if i.strength > tr.Strength {
		i.replace(tr)
	}
}

// join lifts the triggers that the lexicons found to what the heads heard. The risks stand together in the signals.
func (h *impressions) join(signals []escalate.Trigger) []escalate.Trigger {
	var from, end int // where the risks stand
	for i := range signals {
		switch signals[i].Kind {
		case escalate.HumanRequest:
			h.human.raise(&signals[i])
			from, end = i+1, i+1
		case escalate.Safety, escalate.Suspicious:
			from, end = i+1, i+1
		case escalate.HighRisk:
			end = i + 1
		default:
		}
	}
	return slices.Concat(signals[:from], h.joinRisks(slices.Clone(signals[from:end])), signals[end:])
}

// otherRisk is the topic of a risk that was heard, but as none of those that have heads.
const otherRisk = "other"

// joinRisks adds the topics that were heard. Where risks were labelled as a whole, none is heard more than that is: else the false
// alarms of every topic would add up.
func (h *impressions) joinRisks(found []escalate.Trigger) []escalate.Trigger {
	gate := max(h.risk.strength, strongest(found))
	for _, r := range h.risks {
		if h.gated {
			r.strength = min(r.strength, gate)
		}
		found = r.lift(found)
	}
	if most := strongest(found); most < escalate.FireStrength && h.risk.strength > most {
		other := h.risk
		other.topic = otherRisk
		found = other.lift(found)
	}
	return found
}

// lift raises the risk of an impression's topic among those found, or adds it.
func (i *impression) lift(found []escalate.Trigger) []escalate.Trigger {
	if i.strength == 0 {
		return found
	}
	k := slices.IndexFunc(found, func(tr escalate.Trigger) bool { return tr.Topic == i.topic })
	if k < 0 {
		k = len(found)
		found = append(found, escalate.Trigger{Kind: escalate.HighRisk, Topic: i.topic})
	}
	i.raise(&found[k])
	return found
}

func strongest(found []escalate.Trigger) float64 {
	most := 0.0
	for i := range found {
		most = max(most, found[i].Strength)
	}
	return most
}
