package helpscout

import (
	"strings"

	"warmline/helpdesk"
)

// Any member of an answer may be null or missing, and new ones come at any time: what is not known is passed over.

// conversation is what we call a ticket.
type conversation struct {
	ID        ident  `json:"id"`
	Number    ident  `json:"number"`
	Threads   number `json:"threads"`
	Type      string `json:"type"`
	Status    string `json:"status"`
	State     string `json:"state"`
	Subject   string `json:"subject"`
	Preview   string `json:"preview"`
	MailboxID ident  `json:"mailboxId"`
	Assignee  person `json:"assignee"`
	Customer  person `json:"primaryCustomer"`
	CreatedAt moment `json:"createdAt"`
	ClosedAt  moment `json:"closedAt"`
	// UserUpdatedAt is when a person last changed it, the customer included.
	UserUpdatedAt moment `json:"userUpdatedAt"`
	ModifiedAt    moment `json:"modifiedAt"` // in no documented answer of version 2, though lists are sorted by it
	WaitingSince  struct {
		Time moment `json:"time"`
	} `json:"customerWaitingSince"`
	Source struct {
		Type string `json:"type"`
		Via  string `json:"via"`
	} `json:"source"`
	Tags []tag `json:"tags"`
}

type tag struct {
	Name string `json:"tag"`
}

// person is a user, a team or a customer. In some places only the id is there.
type person struct {
	ID    ident  `json:"id"`
	Type  string `json:"type"` // "user", "team", "customer", "system_user"
	First string `json:"first"`
	Last  string `json:"last"`
	Email string `json:"email"`
	// Users have their names here when they are listed.
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

func (p *person) name() string {
	first, last := p.First, p.Last
	if first == "" && last == "" {
		first, last = p.FirstName, p.LastName
	}
	return helpdesk.Clean(strings.TrimSpace(strings.TrimSpace(first) + " " + strings.TrimSpace(last)))
}

// thread is one message, note or event of a conversation.
type thread struct {
	ID        ident  `json:"id"`
	Type      string `json:"type"`
	State     string `json:"state"`
	Body      string `json:"body"`
	CreatedBy person `json:"createdBy"`
	Customer  person `json:"customer"`
	CreatedAt moment `json:"createdAt"`
	Action    struct {
		Type string `json:"type"`
	} `json:"action"`
	Embedded struct {
		Attachments []attachment `json:"attachments"`
	} `json:"_embedded"`
}

type attachment struct {
	ID   ident  `json:"id"`
	Name string `json:"filename"`
	Type string `json:"mimeType"`
	Size number `json:"size"`
}

// What comes in more forms than one.
type (
	ident  = helpdesk.ID
	number = helpdesk.Number
	moment = helpdesk.Time
)
