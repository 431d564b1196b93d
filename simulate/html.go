package simulate

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"
)

//go:embed report.html
var reportHTML string

var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"percent": percent, "short": short, "about": about, "line": line, "number": number, "interval": interval, "together": together,
	"day":  func(t time.Time) string { return t.Format(time.DateOnly) },
	"conf": func(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) },
	"add":  func(a, b float64) float64 { return a + b },
	"sub":  func(a, b float64) float64 { return a - b },
	"bar":  func(x float64) string { return fmt.Sprintf("%.1f", 100*max(0, min(1, x))) },
}).Parse(reportHTML))

// htmlPage is what the page's template sees.
type htmlPage struct {
	*Report
	Basis string
	Plot  *plot
	Dots  []xy // reliability: what was said against what was right, in a field of 100 by 100
}

// WriteHTML writes the report as one page that needs nothing from elsewhere: no script, no network. Texts of tickets are
// escaped; nothing in them can format, link or run.
func (rep *Report) WriteHTML(w io.Writer) error {
	p := &htmlPage{Report: rep, Basis: rep.basis(), Plot: rep.newPlot(720, 400, [4]float64{56, 24, 18, 48})}
	for _, b := range rep.Reliability {
		p.Dots = append(p.Dots, xy{100 * b.Said, 100 - 100*b.Right})
	}
	if err := reportPage.Execute(w, p); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
