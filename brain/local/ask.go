package local

import (
	"slices"
	"strings"
)

// askLength is two lines of a card.
const askLength = 160

// lastAsk is what the customer asks in the newest message that asks anything: its questions, else its last request, else
// the subject of a first message, else the sentence that says most.
func (t *thread) lastAsk() string {
	lines := t.customer(0)
	for i, l := range slices.Backward(lines) {
		if i < len(lines)-1 && thanksOnly(l.text) {
			continue
		}
		all := sentences(clip(l.text, 4000))
		if q := questions(all); q != "" {
			return q
		}
		if r := last(all, requests); r != "" {
			return r
		}
		if i == 0 && strings.ContainsAny(t.content.Subject, "?？") {
			return begin(shorten(strings.ToValidUTF8(t.content.Subject, ""), askLength))
		}
		if r := last(all, wants); r != "" {
			return r
		}
	}
	return begin(shorten(longest(lines), askLength))
}

// questions returns the last question with the ones right before it, as far as they fit.
func questions(all []string) string {
	for j := len(all) - 1; j >= 0; j-- {
		if !isQuestion(all[j]) {
			continue
		}
		ask := begin(shorten(all[j], askLength))
		for j--; j >= 0 && isQuestion(all[j]); j-- {
			both := begin(strings.Join(strings.Fields(all[j]), " ")) + " " + ask
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

// last returns the last sentence of a kind.
func last(all []string, is func(string) bool) string {
	for _, s := range slices.Backward(all) {
		if is(s) {
			return begin(shorten(s, askLength))
		}
	}
	return ""
}

func requests(sentence string) bool {
	return len(lexicons["requests"].find(sentence, tokenize(sentence))) > 0
}

func wants(sentence string) bool {
	return len(lexicons["wants"].find(sentence, tokenize(sentence))) > 0
}

// longest returns the longest sentence; one that only complains counts where there is no other.
func longest(lines []*line) string {
	best, only := "", true
	for _, l := range lines {
		for _, s := range sentences(clip(l.text, 4000)) {
			if c := complains(s); only && !c || only == c && len(s) > len(best) {
				best, only = s, c
			}
		}
	}
	return best
}
