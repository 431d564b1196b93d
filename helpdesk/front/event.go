package front

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"warmline/helpdesk"
)

// event is one entry of Front's feed, and what its webhooks carry.
type event struct {
	Links        links         `json:"_links"`
	ID           text          `json:"id"`
	Type         text          `json:"type"`
	EmittedAt    instant       `json:"emitted_at"`
	Conversation *conversation `json:"conversation"`
	Target       struct {
		Meta struct {
			Type text `json:"type"`
		} `json:"_meta"`
		Data json.RawMessage `json:"data"`
	} `json:"target"`
}

// told are the events that change what we read of a conversation. Mentions, links, calls and the like do not.
var told = []string{
	"inbound", "outbound", "out_reply", "comment", "assign", "unassign", "archive", "reopen", "trash", "restore", "reminder", "move",
	"tag", "untag", "conversations_merged", "custom_field_updated", "ticket_status_update", "sending_error", "message_bounce_error",
}

// hints are the tickets that an event is about. Discussions, tasks and what lies in somebody's own inbox are no tickets.
func (e *event) hints() []helpdesk.Hint {
	var all []helpdesk.Hint
	if id := e.ticket(); id != "" {
		all = append(all, helpdesk.Hint{Ticket: id, Urgent: e.isChat()})
	}
	for _, gone := range e.mergedAway() {
		if !slices.ContainsFunc(all, func(h helpdesk.Hint) bool { return h.Ticket == gone }) {
			all = append(all, helpdesk.Hint{Ticket: gone})
		}
	}
	return all
}

// ticket is the conversation that an event is about, if it is a ticket. A preview may only link to it.
func (e *event) ticket() string {
	v := e.Conversation
	switch {
	case v == nil || v.ID == "":
		return conversationIn(string(e.Links.Related.Conversation))
	case v.IsPrivate, v.Type != "" && v.Type != "conversation":
		return ""
	}
	return helpdesk.Clean(string(v.ID))
}

// isChat reports whether a customer wrote where somebody waits.
func (e *event) isChat() bool {
	var m struct {
		Type text `json:"type"`
	}
	inbound := e.Type == "inbound" || e.Type == "inbound_received"
	return inbound && e.Target.Meta.Type == "message" && json.Unmarshal(e.Target.Data, &m) == nil && channels[m.Type] == "chat"
}

// mergedAway are the conversations that went into another one. The specification names their list but not its shape, so ids and objects
// that have one are both taken.
func (e *event) mergedAway() (ids []string) {
	if e.Target.Meta.Type != "deleted_conversation_ids" {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(e.Target.Data, &list) != nil {
		list = []json.RawMessage{e.Target.Data}
	}
	for _, one := range list {
		var id text
		var object struct {
			ID text `json:"id"`
		}
		if json.Unmarshal(one, &object) == nil {
			id = object.ID
		} else if json.Unmarshal(one, &id) != nil {
			continue
		}
		if strings.HasPrefix(string(id), "cnv_") {
			ids = append(ids, helpdesk.Clean(string(id)))
		}
	}
	return ids
}

func (e *event) time(unknown time.Time) time.Time {
	if e.EmittedAt.IsZero() {
		return unknown
	}
	return e.EmittedAt.Truncate(time.Millisecond)
}
