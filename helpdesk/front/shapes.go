package front

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"warmline/helpdesk"
)

// The shapes of Front's answers, as far as they are read. All that its specification requires may be null or missing here, and what it
// does not name is passed over: recorded answers do both.

type conversation struct {
	ID             text         `json:"id"`
	Type           text         `json:"type"` // conversation, discussion or task; older ones have none
	Subject        text         `json:"subject"`
	Status         text         `json:"status"`
	StatusID       text         `json:"status_id"`
	StatusCategory text         `json:"status_category"` // only with ticketing
	Assignee       *teammate    `json:"assignee"`
	Recipient      *recipient   `json:"recipient"`
	Tags           []tag        `json:"tags"`
	CustomFields   customFields `json:"custom_fields"`
	IsPrivate      bool         `json:"is_private"`
	CreatedAt      instant      `json:"created_at"`
	TicketIDs      []text       `json:"ticket_ids"` // only with ticketing; of merged ones, too
}

// customFields are the account's own, by name: texts, numbers and what else Front lets a field be.
type customFields map[string]json.RawMessage

// text is what a field holds that is a text; "" of any other, and of "".
func (f customFields) text(name string) string {
	var s string
	if name == "" || json.Unmarshal(f[name], &s) != nil {
		return ""
	}
	return helpdesk.Clean(strings.TrimSpace(s))
}

// channel is a way by which customers reach an inbox.
type channel struct {
	Links struct {
		Related struct {
			Inbox text `json:"inbox"`
		} `json:"related"`
	} `json:"_links"`
	Type      text `json:"type"`
	Address   text `json:"address"`
	IsPrivate bool `json:"is_private"`
	IsValid   bool `json:"is_valid"`
}

type teammate struct {
	ID        text `json:"id"`
	Email     text `json:"email"`
	Username  text `json:"username"`
	FirstName text `json:"first_name"`
	LastName  text `json:"last_name"`
	IsBlocked bool `json:"is_blocked"`
	Type      text `json:"type"` // user or visitor; all others are no people
}

type recipient struct {
	Links struct {
		Related struct {
			Contact text `json:"contact"`
		} `json:"related"`
	} `json:"_links"`
	Name   text `json:"name"`
	Handle text `json:"handle"`
	Role   text `json:"role"`
}

type tag struct {
	ID        text `json:"id"`
	Name      text `json:"name"`
	IsPrivate bool `json:"is_private"`
}

// links say where something belongs.
type links struct {
	Related struct {
		Conversation text `json:"conversation"`
	} `json:"related"`
}

type message struct {
	Links       links        `json:"_links"`
	ID          text         `json:"id"`
	UID         text         `json:"message_uid"`
	Type        text         `json:"type"`
	IsInbound   bool         `json:"is_inbound"`
	DraftMode   text         `json:"draft_mode"`
	ErrorType   text         `json:"error_type"`
	CreatedAt   instant      `json:"created_at"`
	Blurb       text         `json:"blurb"`
	Author      *teammate    `json:"author"`
	Recipients  []recipient  `json:"recipients"`
	Body        text         `json:"body"`
	Text        text         `json:"text"`
	Attachments []attachment `json:"attachments"`
}

type comment struct {
	Links       links        `json:"_links"`
	ID          text         `json:"id"`
	Author      *teammate    `json:"author"`
	Body        text         `json:"body"`
	PostedAt    instant      `json:"posted_at"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ID          text  `json:"id"`
	Filename    text  `json:"filename"`
	ContentType text  `json:"content_type"`
	Size        count `json:"size"`
}

type status struct {
	ID       text `json:"id"`
	Name     text `json:"name"`
	Category text `json:"category"`
}

// text is a string that may come as a number, or as null.
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
	case len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9'):
		*t = text(b)
	}
	return nil
}

// count is a number of bytes; what is none, or below zero, is 0.
type count int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *count) UnmarshalJSON(b []byte) error {
	*n = 0
	f, err := strconv.ParseFloat(string(bytes.Trim(b, `"`)), 64)
	if err == nil && f > 0 && f < 1<<53 {
		*n = count(f)
	}
	return nil
}

// instant is a time as Front writes it: seconds since 1970 with a fraction. Milliseconds, strings and RFC 3339 are taken, too; anything
// else is the zero time.
type instant struct{ time.Time }

// latest is the last second that an instant may name: the year 3000. What is beyond is milliseconds.
const latest = 32503680000

// UnmarshalJSON implements json.Unmarshaler.
func (i *instant) UnmarshalJSON(b []byte) error {
	i.Time = time.Time{}
	s := strings.TrimSpace(string(bytes.Trim(b, `"`)))
	seconds, err := strconv.ParseFloat(s, 64)
	if err != nil {
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			i.Time = at.UTC()
		}
		return nil
	}
	if seconds > latest {
		seconds /= 1000
	}
	if seconds > 0 && seconds <= latest {
		i.Time = time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC()
	}
	return nil
}
