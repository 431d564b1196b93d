package local

import "math"

// neighbours is how many documents vote on an answer.
const neighbours = 20

// vote is what the neighbours say of a question: the answer with the most weight, and how far to trust it.
type vote struct {
	answer  string // "" when nothing was found
	found   []found
	share   float64 // the answer's part of all weight, 0..1
	margin  float64 // its lead over the next
	nearest float64 // score of the best neighbour over that of a perfect match
	own     float64 // the same, of the best neighbour with this answer
	covered float64 // part of the question's weight that occurs in neighbours with this answer
	any     float64 // part that occurs in any neighbour
	rows    int     // past tickets that had this answer
	agree   int     // of the neighbours that are tickets, how many had this answer
	tickets int     // neighbours that are tickets
	words   int
	first   int    // of the nearest neighbours that are tickets, how many in a row had this answer
	strange string // a word, as it was written, that nothing on file holds
}

// ask lets the neighbours vote. rows counts the past tickets of each answer; keep leaves documents out.
func (ix *index) ask(q query, rows map[string]int, keep func(int) bool) vote {
	v := vote{found: ix.search(q, neighbours, keep), words: len(q.terms)}
	if len(v.found) == 0 {
		return v
	}
	top := v.found[0].score
	weights := map[string]float64{}
	var order []string
	total := 0.0
	for _, f := range v.found {
		d := ix.docs[f.doc]
		w := math.Pow(f.score/top, 4)
		if _, ok := weights[d.answer]; !ok {
			order = append(order, d.answer)
		}
		weights[d.answer] += w
		total += w
	}
	second := 0.0
	for _, a := range order { // in order of rank, so that equals go to the better neighbour
		if a != "" && (v.answer == "" || weights[a] > weights[v.answer]) {
			v.answer = a
		}
	}
	for _, a := range order {
		if a != v.answer {
			second = max(second, weights[a])
		}
	}
	if v.answer == "" {
		return v
	}
	v.share, v.margin = weights[v.answer]/total, (weights[v.answer]-second)/total
	v.rows = rows[v.answer]
	ix.near(&v, q.terms)
	ix.cover(&v, q.terms)
	return v
}

func (ix *index) near(v *vote, q []termCount) {
	self := ix.self(q)
	v.nearest = min(1, v.found[0].score/self)
	for _, f := range v.found {
		d := ix.docs[f.doc]
		if d.answer == v.answer && v.own == 0 {
			v.own = min(1, f.score/self)
		}
		if d.kind == "ticket" {
			if v.tickets++; d.answer == v.answer {
				if v.first == v.tickets-1 {
					v.first++
				}
				v.agree++
			}
		}
	}
}

// cover measures by the neighbours, not by the whole index: what was left out of a search is then unknown here too.
func (ix *index) cover(v *vote, q []termCount) {
	total := 0.0
	for _, t := range q {
		w := ix.weight(t.term)
		total += w
		here, there := false, false
		for _, f := range v.found {
			if d := ix.docs[f.doc]; d.has(t.term) {
				there = true
				if d.answer == v.answer {
					here = true
					break
				}
			}
		}
		if here {
			v.covered += w
		}
		if there {
			v.any += w
		}
	}
	if total > 0 {
		v.covered, v.any = v.covered/total, v.any/total
	}
}

// features are what the confidence is made of, each roughly between -3 and 3.
const nFeatures = 8

func (v *vote) features() [nFeatures]float64 {
	return [nFeatures]float64{
		1,
		4*v.share - 2,
		4*v.margin - 1,
		4*v.nearest - 1,
		4*v.own - 1,
		4*v.covered - 2,
		4*v.any - 3,
		math.Log1p(float64(v.rows))/2 - 1,
	}
}
