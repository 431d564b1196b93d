package escalate_test

import (
	"math"
	"testing"

	"warmline/escalate"
)

// The values come from R: binom.test(k, n, alternative = "less", conf.level = 0.95)$conf.int[2].
func TestUpperBoundIsClopperPearsons(t *testing.T) {
	for _, c := range []struct {
		wrong, n int
		want     float64
	}{
		{0, 1, 0.95},
		{0, 149, 0.0199},
		{0, 299, 0.00997},
		{1, 10, 0.3942},
		{5, 100, 0.1023},
		{50, 100, 0.5863},
		{10, 10, 1},
		{0, 0, 1},
	} {
		if got := escalate.UpperBound(c.wrong, c.n, 0.95); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("UpperBound(%d, %d) = %.5f, want %.4f", c.wrong, c.n, got, c.want)
		}
	}
}

func TestAnIntervalHoldsTheRateBetweenItsEnds(t *testing.T) {
	low, high := escalate.Interval(5, 100, 0.9)
	if math.Abs(low-0.0199) > 1e-3 || math.Abs(high-0.1023) > 1e-3 {
		t.Errorf("Interval(5, 100) = %.4f, %.4f", low, high)
	}
	if low, high := escalate.Interval(0, 0, 0.9); low != 0 || high != 1 {
		t.Errorf("nothing seen: %v, %v", low, high)
	}
	if low, _ := escalate.Interval(0, 20, 0.9); low != 0 {
		t.Errorf("low end of none in twenty is %v", low)
	}
}

func TestTheLowerBoundIsTheOtherSideOfTheSameInterval(t *testing.T) {
	for _, c := range []struct {
		wrong, n int
		want     float64
	}{{0, 10, 0}, {0, 0, 0}, {1, 1, 0.05}, {2, 2, 0.2236068}, {1, 2, 0.0253206}} {
		if got := escalate.LowerBound(c.wrong, c.n, 0.95); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%d of %d: %v, want %v", c.wrong, c.n, got, c.want)
		}
	}
	for n := 1; n <= 200; n += 33 {
		for wrong := 0; wrong <= n; wrong += 8 {
			low, _ := escalate.Interval(wrong, n, 0.9) // 5 % on either side
			if got := escalate.LowerBound(wrong, n, 0.95); math.Abs(got-low) > 1e-9 {
				t.Errorf("%d of %d: %v, the interval begins at %v", wrong, n, got, low)
			}
		}
	}
}
