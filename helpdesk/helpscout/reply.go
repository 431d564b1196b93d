package helpscout

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// newReply is a public message on its way. Draft has no omitempty: that it is none is said each time.
type newReply struct {
	Customer    newCustomer  `json:"customer"`
	Text        string       `json:"text"`
	Draft       bool         `json:"draft"`
	Status      string       `json:"status"`
	User        json.Number  `json:"user"`
	Attachments []newAttache `json:"attachments,omitempty"`
}

type newCustomer struct {
	ID json.Number `json:"id"`
}

// newNote is an internal note on its way. Notes have a place of their own, so nothing in them could make them public; without a status
// they leave it as it is.
type newNote struct {
	Text        string       `json:"text"`
	User        json.Number  `json:"user"`
	Attachments []newAttache `json:"attachments,omitempty"`
}

// newAttache is a file on its way; JSON writes its bytes in base64, as Help Scout wants them.
type newAttache struct {
	Name string `json:"fileName"`
	Type string `json:"mimeType"`
	Data []byte `json:"data"`
}

// reply sends a public message. It goes out in the name of its author where a user of the account has that name, and is signed where
// none has. The commit point is the post: nothing before it changes anything, and after it only a reading can tell.
func (c *Connector) reply(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	const op = "send reply"
	v, err := c.writable(ctx, op, ticket)
	if err != nil {
		return "", err
	}
	status, err := replyStatus(op, v)
	if err != nil {
		return "", err
	}
	me, err := c.me(ctx)
	if err != nil {
		return "", err
	}
	files, err := attaches(op, w.Files)
	if err != nil {
		return "", err
	}
	user, text, key := me.ID, w.Text, w.Key
	if author := strings.TrimSpace(w.Author); author != "" {
		id, found, err := c.author(ctx, author)
		switch {
		case err != nil:
			return "", err
		case found && id != me.ID: // what our own user sends as it is reads as the bot's
			user = id
		default:
			text, key = signed(text, key, author)
		}
	}
	return c.post(ctx, op, []string{"conversations", ticket, "reply"}, newReply{
		Customer: newCustomer{json.Number(v.Customer.ID)}, Text: richtext.HTML(helpdesk.WithRef(text, key)), Status: status,
		User: json.Number(user), Attachments: files,
	})
}

// author is the user in whose name a reply goes; false when it is to be signed instead.
func (c *Connector) author(ctx context.Context, name string) (ident, bool, error) {
	if c.sign {
		return "", false, nil
	}
	return c.userNamed(ctx, name)
}

// replyStatus is the status that a reply sets, because one that sets none sets it active. A conversation that waits for its customer
// goes on waiting; every other is open. Closed is never said: its customer may have opened it again since it was read, and it would
// close by itself.
func replyStatus(op string, v *conversation) (string, error) {
	switch {
	case v.Status == statusSpam:
		return "", &desk.Refused{Op: op, Why: "the conversation is marked as spam, and a reply would take it out; say in Help Scout that it is none, and reply again"}
	case !numeric(string(v.Customer.ID)):
		return "", &desk.Refused{Op: op, Why: "the conversation has no customer; set one in Help Scout, and reply again"}
	case v.Status == statusPending:
		return statusPending, nil
	default:
		return statusActive, nil
	}
}

// note adds a note that is not there yet.
func (c *Connector) note(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	const op = "add note"
	v, err := c.writable(ctx, op, ticket)
	if err != nil {
		return "", err
	}
	me, err := c.me(ctx)
	if err != nil {
		return "", err
	}
	files, err := attaches(op, w.Files)
	if err != nil {
		return "", err
	}
	if w.Key != "" {
		threads, err := c.threads(ctx, ticket)
		if err != nil {
			return "", err
		}
		s, err := c.snapshot(ctx, v, threads)
		if err != nil {
			return "", err
		}
		for _, m := range s.Content.Messages {
			if m.Marker == w.Key && !m.Public {
				return m.ID, nil
			}
		}
	}
	return c.post(ctx, op, []string{"conversations", ticket, "notes"}, newNote{
		Text: richtext.HTML(helpdesk.WithRef(w.Text, w.Key)), User: json.Number(me.ID), Attachments: files,
	})
}

// post makes the one call that adds a thread. Its answer has no body; the thread's id is in a header.
func (c *Connector) post(ctx context.Context, op string, at []string, body any) (escalate.MessageID, error) {
	res, err := c.send(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: at, Body: body})
	if err != nil {
		return "", err
	}
	id := made(res.Header)
	if id == "" {
		return "", fmt.Errorf("%s: it was taken, and the answer has no id", op)
	}
	return escalate.MessageID(id), nil
}

// made is the id of what a call has made: Resource-ID, or the end of Location where that is missing.
func made(header http.Header) string {
	if id := strings.TrimSpace(header.Get("Resource-ID")); numeric(id) {
		return id
	}
	if at, err := url.Parse(header.Get("Location")); err == nil {
		if id := path.Base(at.Path); numeric(id) {
			return id
		}
	}
	return ""
}
