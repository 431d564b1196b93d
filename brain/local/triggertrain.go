package local

import (
	"cmp"
	"context"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"warmline/brain/local/learn"
	"warmline/escalate"
)

// What a head learns from: so many tickets with the trigger and without it at least, and so many in all at most, the newest. Of
// the topics of high risk those with the most tickets have heads.
const (
	minTriggered = 50
	minCalm      = 50
	maxLabelled  = 20_000
	maxTopicHead = 16
)

// keptWords is how many weights a trigger's head keeps: it has only one class, so it can afford more than an answer's.
const keptWords = 20_000

// lesson is a labelled ticket as the heads learn from it: read as a new ticket is.
type lesson struct {
	grams learn.Grams
	feel  []float64          // the features of its mood
	found map[string]float64 // strength by the lexicons, by trigger and topic
	fold  int
}

// triggerCourse is the tickets from which one head learns.
type triggerCourse struct {
	kind   escalate.TriggerKind
	topic  string
	docs   []int // oldest first
	want   []bool
	weight [2]float64 // of a ticket without the trigger, and with it: of so many each stands for
}

// studyTriggers trains a head for each trigger that enough past tickets are labelled with. It returns nil when there is none.
func (s *state) studyTriggers(ctx context.Context, seed string) (*triggerHeads, error) {
	courses := s.courses()
	if len(courses) == 0 {
		return nil, nil
	}
	var docs []int
	for _, c := range courses {
		docs = append(docs, c.docs...)
	}
	slices.Sort(docs)
	docs = slices.Compact(docs)
	lessons := make([]*lesson, len(docs))
	parallel(len(docs), func(i int) { lessons[i] = s.lesson(docs[i], seed) })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	grams := make([]*learn.Grams, len(docs))
	for i, l := range lessons {
		grams[i] = &l.grams
	}
	h := &triggerHeads{space: learn.NewSpace(grams, learn.SpaceOptions{})}
	set := h.space.Set(grams, nil)
	trained := 0
	for _, c := range courses {
		rows := make([]int, len(c.docs))
		for j, d := range c.docs {
			rows[j], _ = slices.BinarySearch(docs, d)
		}
		head, err := c.train(ctx, set, lessons, rows)
		if err != nil {
			return nil, err
		}
		h.place(c, head)
		if head != nil {
			trained++
		}
	}
	if trained == 0 {
		return nil, nil
	}
	return h, nil
}

// place puts a head, which may be nil, where its trigger belongs.
func (h *triggerHeads) place(c *triggerCourse, head *triggerHead) {
	switch {
	case c.kind == escalate.HumanRequest:
		h.human = head
	case c.kind == escalate.Anger:
		h.anger = head
	case c.topic == "":
		h.risk, h.gated = head, true
	case head != nil:
		h.risks = append(h.risks, head)
	}
}

// courses picks what to train heads for, and on what.
func (s *state) courses() []*triggerCourse {
	topics := map[string]int{}
	var docs []int
	for i, d := range s.ix.docs {
		if d.judged == nil {
			continue
		}
		docs = append(docs, i)
		for _, t := range d.judged.topics {
			topics[t]++
		}
	}
	names := slices.SortedFunc(maps.Keys(topics), func(a, b string) int {
		return cmp.Or(cmp.Compare(topics[b], topics[a]), cmp.Compare(a, b))
	})
	names = names[:min(len(names), maxTopicHead)]
	slices.Sort(names)
	all := []*triggerCourse{{kind: escalate.HumanRequest}, {kind: escalate.Anger}, {kind: escalate.HighRisk}}
	for _, t := range names {
		if topics[t] >= minTriggered {
			all = append(all, &triggerCourse{kind: escalate.HighRisk, topic: t})
		}
	}
	return slices.DeleteFunc(all, func(c *triggerCourse) bool { return !c.pick(s.ix.docs, docs) })
}

// pick takes the newest tickets, those with the trigger first. It reports whether there are enough.
func (c *triggerCourse) pick(docs []*doc, labelled []int) bool {
	var by [2][]int
	for _, i := range slices.Backward(labelled) {
		switch docs[i].judged.of(c.kind, c.topic) {
		case yes:
			by[1] = append(by[1], i)
		case no:
			by[0] = append(by[0], i)
		case unsaid:
		}
	}
	if len(by[1]) < minTriggered || len(by[0]) < minCalm {
		return false
	}
	with := min(len(by[1]), max(maxLabelled/2, maxLabelled-len(by[0])))
	without := min(len(by[0]), maxLabelled-with)
	c.weight = [2]float64{float64(len(by[0])) / float64(without), float64(len(by[1])) / float64(with)}
	c.docs = slices.Concat(by[1][:with], by[0][:without])
	slices.Sort(c.docs)
	c.want = make([]bool, len(c.docs))
	for j, i := range c.docs {
		c.want[j] = docs[i].judged.of(c.kind, c.topic) == yes
	}
	return true
}

