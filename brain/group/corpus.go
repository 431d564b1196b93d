package group

import (
	"math/bits"
	"slices"
)

// text is a reply: its sentences, by number.
type text []int32

// sentence is one that occurred, as it was first met.
type sentence struct {
	words   []int32 // by number; gapWord is a gap
	replies int32   // how many hold it
	common  bool    // stands in replies of every kind: says nothing about which answer it is
	partner *partners
}

// corpus numbers words and sentences, so that a million replies are a million short lists.
type corpus struct {
	reader    reader
	words     map[string]int32
	known     map[uint64]int32 // sentence by the hash of its words
	sentences []sentence
	negations map[int32]bool
	texts     []text
}

const gapWord = 0

func newCorpus() *corpus {
	c := &corpus{reader: reader{seen: map[string][]string{}}, words: map[string]int32{gap: gapWord}, known: map[uint64]int32{}, negations: map[int32]bool{}}
	for _, w := range sorted(negations) {
		c.negations[c.word(w)] = true
	}
	return c
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for w := range set {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

func (c *corpus) word(w string) int32 {
	n, ok := c.words[w]
	if !ok {
		n = int32(len(c.words))
		c.words[w] = n
	}
	return n
}

// add reads a reply; nil says that it says nothing.
func (c *corpus) add(reply, customer string) text {
	said := c.reader.sentences(reply, customer)
	if tooFew(said) {
		return nil
	}
	var t text
	for _, ws := range said {
		if s := c.sentence(ws); !slices.Contains(t, s) {
			t = append(t, s)
			c.sentences[s].replies++
		}
	}
	if t != nil {
		c.texts = append(c.texts, t)
	}
	return t
}

func (c *corpus) sentence(ws []string) int32 {
	numbers := make([]int32, len(ws))
	h := uint64(seed)
	for i, w := range ws {
		numbers[i] = c.word(w)
		h = mix(h, uint64(numbers[i]))
	}
	n, ok := c.known[h]
	if !ok {
		n = int32(len(c.sentences))
		c.known[h] = n
		c.sentences = append(c.sentences, sentence{words: numbers})
	}
	return n
}

// partners counts distinct companions roughly: each sets one of its bits (linear counting, Whang et al. 1990).
type partners [8]uint64

func (p *partners) meet(s int32) {
	b := mix(seed, uint64(s)) >> 55
	p[b/64] |= 1 << (b % 64)
}

func (p *partners) count() int {
	n := 0
	for _, w := range p {
		n += bits.OnesCount64(w)
	}
	return n
}

// A sentence is boilerplate when it is said often and in the company of many others: a macro's sentences keep to the company
// of the macro, a house's greeting meets them all.
const (
	commonReplies  = 5 // at least so many replies hold it
	commonPartners = 8 // and it meets at least so many sentences that were said more than once,
	commonRatio    = 3 // and so many times what the median sentence meets
)

func (c *corpus) findBoilerplate() {
	for _, t := range c.texts {
		for _, s := range t {
			if c.sentences[s].replies < 2 {
				continue
			}
			p := c.sentences[s].partner
			if p == nil {
				p = new(partners)
				c.sentences[s].partner = p
			}
			for _, other := range t {
				if other != s && c.sentences[other].replies > 1 {
					p.meet(other)
				}
			}
		}
	}
	var counts []int
	for i := range c.sentences {
		if p := c.sentences[i].partner; p != nil {
			counts = append(counts, p.count())
		}
	}
	if len(counts) == 0 {
		return
	}
	slices.Sort(counts)
	bound := max(commonPartners, commonRatio*counts[len(counts)/2])
	for i := range c.sentences {
		s := &c.sentences[i]
		s.common = s.partner != nil && s.replies >= commonReplies && s.partner.count() >= bound
		s.partner = nil
	}
	c.texts = nil
}

// content is what a reply says beyond boilerplate.
type content struct {
	shingles  []uint32 // of words that stand together; sorted, each once
	sentences []int32
	repeated  []int32 // those of them that others say too
}

const (
	repeatedReplies = 3 // from so many replies on a sentence counts as one that others say too
	repeatedWords   = 5 // and from so many words on
)

// content reduces a reply to what it says. One that is nothing but boilerplate says that.
func (c *corpus) content(t text) content {
	var out content
	kept := slices.DeleteFunc(slices.Clone(t), func(s int32) bool { return c.sentences[s].common })
	if len(kept) == 0 {
		kept = t
	}
	out.sentences = kept
	for _, n := range kept {
		s := &c.sentences[n]
		out.shingles = appendShingles(out.shingles, s.words)
		if s.replies >= repeatedReplies && len(s.words) >= repeatedWords {
			out.repeated = append(out.repeated, n)
		}
	}
	slices.Sort(out.shingles)
	out.shingles = slices.Compact(out.shingles)
	return out
}

func (c *corpus) negated(s int32) int {
	n := 0
	for _, w := range c.sentences[s].words {
		if c.negations[w] {
			n++
		}
	}
	return n
}

// appendShingles adds every pair of words that stand together, and words that stand alone.
func appendShingles(to []uint32, ws []int32) []uint32 {
	for i, w := range ws {
		if w == gapWord {
			continue
		}
		next := i+1 < len(ws) && ws[i+1] != gapWord
		switch {
		case next:
			to = append(to, uint32(mix(mix(seed, uint64(w)), uint64(ws[i+1]))>>32))
		case i == 0 || ws[i-1] == gapWord:
			to = append(to, uint32(mix(seed+1, uint64(w))>>32))
		}
	}
	return to
}

// seed starts every hash; it is fixed, so that the same history gives the same answers.
const seed = 0x9E3779B97F4A7C15

// mix folds v into a hash (the finalizer of MurmurHash3).
func mix(h, v uint64) uint64 {
	h ^= v + seed + h<<6 + h>>2
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
