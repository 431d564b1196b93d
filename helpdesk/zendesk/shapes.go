package zendesk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"warmline/helpdesk"
)

// Zendesk's answers have null wherever its specification has a value, and its webhooks write numbers as strings. These take whatever
// stands there, so that one odd member never makes a ticket unreadable.

// word is a string, or a number where one is meant; anything else is "".
type word string

func (w *word) UnmarshalJSON(b []byte) error {
	*w = ""
	var s string
	switch {
	case len(b) > 0 && b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	case len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9'):
		s = string(b)
	}
	*w = word(helpdesk.Clean(s))
	return nil
}

// id names a user, a ticket, a comment or a file. It is digits, or "" for null; -1 is Zendesk itself.
type id = word

// numeric reports whether s can be an id of the account's.
func numeric(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0 && s == strconv.FormatInt(n, 10)
}

// yes is true only where true is said: what has no visibility is not public.
type yes bool

func (y *yes) UnmarshalJSON(b []byte) error {
	*y = yes(bytes.Equal(b, []byte("true")) || bytes.Equal(b, []byte(`"true"`)))
	return nil
}

// layouts are the forms in which Zendesk writes times, the usual one first.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05.999999999 -0700", time.DateOnly}

// instant reads a time; the zero time where there is none.
func instant(w word) time.Time {
	s := strings.TrimSpace(string(w))
	for _, layout := range layouts {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC()
		}
	}
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil && seconds > 0 && seconds < 1<<40 {
		return time.Unix(seconds, 0).UTC()
	}
	return time.Time{}
}

type via struct {
	Channel word `json:"channel"`
	Source  struct {
		Rel  word    `json:"rel"`
		From related `json:"from"`
		To   related `json:"to"`
	} `json:"source"`
}

// related are the tickets at one end of a merge.
type related struct {
	TicketID  id   `json:"ticket_id"`
	TicketIDs []id `json:"ticket_ids"`
}

// UnmarshalJSON reads what is there: the same member tells of addresses, profiles and much else, in other shapes.
func (r *related) UnmarshalJSON(b []byte) error {
	type plain related
	var p plain
	if json.Unmarshal(b, &p) == nil {
		*r = related(p)
	}
	return nil
}

type ticket struct {
	ID           id            `json:"id"`
	Subject      word          `json:"subject"`
	RawSubject   word          `json:"raw_subject"`
	Type         word          `json:"type"`
	Status       word          `json:"status"`
	Priority     word          `json:"priority"`
	BrandID      id            `json:"brand_id"`
	RequesterID  id            `json:"requester_id"`
	AssigneeID   id            `json:"assignee_id"`
	Tags         []word        `json:"tags"`
	Via          via           `json:"via"`
	CustomFields []customField `json:"custom_fields"`
	UpdatedAt    word          `json:"updated_at"`
	Generated    word          `json:"generated_timestamp"`
	SLAs         *struct {
		Metrics []metric `json:"policy_metrics"`
	} `json:"slas"`
}

type customField struct {
	ID    id              `json:"id"`
	Value json.RawMessage `json:"value"`
}

// metric is one target of the ticket's SLA policy.
type metric struct {
	Metric   word `json:"metric"`
	Stage    word `json:"stage"`
	BreachAt word `json:"breach_at"`
}

type user struct {
	ID          id                         `json:"id"`
	Name        word                       `json:"name"`
	Email       word                       `json:"email"`
	Role        word                       `json:"role"`
	Active      *yes                       `json:"active"`
	Suspended   yes                        `json:"suspended"`
	Tags        []word                     `json:"tags"`
	Fields      map[string]json.RawMessage `json:"user_fields"`
	OnlyPrivate yes                        `json:"only_private_comments"`
	Restriction word                       `json:"ticket_restriction"`
	Zone        word                       `json:"iana_time_zone"` // who has set none has the account's
}

// staff reports whether a user answers tickets: all roles of people who do are "agent" or "admin", light agents and custom ones too.
func (u *user) staff() bool { return u.Role == "agent" || u.Role == "admin" }

// works reports whether a user can be given a ticket, or a reply's name.
func (u *user) works() bool {
	return u.staff() && !bool(u.Suspended) && (u.Active == nil || bool(*u.Active))
}

type comment struct {
	ID          id           `json:"id"`
	Type        word         `json:"type"`
	AuthorID    id           `json:"author_id"`
	Body        word         `json:"body"`
	HTML        word         `json:"html_body"`
	Plain       word         `json:"plain_body"`
	Public      yes          `json:"public"`
	Attachments []attachment `json:"attachments"`
	Via         via          `json:"via"`
	CreatedAt   word         `json:"created_at"`
	Metadata    metadata     `json:"metadata"`
}

type attachment struct {
	ID          id   `json:"id"`
	FileName    word `json:"file_name"`
	ContentURL  word `json:"content_url"`
	ContentType word `json:"content_type"`
	Size        word `json:"size"`
	Deleted     yes  `json:"deleted"`
	Malware     word `json:"malware_scan_result"`
}

// metadata is what a comment's audit carries. Custom is what whoever wrote through the API put there.
type metadata struct{ Key, Author word }

// UnmarshalJSON reads our own two members and cares for nothing else: any integration may write anything beside them.
func (m *metadata) UnmarshalJSON(b []byte) error {
	var at struct {
		Custom json.RawMessage `json:"custom"`
	}
	var ours struct {
		Key    word `json:"warmline_key"`
		Author word `json:"warmline_author"`
	}
	if json.Unmarshal(b, &at) == nil && json.Unmarshal(at.Custom, &ours) == nil {
		*m = metadata(ours)
	}
	return nil
}

// paging is how lists end: with a cursor to go on from, or the address of the next page where a list still counts pages.
type paging struct {
	Meta struct {
		HasMore yes  `json:"has_more"`
		After   word `json:"after_cursor"`
	} `json:"meta"`
	NextPage word `json:"next_page"`
}

func words(list []word) (out []string) {
	for _, w := range list {
		if w != "" {
			out = append(out, string(w))
		}
	}
	return out
}

func decode(op string, body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: decode answer: %w", op, err)
	}
	return nil
}
