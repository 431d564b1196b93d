package local

import (
	"strings"

	"warmline/escalate"
)

// maxSaid bounds how much of one message is weighed for the summary, in bytes.
const maxSaid = 4000

// said is one sentence of the thread as the summary weighs it.
type said struct {
	text   string // as it is read: without what says nothing
	tokens []token
	line   int     // of the thread
	at     int     // its place in the message
	item   bool    // it was an item of a list
	more   bool    // it was said to be something else: "also", "another question"
	advice float64 // how much it says, where it is ours
}

// says returns the sentences of one side: the customer's, or else ours. Who is only copied in takes no side.
func (t *thread) says(customer bool) []said {
	var out []said
	for i := range t.lines {
		if l := &t.lines[i]; !l.Auto && l.Role != escalate.RoleParticipant && (l.Role == escalate.RoleCustomer) == customer {
			out = append(out, l.says(i)...)
		}
	}
	return out
}

// says returns the sentences of one message, which is the thread's i-th. They are read once.
func (l *line) says(i int) []said {
	if !l.read {
		l.said, l.read = l.parts(i), true
	}
	return l.said
}

func (l *line) parts(i int) []said {
	var out []said
	for _, s := range sentences(plain(hide(clip(l.text, maxSaid)), l.Role != escalate.RoleCustomer)) {
		whole := trimBack(trimFront(s))
		s = strings.Join(strings.Fields(trimOpeners(whole)), " ")
		if s == "" {
			continue
		}
		one := said{text: begin(s), line: i, at: len(out), item: listHead.MatchString(whole)}
		one.tokens = tokenize(one.text)
		if l.Role == escalate.RoleCustomer {
			one.more = one.is("another") || beginsAnew(whole)
		} else {
			one.advice = one.advises()
		}
		out = append(out, one)
	}
	return out
}

// beginsAnew reports whether what a sentence opens with says that something else follows.
func beginsAnew(sentence string) bool {
	lead := sentence[:len(sentence)-len(trimOpeners(sentence))]
	return lead != "" && len(lexicons["another"].find(lead, tokenize(lead))) > 0
}

// is reports whether any of the lexicons finds something in the sentence.
func (s *said) is(names ...string) bool {
	for _, name := range names {
		if len(lexicons[name].find(s.text, s.tokens)) > 0 {
			return true
		}
	}
	return false
}

// words counts the words that are no numbers.
func (s *said) words() int {
	n := 0
	for _, t := range s.tokens {
		if c := t.word[0]; c < '0' || c > '9' {
			n++
		}
	}
	return n
}

// asks reports whether the sentence is a question or a request.
func (s *said) asks() bool {
	return isQuestion(s.text) || s.is("requests")
}

// weigh returns for every sentence how much of it the others say as well, 0..1: what a thread keeps coming back to is what it is
// about.
func weigh(all []said) []float64 {
	in := map[string]int{}
	words := make([][]string, len(all))
	for i := range all {
		words[i] = all[i].content()
		for _, w := range words[i] {
			in[w]++
		}
	}
	out := make([]float64, len(all))
	for i := range all {
		shared := 0
		for _, w := range words[i] {
			shared += in[w] - 1
		}
		if shared > 0 {
			out[i] = float64(shared) / float64(len(words[i])*len(all))
		}
	}
	return out
}

// content returns the words of a sentence that are more than grammar, each once.
func (s *said) content() []string {
	out := make([]string, 0, len(s.tokens))
	has := make(map[string]bool, len(s.tokens))
	for _, t := range s.tokens {
		if (len(t.word) > 3 || t.cjk) && !has[t.word] {
			has[t.word] = true
			out = append(out, t.word)
		}
	}
	return out
}
