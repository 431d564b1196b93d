package local

import (
	"cmp"
	"maps"
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

// maxPostings is how many postings one search reads, rare terms first: it bounds the time among a million documents, where the
// commonest words alone have more. What is found by then is scored by all of its terms.
const maxPostings = 100_000

// doc is one thing that can be found: a macro, an article or a solved ticket.
type doc struct {
	kind   string // "macro", "article", "ticket"
	id     string
	answer string // what it votes for; "" is "nothing on file"
	known  bool   // people said which answer, or that there is none
	title  string
	body   string // the answer's text; of a ticket, the human's reply
	asked  string // of a ticket: what the customer wrote
	topic  string
	lang   string
	owner  person  // of a ticket: whose it was
	judged *judged // of a ticket: what people said of its triggers; nil when they said nothing
	url    string

	terms  []docTerm
	length float32
}

// docTerm is a term's number in the index and how often the document has it, in the low byte.
type docTerm uint32

func (t docTerm) id() uint32 { return uint32(t >> 8) }
func (t docTerm) n() float32 { return float32(t & 0xff) }

type posting struct {
	doc    uint32
	impact float32 // what the term adds to the doc's score, for one occurrence in the question
}

// index finds documents by BM25. It never changes once built, so that any number of readers may share it; with adds a document
// in a new one that shares the rest.
type index struct {
	docs   []*doc
	built  int // so many were there when it was built
	ids    map[string]uint32
	idf    []float64 // of each term
	start  []int     // where each term's postings begin
	posts  []posting
	fresh  map[uint32][]posting // of documents that came after it was built
	late   map[string]uint32    // terms that came after
	langs  map[string]uint16    // languages, numbered
	lang   []uint16             // of each document
	unseen float64              // idf of a term that no document has
	mean   float64              // length of a document
	pool   *sync.Pool
}

// newIndex numbers the terms of all documents and inverts them.
func newIndex(docs []*doc, read func(*doc) []termCount) *index {
	ix := &index{docs: docs, built: len(docs), ids: map[string]uint32{}, fresh: map[uint32][]posting{}, late: map[string]uint32{}}
	ix.number(read)
	total := 0.0
	for _, d := range docs {
		total += float64(d.length)
	}
	n := float64(len(docs))
	ix.mean = max(1, total/max(1, n))
	ix.unseen = math.Log(1 + (n+0.5)/0.5)
	ix.invert()
	ix.weigh()
	ix.pool = newScratch(len(docs) + maxLate) // for all that may follow
	return ix
}

// number gives every term its number, in order of first use. Documents are read on all cores, a batch at a time, so that the
// words of a million never lie in memory at once.
func (ix *index) number(read func(*doc) []termCount) {
	const batch = 4096
	terms := make([][]termCount, batch)
	for from := 0; from < len(ix.docs); from += batch {
		part := ix.docs[from:min(from+batch, len(ix.docs))]
		parallel(len(part), func(i int) { terms[i] = read(part[i]) })
		for i, d := range part {
			d.terms = make([]docTerm, len(terms[i]))
			for j, t := range terms[i] {
				id, ok := ix.ids[t.term]
				if !ok {
					id = uint32(len(ix.ids))
					ix.ids[strings.Clone(t.term)] = id // a term is a piece of its text, which must not be kept for it
				}
				d.terms[j] = docTerm(id<<8 | uint32(min(t.n, 255)))
				d.length += t.n
			}
			slices.Sort(d.terms)
		}
	}
}

func (ix *index) invert() {
	ix.start = make([]int, len(ix.ids)+1)
	for _, d := range ix.docs {
		for _, t := range d.terms {
			ix.start[t.id()+1]++
		}
	}
	for i := 1; i < len(ix.start); i++ {
		ix.start[i] += ix.start[i-1]
	}
	ix.posts = make([]posting, ix.start[len(ix.start)-1])
	next := slices.Clone(ix.start)
	for i, d := range ix.docs {
		for _, t := range d.terms {
			ix.posts[next[t.id()]] = posting{uint32(i), t.n()}
			next[t.id()]++
		}
	}
}

// weigh gives every term its worth and every posting its impact.
func (ix *index) weigh() {
	ix.idf = make([]float64, len(ix.ids))
	n := float64(len(ix.docs))
	langs := newTally(ix.docs)
	ix.langs, ix.lang = langs.number, langs.of
	for id := range ix.idf {
		ps := ix.posts[ix.start[id]:ix.start[id+1]]
		df := max(float64(len(ps)), n*langs.share(ps))
		ix.idf[id] = math.Log(1 + (n-df+0.5)/(df+0.5))
		for i := range ps {
			ps[i].impact = float32(ix.idf[id] * ix.saturate(float64(ps[i].impact), float64(ix.docs[ps[i].doc].length)))
		}
	}
}

// with returns an index that also holds d. It takes time in proportion to what came after the last building, not to the whole.
// Only one goroutine at a time may add, and only to the newest index.
func (ix *index) with(d *doc, terms []termCount) *index {
	next := *ix
	next.docs = append(next.docs, d) // readers of the old index see none of it: their slice ends before
	l, ok := ix.langs[d.lang]
	if !ok {
		next.langs = maps.Clone(ix.langs)
		l = uint16(len(ix.langs))
		next.langs[d.lang] = l
	}
	next.lang = append(next.lang, l)
	next.fresh, next.late = maps.Clone(ix.fresh), maps.Clone(ix.late)
	for _, t := range terms {
		d.length += t.n
	}
	for _, t := range terms {
		id, ok := ix.id(t.term)
		if !ok {
			id = uint32(len(ix.ids) + len(next.late))
			next.late[strings.Clone(t.term)] = id
		}
		impact := ix.weight(t.term) * ix.saturate(float64(t.n), float64(d.length))
		next.fresh[id] = append(next.fresh[id], posting{uint32(len(ix.docs)), float32(impact)})
		d.terms = append(d.terms, docTerm(id<<8|uint32(min(t.n, 255))))
	}
	slices.Sort(d.terms)
	return &next
}

// id returns a term's number.
func (ix *index) id(term string) (uint32, bool) {
	id, ok := ix.ids[term]
	if !ok {
		id, ok = ix.late[term]
	}
	return id, ok
}

// knows reports whether any document has a term.
func (ix *index) knows(term string) bool {
	_, ok := ix.id(term)
	return ok
}

// holders calls yield with each document that has a term, until it returns false.
func (ix *index) holders(term string, yield func(*doc) bool) {
	id, ok := ix.id(term)
	if !ok {
		return
	}
	for _, list := range [2][]posting{ix.postings(id), ix.fresh[id]} {
		for _, p := range list {
			if !yield(ix.docs[p.doc]) {
				return
			}
		}
	}
}

func (ix *index) postings(id uint32) []posting {
	if int(id) >= len(ix.idf) {
		return nil
	}
	return ix.posts[ix.start[id]:ix.start[id+1]]
}

// tally counts documents by language.
type tally struct {
	number map[string]uint16
	of     []uint16  // a document's language
	docs   []float64 // documents in a language
	count  []float64 // scratch
}

func newTally(docs []*doc) *tally {
	t := &tally{number: map[string]uint16{}, of: make([]uint16, len(docs))}
	for i, d := range docs {
		l, ok := t.number[d.lang]
		if !ok {
			l = uint16(len(t.number))
			t.number[d.lang] = l
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
	if id, ok := ix.ids[term]; ok {
		return ix.idf[id]
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

// has reports whether a document holds a term.
func (d *doc) has(id uint32) bool {
	i, ok := slices.BinarySearchFunc(d.terms, id, func(t docTerm, id uint32) int { return cmp.Compare(t.id(), id) })
	return ok && d.terms[i].id() == id
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
