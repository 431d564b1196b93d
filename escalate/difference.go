package escalate

import "math"

// Difference compares two rates: of k in n, and of l in m. It returns the first less the second, and the interval in which the true
// difference lies with a confidence of 95 %, by Newcombe (1998), method 10: from the intervals of Wilson (1927) of each. Without any
// trials on a side it is from -1 to 1.
func Difference(k, n, l, m int) (d, low, high float64) {
	if n <= 0 || m <= 0 {
		return 0, -1, 1
	}
	p, q := float64(k)/float64(n), float64(l)/float64(m)
	pLow, pHigh := wilson(p, n)
	qLow, qHigh := wilson(q, m)
	d = p - q
	return d, d - math.Hypot(p-pLow, qHigh-q), d + math.Hypot(pHigh-p, q-qLow)
}

// wilson is the interval of Wilson at 95 % on a rate seen in n trials.
func wilson(p float64, n int) (low, high float64) {
	const z = 1.959963984540054 // the normal distribution's 97.5th percentile
	size := float64(n)
	middle := p + z*z/(2*size)
	spread := z * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return (middle - spread) / (1 + z*z/size), (middle + spread) / (1 + z*z/size)
}
