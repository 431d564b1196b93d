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
	s := NewSpace(rows, SpaceOptions{})
	if _, ok := s.col[wordHash("blue")]; ok || s.Cols() < 3 {
		t.Fatalf("a word that occurs once has a column, of %d", s.Cols())
	}
	for word, df := range map[string]float64{"red": 3, "lamp": 2} {
		want := math.Log(5/(1+df)) + 1
		if got := float64(s.idf[s.col[wordHash(word)]]); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s is worth %v, want %v", word, got, want)
		}
	}
	one := NewSpace(rows, SpaceOptions{MaxCols: 1})
	for _, idf := range s.idf {
		if one.Cols() != 1 || one.idf[0] > idf {
			t.Errorf("of one column, it is not the commonest part's: %v", one.col)
		}
	}
}

func TestVectorsHaveLengthOneAndRisingColumns(t *testing.T) {
	rows := textsOf("red lamp broke", "red lamp broke", "blue hub", "blue hub")
	s := NewSpace(rows, SpaceOptions{})
	if v := s.Vector(rows[0], nil, &Vector{}); !slices.IsSorted(v.Col) || math.Abs(length(v)-1) > 1e-6 {
		t.Errorf("length %v, columns %v", length(v), v.Col)
	}
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
	for _, x := range slices.Concat(v.Val, v.Dense) {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}

func TestDenseCoordinatesStandBesideTheParts(t *testing.T) {
	rows := textsOf("red lamp", "red lamp")
	s := NewSpace(rows, SpaceOptions{Dense: 2})
	v := s.Vector(rows[0], []float32{0.6, 0.8}, &Vector{})
	if len(v.Dense) != 2 || math.Abs(float64(v.Dense[1]/v.Dense[0])-0.8/0.6) > 1e-6 || math.Abs(length(v)-1) > 1e-6 {
		t.Errorf("coordinates %v, length %v", v.Dense, length(v))
	}
	alone := NewSpace(rows, SpaceOptions{Dense: 2, Use: UseDense})
	if v := alone.Vector(rows[0], []float32{0.6, 0.8}, &Vector{}); len(v.Col) != 0 || alone.Cols() != 0 || math.Abs(length(v)-1) > 1e-6 {
		t.Errorf("a space of dense coordinates alone has %+v", v)
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
	s := NewSpace(rows, SpaceOptions{})
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
			t.Errorf("%q: pulls %v make %v, the score is %v", line, pulls, sum, score[0])
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
