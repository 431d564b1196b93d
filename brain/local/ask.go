package local

import (
	"slices"
	"strings"
)

// askLength is two lines of a card.
const askLength = 160

// lastAsk is what the customer asks in the newest message that asks anything: its questions, else its last request, else
// the subject of a first message, else the sentence that says most, which is said not to ask. A courtesy asks nothing.
func (t *thread) lastAsk(theirs []said) (ask string, asks bool) {
	lines := byLine(theirs)
	for i, all := range slices.Backward(lines) {
		if i < len(lines)-1 && thanksOnly(t.lines[all[0].line].text) {
			continue
		}
		if q := questions(all); q != "" {
			return q, true
		}
		if r := last(all, "requests"); r != nil {
			return shorten(r.text, askLength), true
		}
		if i == 0 && strings.ContainsAny(t.content.Subject, "?？") {
			return t.title(askLength), true
		}
		if r := last(all, "wants"); r != nil {
			return shorten(r.text, askLength), !r.is("trouble")
		}
	}
	return shorten(longest(theirs), askLength), false
}

// byLine parts sentences by the message they stand in.
func byLine(all []said) [][]said {
	var out [][]said
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].line == all[i].line {
			j++
		}
		out = append(out, all[i:j])
		i = j
	}
	return out
}

// questions returns the last question with the ones right before it, as far as they fit.
func questions(all []said) string {
	for j := len(all) - 1; j >= 0; j-- {
		if !isQuestion(all[j].text) {
			continue
		}
		ask := shorten(all[j].text, askLength)
		for j--; j >= 0 && isQuestion(all[j].text); j-- {
			both := all[j].text + " " + ask
			if len([]rune(both)) > askLength {
				break
			}
			ask = both
		}
		return ask
	}
	return ""
}

func isQuestion(sentence string) bool {
	return strings.ContainsAny(sentence, "?？") && len(sentence) > 6
}

// last returns the last sentence of a kind that does more than close the message, or nil.
func last(all []said, kind string) *said {
	for i := range slices.Backward(all) {
		if s := &all[i]; s.is(kind) && !s.is("closing") {
			return s
		}
	}
	return nil
}

// longest returns the longest sentence; one that only complains or closes counts where there is no other.
func longest(all []said) string {
	best, only := "", true
	for i := range all {
		s := &all[i]
		if c := s.is("again", "human_request", "angry", "closing"); only && !c || only == c && len(s.text) > len(best) {
			best, only = s.text, c
		}
	}
	return best
}
