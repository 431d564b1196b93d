package helpdesk

import (
	"regexp"
	"strings"
)

// Some helpdesks keep nothing hidden with a message. There the marker of what we write is a short reference at its end, by
// which a message whose answer was lost is found again:
//
//	Hold the button for five seconds.
//
//	[ref:01JD9F3Z6Q8X5M2T7V4B1N0C9K]

// WithRef puts a message's marker at its end. Key must hold no more than letters, digits and "-_:."; ids and job keys do.
func WithRef(text, key string) string {
	if key == "" {
		return text
	}
	return text + "\n\n[ref:" + key + "]"
}

var ref = regexp.MustCompile(`\s*\[ref:([A-Za-z0-9._:-]{1,200})\]\s*$`)

// CutRef takes the marker off the end of a message. It is for messages that our own account wrote: a customer who quotes one must
// not pass for it.
func CutRef(text string) (rest, key string) {
	at := ref.FindStringSubmatchIndex(text)
	if at == nil {
		return text, ""
	}
	return strings.TrimRight(text[:at[0]], " \t"), text[at[2]:at[3]]
}

// openedPrefix marks the reference of a ticket that we opened for somebody.
const openedPrefix = "open:"

// WithOpenedRef puts the key of a desk.Opening at the end of the text that a ticket is opened with.
func WithOpenedRef(text, key string) string { return WithRef(text, openedPrefix+key) }

// CutOpenedRef takes the key off the first message of a ticket that we opened for its customer. It stays the customer's message: a
// reference of any other kind is part of what they wrote.
func CutOpenedRef(text string) (rest, key string) {
	rest, key = CutRef(text)
	if short, ok := strings.CutPrefix(key, openedPrefix); ok {
		return rest, short
	}
	return text, ""
}
