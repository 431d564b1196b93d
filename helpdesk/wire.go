package helpdesk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What helpdesks send is read as it comes: the same member is a number here and a string there, null where nobody says so, and a time
// in whichever form was in use when the row was written. These types take all of it, so that one odd member never keeps a whole
// ticket from being read.

// ID is a name that comes as a number or as a string; "" of null.
type ID string

// UnmarshalJSON implements json.Unmarshaler.
func (i *ID) UnmarshalJSON(raw []byte) error {
	text, err := unquoted(raw)
	if err != nil {
		return fmt.Errorf("read id: %w", err)
	}
	*i = ID(text)
	return nil
}

// Number is a whole number that comes as one or as a string. What is none reads as 0.
type Number int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *Number) UnmarshalJSON(raw []byte) error {
	text, err := unquoted(raw)
	if err != nil {
		return fmt.Errorf("read number: %w", err)
	}
	*n = 0
	if value, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = Number(value)
	}
	return nil
}

// Time is a time in any of the forms that vendors' answers hold. One without a zone is UTC; what cannot be read is the zero time.
type Time struct{ time.Time }

var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05",
	time.DateTime, time.DateOnly,
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(raw []byte) error {
	text, err := unquoted(raw)
	if err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	t.Time = time.Time{}
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			t.Time = at.UTC()
			return nil
		}
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
