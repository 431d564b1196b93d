package gorgias

import "strings"

// The marker of what we write is its external_id, of at most 255 characters. Nobody sees it, and only the API sets it, so a message
// from the account's side that has one of ours is ours, whosever name it bears:
//
//	warmline:01JD9F3Z6Q8X5M2T7V4B1N0C9K
//	warmline:01JD9F3Z6Q8X5M2T7V4B1N0C9K:signed    its text ends with the author's name, because no user has it

const (
	markPrefix   = "warmline:"
	signedSuffix = ":signed"
	openPrefix   = "warmline-open:" // a ticket that we opened
	longestMark  = 255
)

// mark is the external_id of a message.
func mark(key string, signed bool) string {
	switch {
	case key == "":
		return ""
	case signed:
		return markPrefix + key + signedSuffix
	}
	return markPrefix + key
}

// marked reads an external_id; ours is false when it is not of our making.
func marked(external ident) (key string, signed, ours bool) {
	key, ours = strings.CutPrefix(string(external), markPrefix)
	if !ours || key == "" {
		return "", false, false
	}
	key, signed = strings.CutSuffix(key, signedSuffix)
	return key, signed, true
}

// dash begins a signature.
const dash = "\n\n— "

// cutSignature takes the author's name off the end of a text that we signed.
func cutSignature(text string) (rest, author string) {
	at := strings.LastIndex(text, dash)
	if at < 0 {
		return text, ""
	}
	return text[:at], text[at+len(dash):]
}
