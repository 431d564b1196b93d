package local

import (
	"math"
	"slices"

	"warmline/escalate"
)

// mood is how the customer feels, and the words that show it.
type mood struct {
	escalate.Mood
	message escalate.MessageID
	signs   []escalate.Span // what speaks for anger, strongest first
	glad    []escalate.Span
	worried bool
	fury    float64     // of the newest turn: how much speaks for anger
	course  float64     // how much of it the course of the thread adds
	settled bool        // the last message ends what came before it
	line    *line       // the message that counts; nil without any
	f       []float64   // its features
	learned *impression // what the team's own head says; nil without one
}

// feel reads the customer's messages in order. The newest turn counts, the angriest message of it, unless the last one is
// glad again; the course of the thread adds to it. Mood.Turn is the distance from the first message.
func (t *thread) feel() mood {
	lines := t.customer(0)
	if len(lines) == 0 {
		return mood{Mood: escalate.Mood{Word: "calm"}}
	}
	m, first := t.turnMood(), feelLine(lines[0])
	if !m.settled {
		c := t.follow(&first, &m, m.Score-first.Score)
		m.fury, m.course = m.fury+c.fury, c.fury
		m.signs = append(m.signs, c.spans...)
		m.Score = round(max(-1, m.Score-0.4*c.fury))
	}
	m.Turn = round(m.Score - first.Score)
	m.Word = m.word()
	return m
}

// turnMood is the mood of what the customer wrote since anybody answered; at the least, of their last message.
func (t *thread) turnMood() mood {
	all := t.customer(0)
	m := feelLine(all[len(all)-1])
	if m.settled = settled(all[len(all)-1], &m); m.settled {
		return m
	}
	for _, l := range t.customer(t.burst) {
		if l.ID == m.message {
			continue
		}
		if other := feelLine(l); other.fury > m.fury && len(other.signs) > 0 {
			other.worried = other.worried || m.worried
			other.signs = append(other.signs, m.signs...)
			m = other
		}
	}
	return m
}

// settled reports whether a message ends what came before it: it is glad, or says that all is well, and not angry.
func settled(l *line, m *mood) bool {
	return m.fury == 0 && (m.Score > 0 || thanksOnly(l.text) || len(lexicons["settled"].find(l.Text, l.tokens)) > 0)
}

// settle returns the mood so that it agrees with the triggers: a card must not say "upset" and show nothing that did it,
// nor "happy" beside a reason to stop. Who speaks of danger is not calm.
func (m *mood) settle(signals []escalate.Trigger) escalate.Mood {
	out := m.Mood
	for i := range signals {
		if signals[i].Strength < escalate.FireStrength || out.Word == "upset" || out.Word == "angry" {
			continue
		}
		if signals[i].Kind == escalate.Safety {
			out.Word = "upset"
		} else if out.Word == "happy" {
			out.Word, out.Score = "calm", min(out.Score, 0)
		}
	}
	if out.Word == "upset" || out.Word == "angry" {
		out.Score = min(out.Score, -0.3)
	}
	return out
}

// angryFury is how much must speak for anger before the word is "angry" and not "upset": a strong sign, or two weak ones.
const angryFury = 0.9

// word names the mood. Where anger fires, no polite phrase around it makes the customer calm.
func (m *mood) word() string {
	switch {
	case m.anger().Strength >= escalate.FireStrength && m.fury >= angryFury && m.Score < 0:
		return "angry"
	case m.anger().Strength >= escalate.FireStrength:
		return "upset"
	case m.worried && m.Score < 0:
		return "worried"
	case m.Score >= 0.4:
		return "happy"
	}
	return "calm"
}

// feelLine weighs the features of one message. The weights are set by hand: one strong sign makes an angry message, one
// weak sign an upset one; gladness and laughter take some of it back. Loudness alone is half as much.
func feelLine(l *line) mood {
	f, hits := moodFeatures(l)
	loud := min(0.5, f[feelCapitals]) + 0.1*f[feelMarks]
	m := mood{message: l.ID, worried: f[feelWorried] > 0, line: l, f: f}
	for _, h := range hits {
		m.signs = append(m.signs, escalate.Span{Message: l.ID, Start: h.start, End: h.end})
	}
	if f[feelGlad] > 0 {
		m.glad = spansOf(l, lexicons["happy"])
	}
	m.fury = f[feelFury] - 0.15*min(f[feelLaugh], 2)
	if !slices.ContainsFunc(l.tokens, func(t token) bool { return contrast[t.word] }) {
		m.fury -= 0.3 * min(f[feelGlad], 2)
	}
	if f[feelFury] > 0 {
		m.fury += loud
	} else if m.fury = loud / 2; loud > 0 {
		m.signs = append(m.signs, spanOf(l))
	}
	m.fury = max(0, m.fury)
	m.Score = round(math.Tanh(0.5*min(f[feelGlad], 2) - 0.75*m.fury - 0.3*min(f[feelWorried], 2)))
	return m
}

// contrast lists words behind which praise does not soften what follows: "I love the lamp, but I am upset".
var contrast = set("but however although though yet still aber jedoch trotzdem leider mais cependant pourtant pero sin embargo aunque mas porem contudo ma pero tuttavia maar echter toch ale jednak lecz")

// gladness counts glad words. Thanks that close a message with a problem in it are manners.
func gladness(l *line) int {
	hits := lexicons["happy"].find(l.Text, l.tokens)
	if thanksOnly(l.text) {
		return len(hits)
	}
	thanks, n := lexicons["thanks"].find(l.Text, l.tokens), 0
	for _, h := range hits {
		if !h.inside(thanks) {
			n++
		}
	}
	return n
}

// upsetFury is how much must speak for anger for the trigger to fire: one weak word ("disappointed").
const upsetFury = 0.55

// furySlope is by how much one more strong sign lifts the log-odds of anger.
const furySlope = 4.0

// anger turns what speaks for it into a strength, and quotes it.
func (m *mood) anger() escalate.Trigger {
	tr := escalate.Trigger{Kind: escalate.Anger, Strength: furyStrength(m.fury)}
	if m.fury > 0 {
		quote(&tr, m.signs)
	}
	if m.learned != nil {
		m.learned.replace(&tr)
	}
	return tr
}

// quote adds places to a trigger's evidence, each once.
func quote(tr *escalate.Trigger, spans []escalate.Span) {
	for _, s := range spans {
		if len(tr.Evidence) < maxEvidence && !slices.Contains(tr.Evidence, s) {
			tr.Evidence = append(tr.Evidence, s)
		}
	}
}

// furyStrength turns what speaks for anger into a strength, 0 when nothing does.
func furyStrength(fury float64) float64 {
	if fury == 0 {
		return 0
	}
	return round(min(0.97, 1/(1+math.Exp(-furySlope*(fury-upsetFury)))))
}

// logWords is the logarithm of a number of words, 0 for none.
func logWords(n int) float64 { return math.Log(float64(n + 1)) }

func round(x float64) float64 { return math.Round(x*100) / 100 }