// lesson reads a past ticket as a new one is read, with all that its customer asked in one message.
func (s *state) lesson(i int, seed string) *lesson {
	d := s.ix.docs[i]
	t := readThread(&escalate.Ticket{Content: escalate.Content{Subject: d.title, Messages: []escalate.Message{
		{ID: "1", Role: escalate.RoleCustomer, Text: d.asked, Public: true},
	}}})
	said := t.saidSince(0)
	l := &lesson{grams: learn.Read(said.words), feel: make([]float64, moodWidth+1), found: map[string]float64{}}
	if m := t.feel(); m.line != nil {
		l.feel = m.features()
		l.found[string(escalate.Anger)] = furyStrength(m.fury)
	}
	r := t.unanswered()
	l.found[string(escalate.HumanRequest)] = r.look(escalate.HumanRequest, "human_request").Strength
	for _, risk := range escalate.Risks {
		if n := r.look(escalate.HighRisk, "risk:"+risk).Strength; n > 0 {
			l.found["risk:"+risk] = n
			l.found[string(escalate.HighRisk)] = max(l.found[string(escalate.HighRisk)], n)
		}
	}
	slices.Sort(said.words)
	l.fold = bucket(seed, "labelled", strings.Join(slices.Compact(said.words), "\x00"))
	return l
}

// clear reports whether the lexicon fires so that no head can take it back.
func (c *triggerCourse) clear(l *lesson) bool {
	switch {
	case c.kind == escalate.Anger:
		return l.found[string(c.kind)] >= clearAnger
	case c.topic != "":
		return l.found["risk:"+c.topic] >= escalate.FireStrength
	}
	return l.found[string(c.kind)] >= escalate.FireStrength
}

// aim is what a head is tuned to: anger to the best F1, the others to find at least so many of a hundred, a little more than
// 95 because the next hundred differ. One that would cry wolf too often finds fewer instead; a wrong request for a person pages
// somebody at once.
func (c *triggerCourse) aim() aim {
	switch c.kind {
	case escalate.Anger:
		return aim{recall: 0, alarms: 1}
	case escalate.HumanRequest:
		return aim{recall: 0.97, alarms: 0.05}
	default:
		return aim{recall: 0.97, alarms: 0.12}
	}
}

// train fits a head on all lessons, and what its scores mean and where it fires on scores of heads that were trained without the
// ticket. It returns nil when words do not tell who was labelled, or no better than the lexicon.
func (c *triggerCourse) train(ctx context.Context, set *learn.Set, lessons []*lesson, rows []int) (*triggerHead, error) {
	words, x, err := c.rehearse(ctx, set, lessons, rows)
	if err != nil {
		return nil, err
	}
	weight := make([]float64, len(rows))
	for j := range rows {
		weight[j] = c.weight[number(c.want[j])]
	}
	head := &triggerHead{topic: c.topic, words: words, sure: learn.FitLogistic(x, c.want, weight, 1)}
	if head.sure.Weight[0] <= 0 {
		return nil, nil
	}
	past := make([]rehearsal, len(rows))
	for j, r := range rows {
		past[j] = rehearsal{head.sure.Logit(x[j]), c.want[j], c.clear(lessons[r]), weight[j]}
	}
	if head.point = c.aim().point(past); math.IsInf(head.point, 1) {
		return nil, nil
	}
	return head, nil
}

// rehearse trains on all lessons, and on all but those of each fold, by which it scores these: what a new ticket would have got.
func (c *triggerCourse) rehearse(ctx context.Context, set *learn.Set, lessons []*lesson, rows []int) (words *learn.Linear, x [][]float64, err error) {
	x = make([][]float64, len(rows))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for f := range folds + 1 {
		g.Go(func() error {
			m, err := c.fit(ctx, set, lessons, rows, f)
			if err != nil {
				return err
			}
			if f == folds {
				words = m
			}
			for j, r := range rows {
				if lessons[r].fold == f {
					var score [1]float32
					m.Scores(set.Row(r), score[:])
					x[j] = c.features(float64(score[0]), lessons[r])
				}
			}
			return nil
		})
	}
	err = g.Wait()
	return words, x, err
}

// fit trains on all rows but those of a fold.
func (c *triggerCourse) fit(ctx context.Context, set *learn.Set, lessons []*lesson, rows []int, fold int) (*learn.Linear, error) {
	var pick, label []int
	for j, r := range rows {
		if lessons[r].fold != fold {
			pick, label = append(pick, r), append(label, -number(!c.want[j]))
		}
	}
	return learn.Hinge(ctx, set.Pick(pick), label, 1, learn.HingeOptions{Seed: uint64(fold + 1), Keep: keptWords})
}

// features are the words' score and, for anger, those of the mood.
func (c *triggerCourse) features(score float64, l *lesson) []float64 {
	if c.kind == escalate.Anger {
		return append([]float64{score}, l.feel...)
	}
	return []float64{score}
}

// number is 1 for what is so.
func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
