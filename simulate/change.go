package simulate

import (
	"fmt"
	"strings"

	"warmline/escalate"
)

// Change is what another policy would do differently with the same tickets.
type Change struct {
	What  string `json:"what"`  // "the recommended thresholds", "the other policy"
	Words string `json:"words"` // for people: "132 of 2,000 tickets would move from auto to a human, 3 the other way"
	Now   Ways   `json:"now"`
	Then  Ways   `json:"then"`
	Moves []Move `json:"moves"`
}

// Move is the tickets that go another way.
type Move struct {
	From     escalate.Way `json:"from"`
	To       escalate.Way `json:"to"`
	Tickets  int          `json:"tickets"`
	Judged   int          `json:"judged"`
	Right    int          `json:"right"` // of the judged, how many of the answers are right
	Examples []Case       `json:"examples"`
}

const mostExamples = 3

var allWays = []escalate.Way{escalate.WayAuto, escalate.WayDraft, escalate.WayEscalate}

// WhatIf says what another policy would do differently. It asks no brain.
func (r *Result) WhatIf(p *escalate.Policy) Change {
	return r.change("the other policy", r.decide(r.policy), r.decide(p))
}

func (r *Result) change(what string, now, then []escalate.Decision) Change {
	c := Change{What: what, Now: r.ways(now, nil), Then: r.ways(then, nil), Moves: []Move{}}
	for _, from := range allWays {
		for _, to := range allWays {
			if from == to {
				continue
			}
			if m := r.move(from, to, now, then); m.Tickets > 0 {
				c.Moves = append(c.Moves, m)
			}
		}
	}
	c.Words = c.sentence()
	return c
}

func (r *Result) move(from, to escalate.Way, now, then []escalate.Decision) Move {
	m := Move{From: from, To: to, Examples: []Case{}}
	for i := range r.Rows {
		row := &r.Rows[i]
		if !row.Shown || now[i].Way != from || then[i].Way != to {
			continue
		}
		m.Tickets++
		if row.Judged {
			m.Judged++
		}
		if row.Right {
			m.Right++
		}
		if len(m.Examples) < mostExamples {
			m.Examples = append(m.Examples, r.newCase(row, &then[i]))
		}
	}
	return m
}

func (c *Change) sentence() string {
	toHuman, toAuto, between := 0, 0, 0
	for _, m := range c.Moves {
		switch {
		case m.From == escalate.WayAuto:
			toHuman += m.Tickets
		case m.To == escalate.WayAuto:
			toAuto += m.Tickets
		default:
			between += m.Tickets
		}
	}
	var s strings.Builder
	switch {
	case toHuman+toAuto+between == 0:
		return "None of " + tickets(c.Now.Tickets) + " would go another way."
	case toHuman > 0 || toAuto == 0:
		fmt.Fprintf(&s, "%s of %s would move from auto to a human, %s the other way", number(toHuman), tickets(c.Now.Tickets), number(toAuto))
	default:
		fmt.Fprintf(&s, "%s of %s would move from a human to auto, none the other way", number(toAuto), tickets(c.Now.Tickets))
	}
	if between > 0 {
		fmt.Fprintf(&s, "; %s between draft and a human's own words", number(between))
	}
	return s.String() + "."
}
