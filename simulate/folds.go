package simulate

import (
	"cmp"
	"maps"
	"slices"

	"warmline/brain"
)

// work is a replay under way.
type work struct {
	o      *Options
	items  []item // old to new
	family func(string) string
	split  Split
	share  Share
	fold   map[string]int // the fold that leaves a family out; families that none leaves out are not there
	done   int
	total  int
}

func newWork(o *Options) (*work, error) {
	w := &work{o: o, family: families(o)}
	var questions, ids []string
	answered := 0
	for i := range o.Past {
		p := &o.Past[i]
		c, ok := opening(p)
		if !ok {
			w.split.Silent++
			continue
		}
		it := item{past: p, text: question(&c)}
		if p.Gold.AnswerID != "" && !p.Unanswerable() {
			it.family = w.family(p.Gold.AnswerID)
			answered++
		}
		w.items = append(w.items, it)
	}
	if answered == 0 {
		return nil, ErrNoAnswers
	}
	silent := w.split.Silent
	dated := newOrder(w.items)
	for i := range w.items {
		questions, ids = append(questions, w.items[i].text), append(ids, w.items[i].past.ID)
	}
	twins := 0
	for i, g := range groups(questions, ids) {
		w.items[i].group = g
		if g != i {
			twins++
		}
	}
	split, err := part(w.items, dated, o.Since)
	if err != nil {
		return nil, err
	}
	w.split = split
	w.split.Past, w.split.Silent, w.split.Twins = len(o.Past), silent, twins
	w.share = estimate(w.items, split, o.Unknown)
	w.leaveOut()
	return w, nil
}

// leaveOut draws which answers each fold leaves out. With several folds each answer is left out once.
func (w *work) leaveOut() {
	set := map[string]bool{}
	scored := 0
	for i := range w.items {
		if w.split.By == ByQuestion || w.items[i].scored {
			scored++
		}
		if f := w.items[i].family; f != "" {
			set[f] = true
		}
	}
	if w.split.By == ByQuestion {
		scored /= parts
	}
	w.split.Folds = 1
	if scored < manyScored {
		w.split.Folds = parts
	}
	names := slices.Collect(maps.Keys(set))
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(hash64(w.o.Seed, "leave out", a), hash64(w.o.Seed, "leave out", b)), cmp.Compare(a, b))
	})
	w.fold = map[string]int{}
	if len(names) < 2 {
		return // the only answer cannot be left out: nothing would be known
	}
	if w.split.Folds == 1 {
		names = names[:max(1, int(leftOut*float64(len(names))+0.5))]
	}
	for i, n := range names {
		w.fold[n] = i % w.split.Folds
	}
	w.split.Left = len(names)
}

// job is one question to one brain.
type job struct {
	item int
	left bool // its answer was left out of this brain
}

// plan lists what each fold's brain is asked. A ticket is asked of a brain that has its answer, and of the one from which its
// answer was left out: neither has learned from it or from its near-duplicates.
func (w *work) plan() [][]job {
	plan := make([][]job, w.split.Folds)
	for i := range w.items {
		it := &w.items[i]
		if w.split.By == ByTime && !it.scored {
			continue
		}
		out, hasOut := w.fold[it.family]
		side := w.side(it)
		if w.split.By == ByQuestion && side >= w.split.Folds {
			continue // only one of the parts is scored
		}
		if hasOut {
			plan[out] = append(plan[out], job{i, true})
		}
		if w.split.By == ByTime && hasOut && side == out && w.split.Folds > 1 {
			side = (side + 1) % w.split.Folds
		}
		if !hasOut || side != out {
			plan[side] = append(plan[side], job{i, false})
		}
	}
	return plan
}

// side is the part that a ticket and its near-duplicates belong to. By time there are as many parts as folds: they only say
// who is asked.
func (w *work) side(it *item) int {
	n := uint64(parts)
	if w.split.By == ByTime {
		n = uint64(w.split.Folds)
	}
	return int(hash64(w.o.Seed, "part", w.items[it.group].past.ID) % n)
}

// knowledge is what the brain of a fold may learn from.
func (w *work) knowledge(fold int) brain.Knowledge {
	out := func(answer string) bool {
		f, ok := w.fold[w.family(answer)]
		return ok && f == fold
	}
	k := brain.Knowledge{
		Macros:   slices.DeleteFunc(slices.Clone(w.o.Macros), func(m brain.Macro) bool { return out(m.ID) }),
		Articles: slices.DeleteFunc(slices.Clone(w.o.Articles), func(a brain.Article) bool { return out(a.ID) }),
	}
	asked := map[int]bool{} // groups that are scored
	for i := range w.items {
		if w.items[i].scored {
			asked[w.items[i].group] = true
		}
	}
	var rows []*item
	for i := range w.items {
		it := &w.items[i]
		if f, ok := w.fold[it.family]; ok && f == fold || asked[it.group] || w.split.By == ByQuestion && w.side(it) == fold {
			continue
		}
		rows = append(rows, it)
	}
	for _, it := range newest(rows) {
		k.Past = append(k.Past, *it.past)
	}
	return k
}

// newest keeps the newest rows of each answer when there are very many: a brain hardly learns more from the others, and a
// simulation of a large history would take an hour.
func newest(rows []*item) []*item {
	if len(rows) <= manyRows {
		return rows
	}
	count := map[string]int{}
	keep := make([]*item, 0, len(rows))
	for i := len(rows) - 1; i >= 0; i-- {
		most := rowsEach
		if rows[i].family == "" {
			most = manyRows
		}
		if count[rows[i].family]++; count[rows[i].family] <= most {
			keep = append(keep, rows[i])
		}
	}
	slices.Reverse(keep)
	return keep
}
