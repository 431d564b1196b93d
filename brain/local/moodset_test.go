package local

import (
	"bufio"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"warmline/escalate"
)

// tally counts what was found of what was there.
type angerCount struct{ tp, fp, fn, tn int }

func (c *angerCount) add(got, want bool) {
	switch {
	case got && want:
		c.tp++
	case got:
		c.fp++
	case want:
		c.fn++
	default:
		c.tn++
	}
}

func (c *angerCount) f1() float64 { return 2 * float64(c.tp) / float64(2*c.tp+c.fp+c.fn) }

// testdata/moods.txt has messages of support as they are written, angry ones and calm ones that look angry to a list of
// words: a language, "angry" or "calm", and the message.
func TestAngerIsHeardInEveryLanguage(t *testing.T) {
	f, err := os.Open("testdata/moods.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	by := map[string]*angerCount{}
	in := bufio.NewScanner(f)
	for in.Scan() {
		part := strings.SplitN(in.Text(), " ", 3)
		if len(part) != 3 {
			t.Fatalf("line %q", in.Text())
		}
		if by[part[0]] == nil {
			by[part[0]] = &angerCount{}
		}
		m := feelLine(lineOf(part[2]))
		got, want := m.anger().Strength >= escalate.FireStrength, part[1] == "angry"
		by[part[0]].add(got, want)
		if got != want {
			t.Logf("%s %s, but the strength is %.2f: %s", part[0], part[1], m.anger().Strength, part[2])
		}
	}
	for _, l := range slices.Sorted(maps.Keys(by)) {
		c := by[l]
		t.Logf("%s: %d angry, %d of them missed, %d calm, %d false alarms", l, c.tp+c.fn, c.fn, c.fp+c.tn, c.fp)
		if c.tp+c.fn < 10 || c.fp+c.tn < 10 || c.f1() < 0.85 {
			t.Errorf("%s: F1 %.2f", l, c.f1())
		}
	}
	if len(by) != 10 {
		t.Errorf("%d languages", len(by))
	}
}
