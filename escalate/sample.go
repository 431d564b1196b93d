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

// The review sample: a share of automatic answers, and so many a week at the least. The least is aimed at from above: what
// is drawn grows old one by one, and until the next draw there is one too few.
const (
	reviewShare  = 0.05
	reviewLeast  = 10
	reviewAim    = 13
	reviewFaster = 2 // how many times the least is drawn a week while the aim is not reached
)

// ReviewShare is the share of a topic's automatic answers to draw for a review, 0..1. answered is how many the topic had in
// the last seven days, this one included, asked how many of them were drawn. Of busy topics it is 5 %; while that does not
// give ten a week it rises, the more the less traffic there is, up to all of them.
func ReviewShare(answered, asked int) float64 {
	if asked >= reviewAim {
		return reviewShare
	}
	return min(1, max(reviewShare, reviewFaster*reviewLeast/float64(max(answered, 1))))
}
