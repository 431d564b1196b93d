package hubspot

import (
	"regexp"
	"strings"

	"warmline/helpdesk"
)

// HubSpot keeps nothing hidden with a message, so its marker is its last line, and who wrote it, where it is no user of the account, the line
// before that. The bot's own replies have no such line: the marker alone is apart from the text by a blank line.
//
//	I sent you a new one.
//
//	— Ana Ruiz
//	[ref:01JD9F3Z6Q8X5M2T7V4B1N0C9K]
const dash = "— "

// withSign puts a message's marker at its end, and its author before that unless "".
func withSign(text, author, key string) string {
	if author == "" || key == "" {
		return helpdesk.WithRef(text, key)
	}
	return text + "\n\n" + dash + author + "\n" + strings.TrimLeft(helpdesk.WithRef("", key), "\n")
}

// signed is a text without its last lines, and what they said.
type signed struct{ text, author, key string }

// cutSign takes the last lines off a text that we may have written. Whether we have, whoever asks knows from what the message came by; so a
// marker counts also where a channel has made one line of all.
func cutSign(text string) signed {
	rest, key := helpdesk.CutRef(text)
	if key == "" {
		return signed{text: text}
	}
	gap := text[len(rest):strings.LastIndex(text, "[ref:")]
	lines := strings.Count(gap, "\n")
	at := strings.LastIndex(rest, "\n\n"+dash)
	if lines != 1 || at < 0 {
		return signed{text: rest, key: key}
	}
	author := rest[at+len("\n\n"+dash):]
	if author == "" || strings.Contains(author, "\n") {
		return signed{text: rest, key: key}
	}
	return signed{text: rest[:at], author: author, key: key}
}

var anyRef = regexp.MustCompile(`\[ref:[A-Za-z0-9._:-]{1,200}\]`)

// cutLast is cutSign for a text that certainly came by an app: what stands behind the last marker, HubSpot has put there, as the signature
// of the user whom the message is from. A reply whose marker is not found would be sent again.
func cutLast(text string) signed {
	at := anyRef.FindAllStringIndex(text, -1)
	if len(at) == 0 {
		return signed{text: text}
	}
	return cutSign(text[:at[len(at)-1][1]])
}
