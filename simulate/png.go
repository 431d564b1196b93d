package simulate

import (
	"fmt"
	"io"
	"time"

	"github.com/go-analyze/charts"
)

// The picture is made for a chat: wide, and legible when it is shown at half its size.
const (
	pngWidth  = 1200
	pngHeight = 675
)

var (
	ink    = charts.ColorFromHex("#1d2733")
	faint  = charts.ColorFromHex("#8a94a0")
	grid   = charts.ColorFromHex("#e4e8ec")
	paper  = charts.ColorFromHex("#ffffff")
	blue   = charts.ColorFromHex("#1f5fbf")
	shade  = charts.ColorFromHex("#dbe7f8")
	orange = charts.ColorFromHex("#b4540a")
)

// WritePNG draws the risk–coverage curve with the budgets and the recommended point, 1200 by 675 pixels. The same report gives
// the same bytes.
func (rep *Report) WritePNG(w io.Writer) error {
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: pngWidth, Height: pngHeight})
	p.FilledRect(0, 0, pngWidth, pngHeight, paper, paper, 0)
	rep.drawWords(p)
	rep.drawPlot(p, rep.newPlot(pngWidth, pngHeight, [4]float64{110, 60, 150, 105}))
	b, err := p.Bytes()
	if err != nil {
		return fmt.Errorf("draw curve: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write curve: %w", err)
	}
	return nil
}

func font(size float64, color charts.Color) charts.FontStyle {
	return charts.FontStyle{FontSize: size, FontColor: color}
}

func (rep *Report) drawWords(p *charts.Painter) {
	title := "How much could be answered, and how much of it would be wrong"
	p.Text(title, 40, 56, 0, font(22, ink))
	says := "Nothing for " + short(rep.Budget) + " wrong: answers are wrong too often at every threshold. Draft."
	if n := rep.Recommended.All.Missing; n > 0 {
		says = "Nothing yet for " + short(rep.Budget) + " wrong: about " + number(n) + " more judged tickets are needed. Draft."
	}
	if rec := &rep.Recommended; rec.Auto > 0 {
		from := "by topic"
		if rec.All.OK {
			from = "from confidence " + line(rec.All.From)
		}
		says = fmt.Sprintf("Recommended for %s: answer %s. %s of all questions; wrong %s, at most %s.",
			short(rep.Budget), from, percent(rec.Auto), percent(rec.Total.Estimate), percent(rec.Total.High))
	}
	p.Text(says, 40, 98, 0, font(17, ink))
	foot := fmt.Sprintf("%s asked; at most %s of questions new. Line: estimate. Band: 90 %% interval, its upper edge is what is promised.",
		tickets(rep.Split.Asked), about(rep.Share.Promised))
	if !rep.At.IsZero() {
		foot += " " + rep.At.Format(time.DateOnly)
	}
	p.Text(foot, 40, pngHeight-18, 0, font(13, faint))
}

func (rep *Report) drawPlot(p *charts.Painter, f *plot) {
	for _, t := range f.TicksX {
		p.LineStroke(points(xy{t.At, f.Top}, xy{t.At, f.Bottom}), grid, 1)
		width := p.MeasureText(t.Text, 0, font(14, faint)).Width()
		p.Text(t.Text, int(t.At)-width/2, int(f.Bottom)+26, 0, font(14, faint))
	}
	p.Text("share of all questions that are answered", int(f.Left), int(f.Bottom)+54, 0, font(14, ink))
	if len(f.Above) > 1 {
		p.FillArea(points(f.area()...), shade)
		p.DashedLineStroke(points(f.Above...), blue, 1.5, []float64{3, 4})
	}
	for _, b := range append(f.Budgets, f.TicksY...) {
		color, stroke := faint, 1.0
		if b.Own {
			color, stroke = orange, 2.5
		}
		p.DashedLineStroke(points(xy{f.Left, b.At}, xy{f.Right, b.At}), color, stroke, []float64{8, 6})
		width := p.MeasureText(b.Text, 0, font(15, color)).Width()
		p.Text(b.Text, int(f.Left)-14-width, int(b.At)+6, 0, font(15, color))
	}
	p.Text("wrong", 40, int(f.Top)-20, 0, font(14, ink))
	if len(f.Line) > 1 {
		p.LineStroke(points(f.Line...), blue, 3.5)
	}
	if f.Point == nil {
		return
	}
	p.LineStroke(points(xy{f.Point.X, f.Point.Low}, xy{f.Point.X, f.Point.High}), orange, 3)
	p.LineStroke(points(xy{f.Point.X - 9, f.Point.High}, xy{f.Point.X + 9, f.Point.High}), orange, 3)
	p.Circle(8, int(f.Point.X), int(f.Point.Y), orange, paper, 2)
	p.Text(f.Point.Text, int(f.Point.X)+16, int(f.Point.Y)+30, 0, font(16, orange))
}

func points(in ...xy) []charts.Point {
	out := make([]charts.Point, len(in))
	for i, q := range in {
		out[i] = charts.Point{X: int(q.X + 0.5), Y: int(q.Y + 0.5)}
	}
	return out
}
