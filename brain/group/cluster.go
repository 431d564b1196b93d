package group

import "slices"

// Two replies are one answer when their shingles overlap by nearly (Jaccard's index), and the first replies of their groups by
// loosely: a chain of small changes must not join what differs. Replies of a few words must be nearly equal.
const (
	nearly     = 0.6
	loosely    = 0.4
	fewWords   = 5 // shingles
	fewOverlap = 0.8
)

// Candidates come from MinHash over bands of rows: replies that overlap by 0.6 meet in at least one band with probability
// 1-(1-0.6^4)^24 = 0.96, ones that overlap by 0.3 with 0.18.
const (
	bands   = 24
	rows    = 4
	inBand  = 8 // different groups that are compared per bucket, so that a bucket of all replies costs no more than its length
	noGroup = -1
)

// groups is a forest of replies; a group's root is its first reply.
type groups []int32

func (g groups) root(i int32) int32 {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(a, b int32) {
	a, b = g.root(a), g.root(b)
	g[max(a, b)] = min(a, b)
}

// cluster returns each text's group, named by its first text; noGroup for texts that say nothing.
func (c *corpus) cluster(texts []text) []int {
	g := make(groups, len(texts))
	contents := make([]content, len(texts))
	same := map[uint64]int32{}
	var distinct []int32
	for i, t := range texts {
		n := int32(i)
		g[i] = n
		if len(t) == 0 {
			continue
		}
		contents[i] = c.content(t)
		h := uint64(seed)
		for _, s := range contents[i].shingles {
			h = mix(h, uint64(s))
		}
		if first, ok := same[h]; ok {
			g.join(first, n)
			contents[i] = content{}
			continue
		}
		same[h] = n
		distinct = append(distinct, n)
	}
	for band := range bands {
		c.joinBand(g, contents, distinct, uint64(band))
	}
	out := make([]int, len(texts))
	for i := range out {
		out[i] = noGroup
		if len(texts[i]) > 0 {
			out[i] = int(g.root(int32(i)))
		}
	}
	return out
}

// joinBand joins replies that meet in one band and prove to be one answer.
func (c *corpus) joinBand(g groups, contents []content, distinct []int32, band uint64) {
	buckets := make(map[uint64][]int32, len(distinct))
	for _, i := range distinct {
		key := bandKey(contents[i].shingles, band)
		met := buckets[key]
		joined := false
		for _, other := range met {
			if g.root(i) == g.root(other) {
				joined = true
				continue
			}
			if c.one(&contents[i], &contents[other], nearly) &&
				c.one(&contents[g.root(i)], &contents[g.root(other)], loosely) {
				g.join(i, other)
				joined = true
			}
		}
		if !joined && len(met) < inBand {
			buckets[key] = append(met, i)
		}
	}
}

// bandKey is the hash of a band's minima.
func bandKey(shingles []uint32, band uint64) uint64 {
	var least [rows]uint64
	for r := range least {
		least[r] = ^uint64(0)
	}
	for _, s := range shingles {
		for r := range least {
			// Multiply-shift by odd constants of the band and row is enough of a permutation here.
			h := (uint64(s) + 1) * (mix(band, uint64(r)) | 1)
			h ^= h >> 29
			least[r] = min(least[r], h*seed)
		}
	}
	key := band
	for _, l := range least {
		key = mix(key, l)
	}
	return key
}

// one reports whether two replies are one answer.
func (c *corpus) one(a, b *content, bound float64) bool {
	if min(len(a.shingles), len(b.shingles)) < fewWords {
		bound = max(bound, fewOverlap)
	}
	return overlap(a.shingles, b.shingles) >= bound && !c.differ(a.repeated, b.repeated) && !c.deny(a.sentences, b.sentences)
}

// deny reports whether one says of something that it is so and the other that it is not: sentences that are alike but for
// a negation.
func (c *corpus) deny(a, b []int32) bool {
	return slices.ContainsFunc(a, func(s int32) bool {
		return !slices.Contains(b, s) && slices.ContainsFunc(b, func(t int32) bool {
			return c.negated(s) != c.negated(t) && c.alike(s, t)
		})
	})
}

// overlap is Jaccard's index of two sorted lists.
func overlap[T uint32 | int32](a, b []T) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			shared++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(shared) / float64(len(a)+len(b)-shared)
}

// differ reports whether each reply says something that others say too and the other one does not: two templates that share
// their beginning and end, not one with its blanks filled differently.
func (c *corpus) differ(a, b []int32) bool {
	return c.alone(a, b) && c.alone(b, a)
}

// alone reports whether some sentence of a has nothing like it in b.
func (c *corpus) alone(a, b []int32) bool {
	return slices.ContainsFunc(a, func(s int32) bool {
		return !slices.ContainsFunc(b, func(t int32) bool { return s == t || c.alike(s, t) })
	})
}

// alike reports whether two sentences share most of their words.
func (c *corpus) alike(s, t int32) bool {
	return overlap(distinctWords(c.sentences[s].words), distinctWords(c.sentences[t].words)) >= nearly
}

func distinctWords(ws []int32) []int32 {
	out := slices.Clone(ws)
	slices.Sort(out)
	return slices.Compact(out)
}
