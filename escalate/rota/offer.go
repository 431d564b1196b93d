package rota

import (
	"cmp"
	"slices"
	"time"
)

// Choice is whom a hand-off is offered to, and why nobody else. It holds all that can be said about it later.
type Choice struct {
	Person PersonID `json:"person,omitempty"` // "" is nobody
	Reason Reason   `json:"reason"`
	// LastResort says that they do not want to be disturbed, and that nobody else could take it.
	LastResort bool `json:"last_resort,omitempty"`
	// Offered is to be kept as the LastOffered of who was chosen. It is now; or a microsecond after the latest that there was
	// before, so that turns are kept among offers of one moment, and by a clock that was set back.
	Offered time.Time `json:"offered,omitzero"`
	// LeftOut are all others, in the order of their ids.
	LeftOut []LeftOut `json:"left_out,omitempty"`
}

// Reason is why somebody was chosen, or why nobody was.
type Reason string

// The reasons.
const (
	OnlyOne       Reason = "only_one"        // nobody else could take it
	LongestAgo    Reason = "longest_ago"     // round robin: it is their turn
	FewestOpen    Reason = "fewest_open"     // least loaded: nobody has as few
	FewestByTurn  Reason = "fewest_by_turn"  // least loaded: others have as few, and it is their turn
	NobodyOnShift Reason = "nobody_on_shift" // it is nobody's shift, or everybody's day off: for the policy to answer
	NobodyThere   Reason = "nobody_there"    // all who are on shift are away
	NobodyAble    Reason = "nobody_able"     // who is there lacks a skill, or the language
	NobodyAwake   Reason = "nobody_awake"    // who is able does not want to be disturbed, and is not asked first
	NobodyFree    Reason = "nobody_free"     // who is able has all that they may
	NobodyLeft    Reason = "nobody_left"     // who could take it was asked and did not
)

// Offer picks the one person whom a hand-off is offered to, among people of whom each is listed once, or nobody. The order in
// which they are listed makes no difference.
func Offer(now time.Time, n *Need, people []Candidate) Choice {
	byID := func(a, b *Candidate) int { return cmp.Compare(a.Person, b.Person) }
	all := make([]*Candidate, len(people))
	for i := range people {
		all[i] = &people[i]
	}
	slices.SortStableFunc(all, byID)

	var c Choice
	var fit []*Candidate
	for _, p := range all {
		if why, lacks := p.unfit(n); why != "" {
			c.leaveOut(p, why, lacks)
		} else {
			fit = append(fit, p)
		}
	}
	if len(fit) == 0 {
		c.Reason = c.nobody()
		return c
	}
	chosen := c.pick(n, fit)
	c.Person, c.LastResort, c.Offered = chosen.Person, chosen.DoNotDisturb, afterAll(now, people)
	for _, p := range fit {
		switch {
		case p == chosen:
		case p.DoNotDisturb && !chosen.DoNotDisturb:
			c.leaveOut(p, DoNotDisturb, "")
		default:
			c.leaveOut(p, NotTheirTurn, "")
		}
	}
	slices.SortStableFunc(c.LeftOut, func(a, b LeftOut) int { return cmp.Compare(a.Person, b.Person) })
	return c
}

// pick puts first who comes first, and says why.
func (c *Choice) pick(n *Need, fit []*Candidate) *Candidate {
	disturbed := func(p *Candidate) int {
		if p.DoNotDisturb {
			return 1
		}
		return 0
	}
	load := func(a, b *Candidate) int {
		if n.Method == LeastLoaded {
			return cmp.Compare(a.Open, b.Open)
		}
		return 0
	}
	slices.SortStableFunc(fit, func(a, b *Candidate) int {
		return cmp.Or(cmp.Compare(disturbed(a), disturbed(b)), load(a, b), a.LastOffered.Compare(b.LastOffered))
	})
	first := fit[0]
	switch {
	case len(fit) == 1 || disturbed(fit[1]) != disturbed(first):
		c.Reason = OnlyOne
	case n.Method != LeastLoaded:
		c.Reason = LongestAgo
	case fit[1].Open > first.Open:
		c.Reason = FewestOpen
	default:
		c.Reason = FewestByTurn
	}
	return first
}

// nobody says why nobody was chosen: by those who came closest.
func (c *Choice) nobody() Reason {
	closest := OffShift
	for i := range c.LeftOut {
		if why := c.LeftOut[i].Why; slices.Index(unfits, why) > slices.Index(unfits, closest) {
			closest = why
		}
	}
	switch closest {
	case Away:
		return NobodyThere
	case LacksSkill, LacksTongue:
		return NobodyAble
	case DoNotDisturb:
		return NobodyAwake
	case Full:
		return NobodyFree
	case AskedBefore:
		return NobodyLeft
	default: // off shift, barred, a day off
		return NobodyOnShift
	}
}

func (c *Choice) leaveOut(p *Candidate, why Unfit, lacks string) {
	out := LeftOut{Person: p.Person, Why: why, Lacks: lacks}
	if why == Full || why == NotTheirTurn {
		out.Open, out.Capacity = p.Open, p.Capacity
	}
	c.LeftOut = append(c.LeftOut, out)
}

// afterAll is now, or a moment after the latest offer.
func afterAll(now time.Time, people []Candidate) time.Time {
	for i := range people {
		if last := people[i].LastOffered; !last.Before(now) {
			now = last.Add(time.Microsecond)
		}
	}
	return now
}
