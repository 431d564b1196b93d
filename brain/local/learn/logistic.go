package learn

import "math"

// Logistic is a logistic regression over a handful of features. It is small enough to be read: every feature's part in a
// probability can be told.
type Logistic struct {
	Mean   []float64 `json:"mean"`   // of each feature where it was fitted
	Scale  []float64 `json:"scale"`  // its standard deviation there; 1 where it never varied
	Weight []float64 `json:"weight"` // for the feature less its mean, in standard deviations
	Bias   float64   `json:"bias"`
}

// FitLogistic fits by Newton's method with a ridge penalty on the weights, never on the bias. weight counts each row; all count
// once when it is nil. Without rows it returns nil.
func FitLogistic(x [][]float64, right []bool, weight []float64, ridge float64) *Logistic {
	if len(x) == 0 {
		return nil
	}
	m := standardize(x, weight)
	n := len(m.Mean)
	z := make([]float64, n+1)
	for range 30 {
		g := make([]float64, n+1)
		h := make([]float64, (n+1)*(n+1))
		for i := range n {
			g[i], h[i*(n+1)+i] = -ridge*m.Weight[i], ridge
		}
		h[n*(n+1)+n] = 1e-9
		for r, row := range x {
			c := 1.0
			if weight != nil {
				c = weight[r]
			}
			m.scaled(row, z)
			z[n] = 1
			p := Sigmoid(m.Logit(row))
			miss := -p
			if right[r] {
				miss++
			}
			q := max(p*(1-p), 1e-9)
			for i := range z {
				g[i] += c * miss * z[i]
				cz := c * q * z[i]
				for j := range i + 1 {
					h[i*(n+1)+j] += cz * z[j]
				}
			}
		}
		if !solveSPD(h, g) {
			break
		}
		size := 0.0
		for i := range n {
			m.Weight[i] += g[i]
			size += math.Abs(g[i])
		}
		m.Bias += g[n]
		if size+math.Abs(g[n]) < 1e-8 {
			break
		}
	}
	return m
}

func standardize(x [][]float64, weight []float64) *Logistic {
	n := len(x[0])
	m := &Logistic{Mean: make([]float64, n), Scale: make([]float64, n), Weight: make([]float64, n)}
	total := 0.0
	for r, row := range x {
		c := 1.0
		if weight != nil {
			c = weight[r]
		}
		total += c
		for i, v := range row {
			m.Mean[i] += c * v
			m.Scale[i] += c * v * v
		}
	}
	for i := range n {
		m.Mean[i] /= total
		m.Scale[i] = math.Sqrt(max(0, m.Scale[i]/total-m.Mean[i]*m.Mean[i]))
		if m.Scale[i] < 1e-9 {
			m.Scale[i] = 1
		}
	}
	return m
}

func (m *Logistic) scaled(x, to []float64) {
	for i, v := range x {
		to[i] = (v - m.Mean[i]) / m.Scale[i]
	}
}

// Logit is the log-odds that the model gives.
func (m *Logistic) Logit(x []float64) float64 {
	sum := m.Bias
	for i := range x {
		sum += m.Pull(i, x[i])
	}
	return sum
}

// Pull is how far a feature moves the log-odds from where its mean would leave them.
func (m *Logistic) Pull(i int, v float64) float64 {
	return m.Weight[i] * (v - m.Mean[i]) / m.Scale[i]
}

// Sigmoid turns log-odds into a probability.
func Sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// Logit turns a probability into log-odds; 0 and 1 are held a millionth away from the ends.
func Logit(p float64) float64 {
	p = min(max(p, 1e-6), 1-1e-6)
	return math.Log(p / (1 - p))
}

// solveSPD solves hx = g in place for a symmetric positive definite h, of which only the lower half is read (Cholesky). It
// returns false when h is not positive definite.
func solveSPD(h, g []float64) bool {
	n := len(g)
	for i := range n {
		for j := range i + 1 {
			s := h[i*n+j]
			for k := range j {
				s -= h[i*n+k] * h[j*n+k]
			}
			if i == j {
				if s <= 0 {
					return false
				}
				h[i*n+i] = math.Sqrt(s)
			} else {
				h[i*n+j] = s / h[j*n+j]
			}
		}
	}
	for i := range n {
		for k := range i {
			g[i] -= h[i*n+k] * g[k]
		}
		g[i] /= h[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			g[i] -= h[k*n+i] * g[k]
		}
		g[i] /= h[i*n+i]
	}
	return true
}
