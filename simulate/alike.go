package simulate

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"unicode"

	"warmline/brain"
	"warmline/escalate"
)

// wordsOf returns a text's words in lower case. Every number is one and the same word: two tickets that differ in an order
// number ask the same. Scripts without blanks give one word a character.
func wordsOf(text string) []string {
	var out []string
	var b strings.Builder
	digits := false
	flush := func() {
		switch {
		case b.Len() == 0:
		case digits:
			out = append(out, "#")
		default:
			out = append(out, b.String())
		}
		b.Reset()
		digits = false
	}
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			flush()
			out = append(out, string(r))
		case unicode.IsDigit(r):
			digits = true
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsMark(r):
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’': // "can't" is one word
		default:
			flush()
		}
	}
	flush()
	return out
}

// maxQuestion bounds how much of a question is compared, in bytes.
const maxQuestion = 4 << 10

// opening returns a ticket as it was before a person replied: what the live brain would have seen. ok is false when no
// customer wrote before that.
func opening(p *brain.Past) (c escalate.Content, ok bool) {
	c = p.Content
	for i := range c.Messages {
		if m := &c.Messages[i]; m.Role == escalate.RoleAgent && m.Public {
			c.Messages = c.Messages[:i:i]
			break
		}
	}
	return c, c.LastFrom(escalate.RoleCustomer) != nil
}

// question is the customer's own words in a ticket, subject first.
func question(c *escalate.Content) string {
	var b strings.Builder
	b.WriteString(c.Subject)
	for i := range c.Messages {
		if m := &c.Messages[i]; m.Public && m.Role == escalate.RoleCustomer && b.Len() < maxQuestion {
			b.WriteByte('\n')
			b.WriteString(m.Text)
		}
	}
	s := strings.TrimSpace(b.String())
	return s[:min(len(s), maxQuestion)]
}

// Two questions are near-duplicates when they share this part of their words and word pairs. MinHash (Broder 1997) finds them:
// bands of hands agree by chance for what is far less alike, and nearly always for what is this alike.
const (
	nearAlike = 0.8
	bands     = 8
	perBand   = 3
)

// sketch is what is compared of a question.
type sketch struct {
	exact    uint64   // of the normalised question
	shingles []uint64 // sorted hashes of its words and word pairs
}

func sketchOf(text string) sketch {
	words := wordsOf(text)
	s := sketch{exact: hash64(words...), shingles: make([]uint64, 0, 2*len(words))}
	for i, w := range words {
		s.shingles = append(s.shingles, hash64(w))
		if i > 0 {
			s.shingles = append(s.shingles, hash64(words[i-1], w))
		}
	}
	slices.Sort(s.shingles)
	s.shingles = slices.Compact(s.shingles)
	return s
}

// band hashes the smallest values that a few hash functions give.
func (s *sketch) band(n int) uint64 {
	h := uint64(n + 1)
	for i := range perBand {
		low := uint64(math.MaxUint64)
		for _, x := range s.shingles {
			low = min(low, mix(x^uint64(n*perBand+i+1)*0x9E3779B97F4A7C15))
		}
		h = mix(h ^ low)
	}
	return h
}

func (s *sketch) alike(o *sketch) bool {
	both := 0
	for i, j := 0, 0; i < len(s.shingles) && j < len(o.shingles); {
		switch c := cmp.Compare(s.shingles[i], o.shingles[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			both++
			i++
			j++
		}
	}
	return float64(both) >= nearAlike*float64(len(s.shingles)+len(o.shingles)-both)
}

// groups puts near-duplicates together: equal numbers are one group. Each question is compared with the first of each bucket
// that it falls in, so that the work grows with the number of questions and no faster.
func groups(questions []string, ids []string) []int {
	u := make(union, len(questions))
	for i := range u {
		u[i] = i
	}
	sketches := make([]sketch, len(questions))
	first, stems := map[uint64]int{}, map[string]int{}
	for i, q := range questions {
		sketches[i] = sketchOf(q)
		s := &sketches[i]
		if stem, ok := stemOf(ids[i]); ok {
			meet(u, stems, stem, i)
		}
		if !meet(u, first, s.exact, i) {
			for n := range bands {
				key := s.band(n)
				if j, ok := first[key]; !ok {
					first[key] = i
				} else if s.alike(&sketches[j]) {
					u.join(i, j)
				}
			}
		}
	}
	for i := range u {
		u[i] = u.find(i)
	}
	return u
}

// union joins numbers into groups; a group goes by its smallest.
type union []int

func (u union) find(i int) int {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) join(i, j int) {
	i, j = u.find(i), u.find(j)
	u[max(i, j)] = min(i, j)
}

// meet joins i with the first that came with a key, and reports whether one had come.
func meet[K comparable](u union, first map[K]int, key K, i int) bool {
	j, ok := first[key]
	if ok {
		u.join(i, j)
	} else {
		first[key] = i
	}
	return ok
}

// stemOf cuts a language off an id: "4711-de" and "4711-fr" are translations of one.
func stemOf(id string) (string, bool) {
	if n := len(id); n > 3 && strings.IndexByte("-_.:/", id[n-3]) >= 0 && languages[id[n-2:]] {
		return id[:n-3], true
	}
	return id, false
}

var languages = map[string]bool{}

func init() {
	for l := range strings.FieldsSeq("ar bg cs da de el en es et fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi zh") {
		languages[l] = true
	}
}

func hash64(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // a hash never fails
		_, _ = h.Write([]byte{0})
	}
	return mix(h.Sum64())
}

// mix spreads every bit over all others (the finaliser of MurmurHash3): FNV's high bits hardly move on short input.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
