package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// The two properties of a comment that we write: who may see it, which is service management's own, and our marker.
const (
	visibilityProperty = "sd.public.comment"
	markerProperty     = "warmline"
)

// newComment is a comment as the platform takes it. Without the visibility among its properties it would be public.
type newComment struct {
	Body       json.RawMessage `json:"body"`
	Properties []newProperty   `json:"properties"`
}

type newProperty struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// mark is the value of our property.
type mark struct {
	Key    string `json:"key"`
	Author string `json:"author,omitempty"` // in whose name; "" is the bot's
}

func commentOf(w desk.Write) newComment {
	return newComment{Body: richtext.ADF(w.Text), Properties: []newProperty{
		{visibilityProperty, map[string]bool{"internal": w.Kind != desk.WriteReply}},
		{markerProperty, mark{w.Key, w.Author}},
	}}
}

// reply sends a public comment. It is not looked for first: the caller reads back before a repeat.
func (c *Connector) reply(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	if len(w.Files) > 0 {
		return c.send(ctx, ticket, w)
	}
	m, err := c.comment(ctx, ticket, "send reply", w)
	if err != nil || m.Public == nil || *m.Public {
		return escalate.MessageID(m.ID), err
	}
	switch public, err := c.readVisibility(ctx, ticket, m.ID); {
	case err != nil:
		return "", fmt.Errorf("send reply: see whether customers see comment %s: %w", m.ID, err)
	case public:
		return escalate.MessageID(m.ID), nil
	}
	// The customer would wait for ever. Taken back, it was never there.
	if err := c.takeBack(ctx, ticket, m.ID); err != nil {
		return "", fmt.Errorf("send reply: Jira kept comment %s internal, so the customer does not see it, and it could not be deleted: %w", m.ID, err)
	}
	return "", &desk.Refused{Op: "send reply", Why: "Jira kept it internal, so it was deleted again; check that the token's account is an agent of the project"}
}

// readVisibility asks who sees a comment of which the answer to its creation said what was not wanted: that may have been written
// before the comment's properties took hold.
func (c *Connector) readVisibility(ctx context.Context, ticket string, m id) (public bool, err error) {
	var now comment
	err = c.http.Do(ctx, helpdesk.Call{Op: "read comment", Path: issuePath(ticket, "comment", string(m))}, &now)
	return now.Public != nil && *now.Public, err
}

// note adds an internal comment that is not there yet. It is found by its marker, whichever way it was written. One that is there but
// public, because we died before we could take it back, is taken back now.
func (c *Connector) note(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	if w.Key != "" {
		switch found, err := c.findNote(ctx, ticket, w.Key); {
		case err != nil:
			return "", err
		case found != nil && found.isPublic():
			return c.rescue(ctx, ticket, found.ID, w)
		case found != nil:
			return escalate.MessageID(found.ID), nil
		}
	}
	if len(w.Files) > 0 || c.leaky.Load() {
		return c.send(ctx, ticket, w)
	}
	m, err := c.comment(ctx, ticket, "add note", w)
	if err != nil || m.Public == nil || !*m.Public {
		return escalate.MessageID(m.ID), err
	}
	// Commit point: until the deletion, customers see the note.
	return c.rescue(ctx, ticket, m.ID, w)
}

// findNote looks for what we wrote with a key; nil when it is not there.
func (c *Connector) findNote(ctx context.Context, ticket, key string) (*comment, error) {
	me, err := c.self(ctx)
	if err != nil {
		return nil, err
	}
	comments, err := c.comments(ctx, ticket, me)
	if err != nil {
		return nil, err
	}
	sign := signature{bot: c.BotName}
	for i := range comments {
		if !comments[i].Author.is(me.AccountID) {
			continue
		}
		m := escalate.Message{Text: textOf(comments[i].Body)}
		if sign.recognise(&m, &comments[i]); m.Marker == key {
			return &comments[i], nil
		}
	}
	return nil, nil
}

// rescueTime bounds taking back a note that customers can see, also when whoever asked for the note has gone.
const rescueTime = 20 * time.Second

// rescue deletes a note that came out public, because the site does not take the property that makes it internal, and writes it the
// other way, in which all notes go from now on.
func (c *Connector) rescue(ctx context.Context, ticket string, leaked id, w desk.Write) (escalate.MessageID, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rescueTime)
	defer cancel()
	if public, err := c.readVisibility(ctx, ticket, leaked); err == nil && !public {
		return escalate.MessageID(leaked), nil
	}
	c.leaky.Store(true)
	if err := c.takeBack(ctx, ticket, leaked); err != nil {
		return "", fmt.Errorf("add note: Jira made comment %s of ticket %s public, and it could not be deleted; delete it by hand now: %w", leaked, ticket, err)
	}
	return c.send(ctx, ticket, w)
}

func (c *Connector) takeBack(ctx context.Context, ticket string, m id) error {
	err := c.http.Do(ctx, helpdesk.Call{Op: "delete comment", Method: http.MethodDelete, Path: issuePath(ticket, "comment", string(m))}, nil)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}

func (c *Connector) comment(ctx context.Context, ticket, op string, w desk.Write) (comment, error) {
	var written comment
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: issuePath(ticket, "comment"), Body: commentOf(w)}, &written)
	if err == nil && written.ID == "" {
		err = fmt.Errorf("%s: the answer has no comment id", op)
	}
	return written, err
}
