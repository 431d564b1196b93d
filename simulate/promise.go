package simulate

import (
	"cmp"
	"slices"

	"warmline/escalate"
)

// Promise says from which confidence on answers keep a budget, for how many unknown questions, and what backs that.
type Promise struct {
	Budget  float64 `json:"budget"`  // the largest share of wrong answers among all that are sent, 0..1
	Unknown float64 `json:"unknown"` // it holds while no larger share of the questions is unknown
	OK      bool    `json:"ok"`      // false: the evidence carries the budget at no threshold, so nothing may be sent
	From    float64 `json:"from"`    // the threshold; 1 when not OK
	Rate    Rate    `json:"wrong"`   // of what would be sent, how much would be wrong
	Auto    float64 `json:"auto"`    // the share of all questions that would be answered at the expected share of unknown ones
	Tried   int     `json:"tried"`   // questions at and above the threshold
	Wrong   int     `json:"of_those_wrong"`
	Missing int     `json:"missing"` // when not OK: about how many more judged tickets like these would carry it; -1: none would
}

// Rate is a share with what is known of it: by the estimate it may be anything from Low to High, with 90 %. High is the upper
// bound at 95 %, which is what a promise goes by.
type Rate struct {
	Estimate float64 `json:"estimate"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
}

// rateAt states the wrong-answer rate for a share of unknown questions.
func (e *evidence) rateAt(share float64) Rate {
	return Rate{
		Estimate: e.rate(share), Low: e.lower(share, escalate.PromiseConfidence), High: e.upper(share),
	}
}

// starts are the places at which the search for a threshold begins, as shares of the questions: at the most confident ones that
// could carry the budget at all (0), and further on, because a single slip among the first few would else end it. The price
// is that each start has only its part of the 5 % by which a promise may fail.
var starts = []float64{0, 0.15}

// keep finds the lowest threshold at which the upper bound on the wrong-answer rate stays inside the budget, for a share of
// unknown questions. It works as escalate.Keep does: thresholds are tried from strict to loose, in steps that the confidences
// alone fix, and the first failure ends it (fixed-sequence testing with several starts, as in Angelopoulos and others 2021,
// "Learn then Test", §4). It goes beyond it in two ways: the share of unknown questions is stated, not whatever the history
// had, and unknown questions count by left-out answer, not one by one.
func (v *view) keep(rows []*Row, share, expected, budget float64) Promise {
	p := Promise{Budget: budget, Unknown: share, From: 1, Rate: Rate{High: 1}}
	confidence := 1 - (1-escalate.PromiseConfidence)/float64(len(starts))
	least := v.needed(share, budget, confidence)
	walks := newWalks(least, len(rows))
	c := v.counter()
	try := least
	for i, r := range rows {
		c.add(r)
		n := i + 1
		if n < try || n < len(rows) && rows[n].Confidence == r.Confidence {
			continue // equals are sent together or not at all
		}
		e := c.sum()
		alive, over := walks.step(n, e.keeps(share, budget, confidence))
		if alive {
			p.OK, p.From, p.Tried, p.Wrong = true, r.Confidence, n, e.wrong+e.slipped
			p.Auto = e.auto(expected)
		}
		if over {
			break
		}
		try = n + max(1, n/50) // a step of two in a hundred moves no threshold that matters
	}
	if p.OK {
		e := v.evidenceOf(rows, p.From)
		p.Rate = e.rateAt(share)
		return p
	}
	p.Missing = v.missing(rows, share, budget, confidence)
	return p
}

// walk is one way from strict to loose.
type walk struct {
	begin        int // the number of questions from which on it tests
	begun, ended bool
}

type walks []walk

func newWalks(least, rows int) walks {
	ws := make(walks, len(starts))
	for i, s := range starts {
		ws[i].begin = max(least, int(s*float64(rows)))
	}
	return ws
}

// step tells the walks how the test with n questions went. It reports whether one of them goes on from here, and whether all
// have ended.
func (ws walks) step(n int, ok bool) (alive, over bool) {
	over = true
	for i := range ws {
		w := &ws[i]
		w.begun = w.begun || n >= w.begin
		w.ended = w.ended || w.begun && !ok
		alive = alive || w.begun && !w.ended
		over = over && w.ended
	}
	return alive, over
}

func (v *view) evidenceOf(rows []*Row, from float64) evidence {
	c := v.counter()
	for _, r := range rows {
		if r.Confidence >= from {
			c.add(r)
		}
	}
	return c.sum()
}

// needed is how many questions the first test takes: as many as hold the budget with one wrong and one unknown among them.
func (v *view) needed(share, budget, confidence float64) int {
	carries := func(n int) bool {
		e := evidence{
			known: v.known, unknown: v.unknown, right: n - 2, wrong: min(1, v.known), slipped: min(1, v.unknown),
			effective: effective(v.sizes, make([]int, len(v.sizes))),
		}
		return e.right > 0 && e.right <= v.known && e.keeps(share, budget, confidence)
	}
	low, high := 2, v.known+1
	if !carries(high) {
		return max(3, v.known/20) // too little evidence for any; the walk fails where it begins
	}
	for high-low > 1 {
		if mid := (low + high) / 2; carries(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// missing says how many more judged tickets like these would carry the budget somewhere, or -1 when answers are wrong too often
// at every threshold.
func (v *view) missing(rows []*Row, share, budget, confidence float64) int {
	const most = 64.0
	best := most
	c := v.counter()
	try := 5
	for i, r := range rows {
		c.add(r)
		n := i + 1
		if n < try || n < len(rows) && rows[n].Confidence == r.Confidence {
			continue
		}
		try = n + max(1, n/4)
		e := c.sum()
		if e.right == 0 || e.rate(share) >= budget || !e.times(best).keeps(share, budget, confidence) {
			continue
		}
		low, high := 1.0, best
		for high/low > 1.1 {
			if mid := (low + high) / 2; e.times(mid).keeps(share, budget, confidence) {
				high = mid
			} else {
				low = mid
			}
		}
		best = high
	}
	if best == most {
		return -1
	}
	judged := map[string]bool{}
	for _, r := range rows {
		judged[r.ID] = true
	}
	return max(1, int((best-1)*float64(len(judged))))
}

// times is the same evidence seen so many times over.
func (e *evidence) times(m float64) *evidence {
	x := func(n int) int { return int(float64(n) * m) }
	return &evidence{
		known: x(e.known), right: x(e.right), wrong: x(e.wrong), unknown: x(e.unknown), slipped: x(e.slipped), effective: e.effective * m,
	}
}

// topics lists the topics of what may be answered, most questions first.
func (v *view) topics() []string {
	count := map[string]int{}
	var names []string
	for _, r := range v.rows {
		if r.Topic == "" {
			continue
		}
		if count[r.Topic] == 0 {
			names = append(names, r.Topic)
		}
		count[r.Topic]++
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return names
}
