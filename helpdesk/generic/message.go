package generic

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// message reads one entry of a conversation.
func (c *Connector) message(entry any) (escalate.Message, error) {
	of := &c.m.Messages
	m := escalate.Message{ID: escalate.MessageID(of.ID.text(entry)), Author: of.Author.Name.text(entry), Email: of.Author.Email.text(entry)}
	if m.ID == "" {
		return m, fmt.Errorf("%w: an entry has no id at %s", errForm, of.ID)
	}
	var err error
	if m.At, err = instant(of.At.text(entry)); err != nil {
		return m, fmt.Errorf("message %s: %w", m.ID, err)
	}
	if m.EditedAt, err = instant(of.Edited.text(entry)); err != nil {
		return m, fmt.Errorf("message %s: %w", m.ID, err)
	}
	if !m.EditedAt.After(m.At) {
		m.EditedAt = escalate.Message{}.EditedAt // many have it from the beginning
	}
	m.Role = of.Role.of(entry)
	m.Public = of.Public.of(entry, m.Role)
	m.Text = of.plain(entry)
	m.Files = of.files(entry)
	c.recognise(&m, entry)
	if m.Author == "" {
		m.Author = m.Email
	}
	return m, nil
}

func (r Roles) of(entry any) escalate.Role {
	switch word := r.Path.text(entry); {
	case slices.Contains(r.Customer, word):
		return escalate.RoleCustomer
	case slices.Contains(r.Agent, word):
		return escalate.RoleAgent
	case slices.Contains(r.Bot, word):
		return escalate.RoleBot
	}
	return escalate.RoleParticipant
}

func (p Public) of(entry any, role escalate.Role) bool {
	switch word := p.Path.text(entry); {
	case slices.Contains(p.Yes, word):
		return true
	case slices.Contains(p.No, word):
		return false
	}
	return role == escalate.RoleCustomer
}

// plain is a message's text, converted from what it is written in.
func (m *Messages) plain(entry any) string {
	format := m.Format
	if word := m.FormatBy.Path.text(entry); word != "" {
		switch {
		case slices.Contains(m.FormatBy.HTML, word):
			format = "html"
		case slices.Contains(m.FormatBy.Text, word):
			format = "text"
		case slices.Contains(m.FormatBy.Markdown, word):
			format = "markdown"
		}
	}
	switch text := m.Text.text(entry); format {
	case "html":
		return richtext.Text(text)
	case "markdown":
		return richtext.TextOfMarkdown(text)
	default:
		return text
	}
}

func (m *Messages) files(entry any) []escalate.File {
	if m.Files.List == "" {
		return nil
	}
	found, _ := m.Files.List.items(entry)
	var out []escalate.File
	for _, one := range found {
		f := escalate.File{ID: escalate.FileID(m.Files.ID.text(one)), Name: m.Files.Name.text(one), Type: m.Files.Type.text(one)}
		if size, err := strconv.ParseInt(m.Files.Size.text(one), 10, 64); err == nil && size > 0 {
			f.Size = size
		}
		if f.ID != "" {
			out = append(out, f)
		}
	}
	return out
}

// What we write carries its key where the helpdesk keeps something hidden with a message, else as a visible reference at its end.
// Customers can set neither: a reference counts only in what our own account wrote, a hidden key only with our prefix and never in a
// customer's message.
const (
	hiddenPrefix = "warmline:"
	// signedSuffix marks what is in a person's name by a signature below its text, namedSuffix what is by the helpdesk's own means.
	signedSuffix = ":signed"
	namedSuffix  = ":named"
	// dash begins a signature.
	dash = "\n\n— "
)

// recognise finds out whether we wrote a message, in whose name, and what its marker is.
func (c *Connector) recognise(m *escalate.Message, entry any) {
	ours := c.m.Messages.Ours.holds(entry) && m.Role != escalate.RoleCustomer
	key := ""
	if hidden := c.m.Messages.Marker; hidden != "" {
		key, _ = strings.CutPrefix(hidden.text(entry), hiddenPrefix)
		if key == hidden.text(entry) || m.Role == escalate.RoleCustomer {
			key = ""
		}
	} else if ours {
		m.Text, key = helpdesk.CutRef(m.Text)
	}
	if key == "" && !ours {
		return
	}
	m.Role = escalate.RoleBot
	if short, ok := strings.CutSuffix(key, namedSuffix); ok {
		m.Role, m.Marker = escalate.RoleAgent, short
		return
	}
	short, ok := strings.CutSuffix(key, signedSuffix)
	m.Marker = short
	if at := strings.LastIndex(m.Text, dash); ok && at >= 0 {
		m.Role, m.Text, m.Author = escalate.RoleAgent, m.Text[:at], m.Text[at+len(dash):]
		return
	}
	m.Author = cmp.Or(c.bot, m.Author)
}

// mark is a message's text and key as they are sent. By is in whose name it is; named says that the helpdesk takes the name itself.
func (c *Connector) mark(text, key, by string, named bool) (string, string) {
	switch {
	case by != "" && named:
		key += namedSuffix
	case by != "":
		text, key = text+dash+by, key+signedSuffix
	}
	if c.m.Messages.Marker != "" {
		return text, hiddenPrefix + key
	}
	return helpdesk.WithRef(text, key), key
}
