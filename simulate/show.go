package simulate

import (
	"cmp"
	"slices"
)

// asked is a ticket with the rows that were asked about it.
type asked struct {
	id             string
	known, unknown int  // rows, -1 for none
	real           bool // unknown in life, not because its answer was left out
}

// gather lists the tickets of rows in an order that the seed draws; those that can only be shown as unknown come first.
func gather(rows []Row, seed string) []*asked {
	var all []*asked
	of := map[string]*asked{}
	for i := range rows {
		t, ok := of[rows[i].ID]
		if !ok {
			t = &asked{id: rows[i].ID, known: -1, unknown: -1}
			of[rows[i].ID] = t
			all = append(all, t)
		}
		if rows[i].Known || !rows[i].Judged {
			t.known = i
		} else {
			t.unknown, t.real = i, !rows[i].Left
		}
	}
	slices.SortFunc(all, func(a, b *asked) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(hash64(seed, "show", a.id), hash64(seed, "show", b.id)), cmp.Compare(a.id, b.id))
	})
	return all
}

func (t *asked) rank() int {
	switch {
	case t.unknown < 0:
		return 3
	case t.known >= 0:
		return 2
	case t.real:
		return 0
	}
	return 1
}

// show picks one row for each ticket, so that where tickets are counted the share of unknown questions is the expected one. Of
// tickets that were asked only without their answer, those too many stand for none.
func show(rows []Row, share float64, seed string) {
	all := gather(rows, seed)
	only := 0 // tickets that can be shown as unknown only
	for _, t := range all {
		if t.known < 0 {
			only++
		}
	}
	rest := float64(len(all) - only)
	want := int(share*float64(len(all)) + 0.5)
	if want < only {
		want = int(share/(1-share)*rest + 0.5)
	}
	for n, t := range all {
		switch {
		case t.unknown >= 0 && (n < want || rest == 0):
			rows[t.unknown].Shown = true
		case t.known >= 0:
			rows[t.known].Shown = true
		}
	}
}
