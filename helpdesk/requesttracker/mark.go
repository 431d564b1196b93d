package requesttracker

import (
	"regexp"
	"strings"

	"warmline/helpdesk/richtext"
)

// The marker of what we write is a comment at the end of its HTML:
//
//	<div dir="auto">Hold the button.</div><!-- warmline:01JD9F3Z6Q8X5M2T7V4B1N0C9K -->
//	<div dir="auto">Hold it.<br><br>— Ana Ruiz</div><!-- warmline:01JD9F3Z6Q8X5M2T7V4B1N0C9K:signed -->
//
// RT keeps it, shows it to nobody, and leaves it out of the mails that it sends. It is believed only in what our own user wrote.

// signedSuffix marks a text that ends with its author's name: everything that we write is our own user's.
const signedSuffix = ":signed"

// keyForm is what a key may be, so that it can never end the comment that it stands in.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,200}$`)

var marker = regexp.MustCompile(`<!-- warmline:([A-Za-z0-9._:-]{1,200}) -->\s*$`)

// marked is a text as HTML with its key.
func marked(text, key, author string) string {
	if author != "" {
		text, key = text+dash+author, key+signedSuffix
	}
	return richtext.HTML(text) + "<!-- warmline:" + key + " -->"
}

// unmarked reads what our own user wrote; ours is false when it has no marker. author is "" for what is in the bot's name.
func unmarked(body string) (text, key, author string, ours bool) {
	text = richtext.Text(body)
	found := marker.FindStringSubmatch(body)
	if found == nil {
		return text, "", "", false
	}
	key, isSigned := strings.CutSuffix(found[1], signedSuffix)
	if at := strings.LastIndex(text, dash); isSigned && at >= 0 {
		text, author = text[:at], text[at+len(dash):]
	}
	return text, key, author, true
}

// dash begins a signature.
const dash = "\n\n— "
