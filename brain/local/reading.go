package local

import (
	"math"

	"warmline/brain/local/learn"
)

// reading is the best answer to a question and how likely it is right.
type reading struct {
	vote   vote // about the answer; its answer is "" when nothing on file is like the question
	second string
	p      float64
	x      []float64 // the facets; nil where the heads have no say
}

// read finds the best answer. An answer that came after the heads were trained, or that no past ticket had, is found by its
// neighbours alone.
func (s *state) read(q *question) reading {
	r := reading{vote: s.ix.ask(query{q.terms, q.lang}, s.alive())}
	if !s.mind.answers() || q.grams.Empty() || s.isNew(&r.vote) {
		if r.vote.answer != "" {
			s.ix.about(&r.vote, r.vote.answer, q.terms, s.rows)
		}
		r.p = r.vote.cold()
		return r
	}
	m := s.mind
	sc := m.heads.score(q, &r.vote)
	v := s.conclude(m.heads, m.weights, &sc, &r.vote, q)
	v.x[fRecord] = m.records[v.answer]
	r.second, r.x, r.p = v.second, v.x[:], m.probability(&v.x)
	return r
}

// isNew reports whether most neighbours have an answer that the heads were not taught.
func (s *state) isNew(v *vote) bool {
	_, taught := s.mind.heads.class[v.answer]
	return v.answer != "" && !taught && v.share > 0.5
}

// coldWeights turn what neighbours say into log-odds where there is no past to learn it from. They are set by hand, on the low
// side.
var coldWeights = [8]float64{-1.2, 0.4, 0.3, 0.5, 0.5, 0.3, 0.2, 0.2}

// coldFacets are each roughly between -3 and 3.
func (v *vote) coldFacets() [8]float64 {
	return [8]float64{
		1, 4*v.share - 2, 4*v.margin - 1, 4*v.nearest - 1, 4*v.own - 1, 4*v.covered - 2, 4*v.any - 3,
		math.Log1p(float64(v.rows))/2 - 1,
	}
}

// cold is the probability without a past, never above coldCap.
func (v *vote) cold() float64 {
	z := 0.0
	for i, x := range v.coldFacets() {
		z += coldWeights[i] * x
	}
	return min(coldCap, learn.Sigmoid(z))
}
