package jira

import (
	"encoding/json"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// descriptionID is the id of the message that an issue's description is.
const descriptionID escalate.MessageID = "description"

// messages are the description and the comments, as messages. What the system notes is in the changelog, which is none of them.
func (r *reading) messages() []escalate.Message {
	all := make([]escalate.Message, 0, len(r.comments)+1)
	used := make(map[escalate.FileID]bool)
	for i := range r.comments {
		m := r.message(&r.comments[i])
		for _, f := range m.Files {
			used[f.ID] = true
		}
		all = append(all, m)
	}
	return slices.Insert(all, 0, r.description(used))
}

// description is the customer's first message. Files of theirs that no comment has came with it.
func (r *reading) description(used map[escalate.FileID]bool) escalate.Message {
	f := &r.issue.Fields
	customer := r.customer()
	m := escalate.Message{
		ID: descriptionID, Role: escalate.RoleCustomer, Author: customer.name(), Text: textOf(f.Description), Public: true, At: f.Created.Time,
		EditedAt: r.descriptionEdited(),
	}
	m.Text, _ = helpdesk.CutOpenedRef(m.Text)
	if customer != nil {
		m.Email = helpdesk.Clean(customer.EmailAddress)
	}
	for _, a := range f.Attachments {
		if file := fileOf(a); !used[file.ID] && customer != nil && a.Author.is(customer.AccountID) {
			m.Files = append(m.Files, file)
		}
	}
	return m
}

// descriptionEdited is when the customer last changed the description: what agents tidy up in it is no news.
func (r *reading) descriptionEdited() (at time.Time) {
	customer := r.customer()
	if r.issue.Changelog == nil || customer == nil {
		return at
	}
	for _, h := range r.issue.Changelog.Histories {
		for _, item := range h.Items {
			if (item.FieldID == "description" || item.Field == "description") && h.Author.is(customer.AccountID) && h.Created.After(at) {
				at = h.Created.Time
			}
		}
	}
	return at
}

func (r *reading) message(c *comment) escalate.Message {
	m := escalate.Message{
		ID: escalate.MessageID(c.ID), Author: c.Author.name(), Text: textOf(c.Body), At: c.Created.Time, Files: r.files[c.ID],
	}
	if c.Author != nil {
		m.Email = helpdesk.Clean(c.Author.EmailAddress)
	}
	m.Role, m.Auto = r.role(c)
	m.Public = c.isPublic() || c.Public == nil && m.Role == escalate.RoleCustomer && !c.hidden()
	if c.Author.is(r.me.AccountID) {
		r.sign.recognise(&m, c)
	}
	if c.Updated.After(c.Created.Time) && m.Marker == "" {
		m.EditedAt = c.Updated.Time
	}
	return m
}

// role says on which side a comment's author stands. The customer and who takes part in the request stand outside, also when they
// have an agent's licence.
func (r *reading) role(c *comment) (role escalate.Role, auto bool) {
	author := c.Author
	customer := r.customer()
	switch {
	case author == nil || author.AccountID == "":
		return escalate.RoleParticipant, false // anonymous, or erased
	case author.AccountType == "app":
		return escalate.RoleBot, true // automation rules, and other apps
	case c.SeesAll != nil && !*c.SeesAll:
		return escalate.RoleParticipant, false // by e-mail, from someone who is not part of the request; Jira keeps some of these internal
	case c.hidden() && author.AccountType != "customer":
		return escalate.RoleAgent, false // nobody outside can write what nobody outside sees
	case author.is(r.me.AccountID) && !customer.is(r.me.AccountID):
		return escalate.RoleAgent, false // until a marker says that it was us
	case customer != nil && author.is(customer.AccountID) && !c.hidden():
		return escalate.RoleCustomer, false
	case author.AccountType == "customer", slices.ContainsFunc(r.participants, func(u user) bool { return u.is(author.AccountID) }):
		return escalate.RoleParticipant, false
	}
	return escalate.RoleAgent, false
}

// isPublic reports whether customers see a comment. Jira must say so: what it does not call public is internal.
func (c *comment) isPublic() bool { return c.Public != nil && *c.Public && !c.hidden() }

// hidden reports whether anything says that customers do not see a comment: Jira itself, the property that makes it so, or that only
// a group or a role sees it.
func (c *comment) hidden() bool {
	return c.Public != nil && !*c.Public || c.internal() || set(c.Visibility)
}

// internal reports whether a comment's own property calls it an internal note.
func (c *comment) internal() bool {
	var v struct {
		Internal bool `json:"internal"`
	}
	raw := c.property(visibilityProperty)
	return set(raw) && json.Unmarshal(raw, &v) == nil && v.Internal
}

func (c *comment) property(key string) json.RawMessage {
	for _, p := range c.Properties {
		if p.Key == key {
			return p.Value
		}
	}
	return nil
}

// textOf reads a document. One that cannot be read must not hold up its ticket.
func textOf(body json.RawMessage) string {
	text, err := richtext.TextOfADF(body)
	if err != nil {
		return "[This text could not be read; it is in Jira.]"
	}
	return helpdesk.Clean(text)
}
