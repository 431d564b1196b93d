package helpscout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

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

// ident is a name that comes as a number or as a string.
type ident string

// UnmarshalJSON implements json.Unmarshaler.
func (i *ident) UnmarshalJSON(raw []byte) error {
	text, err := unquoted(raw)
	if err != nil {
		return fmt.Errorf("read id: %w", err)
	}
	*i = ident(text)
	return nil
}

// number is a whole number that comes as one or as a string. What is none reads as 0.
type number int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(raw []byte) error {
	text, err := unquoted(raw)
	if err != nil {
		return fmt.Errorf("read number: %w", err)
	}
	*n = 0
	if value, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = number(value)
	}
	return nil
}

// unquoted is the text of a number or a string; "" of null and of anything else.
func unquoted(raw []byte) (string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.ContainsAny(raw[:1], "n{[tf") {
		return "", nil
	}
	if raw[0] != '"' {
		return string(raw), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return strings.TrimSpace(text), err
}

// moment is a time in any of the forms that answers have held over the years. What cannot be read is the zero time.
type moment struct{ time.Time }

var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02T15:04:05", time.DateTime, time.DateOnly}

// UnmarshalJSON implements json.Unmarshaler.
func (m *moment) UnmarshalJSON(raw []byte) error {
	text, err := unquoted(raw)
	if err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	m.Time = time.Time{}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			m.Time = at.UTC()
			return nil
		}
	}
	return nil
}
