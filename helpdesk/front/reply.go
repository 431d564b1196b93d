package front

import (
	"context"
	"fmt"
	"net/http"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// outgoing is a reply as Front takes it. Options is always sent: left out, Front archives the conversation.
type outgoing struct {
	Body       string  `json:"body"`
	Text       string  `json:"text,omitempty"` // of e-mail
	AuthorID   text    `json:"author_id,omitempty"`
	SenderName string  `json:"sender_name,omitempty"`
	Options    options `json:"options"`
}

type options struct {
	Archive bool `json:"archive"`
}

// reply sends a public message. In a teammate's name it is the teammate's; in any other name Front would not keep it, so the name is
// the line before the marker.
func (c *Connector) reply(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	const op = "send reply"
	out, signedBy := outgoing{SenderName: c.bot}, ""
	if w.Author != "" {
		author, err := c.teammateNamed(ctx, w.Author)
		if err != nil {
			return "", nothingSent(op, err)
		}
		out.AuthorID, out.SenderName = author, ""
		if author == "" {
			out.SenderName, signedBy = w.Author, w.Author
		}
	}
	out.Text = withSign(w.Text, signedBy, w.Key)
	out.Body = richtext.HTML(out.Text)
	var body any = out
	if len(w.Files) > 0 {
		form, err := formOf([]field{
			{"body", out.Body},
			{"text", out.Text},
			{"author_id", string(out.AuthorID)},
			{"sender_name", out.SenderName},
			{"options[archive]", "false"},
		}, w.Files)
		if err != nil {
			return "", nothingSent(op, err)
		}
		body = form
	}
	var accepted struct {
		UID text `json:"message_uid"`
	}
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: conversationPath(id, "messages"), Body: body}, &accepted)
	if err != nil {
		return "", refuseMerged(op, id, err)
	}
	if accepted.UID == "" {
		return "", fmt.Errorf("%s: the answer names no message", op)
	}
	// Accepted, not sent yet: what Front then cannot deliver is no message of the conversation, and its event tells of it.
	return escalate.MessageID(accepted.UID), nil
}

// note adds a comment, which only the team ever sees, unless it is there already.
func (c *Connector) note(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	const op = "add comment"
	if w.Key != "" {
		all, err := c.comments(ctx, id)
		if err != nil {
			return "", refuseMerged(op, id, err)
		}
		for i := range all {
			if m := c.noted(&all[i]); m.Marker == w.Key {
				return m.ID, nil
			}
		}
	}
	markdown := richtext.Markdown(withSign(w.Text, "", w.Key))
	var body any = map[string]any{"body": markdown}
	if len(w.Files) > 0 {
		form, err := formOf([]field{{"body", markdown}}, w.Files)
		if err != nil {
			return "", nothingSent(op, err)
		}
		body = form
	}
	var made comment
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: conversationPath(id, "comments"), Body: body}, &made)
	if err != nil {
		return "", refuseMerged(op, id, err)
	}
	if made.ID == "" {
		return "", fmt.Errorf("%s: the answer names no comment", op)
	}
	return escalate.MessageID(made.ID), nil
}
