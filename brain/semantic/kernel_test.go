package semantic

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// kernels are all ways to take sums that this build has.
var kernels = map[string]func(sums []int32, weights []int8, inputs []int16, rows, cols, n int){"dots": dots, "Go": dotsPlain}

// The sums must be exact, whatever the processor and however the sides divide.
func TestEveryKernelGivesTheExactSums(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	for range 300 {
		rows, cols, n := 1+r.IntN(9), 1+r.IntN(70), 1+r.IntN(11)
		m := matrix{rows: rows, cols: cols}
		most := int(m.limit())
		weights, inputs := make([]int8, rows*cols), make([]int16, n*cols)
		for i := range weights {
			weights[i] = int8(r.IntN(2*maxWeight+1) - maxWeight)
		}
		for i := range inputs {
			inputs[i] = int16(r.IntN(2*most+1) - most)
		}
		want := make([]int32, n*rows)
		for at := range want {
			sum := int64(0)
			for c := range cols {
				sum += int64(weights[at%rows*cols+c]) * int64(inputs[at/rows*cols+c])
			}
			want[at] = int32(sum)
		}
		for name, kernel := range kernels {
			got := make([]int32, n*rows)
			if kernel(got, weights, inputs, rows, cols, n); !slices.Equal(got, want) {
				t.Fatalf("%s, %d × %d with %d inputs: %v, want %v", name, rows, cols, n, got, want)
			}
		}
	}
}

// The largest weights and inputs, all of one sign, are the worst that a sum can meet.
func TestNoSumLeaves32Bits(t *testing.T) {
	for _, cols := range []int{1, 8, 256, 512, 516, 517, 1536, 4096, maxSide} {
		m := matrix{rows: 1, cols: cols}
		most := int16(m.limit())
		if most < 100 && cols <= 1536 || most < 1 {
			t.Errorf("%d columns leave %d steps for an input", cols, most)
		}
		want := int64(maxWeight) * int64(most) * int64(cols)
		for name, kernel := range kernels {
			sums := make([]int32, 2)
			kernel(sums, slices.Repeat([]int8{maxWeight}, cols), slices.Repeat([]int16{most}, 2*cols), 1, cols, 2)
			if int64(sums[0]) != want || int64(sums[1]) != want {
				t.Errorf("%s, %d columns: %v, want %d", name, cols, sums, want)
			}
		}
	}
}

func TestAnInputIsRoundedToTheNearestStep(t *testing.T) {
	got := make([]int16, 6)
	worth := round(got, []float32{-2, -1, 0, 0.5, 1.0001, 2}, 1000)
	if want := []int16{-1000, -500, 0, 250, 500, 1000}; !slices.Equal(got, want) || worth != 0.002 {
		t.Errorf("round gave %v worth %v, want %v", got, worth, want)
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for _, x := range [][]float32{{0, 0}, {1e-38, 0}, {nan, 1}, {1, inf}} {
		got := []int16{7, 7}
		if worth := round(got, x, 1000); worth != 0 || got[0] != 0 || got[1] != 0 {
			t.Errorf("%v became %v worth %v, want nothing", x, got, worth)
		}
	}
}

func TestWeightsAreRoundedRowByRow(t *testing.T) {
	weights, scales := quantise([]float32{1, -0.5, 0.001, 0, 0, 0, 254, 127, -2}, 3, 3)
	if want := []int8{127, -64, 0, 0, 0, 0, 127, 64, -1}; !slices.Equal(weights, want) {
		t.Errorf("weights %v, want %v", weights, want)
	}
	if scales[1] != 0 || scales[2] != 2 {
		t.Errorf("scales %v", scales)
	}
}
