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
		if w.items[i].step > 0 {
			scored++
		}
		if f := w.items[i].family; f != "" {
			set[f] = true
		}
	}
	if w.split.By == ByQuestion {
		scored = len(w.items) / parts
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

// sitting is one brain and what it is asked.
type sitting struct {
	step, fold int
	jobs       []job
}

// job is one question to one brain.
type job struct {
	item int
	left bool // its answer was left out of this brain
}

// plan lists what each brain is asked. A ticket is asked of a brain that has its answer, and of the one from which its answer
// was left out: neither has learned from it or from its near-duplicates.
func (w *work) plan() []sitting {
	var plan []sitting
	for step := range max(1, w.split.Steps) {
		for fold := range w.split.Folds {
			plan = append(plan, sitting{step: step + 1, fold: fold})
		}
	}
	for i := range w.items {
		it := &w.items[i]
		if w.split.By == ByTime && it.step == 0 {
			continue
		}
		out, hasOut := w.fold[it.family]
		side := w.side(it)
		if w.split.By == ByQuestion && side >= w.split.Folds {
			continue // only one of the parts is asked
		}
		if w.split.By == ByTime && hasOut && side == out && w.split.Folds > 1 {
			side = (side + 1) % w.split.Folds
		}
		first := max(0, it.step-1) * w.split.Folds
		if hasOut {
			plan[first+out].jobs = append(plan[first+out].jobs, job{i, true})
		}
		if !hasOut || side != out {
			plan[first+side].jobs = append(plan[first+side].jobs, job{i, false})
		}
	}
	return slices.DeleteFunc(plan, func(s sitting) bool { return len(s.jobs) == 0 })
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

// knowledge is what a brain may learn from.
func (w *work) knowledge(s *sitting) brain.Knowledge {
	out := func(answer string) bool {
		f, ok := w.fold[w.family(answer)]
		return ok && f == s.fold
	}
	k := brain.Knowledge{
		Macros:   slices.DeleteFunc(slices.Clone(w.o.Macros), func(m brain.Macro) bool { return out(m.ID) }),
		Articles: slices.DeleteFunc(slices.Clone(w.o.Articles), func(a brain.Article) bool { return out(a.ID) }),
	}
	asked := map[int]bool{} // groups of near-duplicates that it is asked
	for i := range w.items {
		if w.split.By == ByTime && w.items[i].step == s.step {
			asked[w.items[i].group] = true
		}
	}
	var rows []*item
	for i := range w.items {
		it := &w.items[i]
		switch f, ok := w.fold[it.family]; {
		case ok && f == s.fold, asked[it.group], w.split.By == ByTime && it.step >= s.step, w.split.By == ByQuestion && w.side(it) == s.fold:
		default:
			rows = append(rows, it)
		}
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
	for _, row := range slices.Backward(rows) {
		most := rowsEach
		if row.family == "" {
			most = manyRows
		}
		if count[row.family]++; count[row.family] <= most {
			keep = append(keep, row)
		}
	}
	slices.Reverse(keep)
	return keep
}
