package local

import (
	"strings"

	"warmline/escalate"
)

// sameQuestion is how much two questions share when the second asks the first again.
const sameQuestion = 0.5

// attempts lists what the bot and people answered, with the customer's words that followed. One has failed when the
// customer says so, or asks the same again; how many such are too many is the policy's to say. The newest five count.
func (t *thread) attempts(s *state) []escalate.Attempt {
	var out []escalate.Attempt
	var asked, now []termCount
	for i := range t.lines {
		l := &t.lines[i]
		switch l.Role {
		case escalate.RoleBot, escalate.RoleAgent:
			if !l.Auto && len(l.tokens) > 0 {
				out = append(out, escalate.Attempt{Message: l.ID, By: l.Role, Text: begin(shorten(gist(l.text), 200))})
				asked = now
			}
		case escalate.RoleCustomer:
			if l.Auto {
				continue
			}
			now = countTerms(nil, stemsOf(l.text, s.home))
			if n := len(out); n > 0 {
				a := &out[n-1]
				if a.Reaction == "" {
					a.Reaction = begin(shorten(gist(l.text), 160))
				}
				a.Failed = a.Failed || len(lexicons["failure"].find(l.Text, l.tokens)) > 0 || s.ix.alike(asked, now) >= sameQuestion
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
