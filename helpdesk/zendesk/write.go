package zendesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// again is when to repeat a call that met another one at work on the same ticket.
const again = time.Second

// change is what one call does to a ticket.
type change struct {
	Comment      *newComment       `json:"comment,omitempty"`
	Status       string            `json:"status,omitempty"`
	Priority     string            `json:"priority,omitempty"`
	Assignee     json.RawMessage   `json:"assignee_id,omitempty"` // null for nobody
	Metadata     map[string]string `json:"metadata,omitempty"`
	SafeUpdate   bool              `json:"safe_update,omitempty"`
	UpdatedStamp string            `json:"updated_stamp,omitempty"`
}

// newComment says its visibility always: left out, it is that of the ticket's first comment.
type newComment struct {
	HTML    string      `json:"html_body"`
	Public  bool        `json:"public"`
	Author  json.Number `json:"author_id,omitempty"`
	Uploads []string    `json:"uploads,omitempty"`
}

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the ticket has already is found by its
// marker. A reply is not looked for: its stamp, or the caller's reading back, decides about a repeat.
func (c *Connector) Write(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	if !numeric(ticket) {
		return "", fmt.Errorf("write to ticket: %w: %q is no number", desk.ErrNotFound, ticket)
	}
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, ticket, w)
	case desk.WriteNote:
		return c.note(ctx, ticket, w)
	case desk.WriteTags:
		return "", c.tag(ctx, ticket, w.Tags)
	default:
	}
	op, set, err := fields(w)
	if err != nil {
		return "", err
	}
	_, err = c.put(ctx, ticket, op, set)
	return "", err
}

// fields is the change that sets what needs no look at the ticket.
func fields(w desk.Write) (op string, set change, err error) {
	switch w.Kind {
	case desk.WriteAssign:
		set.Assignee = json.RawMessage("null")
		if w.Agent != "" {
			set.Assignee = json.RawMessage(w.Agent)
		}
		if w.Agent != "" && !numeric(string(w.Agent)) {
			return "", set, &desk.Refused{Op: "assign ticket", Why: fmt.Sprintf("%q is no agent's number; link the person to their account again", w.Agent)}
		}
		return "assign ticket", set, nil
	case desk.WriteStatus:
		names := map[escalate.Status]string{
			escalate.StatusOpen: "open", escalate.StatusPending: "pending", escalate.StatusOnHold: "hold", escalate.StatusSolved: "solved",
			escalate.StatusClosed: "closed",
		}
		set.Status = names[w.Status]
		if set.Status == "" {
			return "", set, &desk.Refused{Op: "set status", Why: fmt.Sprintf("%q is no status that Zendesk has", w.Status)}
		}
		return "set status", set, nil
	case desk.WritePriority:
		set.Priority = string(priorityOf(word(w.Priority)))
		if set.Priority == "" {
			return "", set, &desk.Refused{Op: "set priority", Why: fmt.Sprintf("%q is no priority that Zendesk has", w.Priority)}
		}
		return "set priority", set, nil
	default:
	}
	return "", set, &desk.Refused{Op: "write to ticket", Why: fmt.Sprintf("a %q is nothing this helpdesk can write", w.Kind)}
}

// reply sends a public comment. With a stamp that was read too early nothing is sent, because it would not tell that the ticket moved
// within its second, nor that an earlier call with it was applied.
func (c *Connector) reply(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	if strings.HasSuffix(w.Stamp, fresh) {
		return "", &desk.Refused{Op: "send reply", Why: "the ticket changed in the moment in which it was read; read it again", Moved: true}
	}
	author, err := c.inTheNameOf(ctx, w.Author)
	if err != nil {
		return "", err
	}
	return c.say(ctx, ticket, "send reply", w, author)
}

// note adds a note that is not there yet. It carries the stamp of the reading that did not show it: a note whose answer was
// lost, and that is applied late, then meets a ticket that moved, or makes the repeat meet one.
func (c *Connector) note(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	w.Stamp, w.Author = "", ""
	if w.Key != "" {
		s, err := c.Read(ctx, ticket)
		if err != nil {
			return "", err
		}
		for i := range s.Content.Messages {
			if m := &s.Content.Messages[i]; m.Marker == w.Key {
				return m.ID, nil
			}
		}
		if w.Stamp = s.Stamp; strings.HasSuffix(w.Stamp, fresh) {
			return "", &desk.Refused{Op: "add note", Why: "the ticket changed this second; nothing was written", RetryAfter: settledBy}
		}
	}
	written, err := c.say(ctx, ticket, "add note", w, "")
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.Moved {
		refused.RetryAfter = again // whoever moved it, the note belongs there as before
	}
	return written, err
}

