package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"warmline/brain"
)

// Split says how the past was parted into what brains learned from and what they were asked.
type Split struct {
	By     string    `json:"by"`              // "time" or "question"
	Why    string    `json:"why"`             // for people
	From   time.Time `json:"from,omitzero"`   // by time: when the first scored ticket was written, if the history says
	Steps  int       `json:"steps"`           // by time: how many spans were asked one after another, each of brains that knew what came before it
	Folds  int       `json:"folds"`           // brains for each step, each with other answers left out
	Past   int       `json:"past"`            // tickets of the history
	Asked  int       `json:"asked"`           // tickets that brains were asked
	Judged int       `json:"judged"`          // of those, how many have an outcome to judge by
	Left   int       `json:"left_out"`        // answers that were left out of some brain
	Twins  int       `json:"near_duplicates"` // tickets that ask nearly the same as an earlier one; kept on its side
	Silent int       `json:"silent"`          // tickets in which no customer wrote before the first human reply; not used
}

// UnfitError says why the past cannot be parted as asked.
type UnfitError struct{ Why string }

func (e *UnfitError) Error() string { return e.Why }

func unfit(format string, args ...any) error { return &UnfitError{fmt.Sprintf(format, args...)} }

// How the past is parted.
const (
	ByTime     = "time"
	ByQuestion = "question"
)

const (
	parts       = 5   // the latest is scored
	fewScored   = 500 // where that would be fewer, the latest steps are scored, one after another
	steps       = 3
	leastItems  = 10
	manyScored  = 4000  // from here on one fold is evidence enough
	leftOut     = 0.2   // share of the answers that a single fold leaves out
	fewerBefore = 0.5   // an order in which fewer of the latest tickets' answers occurred before is none in time
	manyRows    = 20000 // from here on a brain learns the newest rowsEach of an answer; fewer are learned whole
	rowsEach    = 100
)

// item is one usable ticket of the past.
type item struct {
	past   *brain.Past
	text   string
	group  int    // near-duplicates share it
	family string // of its answer; "" when nobody knows the answer
	step   int    // by time: in which span it is asked, from 1; 0 is never
}

// newOrder sorts items from old to new, and says by what.
func newOrder(items []item) (dated bool) {
	withTime, seq := 0, false
	for i := range items {
		if !items[i].past.Created.IsZero() {
			withTime++
		}
		seq = seq || items[i].past.Seq != items[0].past.Seq
	}
	switch {
	case withTime == len(items):
		slices.SortStableFunc(items, func(a, b item) int { return a.past.Created.Compare(b.past.Created) })
		return true
	case seq && withTime == 0:
		slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.past.Seq, b.past.Seq) })
	}
	return false
}

// part decides which tickets are scored. Items are in order, old to new.
func part(items []item, dated bool, since time.Time) (Split, error) {
	s := Split{By: ByTime}
	cut := len(items) - len(items)/parts
	switch {
	case !since.IsZero() && !dated:
		return s, unfit("no ticket from %s on can be found: not every ticket of the history has a created_at", since.Format(time.DateOnly))
	case !since.IsZero():
		cut, _ = slices.BinarySearchFunc(items, since, func(it item, t time.Time) int { return it.past.Created.Compare(t) })
		if cut == 0 || cut == len(items) {
			return s, unfit("%d of %d tickets are older than %s: there must be some on both sides", cut, len(items), since.Format(time.DateOnly))
		}
		s.Why = "brains learned from what came before " + since.Format(time.DateOnly) + " and were asked what came after"
	case len(items) < leastItems:
		return s, unfit("it holds %d tickets with a question; at least %d are needed to learn from some and ask the others", len(items), leastItems)
	case !dated && !ordered(items, cut):
		s.By = ByQuestion
		s.Why = "the history has no created_at, and its order is none in time: the answers of its last fifth hardly occur before. " +
			"So it is parted by the questions themselves, which cannot see how they change over time"
	case dated:
		s.Why = "brains learned from the older four fifths and were asked the latest fifth"
	default:
		s.Why = "the history has no created_at; its order is taken for that of time: brains learned from the first four fifths and were asked the last"
	}
	if s.By == ByTime {
		s.step(items, cut, since.IsZero())
	}
	return s, nil
}

// step numbers the spans that are asked. A small history would leave too few tickets to judge by, so more of it is asked, span
// by span, as it would have been if the brain had been trained anew each time.
func (s *Split) step(items []item, cut int, more bool) {
	s.Steps = 1
	span := len(items) - cut
	if more && span < fewScored && span > 0 {
		s.Steps = steps
		s.Why += fmt.Sprintf("; because it is small, so were the %d fifths before it, each of brains that knew only what came before", steps-1)
	}
	first := len(items) - s.Steps*span
	s.From = items[first].past.Created
	for i := first; i < len(items); i++ {
		items[i].step = 1 + (i-first)/span
	}
}

// ordered reports whether the answers of the last tickets occur before them, as they do in life.
func ordered(items []item, cut int) bool {
	before := map[string]bool{}
	known, all := 0, 0
	for i := range items {
		switch f := items[i].family; {
		case f == "":
		case i < cut:
			before[f] = true
		default:
			all++
			if before[f] {
				known++
			}
		}
	}
	return all == 0 || float64(known) >= fewerBefore*float64(all)
}

// families gives every answer the name by which it is left out. Translations of one answer ("refund-de", "refund-fr") are one
// family: to leave out one of them would leave the question known.
func families(o *Options) func(answer string) string {
	count := map[string]int{}
	seen := map[string]bool{}
	add := func(id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			stem, _ := stemOf(id)
			count[stem]++
		}
	}
	for i := range o.Macros {
		add(o.Macros[i].ID)
	}
	for i := range o.Articles {
		add(o.Articles[i].ID)
	}
	for i := range o.Past {
		add(o.Past[i].Gold.AnswerID)
	}
	return func(answer string) string {
		if stem, ok := stemOf(answer); ok && count[stem] > 1 {
			return stem
		}
		return answer
	}
}
