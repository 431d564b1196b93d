package local

import (
	"warmline/escalate"
)

// sameQuestion is how much two questions share when the second asks the first again.
const sameQuestion = 0.5

// maxAttempts is how many attempts are listed, the newest ones.
const maxAttempts = 5

// attempt is one turn of ours while the thread is read.
type attempt struct {
	escalate.Attempt

	score    float64     // of the sentence that stands for it
	proposes bool        // it says or proposes something; else it only asks
	text     string      // all that it said, to tell when it is said again
	asked    []termCount // what the customer had written before it
	heard    bool        // the customer wrote after it
	settled  bool        // and said that all is well
}

// attempts lists what the bot and people answered, with the customer's words that followed. One has failed when the customer says
// so, asks the same again, or is told the same once more; how many such are too many is the policy's to say. Messages of one side
// in a row are one attempt. A question of ours is none, unless the customer says that it did not help.
func (t *thread) attempts(s *state) []escalate.Attempt {
	var all []attempt
	var now []termCount
	for i := range t.lines {
		l := &t.lines[i]
		if l.Auto || len(l.tokens) == 0 {
			continue
		}
		n := len(all)
		switch l.Role {
		case escalate.RoleBot, escalate.RoleAgent:
			if n == 0 || all[n-1].heard || all[n-1].By != l.Role {
				all = append(all, attempt{Attempt: escalate.Attempt{By: l.Role}, asked: now})
			}
			all[len(all)-1].add(l, i)
		case escalate.RoleCustomer:
			now = countTerms(nil, stemsOf(l.text, s.home))
			if n > 0 {
				all[n-1].hear(s, l, i, now)
			}
		case escalate.RoleParticipant:
		}
	}
	s.toldAgain(all)
	var out []escalate.Attempt
	for i := range all {
		if all[i].proposes || all[i].Failed {
			out = append(out, all[i].Attempt)
		}
	}
	return out[max(0, len(out)-maxAttempts):]
}

// add takes a message of ours into the attempt. The sentence that says most stands for it.
func (a *attempt) add(l *line, i int) {
	a.Message = l.ID
	a.text += l.text + "\n"
	for _, said := range l.says(i) {
		if score := said.advice / (1 + replyDecay*float64(said.at)); score > a.score {
			a.Text, a.score = shorten(said.text, 200), score
		}
		a.proposes = a.proposes || said.proposes()
	}
}

// proposes reports whether a sentence of ours could have helped: it tells or proposes something, and is no mere courtesy.
func (s *said) proposes() bool {
	switch {
	case s.is("closing"), len(s.tokens) <= 5 && s.is("courtesy"):
		return false
	case isQuestion(s.text):
		return s.is("proposes")
	}
	return true
}

// hear takes what the customer wrote next into the attempt. Of several messages the first counts, unless a later one says whether
// it helped.
func (a *attempt) hear(s *state, l *line, i int, now []termCount) {
	failed := len(lexicons["failure"].find(l.Text, l.tokens)) > 0
	again := a.proposes && s.ix.alike(a.asked, now) >= sameQuestion
	solved := !failed && !again && len(lexicons["solved"].find(l.Text, l.tokens)) > 0
	if a.Reaction == "" || (failed || solved) && !a.Failed && !a.settled {
		a.Reaction = reaction(l, i)
	}
	a.heard, a.settled = true, a.settled || solved
	a.Failed = a.Failed || failed || again
}

// reaction is the sentence in which the customer says whether it helped, else the first that says more than a courtesy.
func reaction(l *line, i int) string {
	all := l.says(i)
	for _, said := range all {
		if said.is("failure", "solved") {
			return shorten(said.text, 160)
		}
	}
	for _, said := range all {
		if len(said.tokens) >= 4 {
			return shorten(said.text, 160)
		}
	}
	return begin(shorten(hide(l.text), 160))
}

// toldAgain marks what was said again later: nobody repeats what has helped.
func (s *state) toldAgain(all []attempt) {
	counted := make([][]termCount, len(all))
	terms := func(i int) []termCount {
		if counted[i] == nil {
			counted[i] = countTerms(nil, stemsOf(all[i].text, s.home))
		}
		return counted[i]
	}
	for i := range all {
		a := &all[i]
		for j := i + 1; j < len(all) && a.heard && !a.settled && a.proposes && !a.Failed; j++ {
			a.Failed = all[j].By == a.By && all[j].proposes && s.ix.alike(terms(i), terms(j)) >= sameText
		}
	}
}
