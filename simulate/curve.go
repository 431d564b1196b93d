package simulate

import (
	"cmp"
	"slices"
)

// CurvePoint is one threshold of the risk–coverage curve: coverage as expected, risk as promised for.
type CurvePoint struct {
	From  float64 `json:"from"`
	Auto  float64 `json:"auto"`  // coverage: the share of all questions that would be answered
	Wrong Rate    `json:"wrong"` // risk: the share of wrong ones among them
}

const curvePoints = 80

// curve takes points at even steps of coverage.
func (r *Result) curve(v *view) []CurvePoint {
	points := []CurvePoint{}
	c := v.counter()
	last := 0
	for i, row := range v.rows {
		c.add(row)
		n := i + 1
		if n < len(v.rows) && (v.rows[n].Confidence == row.Confidence || n-last < max(1, len(v.rows)/curvePoints)) {
			continue
		}
		last = n
		e := c.sum()
		points = append(points, CurvePoint{From: row.Confidence, Auto: e.auto(r.Share.Expected), Wrong: e.rateAt(r.Share.Promised)})
	}
	return points
}

// Bin is one part of the answers, by confidence: a calibrated brain is right as often as it says.
type Bin struct {
	Low   float64 `json:"low"` // confidences from
	High  float64 `json:"high"`
	Rows  int     `json:"rows"`
	Said  float64 `json:"said"`  // the mean confidence
	Right float64 `json:"right"` // how many were right, at the expected share of unknown questions
}

const bins = 10

// reliability parts the judged rows, whatever keeps them from being answered, into bins of about equally many.
func (r *Result) reliability(v *view) []Bin {
	var rows []*Row
	for i := range r.Rows {
		if r.Rows[i].Judged && r.Rows[i].Answer != "" {
			rows = append(rows, &r.Rows[i])
		}
	}
	slices.SortStableFunc(rows, func(a, b *Row) int { return cmp.Compare(a.Confidence, b.Confidence) })
	weight := func(row *Row) float64 {
		if row.Known {
			return (1 - r.Share.Expected) / float64(max(1, v.known))
		}
		return r.Share.Expected / float64(max(1, v.unknown))
	}
	out := []Bin{}
	for n := range bins {
		part := rows[n*len(rows)/bins : (n+1)*len(rows)/bins]
		if len(part) == 0 {
			continue
		}
		b := Bin{Low: part[0].Confidence, High: part[len(part)-1].Confidence, Rows: len(part)}
		all := 0.0
		for _, row := range part {
			w := weight(row)
			all += w
			b.Said += w * row.Confidence
			if row.Right {
				b.Right += w
			}
		}
		if all > 0 {
			b.Said, b.Right = b.Said/all, b.Right/all
		}
		out = append(out, b)
	}
	return out
}
