package llm

import (
	"fmt"
	"maps"
	"math"

	"warmline/escalate"
)

// factorName names this package's factors.
const factorName = "language model"

// What a set of readings shows. Each is a share from 0 to 1.
const (
	same       = iota // readings that name the built-in brain's answer
	other             // that name another one
	none              // that find no answer
	lost              // that could not be used
	ungrounded        // quotations that are not in their source
	unsure            // readings that doubt themselves
	ownWords          // 1 when the draft is in the model's own words
	nFeatures
)

// names of the features in an assessment's Measured, and of the prior beside them.
var featureNames = [nFeatures]string{"llm_same", "llm_other", "llm_none", "llm_lost", "llm_ungrounded", "llm_unsure", "llm_own_words"}

const priorName = "llm_prior"

// Features is what the readings of one ticket showed.
type Features [nFeatures]float64

// Weights says how far each feature moves the confidence, in log-odds, when it is 1.
type Weights [nFeatures]float64

// DefaultWeights can only lower the confidence. They are guesses, on the safe side, until Fit has seen how people judged
// fifty answers.
var DefaultWeights = Weights{same: 0, other: -2.5, none: -2.5, lost: -0.5, ungrounded: -1.5, unsure: -1, ownWords: -1}

const (
	// maxLift bounds what any weights may add, in log-odds: however well a model has done, what it says of a ticket is
	// something that the ticket's author may have told it to say.
	maxLift = 1.0
	// ownWordsCap keeps the model's own words from ever being sent unread.
	ownWordsCap = 0.5
	// edge keeps log-odds finite.
	edge = 1e-6
)

// confidence is the built-in brain's, moved by what the readings show.
func (w *Weights) confidence(prior float64, x *Features) float64 {
	if prior <= 0 {
		return 0
	}
	move := 0.0
	for i := range w {
		move += w[i] * x[i]
	}
	if move == 0 && x[ownWords] == 0 {
		return prior
	}
	p := math.Round(sigmoid(logit(prior)+min(move, maxLift))*1e6) / 1e6
	if move <= 0 {
		p = min(p, prior)
	}
	if x[ownWords] > 0 {
		p = min(p, prior, ownWordsCap)
	}
	return p
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func logit(p float64) float64 {
	p = min(max(p, edge), 1-edge)
	return math.Log(p / (1 - p))
}

// count is what the features are shares of, for the words.
type count struct {
	asked, good                              int
	same, other, none, unsure, quoted, found int
}

// features computes the shares.
func (c *count) features(own bool) Features {
	share := func(n, of int) float64 {
		if of == 0 {
			return 0
		}
		return float64(n) / float64(of)
	}
	x := Features{
		same: share(c.same, c.good), other: share(c.other, c.good), none: share(c.none, c.good), unsure: share(c.unsure, c.good),
		lost: share(c.asked-c.good, c.asked), ungrounded: share(c.quoted-c.found, c.quoted),
	}
	if own {
		x[ownWords] = 1
	}
	return x
}

// factors says each feature that moved something in words.
func (c *count) factors(w *Weights, x *Features) []escalate.Factor {
	words := [nFeatures]string{
		same:       "the model named the same answer in " + c.readings(c.same),
		other:      "the model named another answer in " + c.readings(c.other),
		none:       "the model found no answer to it in " + c.readings(c.none),
		lost:       fmt.Sprintf("%d of %d readings by the model could not be used", c.asked-c.good, c.asked),
		ungrounded: fmt.Sprintf("%d of the model's %d quotations are not in their source", c.quoted-c.found, c.quoted),
		unsure:     "the model was unsure in " + c.readings(c.unsure),
		ownWords:   "the draft is in the model's own words",
	}
	var out []escalate.Factor
	for i, text := range words {
		if x[i] > 0 && (w[i] != 0 || i == same) {
			out = append(out, escalate.Factor{Name: factorName, Words: text, Pull: math.Round(w[i]*x[i]*100) / 100})
		}
	}
	return out
}

func (c *count) readings(n int) string {
	switch {
	case c.good == 1:
		return "its only reading"
	case n == c.good:
		return fmt.Sprintf("all %d readings", n)
	}
	return fmt.Sprintf("%d of %d readings", n, c.good)
}

// measured is what Fit needs to know later, beside what the built-in brain measured itself.
func (x *Features) measured(prior float64, own map[string]float64) map[string]float64 {
	m := make(map[string]float64, len(own)+1+nFeatures)
	maps.Copy(m, own)
	m[priorName] = prior
	for i, name := range featureNames {
		m[name] = x[i]
	}
	return m
}
