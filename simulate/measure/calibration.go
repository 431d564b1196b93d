package measure

import "math"

// Bin is one bar of a reliability diagram: of N tickets whose P lies in the bar, the mean P and the share that was right.
type Bin struct {
	N         int
	P, Right  float64 // means; 0 when N is
	Low, High float64 // the bar's bounds
}

// Reliability sorts tickets into equally wide bars of P. Unanswered ones count as P 0.
func Reliability(items []Item, bars int) []Bin {
	out := make([]Bin, bars)
	for _, it := range items {
		p := max(0, it.P)
		i := min(bars-1, max(0, int(p*float64(bars))))
		out[i].N++
		out[i].P += p
		out[i].Right += float64(one(it.Right))
	}
	for i := range out {
		out[i].Low, out[i].High = float64(i)/float64(bars), float64(i+1)/float64(bars)
		if n := float64(out[i].N); n > 0 {
			out[i].P /= n
			out[i].Right /= n
		}
	}
	return out
}

// eceBars is the number of bars by which calibration errors are published.
const eceBars = 15

// ECE is the expected calibration error over 15 equally wide bars: how far P and truth lie apart, on average (Guo et al. 2017).
func ECE(items []Item) float64 {
	if len(items) == 0 {
		return 0
	}
	sum := 0.0
	for _, b := range Reliability(items, eceBars) {
		sum += float64(b.N) * math.Abs(b.P-b.Right)
	}
	return sum / float64(len(items))
}

// Brier is the mean squared distance between P and truth.
func Brier(items []Item) float64 {
	if len(items) == 0 {
		return 0
	}
	sum := 0.0
	for _, it := range items {
		d := max(0, it.P) - float64(one(it.Right))
		sum += d * d
	}
	return sum / float64(len(items))
}
