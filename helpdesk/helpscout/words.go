package helpscout

import (
	"strings"

	"warmline/escalate"
)

// What a conversation and its threads are, in Help Scout's words (https://developer.helpscout.com/mailbox-api/endpoints/conversations/).
const (
	statusActive  = "active"
	statusPending = "pending"
	statusClosed  = "closed"
	statusSpam    = "spam"

	statePublished = "published"
	stateDraft     = "draft"
	stateDeleted   = "deleted"

	typeLineItem = "lineitem"
	typeMessage  = "message"
	typeNote     = "note"

	isUser     = "user"
	isCustomer = "customer"
	isSystem   = "system_user" // of the third version; the second calls it a user
)

const chat = "chat"

// status is where a conversation stands, in our words. A closed one opens again when its customer writes, so it is solved.
func (v *conversation) status() escalate.Status {
	switch {
	case v.State == stateDeleted:
		return escalate.StatusGone
	case v.Status == statusPending:
		return escalate.StatusPending
	case v.Status == statusClosed:
		return escalate.StatusSolved
	case v.Status == statusSpam:
		return escalate.StatusClosed // nobody answers it
	default:
		return escalate.StatusOpen // one that is not known, too, so that somebody looks
	}
}

// statuses are Help Scout's words for ours. It has none for what waits for a third party, and one for what is solved and closed.
var statuses = map[escalate.Status]string{
	escalate.StatusOpen: statusActive, escalate.StatusPending: statusPending, escalate.StatusOnHold: statusPending,
	escalate.StatusSolved: statusClosed, escalate.StatusClosed: statusClosed,
}

// channels are sources in our words, of conversations that are no chat and no call.
var channels = map[string]string{
	"email": "email", "emailfwd": "email", "notification": "email", "web": "web", "beacon": "web", "docs": "web", "mobile": "web",
}

// channel is where a conversation comes from. Where somebody waits in a chat, the word is chat.
func (v *conversation) channel() string {
	switch source := channels[v.Source.Type]; {
	case v.Type == chat || v.Source.Type == chat:
		return chat
	case v.Type == "phone":
		return "phone"
	case source != "":
		return source
	case v.Type == "email":
		return "email"
	default:
		return "other"
	}
}

// priorityTag begins the tag that takes the place of a priority, of which Help Scout has none.
const priorityTag = "priority-"

var priorities = []escalate.Priority{escalate.PriorityLow, escalate.PriorityNormal, escalate.PriorityHigh, escalate.PriorityUrgent}

// priorityOf is the highest priority that a tag names.
func priorityOf(tags []string) escalate.Priority {
	found := escalate.PriorityNone
	for _, p := range priorities {
		for _, t := range tags {
			if strings.EqualFold(t, priorityTag+string(p)) {
				found = p
			}
		}
	}
	return found
}
