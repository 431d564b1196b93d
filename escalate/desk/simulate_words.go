package desk

import (
	"fmt"
	"strconv"
	"strings"

	"warmline/escalate"
)

// How much of a simulation one message shows: beyond this the report of the terminal is the place.
const (
	mistakesShown  = 5
	simTopicsShown = 12
	effectsShown   = 12
	changesShown   = 25
)

// grouped writes a count as people read it: 12,431.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// words says how much would be wrong, and at most.
func (r WrongRate) words() string {
	return fmt.Sprintf("wrong %s, at most %s", percent(r.Estimate), percent(r.AtMost))
}

// advice is what a simulation recommends: for all topics, for those with a line of their own, and for those that follow.
func (sim *Simulation) advice() []Line {
	lines := []Line{{Head: "All topics", Text: sim.All.words()}}
	var follow []string
	own := 0
	for i := range sim.Topics {
		t := &sim.Topics[i]
		switch {
		case t.Advice == AdviceAll:
			follow = append(follow, fmt.Sprintf("%s %s of %s", t.name(), grouped(t.Auto), grouped(t.Tickets)))
		case t.Advice == AdviceDraft && sim.All.Advice == AdviceDraft && t.Missing <= 0: // said for all of them above
		case own < simTopicsShown:
			own++
			lines = append(lines, Line{Head: t.name(), Text: t.words()})
		default:
			own++
		}
	}
	if own > simTopicsShown {
		lines = append(lines, Line{Text: escalate.Counted(own-simTopicsShown, "more topic is not shown.", "more topics are not shown.")})
	}
	if len(follow) > 0 {
		lines = append(lines, Line{Head: "As all topics, answered:", Text: shortList(follow, simTopicsShown)})
	}
	return lines
}

// shortList joins words, and says how many are left out.
func shortList(words []string, most int) string {
	if len(words) > most {
		words = append(words[:most:most], fmt.Sprintf("%d more", len(words)-most))
	}
	return strings.Join(words, ", ")
}

// effect is what the what-if moves.
func (sim *Simulation) effect(whatIf string) []Line {
	lines := []Line{{Head: "What if " + whatIf + ":", Text: sim.Change}}
	for i := range sim.Moves {
		lines = append(lines, Line{Text: sim.Moves[i].words()})
	}
	return lines
}

// details is what a simulation recommends from: where tickets go, what each threshold would do, what went wrong, and on what the
// figures rest.
func (sim *Simulation) details() []Line {
	lines := []Line{{
		Head: "Tickets",
		Text: fmt.Sprintf("now %s; with all that is recommended, on the top rung, %s", sim.Now.words(), sim.Then.words()),
	}, {Head: "What each threshold would do"}}
	for i := range sim.Table {
		lines = append(lines, Line{Head: "from " + percent(sim.Table[i].From), Text: sim.Table[i].words()})
	}
	lines = append(lines, sim.mistakes()...)
	return append(lines, Line{Text: sim.Basis})
}

func (t *SimulatedLine) name() string {
	if t.Topic == "" {
		return "without a topic"
	}
	return t.Topic
}

// words says what is recommended, and why.
func (t *SimulatedLine) words() string {
	var of string
	if t.Tickets > 0 {
		of = fmt.Sprintf(" (%s of %s tickets)", grouped(t.Auto), grouped(t.Tickets))
	}
	switch {
	case t.Advice == AdviceDraft && t.Missing > 0:
		return fmt.Sprintf("draft; about %s more judged tickets are missing for a threshold", grouped(t.Missing))
	case t.Advice == AdviceDraft:
		return "draft; " + t.Why
	}
	return fmt.Sprintf("answer from %s%s: %s", percent(t.From), of, t.Wrong.words())
}

func (r *SimulatedRow) words() string {
	return fmt.Sprintf("answered %s, drafted %s, to people %s; %s", percent(r.Auto), percent(r.Draft), percent(r.Escalate), r.Wrong.words())
}

func (w *SimulatedWays) words() string {
	return fmt.Sprintf("answered %s, drafted %s, to people %s", grouped(w.Auto), grouped(w.Draft), grouped(w.Escalate))
}

func (m *SimulatedMove) words() string {
	words := fmt.Sprintf("%s from %s to %s", grouped(m.Tickets), m.From, m.To)
	if m.Judged > 0 {
		words += fmt.Sprintf("; of %s judged the answer was right in %s", grouped(m.Judged), grouped(m.Right))
	}
	return words
}

// mistakes shows the most confident wrong answers, each with what to do about it.
func (sim *Simulation) mistakes() []Line {
	if len(sim.Mistakes) == 0 {
		return []Line{{Text: "No answer that was confident was wrong."}}
	}
	lines := []Line{{Head: "The most confident wrong answers"}}
	for i := range sim.Mistakes[:min(len(sim.Mistakes), mistakesShown)] {
		m := &sim.Mistakes[i]
		words := []string{fmt.Sprintf("%s sure: “%s”. Misled by %s", percent(m.Confidence), m.Question, m.Source)}
		if m.Alike > 0 {
			words[0] += fmt.Sprintf(", as %d more", m.Alike)
		}
		words = append(words, "Fix: "+m.Fix)
		lines = append(lines, Line{Head: m.Ticket, Text: strings.Join(words, ". ")})
		if m.Exclude != "" {
			lines = append(lines, Line{Head: "Exclude:", Text: m.Exclude, Code: true})
		}
	}
	return lines
}
