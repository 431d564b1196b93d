package escalate

import (
	"encoding/binary"
	"hash/fnv"
)

// Sampled reports whether an id falls into a share (0..1) of all ids. It is a hash, so that the same id is in the
// same sample on every replica and in every replay; purpose keeps one sample from following another.
func Sampled(id, purpose string, share float64) bool {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(id))
	// FNV's high bits mix poorly on short input; one multiplication by a large odd number spreads them.
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], h.Sum64()*0x9E3779B97F4A7C15)
	return float64(binary.BigEndian.Uint64(b[:])>>11)/(1<<53) < share
}
