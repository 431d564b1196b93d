package simulate

import (
	"math"
	"strconv"
	"strings"
)

// number writes a count as people read it: 12,345.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func tickets(n int) string {
	if n == 1 {
		return "1 ticket"
	}
	return number(n) + " tickets"
}

// percent writes a share: "41 %", and below ten with one digit: "2.0 %".
func percent(x float64) string {
	if v := 100 * x; v < 9.95 {
		return strconv.FormatFloat(v, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(math.Round(100*x), 'f', 0, 64) + " %"
}

// short writes a budget: "2 %", "2.5 %".
func short(x float64) string {
	return strconv.FormatFloat(math.Round(1e4*x)/100, 'f', -1, 64) + " %"
}

// about writes a share that was measured, to a tenth of a per cent.
func about(x float64) string { return short(math.Round(1e3*x) / 1e3) }

// line writes a threshold, rounded up, so that what is typed is never looser than what was measured.
func line(x float64) string {
	return strconv.FormatFloat(min(1, math.Ceil(x*1e4-1e-9)/1e4), 'f', -1, 64)
}

// together keeps a number and its per cent on one line, where lines are broken by somebody else.
func together(s string) string { return strings.ReplaceAll(s, " %", "\u00a0%") }
