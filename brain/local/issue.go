package local

import (
	"regexp"
	"strings"
)

// What makes a sentence of the customer's the one that says what is wrong. The factors were found on threads that people had
// summarised; none of them is sharp.
const (
	issueLength   = 15.0 // words beyond it add nothing
	issueDecay    = 0.12 // a sentence further on in its message
	turnDecay     = 0.5  // a message further on in the thread
	troubledGain  = 1.5  // it says that something is wrong
	subjectGain   = 1.5  // it takes the subject's words up, all of them
	feelsLoss     = 0.6  // it says how the customer feels
	elsewhereLoss = 0.7  // it says what was done or gives a number
	askLoss       = 0.4  // it is the ask, which has a line of its own
	closingLoss   = 0.25 // it greets, thanks or closes
)

// issue is what the ticket is about.
type issue struct {
	head, text string
}

// issue is the subject and the sentence of the customer's that says most, but not the ask where that has a line of its own. A subject
// that the sentence repeats is left out.
func (t *thread) issue(theirs []said, ask, lang string) issue {
	subject := t.title(120)
	s := t.problem(theirs, ask)
	if s == nil {
		return issue{"The customer says: ", subject}
	}
	out := issue{s.stance(), s.text}
	switch {
	case subject == "" || repeats(s.text, subject, lang):
	case s.text == ask && repeats(subject, s.text, lang):
		out.text = subject
	case strings.ContainsAny(subject[len(subject)-1:], ".?!:") || strings.HasSuffix(subject, "…") || strings.HasSuffix(subject, "？"):
		out.text = subject + " " + s.text
	default:
		out.text = subject + ". " + s.text
	}
	return out
}

// subjectMarks matches what mail programs put before the subject of a mail that is answered or passed on.
var subjectMarks = regexp.MustCompile(`(?i)^\s*((re|fwd?|aw|wg|antw|tr|rif|rv|enc|res|odp|pd|doorst|sv|vs|回复|回覆|答复|转发|轉寄|返信|転送)(\[\d+\])?\s?[:：]\s*)+`)

// title is the subject in at most n characters.
func (t *thread) title(n int) string {
	subject := strings.ToValidUTF8(t.content.Subject, "")
	return begin(shorten(hide(subject[len(subjectMarks.FindString(clip(subject, 100))):]), n))
}

// stance is the heading that is true of what the customer says.
func (s *said) stance() string {
	switch {
	case s.is("failure", "angry"), s.is("trouble") && !s.is("wonders"):
		return "The customer is complaining: "
	case s.asks():
		return "The customer is asking: "
	}
	return "The customer says: "
}

// problem returns the sentence that says most, or nil.
func (t *thread) problem(theirs []said, ask string) *said {
	var best *said
	most := 0.0
	central := weigh(theirs)
	turn := 0.0
	for i := range theirs {
		s := &theirs[i]
		if i > 0 && s.line != theirs[i-1].line {
			turn++
		}
		score := min(float64(s.words()), issueLength) * (1 + central[i]) * (1 + (subjectGain-1)*t.titled(s)) /
			(1 + issueDecay*float64(s.at)) / (1 + turnDecay*turn)
		if score*troubledGain <= most { // whatever it says, another says more
			continue
		}
		if score *= s.telling(ask); score > most {
			best, most = s, score
		}
	}
	return best
}

// telling is the part of a sentence's score that depends on what it says.
func (s *said) telling(ask string) float64 {
	score := 1.0
	switch {
	case s.is("again", "human_request", "angry"):
		score *= feelsLoss
	case s.is("tried", "serialword"):
		score *= elsewhereLoss
		fallthrough
	default:
		if s.is("trouble") {
			score *= troubledGain
		}
	}
	if s.is("closing") {
		score *= closingLoss
	}
	if ask != "" && strings.Contains(ask, s.text) {
		score *= askLoss
	}
	return score
}

// titled is how much of the subject the sentence says, 0..1.
func (t *thread) titled(s *said) float64 {
	n, shared := 0, 0
	for _, w := range t.subject {
		if len(w.word) < 3 && !w.cjk {
			continue
		}
		n++
		for _, k := range s.tokens {
			if k.word == w.word {
				shared++
				break
			}
		}
	}
	if n == 0 {
		return 0
	}
	return float64(shared) / float64(n)
}

// repeats reports whether a text holds most of what another says.
func repeats(text, of, lang string) bool {
	has := map[string]bool{}
	for _, term := range stemsOf(text, lang) {
		has[term] = true
	}
	n, shared := 0, 0
	for _, term := range stemsOf(of, lang) {
		n++
		if has[term] {
			shared++
		}
	}
	return n > 0 && 3*shared >= 2*n
}
