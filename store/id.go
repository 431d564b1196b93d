package store

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

var ids = struct {
	sync.Mutex
	entropy *ulid.MonotonicEntropy
	last    uint64
}{entropy: ulid.Monotonic(rand.Reader, 0)}

// NewID returns a new ULID for an instant. Within this process each sorts after the one before, even when the clock
// goes back. It is safe for concurrent use.
func NewID(now time.Time) string {
	ids.Lock()
	defer ids.Unlock()
	ids.last = max(ids.last, ulid.Timestamp(now))
	id, err := ulid.New(ids.last, ids.entropy)
	if err != nil { // 2^80 ids within one millisecond: the next one has room
		ids.last++
		id = ulid.MustNew(ids.last, ids.entropy)
	}
	return id.String()
}
