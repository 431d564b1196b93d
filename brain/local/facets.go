package local

import (
	"math"

	"warmline/brain/local/learn"
)

// The facets of a question by which its confidence is judged.
const (
	fLogit     = iota // log-odds of the answer among those known
	fMargin           // log of its probability over the next answer's
	fEntropy          // of all answers' probabilities
	fRaw              // the support vector machine's own score for it: below 0 it says no
	fTop              // its highest score for any
	fSecond           // and the next
	fSoft             // log-probability by the regression
	fVote             // part of the neighbours' votes
	fVoteTop          // the largest part that any answer has
	fAgree            // of the three models, how many would give it
	fNearest          // how near the nearest neighbour is
	fOwn              // the same of the nearest with this answer
	fCovered          // part of the question's weight that occurs where this answer was given
	fAny              // part that occurs in any neighbour
	fKnown            // part of its words that the heads know
	fWords            // how long it is
	fRows             // how often the answer was given
	fSame             // part of the neighbours that had it
	fMeaning          // score by the meaning alone; 0 without an encoder
	fMeantNear        // cosine of the nearest questions with this answer; 0 without an encoder
	fRecord           // how often it was right when it was given, beyond what the others tell
	nFacets
)

// verdict is what the models together say of a question.
type verdict struct {
	answer string
	second string // the next best; "" when there is none
	x      [nFacets]float64
}

// conclude weighs the models against each other and turns the vote to the answer that wins.
func (s *state) conclude(h *heads, weights []float64, sc *scores, v *vote, q *question) verdict {
	p := learn.Fused(sc.by, weights, nil)
	best, second := topTwo(p)
	out := verdict{answer: h.answers[best], second: h.answers[second]}
	s.ix.about(v, out.answer, q.terms, s.rows)
	x := &out.x
	x[fLogit] = learn.Logit(p[best])
	x[fMargin] = min(12, math.Log(p[best]/max(p[second], 1e-12)))
	for _, share := range p {
		if share > 0 {
			x[fEntropy] -= share * math.Log(share)
		}
	}
	svm, next := topTwo(sc.by[bySVM])
	soft, _ := topTwo(sc.by[bySoft])
	x[fRaw], x[fTop], x[fSecond] = float64(sc.by[bySVM][best]), float64(sc.by[bySVM][svm]), float64(sc.by[bySVM][next])
	x[fSoft] = float64(sc.by[bySoft][best])
	voted := portion{}
	for _, p := range v.shares {
		if p.share > voted.share {
			voted = p
		}
	}
	x[fVote], x[fVoteTop] = v.share, voted.share
	for _, same := range [...]bool{svm == best, soft == best, voted.answer == out.answer} {
		if same {
			x[fAgree]++
		}
	}
	if len(sc.by) > byMeaning {
		x[fMeaning] = float64(sc.by[byMeaning][best])
		x[fMeantNear] = float64(sc.by[byNear][best])
		if top, _ := topTwo(sc.by[byMeaning]); top == best {
			x[fAgree]++
		}
	}
	x[fNearest], x[fOwn], x[fCovered], x[fAny], x[fKnown] = v.nearest, v.own, v.covered, v.any, sc.known
	x[fWords], x[fRows], x[fSame] = math.Log1p(float64(len(q.terms))), math.Log1p(float64(v.rows)), float64(v.agree)/neighbours
	return out
}

// topTwo returns the indexes of the two largest, the same twice when there is one.
func topTwo[T float32 | float64](x []T) (first, second int) {
	second = -1
	for k := 1; k < len(x); k++ {
		switch {
		case x[k] > x[first]:
			first, second = k, first
		case second < 0 || x[k] > x[second]:
			second = k
		}
	}
	return first, max(second, 0)
}
