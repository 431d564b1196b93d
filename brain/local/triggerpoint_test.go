package local

import (
	"math"
	"testing"
)

// rehearsals are written as "+" for a ticket with the trigger and "-" for one without, highest log-odds first; capitals P and M
// are such that the lexicon finds. The log-odds fall by 1 from 0.
func rehearsals(signs string) []rehearsal {
	var out []rehearsal
	for i, r := range signs {
		out = append(out, rehearsal{
			logit: -float64(i), want: r == '+' || r == 'P', found: r == 'P' || r == 'M', weight: 1,
		})
	}
	return out
}

func TestThePointIsTheHighestThatFindsEnough(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name  string
		aim   aim
		past  string
		point float64
	}{
		{"all must be found", aim{1, 0.5}, "++-+------", -3.5},
		{"three of four are enough, where the fourth costs more than it brings", aim{0.7, 0.9}, "+++------+", -2.5},
		{"more is found where it helps", aim{0.3, 0.5}, "++++------", -3.5},
		{"what the lexicon finds needs no head", aim{1, 0.5}, "+-----P---", -0.5},
		{"the lexicon does it alone", aim{1, 0.5}, "PPP-------", inf},
		{"alarms go before recall", aim{1, 0.2}, "+----+----", -0.5},
		{"the best F1", aim{0, 1}, "++-+-----+", -3.5},
		{"no better than chance", aim{1, 1}, "-+-+-+-+-+", inf},
		{"nothing to find", aim{1, 0.5}, "------", inf},
	} {
		if got := c.aim.point(rehearsals(c.past)); got != c.point {
			t.Errorf("%s: %v, want %v", c.name, got, c.point)
		}
	}
}

func TestATicketThatStandsForManyCountsAsMany(t *testing.T) {
	past := rehearsals("+-+-------")
	if got := (aim{1, 0.3}).point(past); got != -2.5 {
		t.Errorf("point %v where each counts once", got)
	}
	past = rehearsals("+-+-------")
	past[1].weight = 9
	if got := (aim{1, 0.3}).point(past); got != -0.5 {
		t.Errorf("point %v where the first false alarm stands for nine", got)
	}
}

func TestTicketsOfOneScoreAreNotParted(t *testing.T) {
	past := rehearsals("++--------")
	past[1].logit, past[2].logit = -1, -1
	if got := (aim{1, 0.5}).point(past); got != -2 {
		t.Errorf("point %v, want it below both", got)
	}
}
