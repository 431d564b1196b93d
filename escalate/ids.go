package escalate

// Ids are opaque strings. Those that Warmline makes are ULIDs; those that come from outside are kept as they came.
type (
	// TicketID names a ticket inside Warmline.
	TicketID string
	// HandoffID names one hand-off; a reopened ticket gets a new one.
	HandoffID string
	// ReplyID names one reply intent. It is also the marker by which a sent reply is found again in the helpdesk.
	ReplyID string
	// AssessmentID names one reading of a ticket by the brain.
	AssessmentID string
	// PersonID is a Slack user id: everyone who acts in Slack.
	PersonID string
	// AgentID is a person's id in a helpdesk, as the helpdesk spells it.
	AgentID string
	// MessageID is a message's id in its helpdesk.
	MessageID string
)

// Ref names a ticket where it lives: the connected helpdesk account and the ticket's id there.
type Ref struct {
	Desk string `json:"desk"`
	ID   string `json:"id"`
}
