package local

import "warmline/escalate"

// automatic reports whether the newest public message was written by a machine.
func (t *thread) automatic() bool {
	if len(t.lines) == 0 {
		return false
	}
	l := &t.lines[len(t.lines)-1]
	if l.Auto {
		return true
	}
	if l.Role != escalate.RoleCustomer {
		return false
	}
	head := l.tokens[:min(len(l.tokens), 60)]
	subject := len(t.lines) == 1 && len(lexicons["automatic"].find(t.content.Subject, t.subject)) > 0
	return subject || len(lexicons["automatic"].find(l.Text, head)) > 0
}

// thanks reports whether the customer's newest turn holds nothing but a thank-you.
func (t *thread) thanks() bool {
	lines := t.customer(t.burst)
	for _, l := range lines {
		if !thanksOnly(l.text) {
			return false
		}
	}
	return len(lines) > 0
}

// thanksOnly reports whether a text thanks and says nothing else. A question mark asks for something.
func thanksOnly(text string) bool {
	tokens := tokenize(text)
	if len(tokens) == 0 || len(tokens) > 25 {
		return false
	}
	for _, r := range text {
		if r == '?' || r == '？' {
			return false
		}
	}
	thanks, fill := lexicons["thanks"].find(text, tokens), lexicons["thanksfill"].find(text, tokens)
	for _, k := range tokens {
		if !within(k, thanks) && !within(k, fill) {
			return false
		}
	}
	return len(thanks) > 0
}

func within(k token, hits []hit) bool {
	for _, h := range hits {
		if h.start <= k.start && k.end <= h.end {
			return true
		}
	}
	return false
}