// say writes one comment. Files go up first: without the comment nobody sees them, and Zendesk forgets them by itself.
func (c *Connector) say(ctx context.Context, ticket, op string, w desk.Write, author id) (escalate.MessageID, error) {
	tokens, err := c.upload(ctx, w.Files)
	if err != nil {
		return "", err
	}
	set := change{
		Comment: &newComment{
			HTML: richtext.HTML(w.Text), Public: w.Kind == desk.WriteReply, Author: json.Number(author), Uploads: tokens,
		},
		SafeUpdate: w.Stamp != "", UpdatedStamp: w.Stamp,
	}
	if w.Key != "" {
		set.Metadata = map[string]string{"warmline_key": w.Key}
		if w.Author != "" {
			set.Metadata["warmline_author"] = w.Author
		}
	}
	// Commit point: whatever happens from here on, the comment may be there. The caller reads back and finds it by its marker.
	events, err := c.put(ctx, ticket, op, set)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(events, func(e event) bool { return e.Type == "Comment" })
	switch {
	case at < 0:
		return "", fmt.Errorf("%s: the answer tells of no comment", op)
	case bool(events[at].Public) != set.Comment.Public:
		return "", &desk.Refused{Op: op, Why: visibility[set.Comment.Public]}
	}
	return escalate.MessageID(events[at].ID), nil
}

// visibility says what it means that Zendesk gave a comment another visibility than asked for.
var visibility = map[bool]string{
	true: "Zendesk kept it as an internal note, so that the customer never got it; the user as whom the token acts may not write " +
		"public comments (a light agent?): give them a role that may",
	false: "Zendesk made the note public; look at the ticket and at the account's triggers",
}

// event is what a change did to a ticket.
type event struct {
	ID     id   `json:"id"`
	Type   word `json:"type"`
	Public yes  `json:"public"`
}

// put changes a ticket and returns what happened.
func (c *Connector) put(ctx context.Context, ticket, op string, set change) ([]event, error) {
	var answer struct {
		Audit struct {
			Events []event `json:"events"`
		} `json:"audit"`
	}
	err := c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPut, Path: ticketPath(ticket), Body: map[string]change{"ticket": set}, Stamped: set.SafeUpdate,
	}, &answer)
	return answer.Audit.Events, explained(err)
}

// explained says more of a refusal than Zendesk's own word. Without a stamp, 409 says that two calls met and this one lost.
func explained(err error) error {
	refused, ok := errors.AsType[*desk.Refused](err)
	switch {
	case !ok:
	case strings.HasPrefix(refused.Why, "409") && !refused.Moved:
		refused.RetryAfter = again
	case strings.HasPrefix(refused.Why, "422"):
		refused.Why += "; a closed ticket takes no change any more, and one cannot be solved while fields that the account wants are empty"
	}
	return err
}

// tag adds tags. The call adds on Zendesk's side, but two at once can lose some (Ticketing, Tags, "Safe Update"), so it carries the stamp
// of the reading before.
func (c *Connector) tag(ctx context.Context, ticket string, tags []string) error {
	tags = tagNames(tags)
	t, _, _, err := c.ticket(ctx, ticket)
	if err != nil {
		return err
	}
	if holds(t.Tags, tags) {
		return nil
	}
	var answer struct {
		Tags []word `json:"tags"`
	}
	err = c.http.Do(ctx, helpdesk.Call{
		Op: "tag ticket", Method: http.MethodPut, Path: ticketPath(ticket, "tags"), Stamped: true,
		// As documented: here it is the word.
		Body: map[string]any{"tags": tags, "safe_update": "true", "updated_stamp": string(t.UpdatedAt)},
	}, &answer)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.Moved {
		refused.RetryAfter = again
	}
	if err == nil && !holds(answer.Tags, append(tags, words(t.Tags)...)) {
		err = fmt.Errorf("tag ticket: of the tags %q and %q some are missing now; look at the ticket", t.Tags, tags)
	}
	return explained(err)
}

// Untag implements desk.Untagger. Zendesk takes only those tags away that it is told of.
func (c *Connector) Untag(ctx context.Context, ticket string, tags []string) error {
	tags = tagNames(tags)
	t, _, _, err := c.ticket(ctx, ticket)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(tags, func(tag string) bool { return slices.Contains(t.Tags, word(tag)) }) {
		return nil
	}
	err = c.http.Do(ctx, helpdesk.Call{
		Op: "take tags from ticket", Method: http.MethodDelete, Path: ticketPath(ticket, "tags"), Stamped: true,
		Body: map[string]any{"tags": tags, "safe_update": "true", "updated_stamp": string(t.UpdatedAt)},
	}, nil)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.Moved {
		refused.RetryAfter = again
	}
	return explained(err)
}

// tagNames are tags as Zendesk keeps them: in lower case, and in one piece. It would make two tags of one with a space.
func tagNames(tags []string) (out []string) {
	for _, tag := range tags {
		tag = strings.ToLower(strings.Join(strings.FieldsFunc(tag, func(r rune) bool { return r == ',' || r == ' ' || r < ' ' }), "_"))
		if tag != "" && !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

func holds(all []word, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(tag string) bool { return !slices.Contains(all, word(tag)) })
}
