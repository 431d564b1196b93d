package local

import "strings"

// wordsIn counts words as people read them: in scripts without blanks two characters are one.
func wordsIn(text string) int {
	n := 0
	for f := range strings.FieldsSeq(text) {
		n += max(1, (denseIn(f)+1)/2)
	}
	return n
}

func denseIn(s string) int {
	n := 0
	for _, r := range s {
		if isCJK(r) {
			n++
		}
	}
	return n
}

// cutWords returns at most n words of a text, with an ellipsis when there were more.
func cutWords(text string, n int) string {
	for i := 0; i < len(text); {
		end := i + len(text[i:])
		if j := strings.IndexAny(text[i:], " \n"); j >= 0 {
			end = i + j + 1
		}
		left := n
		if n -= wordsIn(text[i:end]); n < 0 {
			head := text[:i]
			if dense := denseIn(text[i:end]); dense > 0 {
				head += firstDense(text[i:end], 2*left)
			}
			return undangle(head) + "…"
		}
		i = end
	}
	return text
}

// firstDense returns a text up to so many characters of a script without blanks.
func firstDense(text string, n int) string {
	for i, r := range text {
		if isCJK(r) {
			if n--; n < 0 {
				return text[:i]
			}
		}
	}
	return text
}

// undangle takes off the end of a text that was cut what leads on to nothing: marks, and at most two words such as "for the".
func undangle(text string) string {
	const marks = " ,;:.–-(，、；：（"
	text = strings.TrimRight(text, marks)
	for range 2 {
		i := strings.LastIndexByte(text, ' ')
		if i < 0 || !dangling[fold(text[i+1:])] {
			break
		}
		text = strings.TrimRight(text[:i], marks)
	}
	return text
}

// dangling are words that lead on to the next.
var dangling = folded("a an the to for and or of in on with at by from but so that which is are was were my your our their this as if when than because i it we " +
	"der die das den dem des ein eine einen einem und oder mit von zu für auf an bei ist sind dass ich wir mein meine weil " +
	"le la les un une de du des et ou à au aux pour avec dans sur que qui je mon ma " +
	"el los las una del y o para con en se mi " +
	"os um uma do da dos das e ou com em no na eu meu minha " +
	"il lo i gli di della per con che mio mia " +
	"de het een en of van voor met op dat ik mijn " +
	"i lub z w na do że nie")
