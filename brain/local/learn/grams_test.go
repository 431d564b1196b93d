package learn

import (
	"slices"
	"strings"
	"testing"
)

func TestReadCountsWordsPairsAndLetterGroups(t *testing.T) {
	g := Read(strings.Fields("ab cd ab cd"))
	if g.words != 4 { // ab, cd, ab+cd, cd+ab
		t.Errorf("%d words and pairs, want 4", g.words)
	}
	// Of each word with its edges: three groups of two letters, two of three, one of four.
	if n := len(g.hash) - g.words; n != 12 {
		t.Errorf("%d letter groups, want 12", n)
	}
	for h, want := range map[uint64]uint8{
		wordHash("ab"): 2, wordHash("cd"): 2, pairHash(wordHash("ab"), "cd"): 2, pairHash(wordHash("cd"), "ab"): 1,
	} {
		if i, ok := slices.BinarySearch(g.hash[:g.words], h); !ok || g.n[i] != want {
			t.Errorf("part %x: found %v, want it %d times", h, ok, want)
		}
	}
}

func TestPairsKeepTheOrderOfWords(t *testing.T) {
	one, two := Read([]string{"not", "angry"}), Read([]string{"angry", "not"})
	if slices.Equal(one.hash[:one.words], two.hash[:two.words]) {
		t.Error("turned words around, and nothing changed")
	}
	if !slices.Equal(one.hash[one.words:], two.hash[two.words:]) {
		t.Error("letter groups depend on the order of words")
	}
}

func TestLettersAreCharactersAndNotBytes(t *testing.T) {
	if n := len(letters(nil, "für")); n != len(letters(nil, "fur")) {
		t.Errorf("%d groups of three characters, want as many as of three others", n)
	}
}

func TestReadBoundsWordsAndCounts(t *testing.T) {
	long := slices.Repeat([]string{"x"}, maxWords)
	g, longer := Read(long), Read(append(slices.Clone(long), "beyond"))
	if !slices.Equal(g.hash, longer.hash) {
		t.Error("a word beyond the bound counts")
	}
	if i, _ := slices.BinarySearch(g.hash[:g.words], wordHash("x")); g.n[i] != 255 {
		t.Errorf("a word that stands there %d times counts %d, want 255", maxWords, g.n[i])
	}
	if none := Read(nil); !none.Empty() || g.Empty() {
		t.Error("only a text without words is empty")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("my sensor does not pair")
	f.Add("")
	f.Add("\xff\xfe 人工 客服 \x00 é")
	f.Fuzz(func(t *testing.T, text string) {
		g := Read(strings.Split(text, " "))
		if g.words > len(g.hash) || len(g.n) != len(g.hash) {
			t.Fatalf("%d words of %d parts with %d counts", g.words, len(g.hash), len(g.n))
		}
		for _, block := range [][]uint64{g.hash[:g.words], g.hash[g.words:]} {
			for i := 1; i < len(block); i++ {
				if block[i-1] >= block[i] {
					t.Fatal("parts are not in ascending order, each once")
				}
			}
		}
		if slices.Contains(g.n, 0) {
			t.Fatal("a part is there no time")
		}
	})
}
