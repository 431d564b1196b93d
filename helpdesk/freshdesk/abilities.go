package freshdesk

import (
	"warmline/helpdesk"
)

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:    "the list of tickets by time of change, two seconds late; deleted tickets show when they are read again",
		helpdesk.RowWebhook: "automation rules with a secret of ours in a header; nothing is signed",
		helpdesk.RowRead:    "all pages, archived tickets too", helpdesk.RowNote: "private, and said so each time",
		helpdesk.RowReply: "in the name of the agent, signed where no agent has the name; web chats get text in their own form", helpdesk.RowMarker: "a visible reference at the end: [ref:…]",
		helpdesk.RowAssign: "by agent", helpdesk.RowTags: "read, written whole, read again; of 32 characters",
		helpdesk.RowStatus: "open, pending, solved, closed; others as the setting statuses says", helpdesk.RowPriority: "all four",
		helpdesk.RowAgents: "by e-mail address", helpdesk.RowMacros: "canned responses of shared folders, with an administrator's key",
		helpdesk.RowArticles: "published ones in folders that everybody may see", helpdesk.RowDeadlines: "first and next response, resolution; worked out anew seconds after a change",
		helpdesk.RowFiles: "up to ten, 20 MB with all of the ticket's; none into web chats", helpdesk.RowMerges: "by the note that Freshdesk leaves; closed without it",
		helpdesk.RowPast: "of any age, but for those archived after four months", helpdesk.RowOpen: "by their customer; found again by a reference at the end",
		helpdesk.RowBrand: "the product, by name", helpdesk.RowValue: "of the ticket field " + c.value,
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowStamp:    "Freshdesk has no versions: the ticket is read right before each reply",
		helpdesk.RowRegister: "an administrator makes two automation rules; the text to paste is printed",
	}
	if c.value == "" {
		delete(has, helpdesk.RowValue)
		lacks[helpdesk.RowValue] = "the setting value_field names no ticket field"
	}
	return helpdesk.Describe(has, lacks)
}
