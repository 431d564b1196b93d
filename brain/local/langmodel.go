package local

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"
)

// A langModel tells languages of one script apart. For each language it knows how often a word is used and how its words
// are spelt, from the sentences of lexicon/lang_*.txt: the probability of a word is its share there, mixed with what the
// spelling alone makes of it. Spelling is a chain of letters, each foretold by the three before it, smoothed after Witten
// and Bell (1991); it carries the words that no sentence has.
type langModel struct {
	langs  []string
	words  map[string][]float64 // share of a word among the words of each language
	grams  map[uint64][]float32 // log-probability of the last of up to four letters after the others
	back   map[uint64][]float32 // log-weight that is left for shorter letters after a context
	floor  float32              // of a letter that no language has
	spread float64              // logarithm of the number of languages
}

// What the figures below weigh was settled on testdata/sentences_tuning.txt.
const (
	gramLen   = 4
	heardOf   = 0.55 // how much of a language's running text is made of words that the profile has
	spelling  = 1 - heardOf
	edge      = ' '
	maxSay    = 3.0  // the most that one word says against a language, in nats
	nameSpell = -3.3 // log-probability of one letter of a name or code, which is spelt like nothing
	nameShare = 0.08 // how much of a text is names and codes
)

var (
	latinModel    = sync.OnceValue(func() *langModel { return readModel(isLatin) })
	cyrillicModel = sync.OnceValue(func() *langModel { return readModel(isCyrillic) })
)

func isLatin(r rune) bool    { return unicode.Is(unicode.Latin, r) }
func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// readModel learns from the embedded sentences of the languages that are written with such letters.
func readModel(script func(rune) bool) *langModel {
	entries, err := files.ReadDir("lexicon")
	if err != nil {
		panic("local: lexicon: " + err.Error()) // embedded: a test would have met it
	}
	var texts []string
	m := &langModel{words: map[string][]float64{}, grams: map[uint64][]float32{}, back: map[uint64][]float32{}}
	for _, e := range entries {
		name, ok := strings.CutPrefix(e.Name(), "lang_")
		if !ok {
			continue
		}
		data, err := files.ReadFile("lexicon/" + e.Name())
		if err != nil {
			panic(fmt.Sprintf("local: lexicon %s: %v", e.Name(), err))
		}
		if i := strings.IndexFunc(string(data), unicode.IsLetter); i >= 0 && script([]rune(string(data[i:]))[0]) {
			m.langs, texts = append(m.langs, strings.TrimSuffix(name, ".txt")), append(texts, string(data))
		}
	}
	m.spread = math.Log(float64(len(texts)))
	t := &langTally{n: len(texts), words: map[string][]float64{}}
	for i := range t.grams {
		t.grams[i] = map[uint64][]float64{}
	}
	for l, text := range texts {
		t.read(l, text)
	}
	m.learn(t)
	return m
}

// once is what a word counts that was read once. Counts are whole numbers, so that their sums do not depend on the order.
const once = 20

// langTally counts what the sentences of each language hold.
type langTally struct {
	n     int
	words map[string][]float64
	grams [gramLen + 1]map[uint64][]float64 // by length
}

// read counts a language's text as it is written, without accents, and with the two letters that stand for one on a
// keyboard that lacks it: customers write all three.
func (t *langTally) read(l int, text string) {
	for word := range langWords(text) {
		plain, spelt := fold(word), twoLetters.Replace(word)
		t.count(l, word, once)
		if plain != word {
			t.count(l, plain, 0.35*once)
		}
		if spelt != word && spelt != plain {
			t.count(l, spelt, 0.15*once)
		}
	}
}

var twoLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "oe", "å", "aa")

func (t *langTally) count(l int, word string, weight float64) {
	t.row(t.words, word)[l] += weight
	letters := append(append([]rune{edge}, []rune(word)...), edge)
	for i := 1; i < len(letters); i++ {
		for n := 1; n <= min(gramLen, i+1); n++ {
			g := pack(letters[i+1-n : i+1])
			row := t.grams[n][g]
			if row == nil {
				row = make([]float64, t.n)
				t.grams[n][g] = row
			}
			row[l] += weight
		}
	}
}

func (t *langTally) row(in map[string][]float64, key string) []float64 {
	row := in[key]
	if row == nil {
		row = make([]float64, t.n)
		in[key] = row
	}
	return row
}

