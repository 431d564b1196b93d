package local

import (
	"slices"
	"strings"

	"warmline/escalate"
)

// spoken is what a customer said, as the trigger heads compare it: its words, and where each stands.
type spoken struct {
	words []string
	spans []escalate.Span // Message is "" for words of the subject, which cannot be quoted
}

func (s *spoken) add(id escalate.MessageID, text string, tokens []token) {
	hidden := addresses(text)
	for _, t := range tokens {
		for len(hidden) > 0 && hidden[0].end <= t.start {
			hidden = hidden[1:]
		}
		span := escalate.Span{Message: id, Start: t.start, End: t.end}
		if len(hidden) > 0 && hidden[0].start <= t.start {
			if n := len(s.spans); n > 0 && s.spans[n-1].Message == id && s.spans[n-1].Start == hidden[0].start {
				continue // the same address
			}
			span.Start, span.End = hidden[0].start, hidden[0].end
			s.words, s.spans = append(s.words, hidden[0].word), append(s.spans, span)
			continue
		}
		w := t.word
		if !t.cjk && strings.ContainsAny(w, digits) {
			w = maskNumber(w)
		}
		s.words, s.spans = append(s.words, clip(w, 40)), append(s.spans, span)
	}
}

// address is a mail or web address, which names one customer's things, and the word that stands for all such.
type address struct {
	start, end int
	word       string
}

func addresses(text string) []address {
	var out []address
	if strings.ContainsRune(text, '@') {
		for _, at := range emails.FindAllStringIndex(text, -1) {
			out = append(out, address{at[0], at[1], "qmailq"})
		}
	}
	if strings.Contains(text, "://") || strings.Contains(text, "www.") {
		for _, at := range links.FindAllStringIndex(text, -1) {
			out = append(out, address{at[0], at[1], "qlinkq"})
		}
	}
	slices.SortFunc(out, func(a, b address) int { return a.start - b.start })
	kept := out[:0]
	for _, a := range out {
		if n := len(kept); n == 0 || kept[n-1].end <= a.start {
			kept = append(kept, a)
		}
	}
	return kept
}

// saidSince returns what the customer said from a line on; the subject belongs to the first.
func (t *thread) saidSince(from int) spoken {
	var s spoken
	if from == 0 {
		s.add("", t.content.Subject, slips.read(t.subject))
	}
	for _, l := range t.customer(from) {
		s.add(l.ID, l.Text, slips.read(l.all()))
	}
	return s
}

// all returns the line's words with those of its greeting, which may hold more than that: "Hello I lost my card, what now?".
func (l *line) all() []token {
	if len(l.tokens) == 0 {
		return nil
	}
	if head := greetingTokens(l.Text[:l.tokens[0].start]); len(head) > 0 {
		return slices.Concat(head, l.tokens)
	}
	return l.tokens
}
