package slackstory

import (
	"fmt"
	"net/url"
	"strings"
)

// Channel is a channel as a person, or nobody in particular, sees it.
type Channel struct {
	story *Story
	name  string
	as    string
}

// As looks with the eyes of that person, their private messages included.
func (c *Channel) As(user string) *Channel { return &Channel{c.story, c.name, user} }

// Messages returns what the channel shows now, oldest first, replies included.
func (c *Channel) Messages() []Message {
	c.story.tb.Helper()
	query := url.Values{"channel": {c.name}}
	if c.as != "" {
		query.Set("as", c.as)
	}
	var out struct {
		Messages []Message `json:"messages"`
		Error    string    `json:"error"`
	}
	c.story.get("messages", query, &out)
	if out.Error != "" {
		c.story.tb.Fatalf("read #%s: %s", c.name, out.Error)
	}
	return out.Messages
}

// Say posts a message as that person and returns it.
func (c *Channel) Say(user, text string) *Card {
	c.story.tb.Helper()
	out := c.story.must("message", map[string]any{"channel": c.name, "text": text, "user": user})
	return &Card{channel: c, ts: out.TS}
}

// ExpectCard waits for a message outside threads that shows the text.
func (c *Channel) ExpectCard(text string) *Card {
	c.story.tb.Helper()
	return c.find(fmt.Sprintf("a card with %q", text), func(m Message) bool {
		return (m.ThreadTS == "" || m.ThreadTS == m.TS) && m.Shows(text) // a message with replies is a thread of its own
	})
}

// ExpectPrivate waits for a message that only the person of As sees.
func (c *Channel) ExpectPrivate(text string) *Card {
	c.story.tb.Helper()
	return c.find(fmt.Sprintf("a private message with %q for %s", text, c.as), func(m Message) bool {
		return m.Ephemeral && m.Shows(text)
	})
}

// ExpectNone fails when a message shows the text now.
func (c *Channel) ExpectNone(text string) {
	c.story.tb.Helper()
	for _, m := range c.Messages() {
		if m.Shows(text) {
			c.story.tb.Fatalf("expected nothing with %q; there is:\n%s", text, c.dump())
		}
	}
}

// find waits for a message; the newest that fits is taken.
func (c *Channel) find(want string, fits func(Message) bool) *Card {
	c.story.tb.Helper()
	ts := ""
	c.story.until(want+" in #"+c.name, func() bool {
		for _, m := range c.Messages() {
			if fits(m) {
				ts = m.TS
			}
		}
		return ts != ""
	}, c.dump)
	return &Card{channel: c, ts: ts}
}

func (c *Channel) last() string {
	all := c.Messages()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].TS
}

func (c *Channel) dump() string {
	var b strings.Builder
	for _, m := range c.Messages() {
		b.WriteString(m.String())
	}
	if b.Len() == 0 {
		return "  (nothing)\n"
	}
	return b.String()
}
