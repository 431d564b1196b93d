package generic

import (
	"maps"

	"warmline/helpdesk"
)

// Abilities implements helpdesk.Connector: what the mapping says, and what it leaves out.
func (c *Connector) Abilities() []helpdesk.Ability {
	m := c.m
	can := map[helpdesk.Row]bool{
		helpdesk.RowPoll: m.Changes != nil, helpdesk.RowWebhook: m.Webhook != nil, helpdesk.RowRead: true, helpdesk.RowNote: m.Note != nil,
		helpdesk.RowReply: m.Reply != nil, helpdesk.RowMarker: true, helpdesk.RowStamp: m.Reply.uses("stamp"), helpdesk.RowAssign: m.Assign != nil,
		helpdesk.RowTags: m.Tags != nil, helpdesk.RowStatus: m.Status != nil, helpdesk.RowPriority: m.Priority != nil, helpdesk.RowAgents: m.Agents != nil,
		helpdesk.RowDeadlines: m.Ticket.Due != Due{}, helpdesk.RowMerges: m.Ticket.Merged != "", helpdesk.RowPast: m.archives(),
		helpdesk.RowBrand: m.Ticket.Brand != "", helpdesk.RowValue: m.Ticket.Value != "",
	}
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll: "the mapping's list, " + c.order(), helpdesk.RowWebhook: "signed: " + c.style(),
		helpdesk.RowRead: "all pages; files are named and cannot be opened", helpdesk.RowNote: "the mapping names its visibility, which differs from a reply's",
		helpdesk.RowReply: c.naming(), helpdesk.RowMarker: c.marking(), helpdesk.RowStamp: "sent with each reply, as the mapping says",
		helpdesk.RowAssign: "by agent", helpdesk.RowTags: c.tagging(), helpdesk.RowStatus: "by the mapping's words", helpdesk.RowPriority: "by the mapping's words",
		helpdesk.RowAgents: "by e-mail address", helpdesk.RowDeadlines: "those that the mapping names", helpdesk.RowMerges: "by the id that the ticket says it went into",
		helpdesk.RowPast: "by the list of changes", helpdesk.RowBrand: "what the mapping names", helpdesk.RowValue: "what the mapping names, where it is a number",
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowPoll:     "the mapping has no changes: webhooks alone tell, and one that is lost is lost",
		helpdesk.RowWebhook:  "the mapping has no webhook: changes are found once a minute",
		helpdesk.RowNote:     "the mapping has no note: the summary stays in Slack",
		helpdesk.RowReply:    "the mapping has no reply: agents answer in the helpdesk",
		helpdesk.RowStamp:    "the mapping has no version: the ticket is read right before each reply",
		helpdesk.RowAssign:   "the mapping has no assign: who claimed shows in Slack alone",
		helpdesk.RowTags:     "the mapping has no tags: topic and reason show in Slack alone",
		helpdesk.RowStatus:   "the mapping has no status: agents set it in the helpdesk",
		helpdesk.RowPriority: "the mapping has no priority", helpdesk.RowAgents: "the mapping has no agents: people are linked by hand",
		helpdesk.RowMacros: "bring a file: --macros", helpdesk.RowArticles: "bring a file: --articles",
		helpdesk.RowDeadlines: "the mapping names none: Warmline's own clock", helpdesk.RowFiles: "a mapping sends and opens none; the page of the ticket shows them",
		helpdesk.RowMerges: "the mapping does not say where they stand", helpdesk.RowRegister: "an administrator enters the address; what to enter is printed",
		helpdesk.RowPast: "bring a file: a list of changes with the oldest first would do", helpdesk.RowOpen: "a mapping makes no tickets: people open them in the helpdesk",
		helpdesk.RowBrand: "the mapping has no ticket.brand", helpdesk.RowValue: "the mapping has no ticket.value",
	}
	maps.DeleteFunc(has, func(row helpdesk.Row, _ string) bool { return !can[row] })
	return helpdesk.Describe(has, lacks)
}

func (c *Connector) order() string {
	switch {
	case c.m.Changes == nil:
		return ""
	case c.m.Changes.Order == "cursor":
		return "by its own cursor"
	}
	return "the " + c.m.Changes.Order + " change first"
}

func (c *Connector) style() string {
	switch {
	case c.m.Webhook == nil:
		return ""
	case c.m.Webhook.Style == "standard":
		return "Standard Webhooks"
	case c.m.Webhook.Style == "token":
		return "a secret in " + c.m.Webhook.Header + "; nothing is signed"
	}
	return "SHA-256 in " + c.m.Webhook.Header
}

func (c *Connector) naming() string {
	if c.m.Reply.uses("author") {
		return "in the author's name, as the mapping says"
	}
	return "as our own account, signed with the author's name"
}

func (c *Connector) marking() string {
	if c.m.Messages.Marker != "" {
		return "hidden, where the mapping says"
	}
	return "a visible reference at the end: [ref:…]"
}

func (c *Connector) tagging() string {
	if c.m.Tags != nil && c.m.Tags.Replaces {
		return "read, written whole, read again"
	}
	return "added, none lost"
}
