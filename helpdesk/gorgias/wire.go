package gorgias

import (
	"encoding/json"
	"strings"

	"warmline/helpdesk"
)

// Any member of an answer may be null or missing, and new ones come at any time: what is not known is passed over.

// ticket is a ticket as the API shows it. In lists it comes without its messages.
type ticket struct {
	ID           ident          `json:"id"`
	Subject      string         `json:"subject"`
	Status       string         `json:"status"`
	Priority     string         `json:"priority"`
	Channel      string         `json:"channel"`
	Via          string         `json:"via"`
	Spam         *bool          `json:"spam"`
	Customer     *party         `json:"customer"`
	Requester    *party         `json:"requester"` // the customer's older name
	Assignee     *party         `json:"assignee_user"`
	Tags         []tag          `json:"tags"`
	Integrations loose[[]inbox] `json:"integrations"` // by which its messages came
	Messages     []message      `json:"messages"`
	Count        number         `json:"messages_count"`
	UpdatedAt    moment         `json:"updated_datetime"`
	TrashedAt    moment         `json:"trashed_datetime"`
	SnoozedUntil moment         `json:"snooze_datetime"`
}

// party is a customer or a user as messages and tickets show one.
type party struct {
	ID    ident  `json:"id"`
	Name  string `json:"name"`
	First string `json:"firstname"`
	Last  string `json:"lastname"`
	Email string `json:"email"`
}

// called is a party's name as people see it.
func (p *party) called() string {
	if name := strings.TrimSpace(p.Name); name != "" {
		return name
	}
	if name := strings.TrimSpace(p.First + " " + p.Last); name != "" {
		return name
	}
	return p.Email
}

type tag struct {
	Name string `json:"name"`
}

// inbox is an address of the account.
type inbox struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Type    string `json:"type"`
}

// message is a message or an internal note. There are no events among them.
type message struct {
	ID            ident         `json:"id"`
	ExternalID    ident         `json:"external_id"`
	Public        *bool         `json:"public"`
	FromAgent     *bool         `json:"from_agent"`
	Channel       string        `json:"channel"`
	Via           string        `json:"via"`
	Source        loose[source] `json:"source"`
	Sender        *party        `json:"sender"`
	IntegrationID ident         `json:"integration_id"`
	RuleID        ident         `json:"rule_id"`
	BodyText      string        `json:"body_text"`
	BodyHTML      string        `json:"body_html"`
	StrippedText  string        `json:"stripped_text"`
	StrippedHTML  string        `json:"stripped_html"`
	Attachments   []attachment  `json:"attachments"`
	CreatedAt     moment        `json:"created_datetime"`
	SentAt        moment        `json:"sent_datetime"`
	FailedAt      moment        `json:"failed_datetime"`
	DeletedAt     moment        `json:"deleted_datetime"`
	// SendingError is an object that holds a text, or the text.
	SendingError json.RawMessage `json:"last_sending_error"`
}

// source is by which addresses a message came.
type source struct {
	Type string    `json:"type"`
	From address   `json:"from"`
	To   []address `json:"to"`
}

type address struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address"`
}

type attachment struct {
	Name string `json:"name"`
	Type string `json:"content_type"`
	Size number `json:"size"`
	URL  string `json:"url"`
}

// is reports whether a flag is there and set.
func is(flag *bool) bool { return flag != nil && *flag }

// loose is a member whose form is documented in part only. One of another form reads as the zero value, so that it never keeps a
// whole ticket from being read.
type loose[T any] struct{ V T }

// UnmarshalJSON implements json.Unmarshaler.
func (l *loose[T]) UnmarshalJSON(raw []byte) error {
	var v T
	if json.Unmarshal(raw, &v) == nil {
		l.V = v
	}
	return nil
}

// What comes in more forms than one.
type (
	ident  = helpdesk.ID
	number = helpdesk.Number
	moment = helpdesk.Time
)
