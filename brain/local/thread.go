package local

import (
	"slices"
	"strings"

	"warmline/escalate"
)

// maxMessages and maxThread (in bytes) bound how much of a thread is read: the newest messages count, the newest one always.
const (
	maxMessages = 60
	maxThread   = 32 << 10
)

// line is one public message of the thread as it is read.
type line struct {
	*escalate.Message
	text   string  // what its author wrote for this occasion
	tokens []token // of those parts, with offsets into Message.Text
	said   []said  // its sentences; says reads them
	read   bool
}

// thread is a ticket as the brain reads it.
type thread struct {
	ticket  *escalate.Ticket
	content *escalate.Content
	lines   []line
	open    int // first line after a human's last reply: what nobody has dealt with
	burst   int // first line of the customer's newest turn; len(lines) when they wrote nothing
	subject []token
}

// readThread reads the newest messages, public ones only. Acknowledgements and updates of ours answer nothing, so they
// are no part of it.
func readThread(tk *escalate.Ticket) *thread {
	c := &tk.Content
	t := &thread{ticket: tk, content: c, subject: tokenize(clip(c.Subject, 500))}
	for i := range c.Messages {
		if m := &c.Messages[i]; m.Public && strings.TrimSpace(m.Text) != "" && !isUpdate(tk, m) {
			t.lines = append(t.lines, line{Message: m})
		}
	}
	t.lines = t.lines[max(0, len(t.lines)-maxMessages):]
	size := 0
	for i, l := range slices.Backward(t.lines) {
		if size += min(len(l.Text), maxText); size > maxThread {
			t.lines = t.lines[i+1:]
			break
		}
	}
	t.burst = len(t.lines)
	newestTurn := true
	for i := len(t.lines) - 1; i >= 0; i-- {
		l := &t.lines[i]
		rs := own(l.Text)
		l.text, l.tokens = joined(l.Text, rs), tokensOf(l.Text, rs)
		switch l.Role {
		case escalate.RoleCustomer:
			if newestTurn {
				t.burst = i
			}
		case escalate.RoleAgent:
			t.open = max(t.open, i+1)
			newestTurn = false
		case escalate.RoleBot:
			newestTurn = false
		case escalate.RoleParticipant:
		}
	}
	return t
}

// isUpdate reports whether a message is ours and keeps the customer informed without answering them.
func isUpdate(tk *escalate.Ticket, m *escalate.Message) bool {
	r := tk.Reply(escalate.ReplyID(m.Marker))
	return m.Marker != "" && r != nil && !r.Purpose.Answers()
}

// customer returns the customer's own lines from a place on. Mail by a machine is not theirs.
func (t *thread) customer(from int) []*line {
	var out []*line
	for i := from; i < len(t.lines); i++ {
		if l := &t.lines[i]; l.Role == escalate.RoleCustomer && !l.Auto {
			out = append(out, l)
		}
	}
	return out
}

// question is what the customer wants to know now: their newest turn, and the one before when it says little.
func (t *thread) question() string {
	var parts []string
	words := 0
	for i := len(t.lines) - 1; i >= 0 && (i >= t.burst || words < 5); i-- {
		if l := &t.lines[i]; l.Role == escalate.RoleCustomer && !l.Auto {
			parts = append(parts, l.text)
			words += len(l.tokens)
		}
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "\n")
}

// newest returns the id of the newest message that was read, internal notes included.
func (t *thread) newest() escalate.MessageID {
	if n := len(t.content.Messages); n > 0 {
		return t.content.Messages[n-1].ID
	}
	return ""
}
