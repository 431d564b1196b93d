package helpscout

import (
	"regexp"
	"strings"

	"warmline/helpdesk"
)

// What we write ends with a reference that people can see, and so anybody can copy it: a customer quotes our reply, a colleague pastes
// the draft of our note. A reference counts only where we can have written it:
//   - in a message of our own account;
//   - in a reply of another user, where it is the first of its kind in the conversation: we reply in a person's name, and what a person
//     copies stands below the original.
//
// Everywhere else it is text.

// signedSuffix marks the reference of a reply that was signed, because its author is no user of the account.
const signedSuffix = ":signed"

// dash begins a signature.
const dash = "\n\n— "

// signed puts an author below a text, and says so in its key.
func signed(text, key, author string) (string, string) {
	return text + dash + author, key + signedSuffix
}

// refLine is a reference that has a line of its own.
var refLine = regexp.MustCompile(`(?m)^\[ref:([A-Za-z0-9._:-]{1,200})\][ \t]*$`)

// cutRef takes the reference off a text that we can have written. An inbox may put its signature below what is sent, and then the
// reference is not at the end: not found, the message would be sent again. What is behind it stays.
func cutRef(text string) (rest, key string) {
	if rest, key = helpdesk.CutRef(text); key != "" {
		return rest, key
	}
	all := refLine.FindAllStringSubmatchIndex(text, -1)
	if len(all) == 0 {
		return text, ""
	}
	at := all[len(all)-1]
	before, behind := strings.TrimRight(text[:at[0]], " \t\n"), strings.TrimLeft(text[at[1]:], " \t\n")
	return strings.Trim(before+"\n\n"+behind, "\n"), text[at[2]:at[3]]
}

// cutSigned takes reference and signature off a text of our own account; author is "" for one that is in the bot's name.
func cutSigned(text string) (rest, key, author string) {
	rest, key = cutRef(text)
	short, ok := strings.CutSuffix(key, signedSuffix)
	if !ok {
		return rest, key, ""
	}
	at := strings.LastIndex(rest, dash)
	if at < 0 {
		return rest, short, ""
	}
	author, behind, _ := strings.Cut(rest[at+len(dash):], "\n") // behind it is an inbox's signature, if anything
	if behind != "" {
		return rest[:at] + "\n" + behind, short, author
	}
	return rest[:at], short, author
}
