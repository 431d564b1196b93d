package local

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// guess is a language and how sure it is: the probability among the languages that are known here.
type guess struct {
	lang string // ISO 639-1; "" when nothing spoke for any
	p    float64
}

// sureLang is the probability from which a language counts as identified.
const sureLang = 0.9

// profile is what is known of the languages in Latin script.
type profile struct {
	langs []string
	words map[string][]float64 // log-odds of a word, by language
	grams map[string][]float32 // log-odds of three letters
	floor []float32            // those of letters that no list has
}

var profiles = readProfile()

func readProfile() *profile {
	data, err := files.ReadFile("lexicon/lang.txt")
	if err != nil {
		panic("local: lexicon lang: " + err.Error()) // embedded: a test would have met it
	}
	p := &profile{words: map[string][]float64{}, grams: map[string][]float32{}}
	lists := [][]string{}
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		if len(f) > 0 && f[0] != "#" {
			p.langs, lists = append(p.langs, f[0]), append(lists, f[1:])
		}
	}
	p.learnWords(lists)
	p.learnGrams(lists)
	return p
}

// learnWords gives a word that few languages share more weight than one that many do.
func (p *profile) learnWords(lists [][]string) {
	in := map[string][]bool{}
	for l, words := range lists {
		for _, w := range words {
			w = lowerWord(w)
			if in[w] == nil {
				in[w] = make([]bool, len(lists))
			}
			in[w][l] = true
		}
	}
	for w, has := range in {
		n := 0
		for _, h := range has {
			if h {
				n++
			}
		}
		row := make([]float64, len(lists))
		for l, h := range has {
			if h {
				row[l] = 2.2 + math.Log(float64(len(lists))/float64(n))
			}
		}
		p.words[w] = row
	}
}

func (p *profile) learnGrams(lists [][]string) {
	counts := map[string][]float64{}
	totals := make([]float64, len(lists))
	for l, words := range lists {
		for _, w := range words {
			for _, g := range trigrams(lowerWord(w)) {
				if counts[g] == nil {
					counts[g] = make([]float64, len(lists))
				}
				counts[g][l]++
				totals[l]++
			}
		}
	}
	const unseen = 0.3
	p.floor = make([]float32, len(lists))
	for l := range lists {
		p.floor[l] = float32(math.Log(unseen / totals[l]))
	}
	for g, c := range counts {
		row := make([]float32, len(lists))
		for l := range lists {
			row[l] = float32(math.Log((c[l] + unseen) / totals[l]))
		}
		p.grams[g] = row
	}
}

// lowerWord keeps accents, which tell languages apart, and drops apostrophes.
func lowerWord(w string) string {
	return strings.NewReplacer("'", "", "’", "").Replace(strings.ToLower(w))
}

func trigrams(word string) []string {
	r := []rune(" " + word + " ")
	out := make([]string, 0, len(r))
	for i := 0; i+3 <= len(r); i++ {
		out = append(out, string(r[i:i+3]))
	}
	return out
}

// scripts lists the writings that name a language by themselves. Han is looked at last: Japanese uses it too.
var scripts = []struct {
	table *unicode.RangeTable
	lang  string
}{
	{unicode.Hangul, "ko"},
	{unicode.Cyrillic, "ru"},
	{unicode.Arabic, "ar"},
	{unicode.Hebrew, "he"},
	{unicode.Greek, "el"},
	{unicode.Thai, "th"},
	{unicode.Devanagari, "hi"},
	{unicode.Georgian, "ka"},
	{unicode.Armenian, "hy"},
	{unicode.Bengali, "bn"},
	{unicode.Tamil, "ta"},
}

// identify tells the language of a cleaned text, from at most its first two thousand bytes.
func identify(text string) guess {
	text = clip(text, 2000)
	if g, ok := byScript(text); ok {
		return g
	}
	return profiles.identify(text)
}

func byScript(text string) (guess, bool) {
	var kana, han, latinLetters, all int
	counts := make([]int, len(scripts))
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		all++
		switch {
		case r < 0x250:
			latinLetters++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Han, r):
			han++
		default:
			for i, s := range scripts {
				if unicode.Is(s.table, r) {
					counts[i]++
					break
				}
			}
		}
	}
	best := slices.Index(counts, slices.Max(counts))
	switch dense := han + kana; {
	case all == 0:
		return guess{}, true
	case counts[best] > dense && 3*counts[best] >= latinLetters:
		return guess{slavic(scripts[best].lang, text), min(1, 0.8+0.1*float64(counts[best]))}, true
	case dense == 0 || 4*dense < latinLetters:
		return guess{}, false
	case 10*kana >= han: // Japanese is never without kana for long
		return guess{"ja", min(1, 0.8+0.1*float64(dense))}, true
	default:
		return guess{"zh", min(1, 0.8+0.1*float64(dense))}, true
	}
}

// slavic tells Ukrainian and Belarusian from Russian by letters that Russian has not.
func slavic(lang, text string) string {
	if lang == "ru" && strings.ContainsAny(text, "іїєґІЇЄҐ") {
		return "uk"
	}
	return lang
}

// identify sums what words and letters say. Letters that no list has pull towards no language at all.
func (p *profile) identify(text string) guess {
	score := make([]float64, len(p.langs))
	known, grams := 0, 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), notInWord) {
		w = lowerWord(w)
		if strings.ContainsFunc(w, unicode.IsDigit) {
			continue
		}
		if row, ok := p.words[w]; ok {
			known++
			for l, s := range row {
				score[l] += s
			}
		}
		for _, g := range trigrams(w) {
			grams++
			row := p.grams[g]
			if row == nil {
				row = p.floor
			}
			for l, s := range row {
				score[l] += 0.25 * float64(s)
			}
		}
	}
	if grams == 0 {
		return guess{}
	}
	return softmax(p.langs, score, known)
}

func softmax(langs []string, score []float64, known int) guess {
	best, sum := 0, 0.0
	for l := range score {
		if score[l] > score[best] {
			best = l
		}
	}
	for l := range score {
		sum += math.Exp(score[l] - score[best])
	}
	p := 1 / sum
	if known == 0 { // names and product words look like any language
		p *= 0.6
	}
	if p < 0.5 {
		return guess{}
	}
	return guess{langs[best], p}
}

func notInWord(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
}
