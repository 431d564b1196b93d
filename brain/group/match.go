package group

// A reply is a macro's when most of the macro stands in it and the macro is a fair part of it; or when the reply is hardly
// anything else, and the macro was shortened. A macro of a few words could stand anywhere: it has to be most of the reply.
const (
	macroShown  = 0.65 // of the macro's shingles, those that several macros share counting less
	replyShare  = 0.3  // of the reply's shingles
	macroPart   = 0.4  // of a shortened macro's
	replyWhole  = 0.85 // of the reply's, for a shortened macro
	shortMacro  = 6    // shingles
	shortShared = 0.6  // of the reply's shingles, for a short macro
)

// matcher finds the macro that a reply shows. Articles are macros here: people paste them.
type matcher struct {
	ids     []string
	having  map[uint32][]int32 // macros by shingle
	weight  []float64          // of each macro's shingles, in all
	lengths []int
}

// newMatcher reads prepared texts, which have ids in the same order.
func newMatcher(c *corpus, ids []string, texts []text) *matcher {
	m := &matcher{ids: ids, having: map[uint32][]int32{}, weight: make([]float64, len(ids)), lengths: make([]int, len(ids))}
	for i, t := range texts {
		if len(t) == 0 {
			continue
		}
		shingles := c.content(t).shingles
		m.lengths[i] = len(shingles)
		for _, s := range shingles {
			m.having[s] = append(m.having[s], int32(i))
		}
	}
	for i, t := range texts {
		if len(t) > 0 {
			for _, s := range c.content(t).shingles {
				m.weight[i] += m.of(s)
			}
		}
	}
	return m
}

// of is what a shingle counts: those that many macros hold tell little about which it is.
func (m *matcher) of(shingle uint32) float64 { return 1 / float64(len(m.having[shingle])) }

// macro returns the id of the macro that a reply shows most of, or "". Of equals the longer one, then the first.
func (m *matcher) macro(reply content) string {
	shown, shared := map[int32]float64{}, map[int32]int{}
	var met []int32 // in the order of the reply, so that sums and ties do not depend on a map's
	for _, s := range reply.shingles {
		for _, i := range m.having[s] {
			if shared[i] == 0 {
				met = append(met, i)
			}
			shown[i] += m.of(s)
			shared[i]++
		}
	}
	best, most := int32(-1), 0.0
	for _, i := range met {
		share := float64(shared[i]) / float64(len(reply.shingles))
		got := shown[i] / m.weight[i]
		whole := got >= macroShown && share >= replyShare || got >= macroPart && share >= replyWhole
		if !whole || m.lengths[i] < shortMacro && share < shortShared {
			continue
		}
		if got > most || got == most && (m.lengths[i] > m.lengths[best] || m.lengths[i] == m.lengths[best] && i < best) {
			best, most = i, got
		}
	}
	if best < 0 {
		return ""
	}
	return m.ids[best]
}