// pack makes one number of up to four letters. Letters beyond the sixteenth bit are rare enough to share a number.
func pack(letters []rune) uint64 {
	g := uint64(0)
	for _, r := range letters {
		g = g<<16 | uint64(r)&0xffff
	}
	return g
}

// learn turns counts into probabilities, the shortest letters first, because the longer ones lean on them.
func (m *langModel) learn(t *langTally) {
	totals := make([]float64, t.n)
	for _, row := range t.words {
		for l, c := range row {
			totals[l] += c
		}
	}
	for w, row := range t.words {
		for l := range row {
			row[l] /= totals[l]
		}
		m.words[w] = row
	}
	m.floor = float32(-math.Log(2000))
	for n := 1; n <= gramLen; n++ {
		total, kinds := t.contexts(n)
		for h, all := range total {
			back := make([]float32, t.n)
			for l := range back {
				if all[l] > 0 {
					back[l] = float32(math.Log(kinds[h][l] / (all[l] + kinds[h][l])))
				}
			}
			m.back[contextKey(h, n)] = back
		}
		for g, c := range t.grams[n] {
			h := g >> 16
			shorter := m.shorter(g, n)
			row := make([]float32, t.n)
			for l := range row {
				p := math.Exp(float64(shorter[l]))
				if all := total[h][l]; all > 0 {
					p = (c[l] + kinds[h][l]*p) / (all + kinds[h][l])
				}
				row[l] = float32(math.Log(p))
			}
			m.grams[g] = row
		}
	}
}

// contexts sums, for every context of letters of length n, how often it was seen and how many letters followed it, in the
// same measure.
func (t *langTally) contexts(n int) (total, kinds map[uint64][]float64) {
	total, kinds = map[uint64][]float64{}, map[uint64][]float64{}
	for g, row := range t.grams[n] {
		h := g >> 16
		all, kind := total[h], kinds[h]
		if all == nil {
			all, kind = make([]float64, t.n), make([]float64, t.n)
			total[h], kinds[h] = all, kind
		}
		for l, c := range row {
			if c > 0 {
				all[l] += c
				kind[l] += once
			}
		}
	}
	return total, kinds
}

// contextKey keeps contexts of different lengths apart: none of them begins with nothing.
func contextKey(h uint64, n int) uint64 { return h<<16 | uint64(n) }

func (m *langModel) shorter(g uint64, n int) []float32 {
	if n > 1 {
		if row, ok := m.grams[g&(1<<(16*(n-1))-1)]; ok {
			return row
		}
	}
	row := make([]float32, len(m.langs))
	for l := range row {
		row[l] = m.floor
	}
	return row
}

// spell adds to sum the log-probability of a word's letters in every language.
func (m *langModel) spell(word string, sum []float64) {
	clear(sum)
	g, have := uint64(edge), 1
	step := func(r rune) {
		g = g<<16 | uint64(r)&0xffff
		have = min(have+1, gramLen)
		n := have
		for ; n > 0; n-- {
			key := g & (1<<(16*n) - 1)
			if n == gramLen {
				key = g
			}
			if row, ok := m.grams[key]; ok {
				for l, s := range row {
					sum[l] += float64(s)
				}
				return
			}
			for l, s := range m.back[contextKey(key>>16, n)] {
				sum[l] += float64(s)
			}
		}
		for l := range sum {
			sum[l] += float64(m.floor)
		}
	}
	for _, r := range word {
		step(r)
	}
	step(edge)
}

// leastShare stands for shares too small to hold, as of a word of hundreds of letters: where all are so small it says nothing.
const leastShare = 1e-300

// say returns in out what one word says for each language: the logarithm of its probability there over that in any
// language or in a name.
func (m *langModel) say(word string, out []float64) {
	m.spell(word, out)
	row := m.words[word]
	letters := 1
	for range word {
		letters++
	}
	sum := 0.0
	for l := range out {
		p := spelling * math.Exp(out[l])
		if row != nil {
			p += heardOf * row[l]
		}
		out[l] = p
		sum += p
	}
	mean := sum/float64(len(out)) + nameShare*math.Exp(nameSpell*float64(letters))
	for l := range out {
		out[l] = max(-maxSay, math.Log(max(out[l], leastShare)/max(mean, leastShare)))
	}
}
