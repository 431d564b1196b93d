package freshdesk

import (
	"strings"

	"warmline/helpdesk"
)

// What we write ends with a reference that people can see, and so anybody can copy it: a customer quotes our reply, an agent pastes
// the draft of our note. A reference counts only where we can have written it:
//   - in a message of our own account;
//   - in a public reply of an agent, where it is the first of its kind on the ticket: we reply in an agent's name, and what an agent
//     copies stands below the original.
//
// Everywhere else it is text.

// signedSuffix marks the reference of a reply that was signed, because its author is no agent of the account.
const signedSuffix = ":signed"

// dash begins a signature.
const dash = "\n\n— "

// signed puts an author below a text, and says so in its key.
func signed(text, key, author string) (string, string) {
	return text + dash + author, key + signedSuffix
}

// cutSigned takes reference and signature off a text of our own account; author is "" for one that is in the bot's name.
func cutSigned(text string) (rest, key, author string) {
	rest, key = helpdesk.CutRef(text)
	short, ok := strings.CutSuffix(key, signedSuffix)
	if !ok {
		return rest, key, ""
	}
	at := strings.LastIndex(rest, dash)
	if at < 0 {
		return rest, short, ""
	}
	return rest[:at], short, rest[at+len(dash):]
}
