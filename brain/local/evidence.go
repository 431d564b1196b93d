package local

import "math"

// neighbours is how many documents vote on an answer.
const neighbours = 20

// vote is what the neighbours say of a question, and what of it speaks for one answer.
type vote struct {
	found   []found
	shares  []portion // of all answers that a neighbour had, in order of rank
	nearest float64   // score of the best neighbour over that of a perfect match
	words   int

	answer  string  // the one that the rest is about; "" when nothing was found
	share   float64 // its part of all weight, 0..1
	margin  float64 // its lead over the next
	own     float64 // score of its best neighbour over that of a perfect match
	covered float64 // part of the question's weight that occurs in neighbours with this answer
	any     float64 // part that occurs in any neighbour
	rows    int     // past tickets that had this answer
	agree   int     // of the neighbours that are tickets, how many had this answer
	tickets int     // neighbours that are tickets
	first   int     // of the nearest neighbours that are tickets, how many in a row had this answer
	strange string  // a word, as it was written, that nothing on file holds
}

// portion is an answer's part of all weight, 0..1.
type portion struct {
	answer string
	share  float64
}

// ask lets the neighbours vote; keep leaves documents out. The vote is about the answer with the most weight.
func (ix *index) ask(q query, keep func(int) bool) vote {
	v := vote{found: ix.search(q, neighbours, keep), words: len(q.terms)}
	if len(v.found) == 0 {
		return v
	}
	top, total := v.found[0].score, 0.0
	at := map[string]int{}
	for _, f := range v.found {
		w := math.Pow(f.score/top, 4)
		a := ix.docs[f.doc].answer
		i, ok := at[a]
		if !ok {
			i = len(v.shares)
			at[a] = i
			v.shares = append(v.shares, portion{answer: a})
		}
		v.shares[i].share += w
		total += w
	}
	best := portion{}
	for i := range v.shares { // in order of rank, so that equals go to the better neighbour
		v.shares[i].share /= total
		if s := v.shares[i]; s.answer != "" && s.share > best.share {
			best = s
		}
	}
	v.nearest = min(1, v.found[0].score/ix.self(q.terms))
	v.answer, v.share = best.answer, best.share
	return v
}

// about turns a vote to an answer: how much of it speaks for that one. rows counts the past tickets of each answer.
func (ix *index) about(v *vote, answer string, q []termCount, rows map[string]int) {
	v.answer, v.rows = answer, rows[answer]
	v.share, v.margin, v.own, v.covered, v.any, v.agree, v.tickets, v.first = 0, 0, 0, 0, 0, 0, 0, 0
	second := 0.0
	for _, s := range v.shares {
		if s.answer == answer {
			v.share = s.share
		} else {
			second = max(second, s.share)
		}
	}
	v.margin = v.share - second
	ix.near(v, q)
	ix.cover(v, q)
}

func (ix *index) near(v *vote, q []termCount) {
	self := ix.self(q)
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
		id, ok := ix.id(t.term)
		if !ok {
			continue
		}
		here, there := false, false
		for _, f := range v.found {
			if d := ix.docs[f.doc]; d.has(id) {
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
