package learn

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func textsOf(lines ...string) []*Grams {
	out := make([]*Grams, len(lines))
	for i, l := range lines {
		g := Read(strings.Fields(l))
		out[i] = &g
	}
	return out
}

func TestSpaceKeepsTheCommonestPartsByTheirRarity(t *testing.T) {
	rows := textsOf("red lamp", "red hub", "red lamp", "blue")
	s := NewSpace(rows, SpaceOptions{Use: UseWords})
	// "red", "lamp" and the pair of both occur twice and more; everything else once.
	if s.Cols() != 3 {
		t.Fatalf("%d columns, want 3", s.Cols())
	}
	if c := s.col[wordHash("red")]; c != 0 {
		t.Errorf("the commonest part has column %d", c)
	}
	for word, df := range map[string]float64{"red": 3, "lamp": 2} {
		want := math.Log(5/(1+df)) + 1
		if got := float64(s.idf[s.col[wordHash(word)]]); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s is worth %v, want %v", word, got, want)
		}
	}
	if one := NewSpace(rows, SpaceOptions{Use: UseWords, MaxCols: 1}); one.Cols() != 1 || one.col[wordHash("red")] != 0 {
		t.Errorf("of one column, it is not the commonest part's: %v", one.col)
	}
}

func TestVectorsHaveLengthOneAndRisingColumns(t *testing.T) {
	rows := textsOf("red lamp broke", "red lamp broke", "blue hub", "blue hub")
	for _, use := range []Use{UseAll, UseWords, UseLetters} {
		s := NewSpace(rows, SpaceOptions{Use: use})
		v := s.Vector(rows[0], nil, &Vector{})
		if !slices.IsSorted(v.Col) || math.Abs(length(v)-1) > 1e-6 {
			t.Errorf("use %d: length %v, columns %v", use, length(v), v.Col)
		}
	}
	s := NewSpace(rows, SpaceOptions{})
	strange := s.Vector(textsOf("zzz qqq")[0], nil, &Vector{})
	if len(strange.Col) != 0 || strange.Known != 0 {
		t.Errorf("nothing is known of a strange text, but %+v", strange)
	}
	known, half := s.Vector(rows[2], nil, &Vector{}).Known, s.Vector(textsOf("blue zzz")[0], nil, &Vector{}).Known
	if known != 1 || half <= 0 || half >= 0.5 {
		t.Errorf("known %v and %v", known, half)
	}
}

func length(v *Vector) float64 {
	sum := 0.0
	for _, x := range v.Val {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}

func TestDenseCoordinatesComeFirst(t *testing.T) {
	rows := textsOf("red lamp", "red lamp")
	s := NewSpace(rows, SpaceOptions{Dense: 2})
	v := s.Vector(rows[0], []float32{0.6, 0.8}, &Vector{})
	if v.Col[0] != 0 || v.Col[1] != 1 || math.Abs(float64(v.Val[1]/v.Val[0])-0.8/0.6) > 1e-6 {
		t.Errorf("coordinates %v at %v", v.Val[:2], v.Col[:2])
	}
}

func TestASetHoldsTheVectorsOfItsRows(t *testing.T) {
	rows := textsOf("red lamp", "blue hub", "red hub", "blue lamp")
	s := NewSpace(rows, SpaceOptions{})
	set := s.Set(rows, nil)
	picked := set.Pick([]int{3, 1})
	if set.Rows() != 4 || picked.Rows() != 2 {
		t.Fatalf("%d and %d rows", set.Rows(), picked.Rows())
	}
	for _, c := range []struct {
		got *Vector
		of  *Grams
	}{{set.Row(2), rows[2]}, {picked.Row(0), rows[3]}, {picked.Row(1), rows[1]}} {
		want := s.Vector(c.of, nil, &Vector{})
		if !slices.Equal(c.got.Col, want.Col) || !slices.Equal(c.got.Val, want.Val) {
			t.Errorf("row %+v, want %+v", c.got, want)
		}
	}
}

func TestPullsAddUpToTheScore(t *testing.T) {
	lines := []string{"red lamp broke red", "blue hub works", "red hub broke", "blue lamp works", "the lamp broke", "the hub works"}
	rows := textsOf(lines...)
	for _, use := range []Use{UseAll, UseWords, UseLetters} {
		s := NewSpace(rows, SpaceOptions{Use: use})
		m, err := Hinge(t.Context(), s.Set(rows, nil), []int{0, -1, 0, -1, 0, -1}, 1, HingeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range lines {
			v := s.Vector(rows[i], nil, &Vector{})
			var score [1]float32
			m.Scores(v, score[:])
			pulls := s.Places(strings.Fields(line), v).Pulls(m, 0)
			sum := float64(m.bias[0])
			for _, p := range pulls {
				sum += float64(p)
			}
			if len(pulls) != len(strings.Fields(line)) || math.Abs(sum-float64(score[0])) > 1e-5 {
				t.Errorf("use %d, %q: pulls %v make %v, the score is %v", use, line, pulls, sum, score[0])
			}
		}
	}
}

func TestTheWordThatDecidesPullsHardest(t *testing.T) {
	rows := textsOf("my lamp broke", "my lamp works", "the hub broke", "the hub works", "a cable broke", "a cable works")
	s := NewSpace(rows, SpaceOptions{})
	m, err := Hinge(t.Context(), s.Set(rows, nil), []int{0, -1, 0, -1, 0, -1}, 1, HingeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v := s.Vector(rows[0], nil, &Vector{})
	pulls := s.Places([]string{"my", "lamp", "broke"}, v).Pulls(m, 0)
	if pulls[2] <= pulls[0] || pulls[2] <= pulls[1] {
		t.Errorf("pulls %v; broke alone decides", pulls)
	}
	long := slices.Repeat([]string{"broke"}, maxWords+5)
	g := Read(long)
	if p := s.Places(long, s.Vector(&g, nil, v)).Pulls(m, 0); len(p) != len(long) || p[maxWords] != 0 {
		t.Error("a word that Read does not count pulls")
	}
}
