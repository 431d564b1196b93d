package escalate

import "math"

// UpperBound is the one-sided upper confidence bound of Clopper and Pearson (1934) on a rate of which wrong in n were seen:
// with the given confidence (0..1, such as 0.95) the true rate is not above it. It is exact, so never too low: 149 clean in a
// row bound the rate at 2 %, 299 at 1 %. Without any trial it is 1.
func UpperBound(wrong, n int, confidence float64) float64 {
	if n <= 0 || wrong >= n {
		return 1
	}
	wrong = max(wrong, 0)
	// The bound is the rate at which so few wrong ones would be seen with a chance of only 1 - confidence. That chance falls
	// as the rate rises, so halving the interval finds it.
	low, high := float64(wrong)/float64(n), 1.0
	for range 45 { // to the fourteenth digit
		mid := (low + high) / 2
		if atMost(wrong, n, mid) > 1-confidence {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// LowerBound is the one-sided lower confidence bound on the same rate: with the given confidence it is not below it. Nothing
// wrong gives 0.
func LowerBound(wrong, n int, confidence float64) float64 {
	if n <= 0 || wrong <= 0 {
		return 0
	}
	wrong = min(wrong, n)
	// The bound is the rate at which so many wrong ones would be seen with a chance of only 1 - confidence.
	low, high := 0.0, 1.0
	for range 60 {
		mid := (low + high) / 2
		if 1-atMost(wrong-1, n, mid) > 1-confidence {
			high = mid
		} else {
			low = mid
		}
	}
	return low
}

// Interval is the two-sided interval of Clopper and Pearson (1934) on a rate of which k in n were seen.
func Interval(k, n int, confidence float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	side := (1 + confidence) / 2
	return 1 - UpperBound(n-k, n, side), UpperBound(k, n, side)
}

// atMost is the chance of at most k in n at a rate p, 0 < p < 1. It sums from k down: above the seen rate the terms fall, and
// those too small to count are left out, so that thousands of wrong ones take no longer than a few.
func atMost(k, n int, p float64) float64 {
	all, _ := math.Lgamma(float64(n + 1))
	a, _ := math.Lgamma(float64(k + 1))
	b, _ := math.Lgamma(float64(n - k + 1))
	term := math.Exp(all - a - b + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	odds := (1 - p) / p
	sum := 0.0
	for i := k; i >= 0; i-- {
		sum += term
		next := term * float64(i) / float64(n-i+1) * odds
		if next < term && next < sum*1e-15 {
			break
		}
		term = next
	}
	return min(1, sum)
}
