package local

import (
	"strings"

	"warmline/escalate"
)

// askLength is two lines of a card.
const askLength = 160

// story is the thread in short. Every word of it but the headings stands in the thread.
type story struct {
	summary, ask string
	attempts     []escalate.Attempt
}

// tell picks sentences; it makes none up.
func (t *thread) tell(f *facts) story {
	var st story
	st.ask = t.lastAsk()
	st.attempts = t.attempts()
	var parts []string
	issue := t.issue()
	if issue != "" {
		parts = append(parts, "Issue: "+issue)
	}
	if len(f.shown) > 0 {
		parts = append(parts, "Given: "+strings.Join(f.shown, ", "))
	}
	if n := len(st.attempts); n > 0 {
		a := st.attempts[n-1]
		tried := "Tried: " + a.Text
		if a.Reaction != "" {
			tried += " Customer: " + a.Reaction
		}
		parts = append(parts, tried)
	}
	if st.ask != "" && !strings.Contains(issue, st.ask) {
		parts = append(parts, "Asks: "+st.ask)
	}
	st.summary = strings.Join(parts, "\n")
	return st
}

// issue is the subject and the sentence of the first turn that says most.
func (t *thread) issue() string {
	subject := shorten(strings.ToValidUTF8(t.content.Subject, ""), 120)
	lines := t.customer(0)
	if len(lines) == 0 {
		return subject
	}
	best, most := "", 0.0
	for i, s := range sentences(clip(lines[0].text, 4000)) {
		n := float64(len(tokenize(s)))
		score := min(n, 25) / (1 + 0.15*float64(i))
		if asks(s) {
			score *= 1.1
		}
		if score > most {
			best, most = s, score
		}
	}
	best = shorten(best, 220)
	if subject == "" || strings.Contains(best, subject) {
		return best
	}
	return strings.TrimRight(subject, ". ") + ". " + best
}

// lastAsk is the newest sentence in which the customer asks for something, else the one that says most.
func (t *thread) lastAsk() string {
	lines := t.customer(0)
	for i := len(lines) - 1; i >= 0; i-- {
		if i < len(lines)-1 && thanksOnly(lines[i].text) {
			continue
		}
		all := sentences(clip(lines[i].text, 4000))
		for j := len(all) - 1; j >= 0; j-- {
			if strings.ContainsAny(all[j], "?？") && len(all[j]) > 6 {
				return shorten(all[j], askLength)
			}
		}
		for j := len(all) - 1; j >= 0; j-- {
			if asks(all[j]) {
				return shorten(all[j], askLength)
			}
		}
	}
	return shorten(longest(lines), askLength)
}

func longest(lines []*line) string {
	best := ""
	for _, l := range lines {
		for _, s := range sentences(clip(l.text, 4000)) {
			if len(s) > len(best) {
				best = s
			}
		}
	}
	return best
}

func asks(sentence string) bool {
	return strings.ContainsAny(sentence, "?？") || len(lexicons["wants"].find(sentence, tokenize(sentence))) > 0
}

// attempts lists what the bot and people answered, with the customer's words that followed. The newest five count.
func (t *thread) attempts() []escalate.Attempt {
	var out []escalate.Attempt
	for i := range t.lines {
		l := &t.lines[i]
		switch l.Role {
		case escalate.RoleBot, escalate.RoleAgent:
			if !l.Auto && len(l.tokens) > 0 {
				out = append(out, escalate.Attempt{Message: l.Message.ID, By: l.Role, Text: shorten(gist(l.text), 200)})
			}
		case escalate.RoleCustomer:
			if n := len(out); n > 0 && out[n-1].Reaction == "" && !l.Auto {
				out[n-1].Reaction = shorten(gist(l.text), 160)
				out[n-1].Failed = len(lexicons["failure"].find(l.Text, l.tokens)) > 0
			}
		case escalate.RoleParticipant:
		}
	}
	return out[max(0, len(out)-5):]
}

// gist is the first sentence that says more than a courtesy.
func gist(text string) string {
	all := sentences(clip(text, 4000))
	for _, s := range all {
		if len(tokenize(s)) >= 4 {
			return s
		}
	}
	return strings.Join(all, " ")
}
