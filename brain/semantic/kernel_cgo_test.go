//go:build cgo

package semantic

func init() {
	kernels["C without vectors"] = func(sums []int32, weights []int8, inputs []int16, rows, cols, n int) {
		dotsC(sums, weights, inputs, rows, cols, n, 0)
	}
}
