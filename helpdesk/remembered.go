package helpdesk

import (
	"sync"
	"time"
)

// RememberFor is how long lists that seldom change are kept, because a call for them is one less for tickets.
const RememberFor = 10 * time.Minute

// Remembered is a list as it was read last. Two that find it too old both read it, which is harmless. The zero value remembers nothing;
// it is safe for concurrent use.
type Remembered[T any] struct {
	mu    sync.Mutex
	at    time.Time
	known bool
	value T
}

// Get returns the list, read anew when it is older than most. What could not be read is not remembered.
func (r *Remembered[T]) Get(now time.Time, most time.Duration, read func() (T, error)) (T, error) {
	r.mu.Lock()
	value, fresh := r.value, r.known && now.Sub(r.at) < most && !now.Before(r.at)
	r.mu.Unlock()
	if fresh {
		return value, nil
	}
	value, err := read()
	if err != nil {
		return value, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.value, r.at, r.known = value, now, true
	return value, nil
}

// Forget makes the next Get read anew.
func (r *Remembered[T]) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known = false
}
