package local

import (
	"runtime"
	"sync"
)

// parallel calls do for 0..n-1 on all cores, in blocks.
func parallel(n int, do func(i int)) {
	const block = 64
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), n/block+1) {
		wg.Go(func() {
			for from := range next {
				for i := from; i < min(from+block, n); i++ {
					do(i)
				}
			}
		})
	}
	for from := 0; from < n; from += block {
		next <- from
	}
	close(next)
	wg.Wait()
}
