package measure

import (
	"cmp"
	"slices"
)

// Signal is how strongly a trigger spoke on one ticket, and whether it should have.
type Signal struct {
	Strength float64 // 0..1
	Wanted   bool
}

// Counts is how often a trigger was right and wrong.
type Counts struct {
	Hits, FalseAlarms, Misses, Quiet int // fired and wanted, fired only, wanted only, neither
}

// Count counts what firing from threshold on gives.
func Count(signals []Signal, threshold float64) Counts {
	var c Counts
	for _, s := range signals {
		fired := s.Strength >= threshold
		c.Hits += one(fired && s.Wanted)
		c.FalseAlarms += one(fired && !s.Wanted)
		c.Misses += one(!fired && s.Wanted)
		c.Quiet += one(!fired && !s.Wanted)
	}
	return c
}

// Precision is the share of the firings that was wanted.
func (c Counts) Precision() float64 { return share(c.Hits, c.Hits+c.FalseAlarms) }

// Recall is the share of the wanted that fired.
func (c Counts) Recall() float64 { return share(c.Hits, c.Hits+c.Misses) }

// F1 is the harmonic mean of precision and recall.
func (c Counts) F1() float64 {
	p, r := c.Precision(), c.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// FalseAlarmRate is the share of the unwanted that fired all the same.
func (c Counts) FalseAlarmRate() float64 { return share(c.FalseAlarms, c.FalseAlarms+c.Quiet) }

// AveragePrecision is the mean precision at each wanted ticket, the strongest first; tickets of equal strength count together.
func AveragePrecision(signals []Signal) float64 {
	sorted := slices.Clone(signals)
	slices.SortStableFunc(sorted, func(a, b Signal) int { return cmp.Compare(b.Strength, a.Strength) })
	wanted, hits, sum := 0, 0, 0.0
	for _, s := range sorted {
		wanted += one(s.Wanted)
	}
	for i := 0; i < len(sorted); {
		end, got := i, 0
		for ; end < len(sorted) && sorted[end].Strength == sorted[i].Strength; end++ {
			got += one(sorted[end].Wanted)
		}
		hits += got
		sum += float64(got*hits) / float64(end)
		i = end
	}
	if wanted == 0 {
		return 0
	}
	return sum / float64(wanted)
}
