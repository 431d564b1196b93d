package freshdesk

import (
	"cmp"

	"warmline/escalate"
)

// Freshdesk's numbers for what a ticket is (https://developers.freshdesk.com/api/#ticket_attributes). An account may add statuses of
// its own from 6 on; the first two are there in a new account.
const (
	statusOpen       number = 2
	statusPending    number = 3
	statusResolved   number = 4
	statusClosed     number = 5
	waitsForCustomer        = 6
	waitsForThird           = 7
)

// The sources of a conversation that matter here. What the system tells is no message.
const (
	sourceReply   number = 0
	sourceStatus  number = 3
	sourceMeta    number = 4
	sourceForward number = 8
)

// sourceOutbound is a ticket that an agent began by writing to the customer.
const sourceOutbound number = 10

// channels are the sources of tickets in our words. Where somebody waits in a chat, the word is chat.
var channels = map[number]string{
	1: "email", 2: "web", 3: "phone", 4: "forum", 5: "social", 6: "social", 7: chat, 8: chat, 9: "web", sourceOutbound: "email",
	11: "web", 12: chat, 13: chat,
}

const chat = "chat"

// channel is where a ticket comes from. A web chat shows itself by the form of its messages, whatever its source is.
func (t *ticket) channel() string {
	if isStructured(t.Structured) {
		return chat
	}
	return cmp.Or(channels[t.Source], "other")
}

// status is where a ticket stands, in our words.
func (c *Connector) status(t *ticket) escalate.Status {
	switch {
	case t.Deleted:
		return escalate.StatusGone
	case t.Spam:
		return escalate.StatusClosed // nobody answers it
	}
	switch t.Status {
	case statusOpen:
		return escalate.StatusOpen
	case statusPending:
		return escalate.StatusPending
	case statusResolved:
		return escalate.StatusSolved
	case statusClosed:
		return escalate.StatusClosed
	}
	return cmp.Or(c.statuses[int64(t.Status)], escalate.StatusOpen)
}

// statusNumber is Freshdesk's number for a status; 0 when the account has none that means it.
func (c *Connector) statusNumber(s escalate.Status) number {
	switch s {
	case escalate.StatusOpen:
		return statusOpen
	case escalate.StatusPending:
		return statusPending
	case escalate.StatusSolved:
		return statusResolved
	case escalate.StatusClosed:
		return statusClosed
	default:
		var least int64
		for n, means := range c.statuses {
			if means == s && (least == 0 || n < least) {
				least = n
			}
		}
		return number(least)
	}
}

var priorities = []escalate.Priority{
	escalate.PriorityNone, escalate.PriorityLow, escalate.PriorityNormal, escalate.PriorityHigh, escalate.PriorityUrgent,
}

// priority is a ticket's priority in our words.
func (t *ticket) priority() escalate.Priority {
	if t.Priority < 1 || int(t.Priority) >= len(priorities) {
		return escalate.PriorityNone
	}
	return priorities[t.Priority]
}
