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

// angerCount counts what was found of what was there.
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
// words: a language, "angry" or "calm", and the message. The lexicons were mended by it: it holds what was reached, and
// does not say how the next message fares.
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

// Each feature says what its name says, and nothing else moves it.
func TestMoodFeaturesSayWhatTheyAreNamedFor(t *testing.T) {
	f, hits := moodFeatures(lineOf("Where is the manual of the lamp?"))
	for i, x := range f[:feelLength] {
		if x != 0 {
			t.Errorf("a plain question has %v at %d", x, i)
		}
	}
	if len(f) != moodWidth || len(hits) != 0 {
		t.Fatalf("%d features, %d places", len(f), len(hits))
	}
	for text, at := range map[string]int{
		"I am furious": feelAngry, "you idiots": feelInsult, "fuck": feelCurse, "shut up": feelHostile, "thanks for nothing": feelSarcasm, "😡": feelEmoji, "ich bin wütend": feelAngry,
		"I am not angry": feelDenied, "I am worried": feelWorried, "the lamp is great": feelGlad, "haha": feelLaugh, "WHERE IS THE LAMP": feelCapitals, "hello!!": feelMarks, "that did not help": feelFailure,
		"私は怒っていません": feelDenied, "我没有生气": feelDenied,
	} {
		f, _ := moodFeatures(lineOf(text))
		if f[at] <= 0 {
			t.Errorf("%q has %v at %d: %v", text, f[at], at, f)
		}
		if at == feelDenied && f[feelFury] > 0 {
			t.Errorf("%q is angry all the same: %v", text, f)
		}
	}
	long := strings.Repeat("you idiot, this is fucking outrageous!!! 😡 ", 2000)
	f, hits = moodFeatures(lineOf(long))
	for i, x := range f[:feelLength] {
		if x > 5 {
			t.Errorf("feature %d is %v", i, x)
		}
	}
	if len(hits) > maxHits {
		t.Errorf("%d places", len(hits))
	}
}
