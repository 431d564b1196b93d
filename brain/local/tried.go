package local

import (
	"strings"

	"warmline/escalate"
)

// A step counts as tried when this much of a sentence of it, by weight, stands in one where the customer tells what they
// did, and a text as sent before when this much of two texts is the same.
const (
	sameStep = 0.35
	sameText = 0.6
)

// tried is what the thread has seen of an answer already.
type tried struct {
	answer bool     // the whole of it: it was sent, or the customer did most of what it says
	steps  []string // its steps, in its words, that the customer says to have done
}

// tried compares an answer with what was sent and with what the customer tells.
func (s *state) tried(t *thread, a *escalate.Answer, lang string) tried {
	var out tried
	for i := range t.ticket.Replies {
		r := &t.ticket.Replies[i]
		out.answer = out.answer || r.State == escalate.ReplySent && r.Answer == a.ID
	}
	text := countTerms(nil, stemsOf(a.Text, lang))
	for i := range t.lines {
		if l := &t.lines[i]; l.Role == escalate.RoleBot || l.Role == escalate.RoleAgent {
			out.answer = out.answer || s.ix.alike(text, countTerms(nil, stemsOf(l.text, lang))) >= sameText
		}
	}
	all := steps(a.Text)
	out.steps = s.done(all, t.deeds(lang), lang)
	out.answer = out.answer || len(all) > 1 && 3*len(out.steps) >= 2*len(all)
	return out
}

// deeds returns the words of each sentence in which the customer tells what they did.
func (t *thread) deeds(lang string) []map[string]bool {
	var out []map[string]bool
	for _, l := range t.customer(0) {
		for _, sentence := range sentences(clip(l.text, 4000)) {
			if isQuestion(sentence) || len(lexicons["tried"].find(sentence, tokenize(sentence))) == 0 {
				continue
			}
			has := map[string]bool{}
			for _, term := range stemsOf(sentence, lang) {
				has[term] = true
			}
			out = append(out, has)
		}
	}
	return out
}

// steps are the items of a text's list; a text without a list has none that could be told apart.
func steps(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if at := listMark.FindStringIndex(line); at != nil && at[0] == 0 {
			out = append(out, strings.TrimSpace(line[at[1]:]))
		}
	}
	return out
}

// done returns of each step that the customer did the sentence they told about.
func (s *state) done(steps []string, deeds []map[string]bool, lang string) []string {
	var out []string
	for _, step := range steps {
		best, most := "", 0.0
		for _, sentence := range sentences(step) {
			terms := countTerms(nil, stemsOf(sentence, lang))
			for _, has := range deeds {
				if share := s.told(terms, has); share > most {
					best, most = sentence, share
				}
			}
		}
		if most >= sameStep {
			out = append(out, best)
		}
	}
	return out
}

// told is how much of a step's weight one sentence of the customer holds. One word in common is chance.
func (s *state) told(step []termCount, has map[string]bool) float64 {
	shared, all, n := 0.0, 0.0, 0
	for _, t := range step {
		w := s.ix.weight(t.term)
		all += w
		if has[t.term] {
			shared += w
			if len(t.term) > 3 {
				n++
			}
		}
	}
	if n < 2 {
		return 0
	}
	return shared / all
}
