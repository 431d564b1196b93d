package local

import (
	"math"

	"warmline/escalate"
)

// mood is how the customer feels, and the words that show it.
type mood struct {
	escalate.Mood
	message escalate.MessageID
	hits    []hit
	worried bool
	fury    float64 // of the newest message: how much speaks for anger
}

// feel reads the customer's messages in order. The newest counts; the turn is its distance from the first.
func (t *thread) feel() mood {
	lines := t.customer(0)
	if len(lines) == 0 {
		return mood{Mood: escalate.Mood{Word: "calm"}}
	}
	m := feelLine(lines[len(lines)-1])
	if len(lines) > 1 {
		first := feelLine(lines[0])
		m.Turn = round(m.Score - first.Score)
		if m.fury > 0 && m.Turn <= -0.3 {
			m.fury += 0.4
		}
	}
	m.Word = m.word()
	return m
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

// feelLine weighs the features of one message. The weights are set by hand: one strong sign makes an angry message, a weak
// one needs another or loudness; gladness and laughter take some of it back.
func feelLine(l *line) mood {
	f, hits := feelings(l)
	loud := min(0.5, f[feelCapitals]) + 0.1*f[feelMarks]
	m := mood{message: l.ID, hits: hits, worried: f[feelWorried] > 0}
	m.fury = f[feelFury] - 0.15*min(f[feelGlad], 2) - 0.15*min(f[feelLaugh], 2)
	if f[feelFury] > 0 {
		m.fury += loud
	} else {
		m.fury = loud / 2
	}
	m.fury = max(0, m.fury)
	m.Score = round(math.Tanh(0.5*min(f[feelGlad], 2) - 0.75*m.fury - 0.3*min(f[feelWorried], 2)))
	return m
}

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

// anger turns what speaks for it into a strength: one strong word fires, one weak word does not quite.
func (m *mood) anger() escalate.Trigger {
	tr := escalate.Trigger{Kind: escalate.Anger}
	if m.fury > 0 {
		tr.Strength = round(min(0.97, 1/(1+math.Exp(-4*(m.fury-0.75)))))
		note(&tr, m.message, m.hits)
	}
	return tr
}

// logWords is the logarithm of a number of words, 0 for none.
func logWords(n int) float64 { return math.Log(float64(n + 1)) }

func round(x float64) float64 { return math.Round(x*100) / 100 }
