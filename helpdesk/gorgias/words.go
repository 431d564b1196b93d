package gorgias

import (
	"cmp"

	"warmline/escalate"
)

const (
	chat         = "chat"
	email        = "email"
	internalNote = "internal-note"
)

// channels are the channels of tickets in our words (Gorgias, "Create a message", channel). Where somebody waits in a conversation,
// the word is chat.
var channels = map[string]string{
	email: email, chat: chat, "gorgias_chat": chat, "whatsapp": chat, "facebook-messenger": chat, "instagram-direct-message": chat,
	"twitter-direct-message": chat, "sms": "sms", "phone": "phone", "aircall": "phone", "contact_form": "web", "help-center": "web",
	"form": "web", "facebook": "social", "facebook-mention": "social", "facebook-recommendations": "social", "instagram-comment": "social",
	"instagram-ad-comment": "social", "instagram-mention": "social", "twitter": "social", "yotpo-review": "social",
}

func channelOf(name string) string { return cmp.Or(channels[name], "other") }

// Gorgias knows open and closed, and snoozes what is closed until an instant at which it opens by itself.
const (
	statusOpen   = "open"
	statusClosed = "closed"
)

// status is where a ticket stands, in our words. A ticket of a status that is not known counts as open, so that somebody looks.
func (c *Connector) status(t *ticket) escalate.Status {
	switch {
	case !t.TrashedAt.IsZero():
		return escalate.StatusGone
	case is(t.Spam):
		return escalate.StatusClosed // nobody answers it
	case t.Status == statusClosed && t.SnoozedUntil.After(c.now()):
		return escalate.StatusPending
	case t.Status == statusClosed:
		return escalate.StatusSolved
	}
	return escalate.StatusOpen
}

var priorities = map[string]escalate.Priority{
	"critical": escalate.PriorityUrgent, "high": escalate.PriorityHigh, "normal": escalate.PriorityNormal, "low": escalate.PriorityLow,
}

// priorityName is Gorgias' word for a priority; "" when it has none.
func priorityName(p escalate.Priority) string {
	for name, means := range priorities {
		if means == p {
			return name
		}
	}
	return ""
}
