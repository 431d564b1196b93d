package hubspot

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The shapes of HubSpot's answers, as far as they are read. Anything may be null or missing, and what is not named is passed over.

// text is a string that may come as a number, a boolean, or null.
type text string

// UnmarshalJSON implements json.Unmarshaler. What is no text at all is none.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch {
	case len(b) > 0 && b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = text(s)
	case len(b) > 0 && (b[0] == '-' || b[0] == 't' || b[0] == 'f' || b[0] >= '0' && b[0] <= '9'):
		*t = text(b)
	}
	return nil
}

// latest is the last millisecond that a time may name: the year 3000.
const latest = 32503680000000

// time reads a time as HubSpot writes it: RFC 3339 in one place, milliseconds since 1970 in another, a date alone in a third. Anything
// else is the zero time.
func (t text) time() time.Time {
	s := strings.TrimSpace(string(t))
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		if ms <= 0 || ms > latest {
			return time.Time{}
		}
		return time.UnixMilli(ms).UTC()
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// page is one page of any of HubSpot's lists.
type page[T any] struct {
	Results []T `json:"results"`
	Paging  *struct {
		Next *struct {
			After text `json:"after"`
		} `json:"next"`
	} `json:"paging"`
}

func (p *page[T]) after() string {
	if p.Paging == nil || p.Paging.Next == nil {
		return ""
	}
	return string(p.Paging.Next.After)
}

// record is an object of the CRM.
type record struct {
	ID           text                `json:"id"`
	Properties   map[string]text     `json:"properties"`
	UpdatedAt    text                `json:"updatedAt"`
	CreatedAt    text                `json:"createdAt"`
	Archived     bool                `json:"archived"`
	Associations map[string]page[to] `json:"associations"`
}

type to struct {
	ID text `json:"id"`
}

// changed is when a record last changed, to the millisecond.
func (r *record) changed() int64 {
	at := r.Properties[modified].time()
	if at.IsZero() {
		at = r.UpdatedAt.time()
	}
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

type owner struct {
	ID        text `json:"id"`
	Email     text `json:"email"`
	FirstName text `json:"firstName"`
	LastName  text `json:"lastName"`
	UserID    text `json:"userId"`
	Archived  bool `json:"archived"`
}

func (o *owner) name() string {
	return strings.Join(strings.Fields(string(o.FirstName)+" "+string(o.LastName)), " ")
}

type pipeline struct {
	ID       text    `json:"id"`
	Label    text    `json:"label"`
	Archived bool    `json:"archived"`
	Stages   []stage `json:"stages"`
}

type stage struct {
	ID       text            `json:"id"`
	Label    text            `json:"label"`
	Order    text            `json:"displayOrder"`
	Archived bool            `json:"archived"`
	Metadata map[string]text `json:"metadata"`
}

type account struct {
	PortalID text `json:"portalId"`
	UIDomain text `json:"uiDomain"`
}

type actor struct {
	ID    text `json:"id"`
	Type  text `json:"type"`
	Name  text `json:"name"`
	Email text `json:"email"`
}

type thread struct {
	ID             text `json:"id"`
	Status         text `json:"status"`
	CreatedAt      text `json:"createdAt"`
	Contact        text `json:"associatedContactId"`
	ChannelID      text `json:"originalChannelId"`
	ChannelAccount text `json:"originalChannelAccountId"`
	AssignedTo     text `json:"assignedTo"`
	Archived       bool `json:"archived"`
	LatestMessage  text `json:"latestMessageTimestamp"`
	Associations   *struct {
		Ticket text `json:"associatedTicketId"`
	} `json:"threadAssociations"`
}

// The kinds of entries of a thread that somebody wrote. All others are the system's.
const (
	kindMessage = "MESSAGE"
	kindComment = "COMMENT"
)

type message struct {
	ID        text    `json:"id"`
	Type      text    `json:"type"`
	CreatedAt text    `json:"createdAt"`
	CreatedBy text    `json:"createdBy"`
	Client    *client `json:"client"`

	Senders        []party      `json:"senders"`
	Recipients     []party      `json:"recipients"`
	Archived       bool         `json:"archived"`
	Text           text         `json:"text"`
	RichText       text         `json:"richText"`
	Attachments    []attachment `json:"attachments"`
	Truncation     text         `json:"truncationStatus"`
	Direction      text         `json:"direction"`
	ChannelID      text         `json:"channelId"`
	ChannelAccount text         `json:"channelAccountId"`
	Status         *struct {
		Type text `json:"statusType"`
	} `json:"status"`
	Subject text `json:"subject"`

	thread *thread // that it is in
}

// client is what a message came by.
type client struct {
	Type text `json:"clientType"`
	App  text `json:"integrationAppId"`
}

type party struct {
	ActorID     text         `json:"actorId"`
	Name        text         `json:"name"`
	Field       text         `json:"recipientField"`
	Identifier  *identifier  `json:"deliveryIdentifier"`
	Identifiers []identifier `json:"deliveryIdentifiers"` // as it was before 2023
}

type identifier struct {
	Type  text `json:"type"`
	Value text `json:"value"`
}

// address is where a party is reached.
func (p *party) address() (identifier, bool) {
	switch {
	case p.Identifier != nil && p.Identifier.Value != "":
		return *p.Identifier, true
	case len(p.Identifiers) > 0 && p.Identifiers[0].Value != "":
		return p.Identifiers[0], true
	}
	return identifier{}, false
}

func (p *party) email() string {
	if at, ok := p.address(); ok && at.Type == emailAddress {
		return string(at.Value)
	}
	return ""
}

// emailAddress is the kind of address that e-mail has.
const emailAddress = "HS_EMAIL_ADDRESS"

type attachment struct {
	FileID text `json:"fileId"`
	Name   text `json:"name"`
	Type   text `json:"type"` // FILE; all others are no files
	Usage  text `json:"fileUsageType"`
}

// opened is when a ticket was made.
func (r *record) opened() time.Time {
	if at := r.Properties["createdate"].time(); !at.IsZero() {
		return at
	}
	return r.CreatedAt.time()
}
