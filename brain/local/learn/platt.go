package learn

import "math"

// Platt corrects a probability: its log-odds times Slope plus Shift (Platt 1999, on top of a probability and not of a score).
// Its zero value is none; {1, 0} changes nothing.
type Platt struct {
	Slope float64 `json:"slope"` // above 0, so that of two answers the surer one stays so
	Shift float64 `json:"shift"` // in log-odds
}

// minSlope keeps the order of answers, and some of their distance.
const minSlope = 0.2

// FitPlatt fits a correction to probabilities that came out right or wrong, by Newton's method with a ridge that pulls it to
// {1, 0}. Without rows it returns that.
func FitPlatt(p []float64, right []bool, ridge float64) Platt {
	c := Platt{Slope: 1}
	for range 50 {
		g := []float64{-ridge * (c.Slope - 1), -ridge * c.Shift}
		h := []float64{ridge, 0, 0, ridge} // of which solveSPD reads the lower half
		for i := range p {
			z := Logit(p[i])
			q := Sigmoid(c.Slope*z + c.Shift)
			miss := -q
			if right[i] {
				miss++
			}
			v := max(q*(1-q), 1e-9)
			g[0], g[1] = g[0]+miss*z, g[1]+miss
			h[0], h[2], h[3] = h[0]+v*z*z, h[2]+v*z, h[3]+v
		}
		shift, mixed, curved := g[1], h[2], h[3]
		if !solveSPD(h, g) {
			break
		}
		g[0] = min(max(g[0], -1), 1) // far from the end a full step may overshoot
		if c.Slope+g[0] < minSlope { // it stops there, and the shift makes up for it
			g[0] = minSlope - c.Slope
			g[1] = (shift - mixed*g[0]) / curved
		}
		g[1] = min(max(g[1], -2), 2)
		c.Slope, c.Shift = c.Slope+g[0], c.Shift+g[1]
		if math.Abs(g[0])+math.Abs(g[1]) < 1e-9 {
			break
		}
	}
	return c
}

// Of returns the corrected probability.
func (c Platt) Of(p float64) float64 {
	if c == (Platt{}) || c == (Platt{Slope: 1}) {
		return p
	}
	return Sigmoid(c.Slope*Logit(p) + c.Shift)
}
