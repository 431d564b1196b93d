package escalate_test

import (
	"math"
	"testing"

	"warmline/escalate"
)

// The examples of Newcombe (1998), table II, method 10.
func TestDifferencesAreThoseOfThePaper(t *testing.T) {
	for _, c := range []struct {
		k, n, l, m   int
		d, low, high float64
	}{
		{56, 70, 48, 80, 0.2, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.6, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.5714, 0.0582, 0.8062},
		{5, 56, 0, 29, 0.0893, -0.0381, 0.1926},
		{0, 10, 0, 20, 0, -0.1611, 0.2775},
		{10, 10, 0, 10, 1, 0.6075, 1},
	} {
		d, low, high := escalate.Difference(c.k, c.n, c.l, c.m)
		if math.Abs(d-c.d) > 1e-4 || math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d/%d - %d/%d: %.4f (%.4f, %.4f), want %.4f (%.4f, %.4f)", c.k, c.n, c.l, c.m, d, low, high, c.d, c.low, c.high)
		}
	}
	if _, low, high := escalate.Difference(0, 0, 1, 2); low != -1 || high != 1 {
		t.Errorf("without trials: %v to %v", low, high)
	}
}
