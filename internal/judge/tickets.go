package judge

import "slices"

// judgeTickets looks for tickets that fell between two stools.
func (t *trial) judgeTickets() {
	for _, talk := range t.talks {
		known := t.byRef[talk.ref]
		if known == nil {
			t.find(TicketUnknown, talk.ref, "the helpdesk has it, with %d messages", len(talk.messages))
			continue
		}
		if newest := talk.newestOf(); known.state.Conversation.Customer != newest {
			t.find(TicketStale, talk.ref, "the customer's newest message is %s, the newest that was read %q",
				newest, known.state.Conversation.Customer)
		}
		if why := lost(talk, known); why != "" {
			t.find(TicketLost, talk.ref, "%s", why)
		}
	}
	for _, known := range t.tickets {
		t.judgeHistory(known)
	}
}

// lost says why nobody has a ticket; "" when it has an outcome: it ended, a hand-off waits for a person, it was left in
// the helpdesk on purpose, or the customer was answered, be it by a colleague in the helpdesk.
func lost(talk *conversation, known *ticket) string {
	s := &known.state
	switch {
	case talk.ended(), s.Handoff.active(), s.Decision != nil && s.Decision.Leave != "" && s.Decision.Newest == talk.newestOf():
		return ""
	}
	if i := slices.IndexFunc(s.Replies, func(r reply) bool { return r.State == "ask" }); i >= 0 {
		return "a person must say whether reply " + s.Replies[i].ID + " arrived, and no card asks"
	}
	for i := len(talk.messages) - 1; i >= 0; i-- {
		m := &talk.messages[i]
		switch {
		case m.toCustomer() && !known.informs(m.Marker):
			return ""
		case m.byCustomer() && s.Decision == nil:
			return "no decision was ever taken about the customer's message " + m.ID
		case m.byCustomer():
			return "the customer's message " + m.ID + " has no answer and no hand-off"
		}
	}
	return "it has no customer message"
}

// informs reports whether a marker belongs to a message that only keeps the customer informed.
func (t *ticket) informs(marker string) bool {
	r := t.reply(marker)
	return r != nil && (r.Purpose == "ack" || r.Purpose == "keep_warm" || r.Purpose == "hold")
}

// judgeHistory holds the history to be whole: one event for every version.
func (t *trial) judgeHistory(known *ticket) {
	for i, e := range known.history {
		if e.seq != int64(i)+1 {
			t.find(HistoryTorn, known.ref, "event %d is followed by %d", i, e.seq)
			return
		}
	}
	if n := int64(len(known.history)); n != known.version {
		t.find(HistoryTorn, known.ref, "it has %d events and version %d", n, known.version)
	}
}

// judgeHandoffs follows each hand-off through the history: one at a time, one owner at a time.
func (t *trial) judgeHandoffs() {
	for _, known := range t.tickets {
		open := 0
		for _, h := range known.state.Past {
			if h.active() {
				open++
			}
		}
		if known.state.Handoff.active() {
			open++
		}
		if open > 1 {
			t.find(HandoffTwice, known.ref, "%d hand-offs are open", open)
		}
		t.judgeOwner(known)
	}
}

func (t *trial) judgeOwner(known *ticket) {
	owner := ""
	for _, e := range known.history {
		switch {
		case e.kind == "decided" && e.body.Handoff != "", e.kind == "released", e.kind == "raised":
			owner = ""
		case e.kind == "reassigned":
			owner = e.body.To
		case e.kind == "claimed" && owner != "":
			t.find(OwnerTwice, known.ref, "event %d: %s claimed it from %s", e.seq, e.body.By, owner)
			fallthrough
		case e.kind == "claimed":
			owner = e.body.By
		}
	}
	if h := known.state.Handoff; h != nil && (h.Owner != owner || known.owner != owner || known.standing != h.State) {
		t.find(OwnerUntrue, known.ref, "the history ends with owner %q, the state has %q, the row %q; the row is %s, the state %s",
			owner, h.Owner, known.owner, known.standing, h.State)
	}
}
