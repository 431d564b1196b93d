package jira

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"warmline/helpdesk"
)

// What Jira sends, as far as we read it. Anything may be null or absent, and ids are strings or numbers.

// id is an id, however it came.
type id string

// UnmarshalJSON takes a string, a number or null.
func (i *id) UnmarshalJSON(b []byte) error {
	switch b = bytes.TrimSpace(b); {
	case string(b) == "null":
		*i = ""
		return nil
	case len(b) > 0 && b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		*i = id(helpdesk.Clean(s))
		return err
	default:
		var n json.Number
		err := json.Unmarshal(b, &n)
		*i = id(n)
		return err
	}
}

// date is an instant. Jira writes "2026-03-12T08:34:23.259+0100", which RFC 3339 does not know; one that cannot be read is none.
type date struct{ time.Time }

var layouts = []string{"2006-01-02T15:04:05.999999999Z0700", time.RFC3339Nano, "2006-01-02T15:04Z0700"}

// UnmarshalJSON takes any of the forms, milliseconds, or null.
func (d *date) UnmarshalJSON(b []byte) error {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*d = date{}
	switch v := v.(type) {
	case float64:
		d.Time = time.UnixMilli(int64(v)).UTC()
	case string:
		for _, layout := range layouts {
			if at, err := time.Parse(layout, v); err == nil {
				d.Time = at.UTC()
				break
			}
		}
	}
	return nil
}

// moment is an instant as service management gives it.
type moment struct {
	EpochMillis *int64 `json:"epochMillis"`
	ISO         date   `json:"iso8601"`
	Jira        date   `json:"jira"`
}

func (m *moment) time() time.Time {
	switch {
	case m == nil:
		return time.Time{}
	case m.EpochMillis != nil:
		return time.UnixMilli(*m.EpochMillis).UTC()
	case !m.Jira.IsZero():
		return m.Jira.Time
	}
	return m.ISO.Time
}

type user struct {
	AccountID    string `json:"accountId"`
	AccountType  string `json:"accountType"` // "atlassian", "app", "customer"
	DisplayName  string `json:"displayName"`
	EmailAddress string `json:"emailAddress"` // "" when its owner hides it
	Active       *bool  `json:"active"`
	TimeZone     string `json:"timeZone"`
}

func (u *user) is(accountID string) bool {
	return u != nil && u.AccountID != "" && u.AccountID == accountID
}

func (u *user) name() string {
	if u == nil {
		return ""
	}
	return strings.TrimSpace(helpdesk.Clean(u.DisplayName))
}

type label struct {
	ID   id     `json:"id"`
	Key  string `json:"key"`
	Name string `json:"name"`
}

type status struct {
	Name     string `json:"name"`
	Category *label `json:"statusCategory"` // key: "new", "indeterminate", "done"
}

type issue struct {
	ID         id              `json:"id"`
	Key        string          `json:"key"`
	Fields     fields          `json:"fields"`
	Properties json.RawMessage `json:"properties"`
	Changelog  *struct {
		Histories []struct {
			Author  *user `json:"author"`
			Created date  `json:"created"`
			Items   []struct {
				FieldID string `json:"fieldId"`
				Field   string `json:"field"`
			} `json:"items"`
		} `json:"histories"`
	} `json:"changelog"`
}

type fields struct {
	Summary     string          `json:"summary"`
	Description json.RawMessage `json:"description"`
	Status      *status         `json:"status"`
	Reporter    *user           `json:"reporter"`
	Creator     *user           `json:"creator"`
	Assignee    *user           `json:"assignee"`
	Priority    *label          `json:"priority"`
	Project     *label          `json:"project"`
	IssueType   *label          `json:"issuetype"`
	Labels      []string        `json:"labels"`
	Attachments []attachment    `json:"attachment"`
	Created     date            `json:"created"`
	Updated     date            `json:"updated"`

	own map[string]json.RawMessage // the site's own fields that were asked for, by id
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *fields) UnmarshalJSON(raw []byte) error {
	type plain fields
	if err := json.Unmarshal(raw, (*plain)(f)); err != nil {
		return err
	}
	f.own = nil
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for id, value := range all {
		if customField.MatchString(id) {
			if f.own == nil {
				f.own = make(map[string]json.RawMessage)
			}
			f.own[id] = value
		}
	}
	return nil
}

type attachment struct {
	ID       id     `json:"id"`
	Filename string `json:"filename"`
	MimeType string `json:"mimeType"`
	Size     int64  `json:"size"`
	Author   *user  `json:"author"`
	Created  date   `json:"created"`
}

type comment struct {
	ID         id              `json:"id"`
	Author     *user           `json:"author"`
	Body       json.RawMessage `json:"body"`
	Created    date            `json:"created"`
	Updated    date            `json:"updated"`
	Public     *bool           `json:"jsdPublic"`
	Visibility json.RawMessage `json:"visibility"` // set: only a group or a role sees it
	SeesAll    *bool           `json:"jsdAuthorCanSeeRequest"`
	Properties []property      `json:"properties"`
}

type property struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// request is an issue as service management shows it.
type request struct {
	ServiceDeskID id `json:"serviceDeskId"`
	RequestType   *struct {
		Name string `json:"name"`
	} `json:"requestType"`
	Participants *struct {
		Values []user `json:"values"`
	} `json:"participants"`
}

// page is a page of a list in service management.
type page[T any] struct {
	Values     []T   `json:"values"`
	IsLastPage *bool `json:"isLastPage"`
}

// set reports whether a member is there and not null.
func set(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && string(raw) != "null"
}

func nameOf(l *label) string {
	if l == nil {
		return ""
	}
	return l.Name
}
