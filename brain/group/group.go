package group

import (
	"slices"

	"warmline/brain"
	"warmline/escalate"
)

// Answer is one thing that a team says.
type Answer struct {
	ID      string   // a macro's, what people called it, or "reply:" and the id of the first ticket that got it
	Tickets []string // ids of the past tickets that got it, oldest first
}

// Seldom reports whether it was given once only: nothing can be learned from it, and a question like it is as good as new.
func (a *Answer) Seldom() bool { return len(a.Tickets) < 2 }

// Answers fills in Gold.AnswerID wherever it is missing and a person replied. What people said of a ticket stays; a ticket
// known to have had no answer gets none. k itself is not changed.
func Answers(k brain.Knowledge) brain.Knowledge {
	past := slices.Clone(k.Past)
	for i, id := range identify(k) {
		if past[i].Gold.AnswerID == "" {
			past[i].Gold.AnswerID = id
		}
	}
	k.Past = past
	return k
}

// Find lists the answers of a history in the order in which they were first given.
func Find(k brain.Knowledge) []Answer {
	at := map[string]int{}
	var out []Answer
	for i, id := range identify(k) {
		if id == "" {
			continue
		}
		n, ok := at[id]
		if !ok {
			n = len(out)
			at[id] = n
			out = append(out, Answer{ID: id})
		}
		out[n].Tickets = append(out[n].Tickets, k.Past[i].ID)
	}
	return out
}

// identify returns each past ticket's answer, "" where there is none.
func identify(k brain.Knowledge) []string {
	ids := make([]string, len(k.Past))
	missing := false
	for i := range k.Past {
		ids[i] = k.Past[i].Gold.AnswerID
		missing = missing || ids[i] == "" && !k.Past[i].Unanswerable()
	}
	if !missing {
		return ids
	}
	c := newCorpus()
	texts := make([]text, len(k.Past))
	for i := range k.Past {
		if !k.Past[i].Unanswerable() {
			texts[i] = c.reply(&k.Past[i])
		}
	}
	var names []string
	var prepared []text
	for i := range k.Macros {
		names, prepared = append(names, k.Macros[i].ID), append(prepared, c.add(k.Macros[i].Body, ""))
	}
	for i := range k.Articles {
		names, prepared = append(names, k.Articles[i].ID), append(prepared, c.add(k.Articles[i].Body, ""))
	}
	c.findBoilerplate()
	match := newMatcher(c, names, prepared)
	for i := range texts {
		if ids[i] == "" && len(texts[i]) > 0 {
			ids[i] = match.macro(c.content(texts[i]))
		}
	}
	c.name(ids, texts, k.Past)
	return ids
}

// name gives every reply its group's answer: what most of the group is called by people or by macros, else its first reply.
func (c *corpus) name(ids []string, texts []text, past []brain.Past) {
	roots := c.cluster(texts)
	votes := map[int]map[string]int{}
	called := map[int]string{}
	for i, root := range roots {
		if root < 0 || ids[i] == "" {
			continue
		}
		if votes[root] == nil {
			votes[root] = map[string]int{}
		}
		votes[root][ids[i]]++
		if best := called[root]; best == "" || votes[root][ids[i]] > votes[root][best] {
			called[root] = ids[i]
		}
	}
	for i, root := range roots {
		switch {
		case root < 0 || ids[i] != "":
		case called[root] != "":
			ids[i] = called[root]
		default:
			ids[i] = "reply:" + past[root].ID
		}
	}
}

// reply adds the newest reply of a person that says something: "you're welcome" solved nothing.
func (c *corpus) reply(p *brain.Past) text {
	for i := len(p.Content.Messages) - 1; i >= 0; i-- {
		m := &p.Content.Messages[i]
		if m.Role != escalate.RoleAgent || !m.Public {
			continue
		}
		if t := c.add(m.Text, p.Content.Customer.Name); len(t) > 0 {
			return t
		}
	}
	return nil
}
