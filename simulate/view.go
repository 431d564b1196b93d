package simulate

import (
	"cmp"
	"slices"
	"strings"

	"warmline/escalate"
)

// view is the rows as one policy sees them. What may be answered at all does not depend on a threshold, so it is decided once;
// every threshold after that is counting.
type view struct {
	rows    []*Row // judged ones that nothing but a threshold keeps from being answered; the most confident first
	known   int    // judged rows of each kind, with those that may not be answered
	unknown int
	cluster map[string]int // left-out answers, numbered
	sizes   []int          // unknown rows by cluster
}

// open is a policy in which no threshold and no rung of the ladder holds anything back.
func open(p *escalate.Policy) *escalate.Policy {
	o := *p
	o.Thresholds, o.Stage, o.Topics, o.Budget = escalate.Thresholds{}, escalate.StageAuto, nil, 0
	return &o
}

func (r *Result) view(p *escalate.Policy) *view {
	v := &view{cluster: map[string]int{}}
	free := open(p)
	for i := range r.Rows {
		row := &r.Rows[i]
		d := row.Decide(free, escalate.World{}) // it promises nothing
		may := d.Way == escalate.WayAuto && d.Leave == ""
		if !row.Judged {
			continue
		}
		if row.Known {
			v.known++
		} else {
			v.unknown++
			c, ok := v.cluster[row.group]
			if !ok {
				c = len(v.sizes)
				v.cluster[row.group] = c
				v.sizes = append(v.sizes, 0)
			}
			v.sizes[c]++
		}
		if may {
			v.rows = append(v.rows, row)
		}
	}
	slices.SortStableFunc(v.rows, func(a, b *Row) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.ID, b.ID))
	})
	return v
}

// counter adds up evidence, row by row.
type counter struct {
	evidence
	v       *view
	slipped []int // by cluster
}

func (v *view) counter() *counter {
	return &counter{evidence: evidence{known: v.known, unknown: v.unknown}, v: v, slipped: make([]int, len(v.sizes))}
}

func (c *counter) add(r *Row) {
	switch {
	case !r.Known:
		c.evidence.slipped++
		c.slipped[c.v.cluster[r.group]]++
	case r.Right:
		c.right++
	default:
		c.wrong++
	}
}

// sum returns the evidence so far.
func (c *counter) sum() evidence {
	e := c.evidence
	e.effective = effective(c.v.sizes, c.slipped)
	return e
}
