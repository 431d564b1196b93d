package local

import (
	"slices"
	"strings"
)

// What moodFeatures returns, by place. All are counts or shares that grow with what they name, none below 0.
const (
	feelAngry    = iota // strengths of words of anger, those that were not denied, at most maxFelt in each of these six
	feelInsult          // names that somebody is called
	feelCurse           // swearing
	feelHostile         // orders and questions that mean to hurt
	feelSarcasm         // praise that is none
	feelEmoji           // faces and gestures of anger
	feelFury            // the six together: the strongest whole, the others less and less
	feelDenied          // words of anger that were taken back: "I am not angry"
	feelWorried         // words of worry
	feelGlad            // words of gladness, without the thanks that close a message
	feelLaugh           // laughter, in words or faces
	feelCapitals        // share of words in capitals, of messages with two such words and more
	feelMarks           // exclamation marks and doubled question marks, at most 5
	feelFailure         // words by which customers say that something did not help
	feelLength          // logarithm of the number of words
	moodWidth
)

// maxFelt bounds what one kind of sign adds, maxHits how many places are kept of a message.
const (
	maxFelt = 3
	maxHits = 200
)

// moodKinds are the lexicons of anger, in the order of their features.
var moodKinds = []string{"angry", "insult", "curse", "hostile", "sarcasm"}

// moodFeatures describes how a message sounds, for a model that weighs it beside its words, and returns the places that
// speak for anger, the strongest first. It depends on the message alone; the thread's course is added elsewhere.
func moodFeatures(l *line) ([]float64, []hit) {
	f := make([]float64, moodWidth)
	hits, laughs := emoji(l)
	for _, h := range hits {
		f[feelEmoji] = min(maxFelt, f[feelEmoji]+h.strength)
	}
	langs := moodLangs(l)
	for i, name := range moodKinds {
		for _, lang := range langs {
			for _, h := range lexicons[name+lang].find(l.Text, l.tokens) {
				if denied(l, h, name) {
					f[feelDenied] = min(maxFelt, f[feelDenied]+1)
					continue
				}
				f[i] = min(maxFelt, f[i]+h.strength)
				if len(hits) < maxHits {
					hits = append(hits, h)
				}
			}
		}
	}
	hits = separate(hits)
	f[feelFury] = together(hits)
	f[feelWorried] = float64(min(maxFelt, len(lexicons["worried"].find(l.Text, l.tokens))))
	f[feelGlad] = float64(min(maxFelt, gladness(l)))
	f[feelLaugh] = float64(min(maxFelt, laughs+len(lexicons["laugh"].find(l.Text, l.tokens))))
	f[feelCapitals], f[feelMarks] = capitals(l.text), marks(l.text)
	f[feelFailure] = float64(min(maxFelt, len(lexicons["failure"].find(l.Text, l.tokens))))
	f[feelLength] = logWords(len(l.tokens))
	return f, hits
}

// moodNames are the endings of the lexicons' names; English has none.
var moodNames = []string{"", ":de", ":fr", ":es", ":pt", ":it", ":nl", ":pl", ":ja", ":zh"}

// moodLangs returns whose words of anger are looked for: those of the language that a message is in, or seems to be in,
// because "hell" and "mist" are no curses everywhere. In doubt they are all looked for. Some curses are at home anywhere.
func moodLangs(l *line) []string {
	switch g := identify(l.text); {
	case g.lang == "en":
		return []string{""}
	case g.p >= sureLang:
		return []string{":" + g.lang, ":all"}
	case g.lang != "":
		return []string{":" + g.lang, ""}
	}
	return append(slices.Clone(moodNames), ":all")
}

// separate keeps the strongest of hits that share words: "fucking idiots" is said once. The strongest come first.
func separate(hits []hit) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.strength != b.strength:
			return sign(b.strength - a.strength)
		default:
			return a.start - b.start
		}
	})
	var kept []hit
	for _, h := range hits {
		if !h.inside(kept) {
			kept = append(kept, h)
		}
	}
	return kept
}

func sign(x float64) int {
	if x < 0 {
		return -1
	}
	return 1
}

// together adds up signs, the strongest first: each further one says less than the one before.
func together(hits []hit) float64 {
	sum, share := 0.0, 1.0
	for _, h := range hits {
		sum += share * h.strength
		share *= 0.55
	}
	return sum
}

// negators take back the word of anger that follows, in the languages that put them before it.
var negators = set("not no never isnt arent wasnt werent dont doesnt didnt wont without hardly aint neither nor nobody " +
	"nicht kein keine keinen keinem keiner nie ohne weder pas jamais sans aucun aucune ni sin ningun ninguna nao sem nenhum nenhuma non senza nessun nessuna niet geen nooit zonder nie bez zaden zadna")

// restart lists words behind which a negation no longer holds: "not angry, just disappointed".
var restart = set("but just only rather more sondern nur aber eher mais juste plutot sino solo pero mas so apenas ma solo maar alleen tylko ale lecz")

// denied reports whether a word of anger was taken back. Names and curses stay what they are: "don't be an idiot".
func denied(l *line, h hit, kind string) bool {
	if kind != "angry" {
		return false
	}
	i, _ := slices.BinarySearchFunc(l.tokens, h.start, func(t token, at int) int { return t.start - at })
	if i < len(l.tokens) && l.tokens[i].cjk {
		return deniedDense(l.Text, h)
	}
	for back := 1; back <= 3 && i-back >= 0 && i < len(l.tokens); back++ {
		if l.tokens[i-back+1].first || restart[l.tokens[i-back].word] {
			return false
		}
		if w := l.tokens[i-back].word; negators[w] {
			return back <= 2 || len(l.tokens[i-1].word) <= 4
		}
	}
	return false
}

// Negations right before a word in Chinese and right behind it in Japanese, which becomes an accusation with か.
var (
	deniedBefore = []string{"不", "没", "沒", "别", "別", "不是", "不太", "没有", "沒有", "不会"}
	deniedAfter  = []string{"くない", "ではない", "じゃない", "ではありません", "じゃありません", "ていません", "いません", "いない", "ません", "はない", "はありません"}
)

func deniedDense(text string, h hit) bool {
	before, after := clipFront(text[:h.start], 9), clip(text[h.end:], 36)
	for _, s := range deniedBefore {
		if strings.HasSuffix(before, s) {
			return true
		}
	}
	for _, s := range deniedAfter {
		if rest, ok := strings.CutPrefix(after, s); ok {
			return !strings.HasPrefix(rest, "か") && !strings.HasPrefix(rest, "ですか")
		}
	}
	return false
}
