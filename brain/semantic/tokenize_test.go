package semantic

import (
	"slices"
	"strings"
	"testing"
)

// What the package's own tokenizer makes of the small vocabulary.
func TestATextIsCutAsThePackageCutsIt(t *testing.T) {
	tk := newTokenizer(tinyPieces)
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"ab", "▁|ab"},
		{"abc", "▁|abc"},
		{"a a", "▁a|▁a"},
		{"cab", "▁|ca|b"},
		{"漢字", "▁|\ufffd"}, // neighbours that nothing covers are one
		{"漢a字", "▁|\ufffd|a|\ufffd"},
		{"e\u0301漢?", "▁|é|\ufffd|?"}, // composed first
		{"ａ：", "▁a|:"},                // full width
		{"a<s>", "▁a|\ufffd"},         // what is for control is not for texts
		{"a\x00\xff", "▁a|\ufffd"},
		{"über?", "▁|ü|b|\ufffd|?"},
		{"::", "▁|:|:"},
		{"qz", "▁|\ufffd"}, // q alone is no piece: the place behind it costs nothing, as nothing reaches it
		{"aqzb", "▁a|\ufffd|b"},
	} {
		if got := spell(tk, tk.encode(c.text)); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
	}
}

func spell(tk *tokenizer, ids []int32) string {
	var parts []string
	for _, id := range ids {
		parts = append(parts, tk.pieces[id].text)
	}
	return strings.Join(parts, "|")
}

func TestOfTwoEqualPiecesTheLaterCounts(t *testing.T) {
	pieces := append(slices.Clone(tinyPieces), piece{"a", -1})
	if got := newTokenizer(pieces).encode("ba"); got[len(got)-1] != int32(len(pieces)-1) {
		t.Errorf("ids %v", got)
	}
}

func TestWhiteSpaceIsOneSpace(t *testing.T) {
	for in, want := range map[string]string{
		"":                             "",
		" \t\r\n\u00a0\u2028":          "",
		"  a\n\n b\u3000\u3000c ":      "a b c",
		strings.Repeat("a ", maxRunes): strings.Repeat("a ", maxRunes/2-1) + "a",
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%.20q) = %.20q (%d bytes), want %.20q (%d)", in, got, len(got), want, len(want))
		}
	}
}

func TestAtMostSoMuchOfATextIsCut(t *testing.T) {
	tk := newTokenizer(tinyPieces)
	for text, want := range map[string]int{
		strings.Repeat("ab ", 1<<20):   MaxTokens,
		strings.Repeat("漢", 1<<20):     2,         // the space and one run that nothing covers
		strings.Repeat("\ufdfa", 4096): MaxTokens, // each of these is eighteen characters, decomposed
		strings.Repeat("a", 63):        63,
		strings.Repeat("a", 64):        64,
		strings.Repeat("a", 65):        64,
	} {
		if got := len(tk.encode(text)); got != want {
			t.Errorf("%.12q… has %d pieces, want %d", text, got, want)
		}
	}
}

// slowPath is path without a trie: all ends in order, all pieces that end there.
func slowPath(pieces []piece, runes []rune) []int32 {
	ids := make(map[string]int32)
	for i, p := range pieces[reserved:] {
		ids[p.text] = int32(i + reserved)
	}
	best, last := make([]float64, len(runes)+1), make([]int32, len(runes)+1)
	for end := 1; end <= len(runes); end++ {
		for start := range end {
			id, ok := ids[string(runes[start:end])]
			if !ok && (end > start+1 || slices.ContainsFunc(pieces[reserved:], func(p piece) bool {
				return strings.HasPrefix(string(runes[start:]), p.text)
			})) {
				continue
			}
			score := pieces[id].score
			if score += best[start]; best[end] == 0 || score >= best[end] {
				best[end], last[end] = score, id
			}
		}
	}
	var path []int32
	for at := len(runes); at > 0; at -= len([]rune(pieces[last[at]].text)) {
		if last[at] != unknown || len(path) == 0 || path[len(path)-1] != unknown {
			path = append(path, last[at])
		}
	}
	slices.Reverse(path)
	return path
}

func FuzzTokenizer(f *testing.F) {
	for _, s := range []string{"ab cab", "qzq zq", "::漢a\n", "ａü e\u0301\u0301", "\xff\u0000", "abcabcaab ?:"} {
		f.Add(s)
	}
	tk := newTokenizer(tinyPieces)
	f.Fuzz(func(t *testing.T, text string) {
		ids := tk.encode(text)
		if len(ids) > MaxTokens {
			t.Fatalf("%d pieces", len(ids))
		}
		runes := []rune(text)
		runes = runes[:min(len(runes), 60)]
		if got, want := tk.path(runes), slowPath(tinyPieces, runes); !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", string(runes), got, want)
		}
	})
}
