package card

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// Thread draws one message of the conversation for a card's thread. A long one takes several posts, whole; the key of
// each is its own ("key", "key/2", …).
func Thread(t desk.ThreadPost) []Message {
	head := line(t.Head, 200)
	parts := chunks(strings.Trim(Clean(t.Text), "\n"), maxPage)
	if len(parts) == 0 {
		parts = []string{""}
	}
	var out []Message
	for i, part := range parts {
		r := threadHead(t, head, i, len(parts))
		elements := []slack.RichTextElement{lines(r)}
		for _, piece := range chunks(part, 2900) {
			if q := quoted(strings.TrimSuffix(piece, "\n")); q != nil {
				elements = append(elements, q)
			}
		}
		if i == len(parts)-1 {
			elements = append(elements, files(t.Files, t.URL))
		}
		b := block("", elements...)
		if b == nil {
			b = block("", lines(row{}.say("(an empty message)")))
		}
		key := t.Key
		if i > 0 {
			key = fmt.Sprintf("%s/%d", t.Key, i+1)
		}
		out = append(out, Message{
			Broadcast: t.Broadcast && i == 0,
			Text:      inText(threadWords(t, head, part)),
			Blocks:    []slack.Block{b},
			Metadata:  slack.SlackMetadata{EventType: ThreadEvent, EventPayload: map[string]any{"key": key}},
		})
	}
	return out
}

func threadHead(t desk.ThreadPost, head string, part, of int) row {
	r := row(text(head, bold))
	if part == 0 && !t.Wrote.IsZero() {
		if len(r) > 0 {
			r = r.say(" · ")
		}
		r = r.strong("edited what they wrote on ").at(t.Wrote, onDay)
	}
	if part == 0 && !t.At.IsZero() {
		if len(r) > 0 {
			r = r.say(" · ")
		}
		r = r.at(t.At, onDay)
	}
	if t.Note {
		r = gap(r).say("Inside only, the customer does not see this.")
	}
	if of > 1 {
		r = gap(r).say(fmt.Sprintf("Part %d of %d.", part+1, of))
	}
	if part == 0 && personID.MatchString(string(t.Mention)) {
		r = gap(r).person(t.Mention)
	}
	for _, lead := range t.Leads {
		if part == 0 && personID.MatchString(string(lead)) && lead != t.Mention {
			r = gap(r).person(lead)
		}
	}
	return r
}

func gap(r row) row {
	if len(r) == 0 {
		return r
	}
	return r.say(" ")
}

func threadWords(t desk.ThreadPost, head, body string) string {
	words := head
	if !t.Wrote.IsZero() {
		words += " edited what they wrote on " + utc(t.Wrote)
	}
	if t.Note {
		words += " (inside only)"
	}
	if body = line(body, 600); body != "" {
		words += ": " + body
	}
	if names := fileNames(t.Files); names != "" {
		words += " (attached: " + names + ")"
	}
	if strings.TrimSpace(words) == "" {
		return "A message without text."
	}
	return words
}
