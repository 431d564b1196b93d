package local

import (
	"slices"
	"strings"
	"time"

	"warmline/escalate"
)

// What the course of a thread adds to the fury of its newest turn. None of them fires by itself but the last: whoever
// writes a fifth time without an answer is upset, however politely.
const (
	fellBy      = 0.3 // the sentiment has fallen from the first message
	askedTwice  = 0.3 // the same words were sent again
	asksLoudly  = 0.25
	chases      = 0.3  // "hello?", "still waiting"
	thirdVisit  = 0.3  // a third message came and nobody has answered
	furtherCall = 0.15 // every one after it
	mostVisits  = 5
)

// visitGap is how long after the one before a message is a visit of its own; until then a chat is one piece.
const visitGap = 15 * time.Minute

// course is what a thread shows beside its newest message: how much it adds, and the places that show it.
type course struct {
	fury  float64
	spans []escalate.Span
}

func (c *course) add(fury float64, spans ...escalate.Span) {
	c.fury += fury
	c.spans = append(c.spans, spans...)
}

// follow reads the customer's newest turn, which nobody has answered, and compares it with how the thread began. turn is
// the change of the score since then.
func (t *thread) follow(first, now *mood, turn float64) course {
	var c course
	if now.fury > 0 && turn <= -fellBy && first.message != now.message {
		c.add(fellBy, first.glad...)
	}
	lines := t.customer(t.burst)
	if len(lines) == 0 {
		return c
	}
	newest := lines[len(lines)-1]
	if spans := repeatedMarks(lines); len(spans) > 0 {
		c.add(asksLoudly, spans...)
	}
	if slices.ContainsFunc(lines[:len(lines)-1], func(l *line) bool { return sameWords(l, newest) }) {
		c.add(askedTwice, spanOf(newest))
	}
	calls := spansOf(newest, lexicons["chase"])
	n := visits(lines)
	if n >= 2 && len(calls) > 0 {
		c.add(chases, calls...)
	}
	if n >= 3 {
		c.add(thirdVisit+furtherCall*float64(min(n, mostVisits)-3), spanOf(newest))
	}
	return c
}

// visits counts how often the customer came back without an answer. Where no times are known, a message counts that asks
// where the answer stays.
func visits(lines []*line) int {
	n := 1
	for i := 1; i < len(lines); i++ {
		before, at := lines[i-1].At, lines[i].At
		if at.IsZero() || before.IsZero() {
			if len(lexicons["chase"].find(lines[i].Text, lines[i].tokens)) > 0 {
				n++
			}
		} else if at.Sub(before) >= visitGap {
			n++
		}
	}
	return n
}

// repeatedMarks finds question marks that stand in a row, three at once or in two messages.
func repeatedMarks(lines []*line) []escalate.Span {
	var spans []escalate.Span
	most := 0
	for _, l := range lines {
		h, n := marksInARow(l.Text)
		if n < 2 {
			continue
		}
		most = max(most, n)
		spans = append(spans, escalate.Span{Message: l.ID, Start: h.start, End: h.end})
	}
	if len(spans) < 2 && most < 3 {
		return nil
	}
	return spans[max(0, len(spans)-2):]
}

// marksInARow returns the longest run of question marks, with exclamation marks among them.
func marksInARow(text string) (hit, int) {
	var best hit
	most, n, start, asks := 0, 0, 0, false
	for i, r := range text {
		if !strings.ContainsRune("?!？！", r) {
			n, asks = 0, false
			continue
		}
		if n == 0 {
			start = i
		}
		n++
		asks = asks || r == '?' || r == '？'
		if asks && n > most {
			best, most = hit{start: start, end: i + len(string(r))}, n
		}
	}
	return best, most
}

// sameWords reports whether two messages of three words and more say the same thing in the same words.
func sameWords(a, b *line) bool {
	if len(a.tokens) != len(b.tokens) || len(a.tokens) < 3 {
		return false
	}
	for i := range a.tokens {
		if a.tokens[i].word != b.tokens[i].word {
			return false
		}
	}
	return true
}

// spanOf quotes the beginning of a message's own part, up to its first sentence.
func spanOf(l *line) escalate.Span {
	if len(l.tokens) == 0 {
		return escalate.Span{Message: l.ID, End: len(clip(l.Text, 160))}
	}
	first, last := l.tokens[0], l.tokens[0]
	for _, t := range l.tokens[1:] {
		if t.first || t.end-first.start > 160 {
			break
		}
		last = t
	}
	return escalate.Span{Message: l.ID, Start: first.start, End: last.end}
}

func spansOf(l *line, lex *lexicon) []escalate.Span {
	hits := lex.find(l.Text, l.tokens)
	out := make([]escalate.Span, 0, len(hits))
	for _, h := range hits {
		out = append(out, escalate.Span{Message: l.ID, Start: h.start, End: h.end})
	}
	return out
}
