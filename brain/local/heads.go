package local

import (
	"context"
	"math"
	"sync"

	"golang.org/x/sync/errgroup"

	"warmline/brain/local/learn"
)

// heads are the two classifiers over the answers that past tickets had. They never change.
type heads struct {
	space   *learn.Space
	svm     *learn.Linear
	soft    *learn.Linear // nil where there are too many answers for one
	sphere  *learn.Space  // of the encoder's points alone; nil without one
	mean    *learn.Linear // what they mean, without their words
	protos  *prototypes
	answers []string // of each class
	class   map[string]int
	vectors sync.Pool
}

// headRow is a past ticket as the heads learn from it.
type headRow struct {
	doc    int
	answer string // "" is "nothing on file"
	q      *question
}

// trainHeads fits heads on rows. It returns nil when they hold fewer than two answers.
func trainHeads(ctx context.Context, rows []*headRow, seed uint64, dense int) (*heads, error) {
	h := &heads{class: map[string]int{}}
	labels := make([]int, len(rows))
	for i, r := range rows {
		labels[i] = h.classOf(r.answer)
	}
	if len(h.answers) < 2 {
		return nil, nil
	}
	grams := make([]*learn.Grams, len(rows))
	var points [][]float32
	for i, r := range rows {
		grams[i] = &r.q.grams
		if dense > 0 {
			points = append(points, r.q.dense)
		}
	}
	h.space = learn.NewSpace(grams, learn.SpaceOptions{Dense: dense})
	set := h.space.Set(grams, points)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		h.svm, err = learn.Hinge(ctx, set, labels, len(h.answers), learn.HingeOptions{Seed: seed})
		return err
	})
	g.Go(func() (err error) {
		h.soft, err = learn.Softmax(ctx, set, labels, len(h.answers), learn.SoftmaxOptions{Seed: seed})
		return err
	})
	if dense > 0 {
		h.sphere = learn.NewSpace(grams, learn.SpaceOptions{Dense: dense, Use: learn.UseDense})
		points := h.sphere.Set(grams, points)
		h.protos = newPrototypes(rows, labels, len(h.answers), dense)
		g.Go(func() (err error) {
			h.mean, err = learn.Hinge(ctx, points, labels, len(h.answers), learn.HingeOptions{Seed: seed, Cost: meanCost})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return h, nil
}

// classOf numbers an answer; -1 for none.
func (h *heads) classOf(answer string) int {
	if answer == "" {
		return -1
	}
	k, ok := h.class[answer]
	if !ok {
		k = len(h.answers)
		h.class[answer] = k
		h.answers = append(h.answers, answer)
	}
	return k
}

// Indexes of the models in what score returns.
const (
	bySVM = iota
	bySoft
	byVote
	byMeaning // only with an encoder
	byNear    // the same
	maxModels
)

// models is how many models there are.
func (h *heads) models() int {
	if h.mean == nil {
		return byMeaning
	}
	return maxModels
}

// scores are what each model says of one question, by class.
type scores struct {
	by    [][]float32
	known float64 // part of the question's words that the heads know
}

// meanCost is what an error costs where only the encoder's points speak.
const meanCost = 5.0

// minVote stands for an answer that no neighbour had: a few in a thousand, since twenty neighbours cannot rule it out.
const minVote = 0.003

// score asks the heads, and spreads the neighbours' votes over their classes.
func (h *heads) score(q *question, v *vote) scores {
	vec, ok := h.vectors.Get().(*learn.Vector)
	if !ok {
		vec = &learn.Vector{}
	}
	defer h.vectors.Put(vec)
	h.space.Vector(&q.grams, q.dense, vec)
	n := len(h.answers)
	all := make([]float32, h.models()*n)
	s := scores{known: vec.Known, by: make([][]float32, h.models())}
	for m := range s.by {
		s.by[m] = all[m*n : (m+1)*n]
	}
	h.svm.Scores(vec, s.by[bySVM])
	if h.soft != nil {
		h.soft.Scores(vec, s.by[bySoft])
		logSoftmax(s.by[bySoft])
	}
	votes := s.by[byVote]
	none := float32(math.Log(minVote))
	for k := range votes {
		votes[k] = none
	}
	for _, p := range v.shares {
		if k, ok := h.class[p.answer]; ok {
			votes[k] = float32(math.Log(p.share + minVote))
		}
	}
	if h.mean != nil {
		h.sphere.Vector(&q.grams, q.dense, vec)
		h.mean.Scores(vec, s.by[byMeaning])
		h.nearest(q, &s)
	}
	return s
}

func logSoftmax(x []float32) {
	most := float32(math.Inf(-1))
	for _, v := range x {
		most = max(most, v)
	}
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(float64(v - most))
	}
	less := most + float32(math.Log(sum))
	for i := range x {
		x[i] -= less
	}
}
