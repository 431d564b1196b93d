package front

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the ticket has already is found by its
// marker. A reply is not looked for: Front sends it in the background, so the caller reads back once that is over.
func (c *Connector) Write(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, id, w)
	case desk.WriteNote:
		return c.note(ctx, id, w)
	case desk.WriteAssign:
		return "", c.assign(ctx, id, string(w.Agent))
	case desk.WriteTags:
		return "", c.addTags(ctx, "tag conversation", id, w.Tags)
	case desk.WriteStatus:
		return "", c.setStatus(ctx, id, w.Status)
	case desk.WritePriority:
		return "", c.setPriority(ctx, id, w.Priority)
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing that Front can write", w.Kind)}
	}
}

// assign sets the assignee: a teammate's id, or an e-mail address, which Front takes as an alias; "" leaves the conversation with nobody.
// For that Front's text wants null, which its own specification refuses.
func (c *Connector) assign(ctx context.Context, id, agent string) error {
	const op = "assign conversation"
	var assignee any
	switch {
	case strings.Contains(agent, "@") && !strings.HasPrefix(agent, "alt:"):
		assignee = "alt:email:" + agent
	case agent != "":
		assignee = agent
	}
	err := c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPut, Path: conversationPath(id, "assignee"), Body: map[string]any{"assignee_id": assignee},
	}, nil)
	return refuseMerged(op, id, err)
}

// retrySoon is when to try again what failed before anything was sent.
const retrySoon = 10 * time.Second

// nothingSent makes a refusal of the failure of a call that only prepared the write: the write itself was certainly not made, and a list
// that is not there is no ticket that is not there.
func nothingSent(op string, err error) error {
	out := &desk.Refused{Op: op, Why: "nothing was sent: " + err.Error(), RetryAfter: retrySoon}
	if refused, ok := errors.AsType[*desk.Refused](err); ok {
		out.RetryAfter, out.Status = refused.RetryAfter, refused.Status
	}
	return out
}
