package helpdesktest

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"
)

// Storm stands before a fake and lets a share of all calls go wrong, before and after they were applied. The same seed gives the same
// faults to the same calls in the same order.
type Storm struct {
	// Share of writes that go wrong, and of reads: 0 to 1.
	Share, Reads float64
	// Late is how long after its answer was lost a call may still be applied; 0 has none applied late.
	Late time.Duration
	// RetryAfter is what a 429 asks to wait, in seconds; 0 is one.
	RetryAfter int

	mu     sync.Mutex
	dice   *rand.Rand
	late   sync.WaitGroup
	calm   bool
	struck map[fault]int
}

// NewStorm returns a storm with a seed, in which half as many reads as writes go wrong.
func NewStorm(seed uint64, share float64, late time.Duration) *Storm {
	return &Storm{Share: share, Reads: share / 2, Late: late, dice: rand.New(rand.NewPCG(seed, 7)), struck: make(map[fault]int)}
}

// lateApply is applied once its answer was lost.
const lateApply fault = "no answer, applied late"

// Wrap puts the storm before a fake.
func (s *Storm) Wrap(fake http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch s.next(r) {
		case tooMany:
			w.Header().Set("Retry-After", strconv.Itoa(max(s.RetryAfter, 1)))
			w.WriteHeader(http.StatusTooManyRequests)
		case errorBefore:
			w.WriteHeader(http.StatusBadGateway)
		case errorAfter:
			fake.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusInternalServerError)
		case cutBefore:
			panic(http.ErrAbortHandler)
		case cutAfter:
			fake.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case lateApply:
			s.applyLate(fake, r)
			panic(http.ErrAbortHandler)
		default:
			fake.ServeHTTP(w, r)
		}
	})
}

// applyLate applies a call after a while, when whoever made it has long gone.
func (s *Storm) applyLate(fake http.Handler, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut off: there is nothing to apply
	}
	again := r.Clone(context.WithoutCancel(r.Context()))
	s.mu.Lock()
	wait := time.Duration(s.dice.Int64N(int64(s.Late)))
	s.mu.Unlock()
	s.late.Go(func() {
		time.Sleep(wait)
		again.Body = io.NopCloser(bytes.NewReader(body))
		fake.ServeHTTP(httptest.NewRecorder(), again)
	})
}

func (s *Storm) next(r *http.Request) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	write := r.Method != http.MethodGet && r.Method != http.MethodHead
	share := s.Share
	if !write {
		share = s.Reads
	}
	if s.calm || s.dice.Float64() >= share {
		return ""
	}
	kinds := []fault{tooMany, errorBefore, cutBefore}
	if write {
		kinds = append(kinds, errorAfter, cutAfter)
		if s.Late > 0 {
			kinds = append(kinds, lateApply)
		}
	}
	f := kinds[s.dice.IntN(len(kinds))]
	s.struck[f]++
	return f
}

// Calm ends the storm, and waits for what is still to be applied.
func (s *Storm) Calm() {
	s.mu.Lock()
	s.calm = true
	s.mu.Unlock()
	s.late.Wait()
}

// Struck is how many calls went wrong.
func (s *Storm) Struck() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.struck {
		n += k
	}
	return n
}
