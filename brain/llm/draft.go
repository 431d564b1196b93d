package llm

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"warmline/escalate"
	"warmline/escalate/mask"
)

// draft is a reply by the model that passed every check, with what it rests on.
type draft struct {
	text  string // unmasked
	named *passage
	cited []cited
}

type cited struct {
	passage *passage
	quote   string
}

// draft returns the first reply that may stand for the answer, or nil. A prepared text that can be sent as it stands is
// never replaced: people wrote it. The model's words are for where there is none, or where something must be filled in.
func (p *page) draft(a *escalate.Assessment, readings []*reading) *draft {
	if a.Answer != nil && a.Answer.Text != "" && len(a.Answer.Unfilled) == 0 {
		return nil
	}
	want := p.agreed(readings)
	if want == "" || a.Answer != nil && want != a.Answer.ID {
		return nil
	}
	for _, r := range readings {
		named := p.named(r)
		if named == nil || named.source.ID != want {
			continue
		}
		if d := p.grounded(r, named); d != nil {
			return d
		}
	}
	return nil
}

// named returns the passage that a reading answers from, or nil. Another customer's ticket is no answer.
func (p *page) named(r *reading) *passage {
	if s := p.find(*r.Answer); s != nil && !s.background() {
		return s
	}
	return nil
}

// agreed returns the id of the answer that more than half of the readings name, or "".
func (p *page) agreed(readings []*reading) string {
	votes := map[string]int{}
	for _, r := range readings {
		if s := p.named(r); s != nil {
			if votes[s.source.ID]++; 2*votes[s.source.ID] > len(readings) {
				return s.source.ID
			}
		}
	}
	return ""
}

// grounded checks a reply: every citation exists, one of them is in the answer, and each sentence keeps to what is cited.
func (p *page) grounded(r *reading, named *passage) *draft {
	d := &draft{named: named}
	own := false
	var sources strings.Builder
	for _, c := range r.Citations {
		if !p.holds(c) {
			return nil
		}
		s := p.find(c.Source)
		own = own || s == named
		if !s.background() {
			d.cited = append(d.cited, cited{s, c.Quote})
			sources.WriteString(s.Text + "\n")
		}
	}
	text := strings.TrimSpace(r.Draft)
	if !own || text == "" || !plain(text, sources.String()) || strings.Contains(text, "{{") || !p.addressed(text, sources.String()) {
		return nil
	}
	if len(text) > 2*len(named.Text)+400 || !supported(text, sources.String()) || !p.factsHold(text, sources.String()) {
		return nil
	}
	d.text = p.vault.Restore(text)
	return d
}

// sayable reports whether a text uses stand-ins of this ticket only, and none that hides a secret: no reply needs a card
// number, whoever asks for it.
func (p *page) sayable(text string) bool {
	kinds, made := p.vault.Uses(text)
	return made && kinds&mask.Secrets == 0 && !strings.Contains(text, "[removed]")
}

// addressed reports whether the stand-ins of a reply are the customer's name or stand in what is cited: an address that the
// ticket names is no address of ours.
func (p *page) addressed(text, sources string) bool {
	for _, s := range standsIn.FindAllString(text, -1) {
		if s != p.Customer && !strings.Contains(sources, s) {
			return false
		}
	}
	return p.sayable(text)
}

// unplain is what text may hold to act where it is shown: markup, mentions, pictures, emoji by name.
var unplain = regexp.MustCompile("<[^ \n>]*|[>`*|]|!?\\]\\([^)\n]*|@[\\p{L}\\p{N}]+|:[a-z0-9_+-]{2,40}:")

// plain reports whether a text is words and nothing else, but for what a source of the team's holds as well.
func plain(text, source string) bool {
	for _, s := range unplain.FindAllString(text, -1) {
		if !strings.Contains(source, s) {
			return false
		}
	}
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError)
	})
}

var (
	linkLike  = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:[a-z]{2,24})(?:/\S*)?`)
	digitWord = regexp.MustCompile(`[\p{L}\p{N}]*\p{N}(?:[.,:/#-]?[\p{L}\p{N}])*`)
	standsIn  = regexp.MustCompile(`\[[A-Z]+_\d+\]`)
)

// factsHold reports whether every link stands in what is cited, and every number there or in the ticket.
func (p *page) factsHold(text, sources string) bool {
	text = standsIn.ReplaceAllString(text, " ")
	for _, link := range linkLike.FindAllString(text, -1) {
		if !hasWord(sources, strings.TrimRight(link, ".,;:!?)")) {
			return false
		}
	}
	return numbersHold(text, sources+"\n"+p.thread)
}

// numbersHold reports whether every number and id of a text is one of the source's, or a part of one: 48213 of MB-48213, but
// not 5 of 1.5.
func numbersHold(text, source string) bool {
	known := map[string]bool{}
	for _, n := range digitWord.FindAllString(strings.ToLower(source), -1) {
		known[n] = true
		for part := range strings.FieldsFuncSeq(n, func(r rune) bool { return strings.ContainsRune("-/:#", r) }) {
			known[part] = true
		}
	}
	for _, n := range digitWord.FindAllString(strings.ToLower(text), -1) {
		if !known[n] {
			return false
		}
	}
	return true
}

// hasWord reports whether a text holds a word that no letter or digit goes on.
func hasWord(text, word string) bool {
	text, word = strings.ToLower(text), strings.ToLower(word)
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(before) && !unicode.IsNumber(before) && !unicode.IsLetter(after) && !unicode.IsNumber(after) {
			return true
		}
		from = end
	}
}

// minSupport is the share of a sentence's words that must stand in what is cited.
const minSupport = 0.7

// supported reports whether each sentence is made of the words of what is cited. A greeting and a thank-you are free.
func supported(text, sources string) bool {
	known := map[string]bool{}
	for _, w := range contentWords(sources) {
		known[stem(w)] = true
	}
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?\n。！？", r) }) {
		words := contentWords(standsIn.ReplaceAllString(sentence, " "))
		if courtesy[strings.Join(allWords(standsIn.ReplaceAllString(sentence, " ")), " ")] {
			continue
		}
		hits := 0
		for _, w := range words {
			if known[stem(w)] {
				hits++
			}
		}
		if float64(hits) < minSupport*float64(len(words)) {
			return false
		}
	}
	return true
}

// contentWords returns words that say something: of four letters or more, and every character of a script without blanks.
func contentWords(text string) []string {
	var out []string
	for _, w := range allWords(text) {
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai):
			for _, c := range w {
				out = append(out, string(c))
			}
		case utf8.RuneCountInString(w) >= 4:
			out = append(out, w)
		}
	}
	return out
}

func allWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// stem is a word's first six letters: enough to tell words apart, too little to tell their endings.
func stem(w string) string {
	n := 0
	for i := range w {
		if n == 6 {
			return w[:i]
		}
		n++
	}
	return w
}
