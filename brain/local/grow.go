package local

import "maps"

// maxLate is how many documents may follow a building of the index before it is built anew: what follows is copied with each one
// that comes.
const maxLate = 2000

// learn returns a state that also knows d. A document is never written to once others can see it.
func (s *state) learn(d *doc) *state {
	if d.lang == "" {
		d.lang = s.home
	}
	next := &state{
		mind: s.mind, encoder: s.encoder, prepared: s.prepared, langs: s.langs, serials: s.serials, home: s.home,
		rows: maps.Clone(s.rows), replies: maps.Clone(s.replies), spoken: maps.Clone(s.spoken), gone: s.gone,
	}
	for i, o := range s.ix.docs {
		if o.kind == "ticket" && o.id == d.id && !s.gone[i] {
			next.gone = maps.Clone(s.gone)
			if next.gone == nil {
				next.gone = map[int]bool{}
			}
			next.gone[i] = true
			next.forget(i, o)
		}
	}
	next.ix = s.ix.with(d, d.read())
	next.count(len(s.ix.docs), d)
	if len(next.ix.docs)-next.ix.built > maxLate {
		return next.rebuild()
	}
	return next
}

// learnMany returns a state with a new index that also knows docs, in the order in which they came.
func (s *state) learnMany(docs []*doc) *state {
	last := make(map[string]int, len(docs)) // by id: the one that counts
	for i, d := range docs {
		last[d.id] = i
	}
	all := make([]*doc, 0, len(s.ix.docs)+len(docs))
	for i, d := range s.ix.docs {
		if _, again := last[d.id]; s.gone[i] || again && d.kind == "ticket" {
			continue
		}
		all = append(all, d.fresh())
	}
	for i, d := range docs {
		if last[d.id] == i {
			all = append(all, d)
		}
	}
	next := newState(all, s.encoder)
	next.mind = s.mind
	return next
}

// fresh copies a document for another index, which numbers its terms anew.
func (d *doc) fresh() *doc {
	c := *d
	c.terms, c.length = nil, 0
	return &c
}

// forget takes a replaced ticket out of the tables beside the index.
func (s *state) forget(i int, d *doc) {
	s.spoken[d.lang]--
	if d.answer == "" {
		return
	}
	s.rows[d.answer]--
	var left []int
	for _, r := range s.replies[d.answer] {
		if r != i {
			left = append(left, r)
		}
	}
	s.replies[d.answer] = left
}

// rebuild returns the same state with a new index and without what was replaced. The documents are copied: their terms are
// numbered anew.
func (s *state) rebuild() *state {
	docs := make([]*doc, 0, len(s.ix.docs))
	for i, d := range s.ix.docs {
		if !s.gone[i] {
			docs = append(docs, d.fresh())
		}
	}
	next := newState(docs, s.encoder)
	next.mind = s.mind
	return next
}

// with returns the same state with another mind.
func (s *state) with(m *mind) *state {
	return &state{
		ix: s.ix, mind: m, encoder: s.encoder, gone: s.gone, rows: s.rows, prepared: s.prepared, replies: s.replies, spoken: s.spoken,
		langs: s.langs, serials: s.serials, home: s.home,
	}
}

// alive returns what a search must keep: nil when everything.
func (s *state) alive() func(int) bool {
	if len(s.gone) == 0 {
		return nil
	}
	return func(i int) bool { return !s.gone[i] }
}
