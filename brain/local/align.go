package local

import (
	"regexp"
	"strings"
)

// maxAligned bounds how many words of a reply are compared with those of others. What lies beyond is not compared, and so
// does not stay.
const maxAligned = 500

// Shares of words, in halves of a whole: of a reply that another must have in order to say the same at all, and of a
// sentence that others must have for it to be said to everybody.
const (
	sameReply    = 0.5
	sameSentence = 0.5
)

// templateWord is a word of a template in the making.
type templateWord struct {
	token
	fixed bool // stays whatever others say: part of a placeholder, a greeting, a closing, or a list's number
	votes int  // of the replies that have it at the same place
}

// align keeps what others were told too. Words that differ between replies become placeholders; sentences that hardly anybody
// else was told go.
func (w *witnesses) align(text string) string {
	words := templateWords(text)
	voters := 0
	for _, r := range w.replies {
		if testify(words, r) {
			voters++
		}
	}
	if voters == 0 {
		return text
	}
	for i := range words {
		words[i].fixed = words[i].fixed || i < maxAligned && 2*words[i].votes >= voters ||
			containsWhole(w.prepared, text[words[i].start:words[i].end])
	}
	return writeTemplate(text, words)
}

func templateWords(text string) []templateWord {
	kept := placeholder.FindAllStringIndex(text, -1)
	kept = append(kept, listMark.FindAllStringIndex(text, -1)...)
	kept = append(kept, salutation(text)...)
	tokens := tokenize(text)
	out := make([]templateWord, len(tokens))
	for i, t := range tokens {
		out[i] = templateWord{token: t, fixed: overlaps(kept, []int{t.start, t.end})}
	}
	return out
}

var helloLine = regexp.MustCompile(`^\s*[^\n]*\{\{customer_name\}\}[ ,!:.]*(\n|$)`)

// salutation returns the greeting at the start and the closing line at the end: everybody writes their own.
func salutation(text string) [][]int {
	var out [][]int
	if m := helloLine.FindStringIndex(text); m != nil {
		out = append(out, m)
	} else if m := greeting.FindStringIndex(clip(text, 200)); m != nil {
		out = append(out, m)
	}
	trimmed := strings.TrimRight(text, " \n\r\t")
	if i := strings.LastIndexByte(trimmed, '\n') + 1; i > 0 && signOff.MatchString(trimmed[i:]) {
		out = append(out, []int{i, len(trimmed)})
	}
	return out
}

// testify counts the words that a reply has in the same order, and reports whether it says the same at all.
func testify(words []templateWord, reply string) bool {
	own := words[:min(len(words), maxAligned)]
	other := tokenize(reply)
	other = other[:min(len(other), maxAligned)]
	matched := inOrder(own, other)
	free, shared := 0, 0
	for i := range own {
		if own[i].fixed {
			continue
		}
		free++
		if matched[i] {
			shared++
		}
	}
	if float64(shared) < sameReply*float64(free) {
		return false
	}
	for i, m := range matched {
		if m {
			own[i].votes++
		}
	}
	return true
}

// inOrder marks the words of a that lie in a longest common subsequence of both.
func inOrder(a []templateWord, b []token) []bool {
	width := len(b) + 1
	length := make([]uint16, (len(a)+1)*width) // of the best from i and j on; at most maxAligned
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].word == b[j].word {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	out := make([]bool, len(a))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].word == b[j].word:
			out[i] = true
			i++
			j++
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// writeTemplate copies the text with what does not stay left out, sentence by sentence.
func writeTemplate(text string, words []templateWord) string {
	var b strings.Builder
	at := 0
	for start := 0; start < len(words); {
		end := start + 1
		for end < len(words) && !words[end].first {
			end++
		}
		stays := 0
		for _, w := range words[start:end] {
			if w.fixed {
				stays++
			}
		}
		next := len(text)
		if end < len(words) {
			next = words[end].start
		}
		if float64(stays) < sameSentence*float64(end-start) {
			b.WriteString(text[at:words[start].start])
			at = next
			if strings.HasSuffix(strings.TrimRight(text[words[start].start:next], " "), "\n") {
				b.WriteByte('\n')
			}
		} else {
			at = writeSentence(&b, text, at, words[start:end])
		}
		start = end
	}
	return blankLines.ReplaceAllString(b.String()+text[at:], "\n\n")
}

var blankLines = regexp.MustCompile(`\n\s*\n\s*\n+`)

// writeSentence puts one placeholder for each run of words that do not stay, and returns how far it has come.
func writeSentence(b *strings.Builder, text string, at int, words []templateWord) int {
	for i := 0; i < len(words); i++ {
		if words[i].fixed {
			continue
		}
		run := i
		for i+1 < len(words) && !words[i+1].fixed && !strings.Contains(text[words[i].end:words[i+1].start], "{{") {
			i++
		}
		b.WriteString(text[at:words[run].start] + "{{detail}}")
		at = words[i].end
	}
	return at
}
