package local

import (
	"iter"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"warmline/escalate"

	"golang.org/x/text/unicode/norm"
)

// guess is a language and how sure it is: the probability among the languages that are known here, and none of them.
type guess struct {
	lang string // ISO 639-1; "" when in doubt
	p    float64
}

// sureLang is the probability from which a language counts as identified.
const sureLang = 0.9

// maxLang bounds how much of a text is read for its language, in bytes.
const maxLang = 2000

const (
	// manyWords bounds how many words are remembered as said.
	manyWords = 60
	// commonWord is the share of a language's words from which one belongs to its frame, and frameWords how many such
	// words make one.
	commonWord = 0.0015
	frameWords = 4
	// inDoubt is what speaks for no language at all, in nats: names, codes and "ok" must not become a language.
	inDoubt = 0.8
	// unsureLang is the most that a text is worth whose words point to no language, or to two.
	unsureLang = 0.7
	// dulled is how much of what words say is believed: neighbours in a text say the same thing twice.
	dulled = 0.75
)

// identify tells the language of a cleaned text, from at most its first maxLang bytes.
func identify(text string) guess {
	text = unquote(norm.NFC.String(clip(text, maxLang)))
	if g, ok := byScript(text); ok {
		return g
	}
	return latinModel().identify(text)
}

// Language returns the language (ISO 639-1) in which a ticket's customer writes; "" when nothing tells.
func Language(tk *escalate.Ticket) string {
	t := readThread(tk)
	return identify(t.content.Subject + "\n" + t.question()).lang
}

// hearing is what the words of a text said, for each language.
type hearing struct {
	frame, rest []float64   // sums, of common words and of the others
	common      [][]float64 // what each common word said: by these mixtures are known
	known       int         // how many words any language has
}

func (m *langModel) hear(text string) hearing {
	h := hearing{frame: make([]float64, len(m.langs)), rest: make([]float64, len(m.langs))}
	var seen []string
	for w := range langWords(text) {
		if everywhere[w] || slices.Contains(seen, w) { // a word that comes again, such as a foreign one, says nothing new
			continue
		}
		if len(seen) < manyWords {
			seen = append(seen, w)
		}
		row := make([]float64, len(m.langs))
		m.say(w, row)
		to, shares := h.rest, m.words[w]
		if shares != nil {
			h.known++
			if slices.Max(shares) >= commonWord {
				to, h.common = h.frame, append(h.common, row)
			}
		}
		for l, s := range row {
			to[l] += s
		}
	}
	return h
}

// score is what speaks for a language. Words that are not common are borrowed more easily: where the common ones make a
// frame, the others count for little.
func (h *hearing) score(l int) float64 {
	if len(h.common) >= frameWords {
		return h.frame[l] + 0.4*h.rest[l]
	}
	return h.frame[l] + 0.9*h.rest[l]
}

// identify returns the language that the words speak for. The more of a text speaks for another one too, the less sure
// it is.
func (m *langModel) identify(text string) guess {
	h := m.hear(text)
	score := make([]float64, len(m.langs))
	for l := range score {
		score[l] = h.score(l)
	}
	if strings.ContainsAny(text, "¿¡") { // nobody but Spaniards begins a question so
		score[slices.Index(m.langs, "es")] += maxSay
	}
	best := 0
	for l := range score {
		if score[l] > score[best] {
			best = l
		}
	}
	sum := math.Exp(inDoubt - dulled*score[best])
	for l := range score {
		sum += math.Exp(dulled * (score[l] - score[best]))
	}
	p := 1 / sum
	if h.known == 0 || blended(h.common, best) { // names are spelt like some language
		p = min(p, unsureLang)
	}
	if p < 0.5 {
		return guess{}
	}
	return guess{m.langs[best], p}
}

// everywhere lists names and technical words that customers write alike in every language.
var everywhere = set("bluetooth wifi wi fi wlan lan usb hdmi app apps online offline internet web website email mail pdf pin sms gps led qr id ip vpn dns sim api url html csv xml " +
	"iphone ipad mac macbook android windows linux chrome firefox safari outlook excel office teams zoom alexa siri google apple microsoft samsung amazon paypal visa mastercard klarna dhl ups fedex " +
	"facebook instagram whatsapp telegram youtube tiktok twitter netflix spotify ebay tesla sony nokia huawei xiaomi dell lenovo asus acer canon epson logitech zendesk slack " +
	"pro max mini plus ultra premium basic deluxe ok okay")

// blended reports whether a good part of the common words, and three at least, speak for one other language, as when half
// of a text is pasted or translated.
func blended(said [][]float64, best int) bool {
	if len(said) <= frameWords {
		return false
	}
	for l := range said[0] {
		pro, con := 0.0, 0.0
		for _, row := range said {
			if d := row[l] - row[best]; d > 0 {
				con += min(d, maxSay)
			} else {
				pro += min(-d, maxSay)
			}
		}
		if con >= 2.8*maxSay && 3*con > pro {
			return true
		}
	}
	return false
}

// langWords yields the words of a text in small letters, parted at apostrophes too. Addresses and codes are no words.
func langWords(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for field := range strings.FieldsSeq(text) {
			if strings.ContainsAny(field, "0123456789@_") || standIn(field) || strings.Contains(field, "://") || strings.Contains(field, "www.") {
				continue
			}
			for w := range strings.FieldsFuncSeq(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
				if !yield(strings.ReplaceAll(strings.ToLower(w), dotAbove, "")) {
					return
				}
			}
		}
	}
}

// standIn reports whether a field stands for something that was taken out, such as <name> or [order].
func standIn(field string) bool {
	return strings.HasPrefix(field, "<") && strings.HasSuffix(field, ">") || strings.HasPrefix(field, "[") && strings.HasSuffix(field, "]")
}

// dotAbove is what is left of a Turkish capital İ in small letters.
const dotAbove = "\u0307"

// quoted matches words between quotation marks: what a device shows or somebody else said is not the customer's language.
var quoted = regexp.MustCompile(`"[^"\n]{2,200}"|“[^”\n]{2,200}”|„[^“”\n]{2,200}[“”]|«[^»\n]{2,200}»|「[^」\n]{2,200}」|(?:^|\s)'[^'\n]{6,200}'(?:\W|$)`)

// unquote takes quotations out where at least three words are left.
func unquote(text string) string {
	if !strings.ContainsAny(text, "\"“„«「'") {
		return text
	}
	rest := quoted.ReplaceAllString(text, " ")
	if strings.ContainsFunc(rest, isCJK) || len(slices.Collect(langWords(rest))) >= 3 {
		return rest
	}
	return text
}
