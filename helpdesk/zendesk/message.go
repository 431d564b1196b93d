package zendesk

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// system is the author of what Zendesk itself writes.
const system id = "-1"

// message reads one comment. Only comments are messages: changes of fields, notifications and the like are events of audits,
// which are not read.
func (r *reading) message(m *comment) escalate.Message {
	author := r.users[m.AuthorID]
	out := escalate.Message{
		ID: escalate.MessageID(m.ID), Role: r.roleOf(m), Author: string(author.Name), Email: string(author.Email), Text: textOf(m, false),
		Public: bool(m.Public), Auto: m.AuthorID == system, At: instant(m.CreatedAt), Files: filesOf(m.Attachments),
	}
	if !r.ours(m) {
		return out
	}
	out.Marker, out.Text = string(m.Metadata.Key), textOf(m, true)
	if m.Metadata.Author != "" {
		out.Role, out.Author = escalate.RoleAgent, string(m.Metadata.Author)
	} else {
		out.Role, out.Author = escalate.RoleBot, r.c.bot
	}
	return out
}

// ours reports whether we wrote a comment: it has our marker, and its author is our user, or one of the account's own people in
// whose name our user wrote. Customers cannot set metadata, and what looks like a marker in a text is text.
func (r *reading) ours(m *comment) bool {
	author := r.users[m.AuthorID]
	return m.Metadata.Key != "" && (m.AuthorID == r.me || author.staff() && m.Metadata.Author != "")
}

func (r *reading) roleOf(m *comment) escalate.Role {
	author, known := r.users[m.AuthorID]
	switch {
	case m.AuthorID == system:
		return escalate.RoleBot
	case m.AuthorID != "" && m.AuthorID == r.ticket.RequesterID && bool(m.Public):
		return escalate.RoleCustomer
	case author.staff() || m.AuthorID == r.me:
		return escalate.RoleAgent
	case known || bool(m.Public):
		return escalate.RoleParticipant
	}
	return escalate.RoleAgent // an internal note by somebody who is no longer there
}

// textOf is a comment's text. plain_body is Zendesk's own reading, without markup, in which no-break spaces stay as entities. What we wrote
// is read from the HTML that we sent, so that it is the same text again.
func textOf(m *comment, own bool) string {
	text := strings.ReplaceAll(string(m.Plain), "&nbsp;", " ")
	if own && m.HTML != "" || text == "" {
		text = richtext.Text(string(m.HTML))
	}
	return helpdesk.Clean(cmp.Or(text, string(m.Body)))
}

func filesOf(list []attachment) (files []escalate.File) {
	for _, a := range list {
		if a.ID == "" || bool(a.Deleted) {
			continue
		}
		size, _ := strconv.ParseInt(string(a.Size), 10, 64) // 0: it does not say
		files = append(files, escalate.File{ID: escalate.FileID(a.ID), Name: string(a.FileName), Type: string(a.ContentType), Size: max(size, 0)})
	}
	return files
}

// number is how the comment that a merge leaves names the other ticket, in any language: "… merged into request #4711 "…"".
var number = regexp.MustCompile(`#(\d{1,18})\b`)

// mergedInto is the ticket that this one went into; "" when it did not, or when that cannot be told. A merge closes a ticket, tags it
// "closed_by_merge" and leaves a comment by one of the account's own people, the last one that it ever gets, which names the other
// ticket. Customers can write such words, but neither close nor tag. What merged into this ticket stands in comments before it.
func (r *reading) mergedInto(comments []comment) string {
	if r.ticket.Status != "closed" || !slices.Contains(r.ticket.Tags, "closed_by_merge") {
		return ""
	}
	for _, m := range slices.Backward(comments) {
		if author := r.users[m.AuthorID]; author.staff() || m.AuthorID == system {
			return r.target(&m)
		}
	}
	return ""
}

// target is the ticket that a merge's comment names.
func (r *reading) target(m *comment) string {
	if m.Via.Source.Rel == "merge" {
		for _, end := range []related{m.Via.Source.To, m.Via.Source.From} {
			for _, other := range append([]id{end.TicketID}, end.TicketIDs...) {
				if numeric(string(other)) && other != r.ticket.ID {
					return string(other)
				}
			}
		}
	}
	at := number.FindStringSubmatch(textOf(m, false))
	if at == nil || !numeric(at[1]) || at[1] == string(r.ticket.ID) {
		return ""
	}
	return at[1]
}
