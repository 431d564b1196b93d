package local

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// found is a document and how well it matched.
type found struct {
	doc   int
	score float64
}

// foreign is what a match in another language is worth: names and borrowed words match, and say little.
const foreign = 0.6

// query is a question as the index sees it.
type query struct {
	terms []termCount
	lang  string
}

// scratch is what one search works in. scores is zero between searches.
type scratch struct {
	scores []float32
	seen   []uint32 // documents whose score is not zero
}

func newScratch(docs int) *sync.Pool {
	return &sync.Pool{New: func() any { return &scratch{scores: make([]float32, docs)} }}
}

// wanted is a term of a question that the index has.
type wanted struct {
	id   uint32
	n    float32
	list [2][]posting
	size int
}

// search returns the k best documents that keep lets through, best first; of equals, the older one.
func (ix *index) search(q query, k int, keep func(int) bool) []found {
	terms := make([]wanted, 0, len(q.terms))
	for _, t := range q.terms {
		id, ok := ix.id(t.term)
		if !ok {
			continue
		}
		w := wanted{id: id, n: t.n, list: [2][]posting{ix.postings(id), ix.fresh[id]}}
		w.size = len(w.list[0]) + len(w.list[1])
		terms = append(terms, w)
	}
	slices.SortStableFunc(terms, func(a, b wanted) int { return cmp.Compare(a.size, b.size) })
	s := ix.pool.Get().(*scratch)
	defer ix.pool.Put(s)
	read := 0
	for i, t := range terms {
		if read += t.size; read > maxPostings && i > 0 {
			return ix.best(s, q.lang, k, keep, terms)
		}
		s.add(t)
	}
	return ix.best(s, q.lang, k, keep, nil)
}

func (s *scratch) add(t wanted) {
	for _, list := range t.list {
		for _, p := range list {
			if s.scores[p.doc] == 0 {
				s.seen = append(s.seen, p.doc)
			}
			s.scores[p.doc] += t.n * p.impact
		}
	}
}

// best picks the k best and clears the scratch. rescore lists all terms where not all were read.
func (ix *index) best(s *scratch, lang string, k int, keep func(int) bool, rescore []wanted) []found {
	top := make([]found, 0, k+1)
	here, ok := ix.langs[lang]
	if !ok {
		here = math.MaxUint16
	}
	for _, i := range s.seen {
		score := float64(s.scores[i])
		s.scores[i] = 0
		if len(top) == k && score < top[k-1].score { // most are: they must cost nothing more
			continue
		}
		if ix.lang[i] != here {
			score *= foreign
		}
		top = insert(top, found{int(i), score}, k, keep)
	}
	s.seen = s.seen[:0]
	if rescore == nil {
		return top
	}
	out := make([]found, 0, k+1)
	for _, f := range top {
		d := ix.docs[f.doc]
		score := 0.0
		for _, t := range rescore {
			if i, ok := slices.BinarySearchFunc(d.terms, t.id, func(a docTerm, id uint32) int { return cmp.Compare(a.id(), id) }); ok {
				score += float64(t.n) * ix.worth(t.id) * ix.saturate(float64(d.terms[i].n()), float64(d.length))
			}
		}
		if d.lang != lang {
			score *= foreign
		}
		out = insert(out, found{f.doc, score}, k, nil)
	}
	return out
}

// worth is a term's weight by its number.
func (ix *index) worth(id uint32) float64 {
	if int(id) < len(ix.idf) {
		return ix.idf[id]
	}
	return ix.unseen
}

// insert keeps the k best in order; of equals the one with the smaller number first.
func insert(top []found, f found, k int, keep func(int) bool) []found {
	before := func(a found) bool { return f.score > a.score || f.score == a.score && f.doc < a.doc }
	if len(top) == k && !before(top[k-1]) || keep != nil && !keep(f.doc) {
		return top
	}
	at := len(top)
	for at > 0 && before(top[at-1]) {
		at--
	}
	top = slices.Insert(top, at, f)
	return top[:min(len(top), k)]
}
