package local

import "warmline/escalate"

// sameMessage is the share of words that two messages have in common when one is the other sent again; fewer than fewWords
// say too little to tell, a greeting or an order number.
const (
	sameMessage = 0.9
	fewWords    = 4
)

// repeatFailure fires when the customer says that an answer did not help, sends the question again almost word for word
// after an answer, or says that they had to write again. Of answers that failed otherwise, by a question put anew, the
// attempts tell, for the policy to count. A new question starts afresh: only the newest turn speaks.
func (t *thread) repeatFailure() escalate.Trigger {
	tr := escalate.Trigger{Kind: escalate.RepeatFailure}
	answered := false
	for i := t.open; i < len(t.lines); i++ {
		answered = answered || t.lines[i].Role == escalate.RoleBot
	}
	from := max(t.burst, t.open)
	for _, l := range t.customer(from) {
		note(&tr, l.ID, lexicons["again"].find(l.Text, l.tokens))
		if answered || t.open > 0 {
			note(&tr, l.ID, lexicons["failure"].find(l.Text, l.tokens))
		}
		if answered && t.asked(l, from) {
			note(&tr, l.ID, []hit{{l.tokens[0].start, l.tokens[len(l.tokens)-1].end, 0.7}})
		}
	}
	return tr
}

// asked reports whether the customer wrote the same before a place, since a human last replied.
func (t *thread) asked(l *line, before int) bool {
	now := words(l.tokens)
	if len(now) < fewWords {
		return false
	}
	for i := t.open; i < before; i++ {
		if e := &t.lines[i]; e.Role == escalate.RoleCustomer && !e.Auto && alikeWords(now, words(e.tokens)) >= sameMessage {
			return true
		}
	}
	return false
}

func words(tokens []token) map[string]bool {
	m := make(map[string]bool, len(tokens))
	for i := range tokens {
		m[tokens[i].word] = true
	}
	return m
}

// alikeWords is how many words are in both, as a share of the longer one's.
func alikeWords(a, b map[string]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(max(len(a), len(b)))
}
