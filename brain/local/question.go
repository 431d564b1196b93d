package local

import (
	"slices"
	"strings"

	"warmline/brain/local/learn"
)

// question is what a customer asks, as the models see it.
type question struct {
	terms []termCount // for the index: stems, each once
	lang  string      // by which they were stemmed
	grams learn.Grams // for the heads: words and letters
	dense []float32   // from the encoder; nil without one
}

// Encoder turns a text into a point on a sphere: texts that mean the same lie near each other. It is safe for concurrent use and
// gives the same point for the same text.
type Encoder interface {
	// ID names the encoder; a brain that was trained with one does not take another's points.
	ID() string
	// Lang is the language that it was made for (ISO 639-1).
	Lang() string
	// Dim is how many coordinates a point has.
	Dim() int
	// Encode writes the text's point, of length 1, to to.
	Encode(text string, to []float32)
}

// ask reads a question for the models.
func (s *state) ask(subject, asked, lang string) *question {
	q := &question{
		terms: countTerms(stemsOf(subject, lang), stemsOf(asked, lang)), lang: lang, grams: gramsOf(subject, asked),
	}
	if s.encoder != nil {
		q.dense = encode(s.encoder, strings.TrimSpace(subject+"\n"+asked), lang)
	}
	return q
}

// encode leaves a text that the encoder cannot read at the origin, where it says nothing.
func encode(e Encoder, text, lang string) []float32 {
	to := make([]float32, e.Dim())
	if text != "" && lang == e.Lang() {
		e.Encode(text, to)
	}
	return to
}

// headWords are a text's words as the heads compare them: as the index does, but whole.
func headWords(text string) []string {
	if strings.ContainsRune(text, '@') {
		text = emails.ReplaceAllString(text, " qmailq ")
	}
	if strings.Contains(text, "://") || strings.Contains(text, "www.") {
		text = links.ReplaceAllString(text, " qlinkq ")
	}
	tokens := tokenize(text)
	out := make([]string, 0, len(tokens))
	for _, t := range tokens {
		w := t.word
		if !t.cjk && strings.ContainsAny(w, digits) {
			w = maskNumber(w)
		}
		out = append(out, clip(w, 40))
	}
	return out
}

// gramsOf reads a question for the heads: the subject, then what was asked.
func gramsOf(subject, asked string) learn.Grams {
	return learn.Read(slices.Concat(headWords(subject), headWords(asked)))
}
