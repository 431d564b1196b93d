package front

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// OpenFile implements desk.FileReader. The message is read first: Front opens a file by its id alone, whichever conversation it is in,
// and the address that a message gives for it may be anywhere. The bytes come from the API's own host, with our token.
func (c *Connector) OpenFile(ctx context.Context, ticket string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	const op = "open file"
	var carrier struct {
		Links       links        `json:"_links"`
		Attachments []attachment `json:"attachments"`
	}
	if err := c.http.Do(ctx, helpdesk.Call{Op: op, Path: carrierPath(m)}, &carrier); err != nil {
		return nil, err
	}
	if in := conversationIn(string(carrier.Links.Related.Conversation)); in != ticket {
		return nil, fmt.Errorf("%s: %w: the message is not in conversation %s", op, desk.ErrNotFound, ticket)
	}
	if !slices.ContainsFunc(carrier.Attachments, func(a attachment) bool { return a.ID != "" && string(a.ID) == string(f) }) {
		return nil, fmt.Errorf("%s: %w: the message carries no such file", op, desk.ErrNotFound)
	}
	return c.http.Open(ctx, helpdesk.Call{Op: op, Path: []string{"download", string(f)}})
}

// carrierPath is where a message or comment is, by whichever of its ids we know.
func carrierPath(m escalate.MessageID) []string {
	switch id := string(m); {
	case strings.HasPrefix(id, "com_"):
		return []string{"comments", id}
	case strings.HasPrefix(id, "msg_"):
		return []string{"messages", id}
	default:
		return []string{"messages", "alt:uid:" + id}
	}
}
