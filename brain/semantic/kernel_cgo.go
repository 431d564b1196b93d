//go:build cgo

package semantic

/*
#cgo CFLAGS: -O3
#cgo noescape warmline_dots
#cgo nocallback warmline_dots
#include "kernel.h"
*/
import "C"

// dots is dotsPlain, in C.
func dots(sums []int32, weights []int8, inputs []int16, rows, cols, n int) {
	dotsC(sums, weights, inputs, rows, cols, n, 1)
}

// dotsC takes wide as the C side does.
func dotsC(sums []int32, weights []int8, inputs []int16, rows, cols, n, wide int) {
	if n == 0 {
		return
	}
	_, _, _ = sums[n*rows-1], weights[rows*cols-1], inputs[n*cols-1] // C checks no bounds
	C.warmline_dots((*C.int32_t)(&sums[0]), (*C.int8_t)(&weights[0]), (*C.int16_t)(&inputs[0]),
		C.int(rows), C.int(cols), C.int(n), C.int(wide))
}
