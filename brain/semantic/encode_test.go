package semantic

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestAnEncodingIsWhatTheTextbookGives(t *testing.T) {
	for seed := range uint64(5) {
		n := newModel(tiny2, seed).network()
		want := n.unround()
		for _, ids := range [][]int32{nil, {6}, {6, 7, 8}, {0, 11, 12, 0, 19, 6, 6, 6}, slices.Repeat([]int32{9, 13, 8, 16}, MaxTokens/4)} {
			got := make([]float32, 8)
			n.encode(ids, got, n.newScratch())
			// What differs is the rounding of inputs to 14 bits.
			if off := apart(got, want.reference(ids)); !(off < 2e-4) {
				t.Errorf("seed %d, %d pieces: off by %.2g", seed, len(ids), off)
			}
		}
	}
}

func TestAnEncodingHasLengthOne(t *testing.T) {
	p := openBytes(t, tinyPack(t))
	for _, text := range []string{"", " \n", "a", "abc ab?", "漢字 🎉", "\xff\xfe", strings.Repeat("ab? ", 10000)} {
		sum := 0.0
		for _, v := range encode(p, text) {
			sum += float64(v) * float64(v)
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("%.20q has length² %v", text, sum)
		}
	}
}

func TestSpacingAndWhatComesAfterTheFirstPiecesDoNotCount(t *testing.T) {
	p := openBytes(t, tinyPack(t))
	same := [][2]string{
		{"ab c a?", "  ab\n\nc\t a?\u00a0"},
		{"ﾊ ½ é", "ハ 1⁄2 e\u0301"}, // compatibility forms and combining marks
		{strings.Repeat("ab? ", 30), strings.Repeat("ab? ", 30) + "c c c"},
	}
	for _, s := range same {
		if !slices.Equal(encode(p, s[0]), encode(p, s[1])) {
			t.Errorf("%.20q and %.20q differ", s[0], s[1])
		}
	}
	if slices.Equal(encode(p, "ab c"), encode(p, "c ab")) {
		t.Error("the order of words does not count")
	}
}

// Scratch memory is used again: what a text before left there must not show, and no two calls may share it.
func TestATextHasOneVectorWhateverElseIsEncoded(t *testing.T) {
	p := openBytes(t, tinyPack(t))
	var texts []string
	var want [][]float32
	for i := range 40 {
		texts = append(texts, strings.Repeat("ab ", i%7)+strings.Repeat("c?", i))
		want = append(want, encode(openBytes(t, tinyPack(t)), texts[i]))
	}
	var wg sync.WaitGroup
	faults := make(chan string, 4)
	for w := range 4 {
		wg.Go(func() {
			for k := range 200 {
				i := (k*(2*w+1) + w) % len(texts)
				if !slices.Equal(encode(p, texts[i]), want[i]) {
					faults <- fmt.Sprintf("text %d came out differently", i)
					return
				}
			}
		})
	}
	wg.Wait()
	close(faults)
	for f := range faults {
		t.Error(f)
	}
}

func TestNothingComesOutOfTheNormOfNothing(t *testing.T) {
	x := []float32{0, 0}
	normalise(x)
	if x[0] != 0 || x[1] != 0 {
		t.Errorf("normalise made %v", x)
	}
}

// BenchmarkEncode measures a network of the real one's size; how long a pass takes does not depend on its weights.
func BenchmarkEncode(b *testing.B) {
	pieces := slices.Clone(tinyPieces[:reserved])
	for i := len(pieces); i < 8000; i++ {
		pieces = append(pieces, piece{fmt.Sprintf("%sw%04d", space, i), 1})
	}
	n := newModel(tinySize{rows: 8002, width: 256, heads: 4, out: 512, wide: 1536, dim: 512, layers: 2}, 1).network()
	p := &Pack{tokenizer: newTokenizer(pieces), network: n, info: Info{Dim: 512}}
	p.scratch.New = func() any { return n.newScratch() }
	for _, count := range []int{4, 12, 32, MaxTokens} {
		var text strings.Builder
		for i := range count {
			fmt.Fprintf(&text, "w%04d ", 6+(i*997)%7994)
		}
		if got := len(p.tokenizer.encode(text.String())); got != count {
			b.Fatalf("%d pieces, want %d", got, count)
		}
		b.Run(fmt.Sprintf("pieces=%d", count), func(b *testing.B) {
			to := make([]float32, p.Dim())
			for b.Loop() {
				p.Encode(text.String(), to)
			}
		})
	}
}
