package simulate

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// plot is the risk–coverage curve in the pixels of one picture. The page and the PNG draw the same plot.
type plot struct {
	Width, Height            float64
	Left, Right, Top, Bottom float64 // the edges of the field inside
	MaxX, MaxY               float64 // the shares at its right and upper edge
	Line, Above, Below       []xy    // the estimate, the upper bound and the lower one
	Budgets                  []mark  // lines across
	TicksX, TicksY           []mark
	Point                    *point // what is recommended
}

type xy struct{ X, Y float64 }

type mark struct {
	At   float64
	Text string
	Own  bool // the budget that the report is about
}

type point struct {
	xy
	High, Low float64 // the ends of the interval, in pixels
	Text      string
}

// newPlot scales a report's curve to a picture. margins are left, right, top, bottom.
func (rep *Report) newPlot(width, height float64, margins [4]float64) *plot {
	p := &plot{
		Width: width, Height: height, Left: margins[0], Right: width - margins[1], Top: margins[2], Bottom: height - margins[3],
		MaxX: 0.1, MaxY: 2.5 * rep.Budget,
	}
	best := 1.0
	for _, c := range rep.Curve {
		p.MaxX, best = max(p.MaxX, c.Auto), min(best, c.Wrong.High)
	}
	if len(rep.Curve) > 0 && rep.Recommended.Auto == 0 {
		p.MaxY = min(1, max(p.MaxY, 2*best)) // no bound reaches the budget: show how far off they are
	}
	p.MaxX = min(1, math.Ceil(p.MaxX*10)/10)
	for _, c := range rep.Curve {
		// Of the first few answers a rate says nothing: its interval covers everything.
		if c.Wrong.High > p.MaxY && len(p.Line) == 0 || c.Wrong.Low > p.MaxY {
			continue
		}
		x := p.x(c.Auto)
		p.Above = append(p.Above, xy{x, p.y(c.Wrong.High)})
		p.Below = append(p.Below, xy{x, p.y(c.Wrong.Low)})
		if c.Wrong.Estimate <= p.MaxY {
			p.Line = append(p.Line, xy{x, p.y(c.Wrong.Estimate)})
		}
	}
	p.markBudgets(rep.Budget)
	step := 0.1
	if p.MaxX <= 0.3 {
		step = 0.05
	}
	for i := 1; float64(i)*step <= p.MaxX+1e-9; i++ { // the corner belongs to the other axis
		p.TicksX = append(p.TicksX, mark{At: p.x(float64(i) * step), Text: short(float64(i) * step)})
	}
	if rec := &rep.Recommended; rec.Auto > 0 {
		p.Point = &point{
			xy: xy{p.x(rec.Auto), p.y(rec.Total.Estimate)}, High: p.y(rec.Total.High), Low: p.y(rec.Total.Low),
			Text: "answer from " + line(rec.All.From),
		}
	}
	return p
}

// markBudgets draws the line of each budget that is not too near to another; that of the report always.
func (p *plot) markBudgets(own float64) {
	const apart = 22 // pixels between two lines of text
	p.TicksY = []mark{{At: p.y(0), Text: short(0)}}
	taken := []float64{p.y(0), p.y(own)}
	for _, b := range budgets(own) {
		near := slices.ContainsFunc(taken, func(y float64) bool { return math.Abs(p.y(b)-y) < apart })
		if b > p.MaxY || b != own && near {
			continue
		}
		taken = append(taken, p.y(b))
		p.Budgets = append(p.Budgets, mark{At: p.y(b), Text: short(b), Own: b == own})
	}
}

func (p *plot) x(share float64) float64 { return p.Left + (p.Right-p.Left)*min(share/p.MaxX, 1) }

// y keeps what is off the scale at the upper edge.
func (p *plot) y(share float64) float64 { return p.Bottom - (p.Bottom-p.Top)*min(share/p.MaxY, 1) }

// path writes points as the d of an SVG path.
func path(points []xy) string {
	var b strings.Builder
	for i, q := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(coordinate(q.X) + " " + coordinate(q.Y))
	}
	return b.String()
}

// Curve is the d of the estimate.
func (p *plot) Curve() string { return path(p.Line) }

// Bound is the d of the upper bound.
func (p *plot) Bound() string { return path(p.Above) }

// Band is the d of the area between the bounds.
func (p *plot) Band() string {
	if len(p.Above) == 0 {
		return ""
	}
	return path(p.area()) + "Z"
}

func (p *plot) area() []xy {
	area := append([]xy{}, p.Above...)
	for _, q := range slices.Backward(p.Below) {
		area = append(area, q)
	}
	return append(area, area[0])
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
