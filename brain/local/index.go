package local

import (
	"math"
	"slices"
	"strings"
	"sync"
)

// BM25's own constants (Robertson and Zaragoza 2009, §3.2): k1 is how soon repetition stops counting, b how much length.
const (
	bm25k1 = 1.2
	bm25b  = 0.5
)

// doc is one thing that can be found: a macro, an article or a solved ticket.
type doc struct {
	kind    string // "macro", "article", "ticket"
	id      string
	answer  string // what it votes for; "" is "nothing on file"
	known   bool   // people said which answer, or that there is none
	title   string
	body    string // the answer's text; of a ticket, the human's reply
	asked   string // of a ticket: what the customer wrote
	url     string
	topic   string
	lang    string
	owner   person // of a ticket: whose it was
	version string

	terms  []termCount
	length float32
}

type posting struct {
	doc    int32
	impact float32 // what the term adds to the doc's score, for one occurrence in the question
}

// index finds documents by BM25. It never changes once built, so that any number of readers may share it.
type index struct {
	docs     []*doc
	postings map[string][]posting
	idf      map[string]float64
	unseen   float64 // idf of a term that no document has
	mean     float64 // length of a document
	scratch  *sync.Pool
}

func newIndex(docs []*doc) *index {
	ix := &index{docs: docs, postings: map[string][]posting{}, idf: map[string]float64{}}
	total := 0.0
	for i, d := range docs {
		total += float64(d.length)
		for _, t := range d.terms {
			ix.postings[t.term] = append(ix.postings[t.term], posting{int32(i), t.n})
		}
	}
	n := float64(len(docs))
	ix.mean = max(1, total/max(1, n))
	ix.unseen = math.Log(1 + (n+0.5)/0.5)
	langs := newTally(docs)
	for term, ps := range ix.postings {
		df := max(float64(len(ps)), n*langs.share(ps))
		idf := math.Log(1 + (n-df+0.5)/(df+0.5))
		ix.idf[term] = idf
		for i := range ps {
			ps[i].impact = float32(idf * ix.saturate(float64(ps[i].impact), float64(docs[ps[i].doc].length)))
		}
	}
	size := len(docs)
	ix.scratch = &sync.Pool{New: func() any { s := make([]float32, size); return &s }}
	return ix
}

// tally counts documents by language.
type tally struct {
	of    []int     // a document's language
	docs  []float64 // documents in a language
	count []float64 // scratch
}

func newTally(docs []*doc) *tally {
	t := &tally{of: make([]int, len(docs))}
	number := map[string]int{}
	for i, d := range docs {
		l, ok := number[d.lang]
		if !ok {
			l = len(number)
			number[d.lang] = l
			t.docs = append(t.docs, 0)
		}
		t.of[i] = l
		t.docs[l]++
	}
	t.count = make([]float64, len(t.docs))
	return t
}

// share is the largest part of any language's documents that hold a term, held down where there are few. Without it the
// commonest words of a small language would count as rare.
func (t *tally) share(ps []posting) float64 {
	const few = 10
	clear(t.count)
	most := 0.0
	for _, p := range ps {
		l := t.of[p.doc]
		t.count[l]++
		most = max(most, t.count[l]/(t.docs[l]+few))
	}
	return most
}

func (ix *index) saturate(tf, length float64) float64 {
	return tf * (bm25k1 + 1) / (tf + bm25k1*(1-bm25b+bm25b*length/ix.mean))
}

// weight is what a term is worth: rare ones more.
func (ix *index) weight(term string) float64 {
	if w, ok := ix.idf[term]; ok {
		return w
	}
	return ix.unseen
}

// self is the score of a document that is the question itself: what a perfect match would reach.
func (ix *index) self(q []termCount) float64 {
	length, sum := 0.0, 0.0
	for _, t := range q {
		length += float64(t.n)
	}
	for _, t := range q {
		sum += float64(t.n) * ix.weight(t.term) * ix.saturate(float64(t.n), length)
	}
	return sum
}

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

// search returns the k best documents that keep lets through, best first; of equals, the older one.
func (ix *index) search(q query, k int, keep func(int) bool) []found {
	held := ix.scratch.Get().(*[]float32)
	defer ix.scratch.Put(held)
	scores := *held
	clear(scores)
	for _, t := range q.terms {
		for _, p := range ix.postings[t.term] {
			scores[p.doc] += t.n * p.impact
		}
	}
	best := make([]found, 0, k+1)
	for i, s := range scores {
		if s > 0 && ix.docs[i].lang != q.lang {
			s *= foreign
		}
		if s <= 0 || len(best) == k && float64(s) <= best[k-1].score || keep != nil && !keep(i) {
			continue
		}
		at := len(best)
		for at > 0 && best[at-1].score < float64(s) {
			at--
		}
		best = slices.Insert(best, at, found{i, float64(s)})
		if len(best) > k {
			best = best[:k]
		}
	}
	return best
}

// has reports whether a document holds a term.
func (d *doc) has(term string) bool {
	_, ok := slices.BinarySearchFunc(d.terms, term, func(t termCount, s string) int { return strings.Compare(t.term, s) })
	return ok
}

// alike is how much of two questions' weight they share, 0..1.
func (ix *index) alike(a, b []termCount) float64 {
	var shared, all float64
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case j == len(b) || i < len(a) && a[i].term < b[j].term:
			all += ix.weight(a[i].term)
			i++
		case i == len(a) || b[j].term < a[i].term:
			all += ix.weight(b[j].term)
			j++
		default:
			w := ix.weight(a[i].term)
			shared, all = shared+w, all+w
			i, j = i+1, j+1
		}
	}
	if all == 0 {
		return 0
	}
	return shared / all
}
