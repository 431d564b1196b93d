package requesttracker

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// newMessage is a message on its way. Whether it is public is in the address that it is posted to.
type newMessage struct {
	Content     string    `json:"Content"`
	ContentType string    `json:"ContentType"`
	Attachments []newFile `json:"Attachments,omitempty"`
}

const html = "text/html"

// reply sends a public message. It is our own user's; an author stands below it. The commit point is the post: nothing before it
// changes anything, and after it only a reading can tell.
func (c *Connector) reply(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	const op = "send reply"
	m, err := written(op, w, strings.TrimSpace(w.Author))
	if err == nil {
		_, err = c.standing(ctx, op, ticketID)
	}
	if err != nil {
		return "", helpdesk.Unsent(op, err)
	}
	call := helpdesk.Call{Op: op, Path: []string{"ticket", ticketID, "correspond"}, Body: m}
	if w.Stamp != "" && c.stamps {
		call.Stamped, call.Header = true, http.Header{"If-Match": {`"` + w.Stamp + `"`}}
	}
	return c.post(ctx, call)
}

// note adds an internal note that is not there yet.
func (c *Connector) note(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	const op = "add note"
	m, err := written(op, w, "")
	if err != nil {
		return "", err
	}
	t, err := c.standing(ctx, op, ticketID)
	if err != nil {
		return "", err
	}
	r, err := c.conversation(ctx, t)
	if err != nil {
		return "", err
	}
	for _, there := range r.messages() {
		if !there.Public && there.Marker == w.Key {
			return there.ID, nil
		}
	}
	return c.post(ctx, helpdesk.Call{Op: op, Path: []string{"ticket", ticketID, "comment"}, Body: m})
}

// written is what a write says, with its marker.
func written(op string, w desk.Write, author string) (*newMessage, error) {
	if !keyForm.MatchString(w.Key) || len(w.Key) > 200-len(signedSuffix) {
		return nil, &desk.Refused{Op: op, Why: fmt.Sprintf("its key %q fits into no marker, so that it could not be found again", helpdesk.Clipped(w.Key)), Content: true}
	}
	files, err := attached(op, w.Files)
	if err != nil {
		return nil, err
	}
	return &newMessage{Content: marked(w.Text, w.Key, author), ContentType: html, Attachments: files}, nil
}

// post makes the one call that adds a message. The answer says in a header which it is.
func (c *Connector) post(ctx context.Context, call helpdesk.Call) (escalate.MessageID, error) {
	call.Method = http.MethodPost
	res, err := c.api.Send(ctx, call)
	if err != nil {
		return "", err
	}
	_, id, found := strings.Cut(res.Header.Get("Location"), "/transaction/")
	if !found || !numeric(id) {
		return "", fmt.Errorf("%s: the answer does not say which message it made", call.Op)
	}
	return escalate.MessageID(id), nil
}
