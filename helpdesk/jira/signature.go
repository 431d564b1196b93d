package jira

import (
	"encoding/json"
	"regexp"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// signature is how our marker, and in whose name a comment is, are kept with it: in a property of the comment, or, where it could not
// have one, at the end of its text:
//
//	Here is the drawing.
//
//	— Ana Ruiz
//
//	[ref:01JD9F3Z6Q8X5M2T7V4B1N0C9K:p]
//
// The reference's last letter says whether the line before it names a person, so that a text may end in such a line, too. Jira puts
// the names of the files behind it.
type signature struct{ bot string }

const (
	byPerson  = ":p"
	byBot     = ":b"
	nameStart = "\n\n— "
)

var reference = regexp.MustCompile(`\s*\[ref:([A-Za-z0-9._:-]{1,200})(:[pb])\]`)

// sign puts the marker, and a person's name, at the end of a text.
func (signature) sign(w desk.Write) string {
	switch {
	case w.Key == "":
		return w.Text
	case w.Author == "":
		return strings.TrimLeft(helpdesk.WithRef(w.Text, w.Key+byBot), "\n")
	}
	return strings.TrimLeft(helpdesk.WithRef(w.Text+nameStart+w.Author, w.Key+byPerson), "\n")
}

// recognise reads the marker of a comment that our account wrote. One without is a person's, who uses the same account.
func (s signature) recognise(m *escalate.Message, c *comment) {
	var property mark
	if raw := c.property(markerProperty); set(raw) && json.Unmarshal(raw, &property) == nil && property.Key != "" {
		s.name(m, property)
		return
	}
	found := reference.FindAllStringSubmatchIndex(m.Text, -1)
	if len(found) == 0 {
		return
	}
	at := found[len(found)-1]
	rest, by := m.Text[:at[0]], mark{Key: m.Text[at[2]:at[3]]}
	if m.Text[at[4]:at[5]] == byPerson {
		signed := "\n\n" + rest // a comment of files alone begins with the name
		line := strings.LastIndex(signed, nameStart)
		if line < 0 {
			return
		}
		by.Author = strings.TrimSpace(signed[line+len(nameStart):])
		rest = strings.TrimPrefix(signed[:line], "\n\n")
	}
	m.Text = rest
	s.name(m, by)
}

func (s signature) name(m *escalate.Message, by mark) {
	m.Marker, m.Email = by.Key, ""
	m.Role, m.Author, m.Auto = escalate.RoleBot, s.bot, false
	if by.Author != "" {
		m.Role, m.Author = escalate.RoleAgent, by.Author
	}
}
