package requesttracker

import (
	"encoding/json"
	"strings"
	"time"

	"warmline/helpdesk"
)

// What comes in more forms than one: RT writes the same number as a number in one answer and as a string in another.
type (
	ident  = helpdesk.ID
	number = helpdesk.Number
	moment = helpdesk.Time
)

// link is how an answer names another record: a user by name, all else by number.
type link struct {
	ID   ident  `json:"id"`
	Type string `json:"type"`
}

// ticket is a ticket as the interface shows it, with its messages nowhere in it.
type ticket struct {
	ID           ident         `json:"id"`
	Subject      string        `json:"Subject"`
	Status       string        `json:"Status"`
	Priority     number        `json:"Priority"`
	Owner        link          `json:"Owner"`
	Requestor    many[link]    `json:"Requestor"`
	Queue        link          `json:"Queue"`
	CustomFields many[field]   `json:"CustomFields"`
	Due          moment        `json:"Due"`
	LastUpdated  moment        `json:"LastUpdated"`
	Hyperlinks   many[related] `json:"_hyperlinks"`

	stamp string // its version, from the ETag: the number of its newest transaction
}

// field is a custom field with what it holds.
type field struct {
	ID     ident      `json:"id"`
	Name   string     `json:"name"`
	Values many[text] `json:"values"`
}

// related is an address below a record, which stands there only when we may use it.
type related struct {
	Ref string `json:"ref"`
}

// user is a user as those see it who may not administer users.
type user struct {
	ID           ident  `json:"id"`
	Name         string `json:"Name"`
	RealName     string `json:"RealName"`
	EmailAddress string `json:"EmailAddress"`
	Privileged   number `json:"Privileged"` // 1: may work in RT
	Disabled     number `json:"Disabled"`
}

// called is a user's name as people see it.
func (u *user) called() string {
	for _, name := range []string{u.RealName, u.EmailAddress, u.Name} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return ""
}

// transaction is one entry of a ticket's history. Its kind is Type; type is that of the record, and is named here because a decoder that
// knows but one of them takes either for it.
type transaction struct {
	ID       ident  `json:"id"`
	Record   string `json:"type"`
	Type     string `json:"Type"`
	ObjectID ident  `json:"ObjectId"`
	Creator  link   `json:"Creator"`
	Created  moment `json:"Created"`
}

// attachment is a part of a message: its text in one form, or a file.
type attachment struct {
	ID            ident  `json:"id"`
	TransactionID ident  `json:"TransactionId"`
	ContentType   string `json:"ContentType"`
	Filename      string `json:"Filename"`
	ContentLength number `json:"ContentLength"`
	Content       text   `json:"Content"`
}

// text is a member that is text where it is anything that we read; of another form it is empty.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = text(s)
	}
	return nil
}

// many is a list. RT writes one member alone where a role has a single one, and "" where somebody may not see it.
type many[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (m *many[T]) UnmarshalJSON(raw []byte) error {
	*m = nil
	var all []T
	if json.Unmarshal(raw, &all) == nil {
		*m = all
		return nil
	}
	var one T
	if json.Unmarshal(raw, &one) == nil {
		*m = many[T]{one}
	}
	return nil
}

// unset reports whether a time is none: RT writes the beginning of 1970 for that.
func unset(at time.Time) bool { return at.Unix() <= 0 }

// numeric reports whether an id is a number as RT gives them.
func numeric(id string) bool {
	return len(id) <= 18 && digits(id) && id[0] != '0'
}

func digits(s string) bool {
	for _, digit := range []byte(s) {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return s != ""
}
