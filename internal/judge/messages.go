package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// judgeMessages looks at every message that a customer reads, and at our notes.
func (t *trial) judgeMessages() {
	for _, talk := range t.talks {
		markers := map[string]int{}
		said := map[string]bool{} // since the customer last wrote
		for i := range talk.messages {
			m := &talk.messages[i]
			if m.byCustomer() {
				clear(said)
			}
			if m.Marker != "" {
				markers[m.Marker]++
			}
			again := m.Marker != "" && markers[m.Marker] > 1
			switch {
			case !m.Public && again:
				t.find(NoteTwice, talk.ref, "note %s has the marker %s of an earlier one", m.ID, m.Marker)
			case !m.toCustomer():
			case again:
				t.find(MessageTwice, talk.ref, "message %s has the marker %s of an earlier one", m.ID, m.Marker)
			case said[m.Text]:
				t.find(MessageTwice, talk.ref, "message %s says the same as an earlier one: %.60q", m.ID, m.Text)
			}
			if m.toCustomer() {
				said[m.Text] = true
				t.judgeMessage(talk, m)
			}
		}
	}
}

// judgeMessage asks who stands behind one message. An agent's without a marker was written in the helpdesk.
func (t *trial) judgeMessage(talk *conversation, m *DeskMessage) {
	if m.Marker == "" && m.Role == "agent" {
		return
	}
	known := t.byRef[talk.ref]
	if known == nil {
		t.find(MessageUnexplained, talk.ref, "message %s: the ticket is not known", m.ID)
		return
	}
	r := known.reply(m.Marker)
	switch {
	case r == nil:
		t.find(MessageUnexplained, talk.ref, "message %s: no reply has its marker %q", m.ID, m.Marker)
		return
	case r.State == "proposed" || r.State == "approved" || r.State == "withdrawn" || r.State == "failed":
		t.find(MessageUnexplained, talk.ref, "message %s: the database says that reply %s is %s", m.ID, r.ID, r.State)
	case !known.allowed(r):
		t.find(MessageUnexplained, talk.ref, "message %s: reply %s was neither approved nor decided", m.ID, r.ID)
	}
	sum := sha256.Sum256([]byte(m.Text))
	if hex.EncodeToString(sum[:]) != r.Hash {
		t.find(MessageAltered, talk.ref, "message %s: reply %s was approved with other words", m.ID, r.ID)
	}
}

// allowed reports whether a person approved a reply, or the policy decided to send it. That a person's approval has a
// press behind it is judged with the presses.
func (t *ticket) allowed(r *reply) bool {
	for i := range t.history {
		e := &t.history[i]
		switch {
		case e.kind == "approved" && e.replyID() == r.ID && e.body.By != "":
			return true
		case e.kind == "decided" && e.body.Ack != nil && e.body.Ack.ID == r.ID,
			e.kind == "decided" && e.body.Decision.Way == "auto" && e.replyID() == r.ID,
			e.kind == "warmed" && e.replyID() == r.ID:
			return true
		}
	}
	return false
}

// judgeReplies looks at what became of every reply intent.
func (t *trial) judgeReplies() {
	there := map[string]bool{}
	for _, talk := range t.talks {
		for _, m := range talk.messages {
			there[m.Marker] = true
		}
	}
	for _, known := range t.tickets {
		for i := range known.state.Replies {
			r := &known.state.Replies[i]
			switch {
			case r.State == "sent" && !there[r.ID] && !known.asked(r.ID):
				t.find(MessageMissing, known.ref, "reply %s is sent, the helpdesk has no message with its marker", r.ID)
			case r.State == "sending", r.State == "unknown":
				t.find(ReplyStuck, known.ref, "reply %s is still %s", r.ID, r.State)
			case r.State == "approved" && t.pastDue(r):
				t.find(ReplyStuck, known.ref, "reply %s was to go out at %s", r.ID, r.SendAt)
			case r.State == "proposed" && !known.state.Handoff.active():
				t.find(ReplyStuck, known.ref, "reply %s waits for approval on no card", r.ID)
			case (r.State == "withdrawn" || r.State == "failed") && r.Detail == "":
				t.find(ReplyStuck, known.ref, "reply %s is %s and nobody can tell why", r.ID, r.State)
			}
		}
	}
}

func (t *trial) pastDue(r *reply) bool {
	at, err := time.Parse(time.RFC3339Nano, r.SendAt)
	return err != nil || t.overdue(at.UnixMicro())
}

// asked reports whether a person was asked if a reply arrived: then their word counts.
func (t *ticket) asked(reply string) bool {
	for i := range t.history {
		if e := &t.history[i]; e.kind == "asked" && e.replyID() == reply {
			return true
		}
	}
	return false
}
