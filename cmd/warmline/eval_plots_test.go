package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-analyze/charts"

	"warmline/simulate/measure"
)

// curveSteps is how finely the share of answered tickets is drawn.
const curveSteps = 100

// riskLine is the share of wrong answers, in percent, at every percent of tickets answered. Below the first threshold that
// answers anything it is that threshold's.
func riskLine(items []measure.Item) []float64 {
	curve := measure.Curve(items)
	out := make([]float64, curveSteps+1)
	at := 0
	for i := range out {
		for at+1 < len(curve) && curve[at+1].Coverage <= float64(i)/curveSteps {
			at++
		}
		out[i] = 100 * curve[at].Risk
	}
	return out
}

// plot draws a set's risk–coverage curve and its calibration into a folder.
func plot(tb testing.TB, folder, name string, items []measure.Item) {
	tb.Helper()
	labels := make([]string, curveSteps+1)
	for i := range labels {
		labels[i] = fmt.Sprintf("%d %%", i)
	}
	draw(tb, filepath.Join(folder, name+"-risk.png"), name+": wrong (%) by tickets answered", labels, []string{"wrong"}, riskLine(items))
	const bars = 15
	said, right := make([]float64, bars), make([]float64, bars)
	labels = labels[:0]
	for i, b := range measure.Reliability(items, bars) {
		labels = append(labels, fmt.Sprintf("%.2f", b.High))
		said[i], right[i] = charts.GetNullValue(), charts.GetNullValue()
		if b.N > 0 {
			said[i], right[i] = 100*b.P, 100*b.Right
		}
	}
	draw(tb, filepath.Join(folder, name+"-calibration.png"), name+": right (%) by confidence", labels, []string{"said", "right"}, said, right)
}

func draw(tb testing.TB, path, title string, labels, legend []string, lines ...[]float64) {
	tb.Helper()
	p, err := charts.LineRender(lines, charts.PNGOutputOptionFunc(), charts.DimensionsOptionFunc(900, 500),
		charts.TitleTextOptionFunc(title), charts.XAxisLabelsOptionFunc(labels), charts.LegendLabelsOptionFunc(legend))
	if err != nil {
		tb.Fatal(err)
	}
	b, err := p.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil { //nolint:gosec // a picture for everybody
		tb.Fatal(err)
	}
}

func TestPlotsAreDrawnForAnySet(t *testing.T) {
	dir := t.TempDir()
	items := []measure.Item{{P: 0.9, InScope: true, Right: true}, {P: 0.5, InScope: true}, {P: measure.Unanswered}}
	plot(t, dir, "small", items)
	for _, name := range []string{"small-risk.png", "small-calibration.png"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.HasPrefix(b, []byte("\x89PNG")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	line := riskLine(items)
	if line[0] != 0 || line[50] != 0 || line[70] != 50 || line[100] < 66 {
		t.Errorf("risk by coverage: %v", line)
	}
}
