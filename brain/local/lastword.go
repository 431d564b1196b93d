package local

import "warmline/escalate"

// What makes a sentence of ours the one that says where the ticket stands.
const (
	replyLength  = 18.0 // words beyond it add nothing
	replyDecay   = 0.1  // a sentence further back
	replyBack    = 0.2  // a message further back
	courtesyLoss = 0.7  // it thanks or says sorry, and may say more
	suggestGain  = 1.3  // it proposes something
	replyWords   = 22   // of it are shown
	openLength   = 14.0 // words of what the customer wrote since, beyond which nothing is added
	openWords    = 14   // of it are shown
)

// lastReply returns the sentence in which we last said something of substance, or nil.
func lastReply(ours []said) *said {
	var best *said
	most := 0.0
	central := weigh(ours)
	back := 0.0
	for i := len(ours) - 1; i >= 0; i-- {
		s := &ours[i]
		if i+1 < len(ours) && s.line != ours[i+1].line {
			back++
		}
		score := s.advice * (1 + central[i]) / (1 + replyDecay*float64(len(ours)-1-i)) / (1 + replyBack*back)
		if score > most {
			best, most = s, score
		}
	}
	return best
}

// advises is how much a sentence of ours says by itself.
func (s *said) advises() float64 {
	score := min(float64(len(s.tokens)), replyLength)
	if s.is("suggests") {
		score *= suggestGain
	}
	if s.is("courtesy") {
		score *= courtesyLoss
	}
	if s.is("closing") {
		score *= closingLoss
	}
	return score
}

// heading says who of us it was and what they did by it.
func (t *thread) heading(s *said) string {
	who := "The agent"
	if t.lines[s.line].Role == escalate.RoleBot {
		who = "The bot"
	}
	if s.asks() {
		return who + " asks the customer: "
	}
	return who + " updated the customer: "
}

// since returns what the customer wrote after our last message that matters most: an ask, that something failed, or that all is
// well. nil when they wrote nothing but thanks.
func (t *thread) since(theirs []said) *said {
	from := len(t.lines)
	for from > 0 && t.lines[from-1].Role != escalate.RoleAgent && t.lines[from-1].Role != escalate.RoleBot {
		from--
	}
	var best *said
	most := 0.0
	for i := range theirs {
		s := &theirs[i]
		score := min(float64(len(s.tokens)), openLength)
		if s.line < from || len(s.tokens) < 3 || 3*score <= most || !s.is("solved") && (s.is("closing") || thanksOnly(s.text)) {
			continue
		}
		if s.asks() {
			score *= 2
		}
		if s.is("failure", "trouble", "solved") {
			score *= 1.5
		}
		if score > most {
			best, most = s, score
		}
	}
	return best
}
