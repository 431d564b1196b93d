package local

import (
	"slices"
	"strings"

	"warmline/escalate"
)

// summaryWords is how long a summary may be, headings included: what is read in five seconds.
const summaryWords = 45

// story is the thread in short. Every word of it but the headings stands in the thread.
type story struct {
	summary, ask string
	attempts     []escalate.Attempt
}

// part is one line of a summary. Values is set where it is a list, of which whole items are dropped.
type part struct {
	head, text string
	values     []string
}

// tell picks sentences; it makes none up.
func (t *thread) tell(s *state, f *facts, lang string) story {
	st := story{ask: t.lastAsk(), attempts: t.attempts(s)}
	var parts []part
	issue := t.issue(st.ask, lang)
	if issue != "" {
		parts = append(parts, part{head: "Issue: ", text: issue})
	}
	if len(f.shown) > 0 {
		parts = append(parts, part{head: "Given: ", values: f.shown})
	}
	if n := len(st.attempts); n > 0 {
		a := st.attempts[n-1]
		tried := a.Text
		if a.Reaction != "" {
			tried += " Customer: " + a.Reaction
		}
		parts = append(parts, part{head: "Tried: ", text: tried})
	}
	if st.ask != "" && !strings.Contains(issue, st.ask) {
		parts = append(parts, part{head: "Asks: ", text: st.ask})
	}
	st.summary = share(parts, summaryWords)
	return st
}

// share gives every part its words where all of them fit, and else shares what there is: what a short part leaves, the long
// ones get.
func share(parts []part, words int) string {
	left, open := words-len(parts), len(parts)
	sizes := make([]int, len(parts))
	order := make([]int, len(parts))
	for i, p := range parts {
		order[i] = i
		sizes[i] = len(strings.Fields(p.text + strings.Join(p.values, " ")))
	}
	slices.SortStableFunc(order, func(a, b int) int { return sizes[a] - sizes[b] })
	for _, i := range order {
		sizes[i] = min(sizes[i], left/open)
		left -= sizes[i]
		open--
	}
	lines := make([]string, len(parts))
	for i, p := range parts {
		lines[i] = p.head + p.cut(sizes[i])
	}
	return strings.Join(lines, "\n")
}

// cut returns the part in at most n words.
func (p *part) cut(n int) string {
	if p.values == nil {
		fields := strings.Fields(p.text)
		if len(fields) <= n {
			return p.text
		}
		return strings.TrimRight(strings.Join(fields[:n], " "), " ,;:.–-") + "…"
	}
	for i, v := range p.values {
		if n -= len(strings.Fields(v)); n < 0 && i > 0 {
			return strings.Join(p.values[:i], ", ")
		}
	}
	return strings.Join(p.values, ", ")
}

// issue is the subject and the sentence of the first turn that says most, but not what the customer asks: that has a line of
// its own. A subject that the sentence repeats is left out.
func (t *thread) issue(ask, lang string) string {
	subject := begin(shorten(strings.ToValidUTF8(t.content.Subject, ""), 120))
	lines := t.customer(0)
	if len(lines) == 0 {
		return subject
	}
	best := ""
	most := 0.0
	for i, s := range sentences(clip(lines[0].text, 4000)) {
		n := float64(len(tokenize(s)))
		score := min(n, 25) / (1 + 0.15*float64(i))
		if (isQuestion(s) || requests(s)) && strings.Contains(ask, begin(shorten(s, askLength))) {
			score *= 0.3
		}
		switch {
		case complains(s):
			score *= 0.25
		case tellsElse(s):
			score *= 0.5
		}
		if score > most {
			best, most = s, score
		}
	}
	best = begin(shorten(best, 220))
	switch {
	case subject == "" || repeats(best, subject, lang):
		return best
	case best == "" || best == ask && repeats(subject, best, lang):
		return subject
	case strings.ContainsAny(subject[len(subject)-1:], ".?!:…") || strings.HasSuffix(subject, "…") || strings.HasSuffix(subject, "？"):
		return subject + " " + best
	}
	return subject + ". " + best
}

// complains reports whether a sentence says how the customer feels or whom they want, and not what is wrong.
func complains(sentence string) bool {
	tokens := tokenize(sentence)
	for _, name := range []string{"again", "human_request", "angry"} {
		if len(lexicons[name].find(sentence, tokens)) > 0 {
			return true
		}
	}
	return false
}

// tellsElse reports whether a sentence says what was done already or gives numbers: both have a place of their own.
func tellsElse(sentence string) bool {
	tokens := tokenize(sentence)
	return len(lexicons["tried"].find(sentence, tokens)) > 0 || len(lexicons["serialword"].find(sentence, tokens)) > 0
}

// repeats reports whether a text holds most of what another says.
func repeats(text, of, lang string) bool {
	has := map[string]bool{}
	for _, term := range stemsOf(text, lang) {
		has[term] = true
	}
	n, shared := 0, 0
	for _, term := range stemsOf(of, lang) {
		n++
		if has[term] {
			shared++
		}
	}
	return n > 0 && 3*shared >= 2*n
}
