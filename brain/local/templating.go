package local

import (
	"regexp"
	"slices"
	"strings"

	"warmline/brain/group"
)

// maxAligned bounds how many words of a reply are compared with those of others. What lies beyond is not compared, and so
// does not stay.
const maxAligned = 500

// Shares of words: of a reply that another must have in order to say the same at all, and of a sentence that others must have
// for it to be said to everybody.
const (
	sameReply    = 0.5
	sameSentence = 0.5
)

// templateWord is a word of a template in the making.
type templateWord struct {
	token
	fixed bool // stays whatever others say: part of a placeholder, a greeting, a closing, or a list's number
	blank bool // part of a placeholder
	said  bool // stays because others were told it
	votes int  // of the replies that have it at the same place
}

// align keeps what others were told too. Words that differ between replies become placeholders. A sentence that hardly anybody
// else was told goes, unless others were told something else in its place: then it is a blank that each reply fills.
func (w *witnesses) align(text string) string {
	t := templating{text: text, words: templateWords(text)}
	for _, r := range w.replies {
		t.hear(r)
	}
	if len(t.voters) == 0 {
		return text
	}
	t.part(w.prepared)
	return t.write()
}

func templateWords(text string) []templateWord {
	blanks := placeholder.FindAllStringIndex(text, -1)
	kept := append(listMark.FindAllStringIndex(text, -1), frame(text)...)
	tokens := tokenize(text)
	out := make([]templateWord, len(tokens))
	for i, t := range tokens {
		at := []int{t.start, t.end}
		blank := overlaps(blanks, at)
		out[i] = templateWord{token: t, fixed: blank || overlaps(kept, at), blank: blank}
	}
	return out
}

// frame returns the greeting's own words at the start and the closing line at the end: everybody writes their own. Whom
// it greets is not among them.
func frame(text string) [][]int {
	var out [][]int
	if m := greeting.FindStringSubmatchIndex(clip(text, 200)); m != nil {
		out = append(out, m[2:4])
	}
	trimmed := strings.TrimRight(text, " \n\r\t")
	if i := strings.LastIndexByte(trimmed, '\n') + 1; i > 0 {
		if m := closing(trimmed[i:]); m != nil {
			out = append(out, []int{i + m[0], i + m[1]})
		}
	}
	return out
}

// templating is a reply that is becoming a template.
type templating struct {
	text   string
	words  []templateWord
	voters []alignment // of the replies that say the same

	sentences []templateSentence
}

// hear counts the words that another reply has in the same order, if it says the same at all.
func (t *templating) hear(reply string) {
	own := t.words[:min(len(t.words), maxAligned)]
	other := tokenize(reply)
	other = other[:min(len(other), maxAligned)]
	at := inOrder(own, other)
	free, shared := 0, 0
	for i := range own {
		if !own[i].fixed {
			free++
			if at[i] >= 0 {
				shared++
			}
		}
	}
	if float64(shared) < sameReply*float64(free) {
		return
	}
	for i := range own {
		if at[i] >= 0 {
			own[i].votes++
		}
	}
	t.voters = append(t.voters, alignment{at, len(other)})
}

// part settles which words stay, and parts them into sentences.
func (t *templating) part(prepared string) {
	for i := range t.words {
		k := &t.words[i]
		said := i < maxAligned && 2*k.votes >= len(t.voters) || containsWhole(prepared, t.text[k.start:k.end])
		if i == 0 || k.first {
			t.sentences = append(t.sentences, templateSentence{from: i})
		}
		s := &t.sentences[len(t.sentences)-1]
		s.to = i + 1
		switch {
		case k.blank:
			s.blank = true
			s.stays++
		case k.fixed:
			s.stays++
		case said:
			k.fixed, k.said = true, true
			s.stays++
			s.shared++
		}
	}
}

// templateSentence is a sentence, by its words.
type templateSentence struct {
	from, to int
	stays    int  // words
	shared   int  // of them those that stay because others were told them
	blank    bool // it holds a placeholder
}

// alone reports whether hardly anybody else was told the sentence.
func (s *templateSentence) alone() bool { return float64(s.stays) < sameSentence*float64(s.to-s.from) }

// goes reports whether a sentence is left out: a courtesy that is not everybody's, or what others were not told. Before the
// first sentence that is everybody's, and after the last, people greet and close as they like; between them, what others say
// in its place makes it a blank.
func (t *templating) goes(n int, sentence string) bool {
	s := &t.sentences[n]
	if s.stays == s.to-s.from {
		return false
	}
	if group.Courtesy(strings.TrimSpace(sentence)) {
		return true
	}
	everybodys := func(o templateSentence) bool { return !o.alone() && o.shared > 0 }
	outer := !slices.ContainsFunc(t.sentences[:n], everybodys) || !slices.ContainsFunc(t.sentences[n+1:], everybodys)
	return s.alone() && (outer && !s.blank || !t.filled(s.from, s.to))
}

// filled reports whether most of the others say something between the same words before and after a sentence.
func (t *templating) filled(from, to int) bool {
	n := 0
	for _, v := range t.voters {
		before, after := -1, v.words
		for i := min(from, len(v.at)) - 1; i >= 0; i-- {
			if v.at[i] >= 0 {
				before = v.at[i]
				break
			}
		}
		for i := to; i < len(v.at); i++ {
			if v.at[i] >= 0 {
				after = v.at[i]
				break
			}
		}
		if after-before > 1 {
			n++
		}
	}
	return 2*n >= len(t.voters)
}

// write copies the text, sentence by sentence.
func (t *templating) write() string {
	var b strings.Builder
	at := 0
	for n, s := range t.sentences {
		next := len(t.text)
		if n+1 < len(t.sentences) {
			next = t.words[t.sentences[n+1].from].start
		}
		start := t.words[s.from].start
		if sentence := t.text[start:next]; t.goes(n, sentence) {
			b.WriteString(t.text[at:start] + lineEnds(sentence))
			at = next
		} else {
			at = t.writeSentence(&b, at, t.words[s.from:s.to], s.alone())
		}
	}
	return blankLines.ReplaceAllString(b.String()+t.text[at:], "\n\n")
}

// lineEnds returns what a sentence ends with from its first line end on: the next paragraph stays one.
func lineEnds(sentence string) string {
	behind := sentence[len(strings.TrimRight(sentence, " \n\r\t")):]
	if i := strings.IndexByte(behind, '\n'); i >= 0 {
		return behind[i:]
	}
	return ""
}

var blankLines = regexp.MustCompile(`\n\s*\n\s*\n+`)

// writeSentence puts one placeholder for each run of words that do not stay, and returns how far it has come. In a sentence that
// is a blank as a whole, words that others have by chance do not stay.
func (t *templating) writeSentence(b *strings.Builder, at int, words []templateWord, alone bool) int {
	stays := func(k *templateWord) bool { return k.blank || k.fixed && (!alone || !k.said) }
	for i := 0; i < len(words); i++ {
		if stays(&words[i]) {
			continue
		}
		run := i
		for i+1 < len(words) && !stays(&words[i+1]) && !strings.Contains(t.text[words[i].end:words[i+1].start], "{{") {
			i++
		}
		b.WriteString(t.text[at:words[run].start] + "{{detail}}")
		at = words[i].end
	}
	return at
}
