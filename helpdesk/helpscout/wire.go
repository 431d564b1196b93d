package helpscout

import (
	"encoding/json"
	"strings"

	"warmline/escalate"
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
	Tags         []tag        `json:"tags"`
	CustomFields customFields `json:"customFields"`
}

// customFields are an inbox's own fields with what a conversation has in them.
type customFields []struct {
	ID    ident           `json:"id"`
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// UnmarshalJSON implements json.Unmarshaler. Of another form there are none, which keeps no conversation from being read.
func (f *customFields) UnmarshalJSON(raw []byte) error {
	type plain customFields
	var fields plain
	*f = nil
	if json.Unmarshal(raw, &fields) == nil {
		*f = customFields(fields)
	}
	return nil
}

// worth is what a field holds that is named, or numbered; 0 of "".
func (f customFields) worth(field string) float64 {
	for _, one := range f {
		if field != "" && (strings.EqualFold(strings.TrimSpace(one.Name), field) || string(one.ID) == field) {
			return escalate.AmountOf(one.Value)
		}
	}
	return 0
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
