package requesttracker

import (
	"context"
	"fmt"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Limits implements desk.Helpdesk. Versions are numbers of transactions, which only grow.
func (c *Connector) Limits() desk.Limits {
	l := desk.Limits{Stamps: c.stamps, Settle: c.settle, MaxFiles: mostFiles, MaxUpload: mostBytes}
	if c.stamps {
		l.Newer = newer
	}
	return l
}

// newer reports whether a version is later than another. Of one that is no number nothing can be said.
func newer(a, b string) bool {
	if !numeric(a) || !numeric(b) {
		return false
	}
	return len(a) > len(b) || len(a) == len(b) && a > b
}

// Write implements desk.Helpdesk. Fields are set and tags added, so a repeat changes nothing. A note that the ticket has already is
// found by its marker. A reply is not looked for: the caller reads back before it repeats one.
func (c *Connector) Write(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, ticketID, w)
	case desk.WriteNote:
		return c.note(ctx, ticketID, w)
	case desk.WriteAssign:
		return "", c.assign(ctx, ticketID, w.Agent)
	case desk.WriteTags:
		return "", c.addTags(ctx, ticketID, w.Tags)
	case desk.WriteStatus:
		return "", c.setStatus(ctx, ticketID, w.Status)
	case desk.WritePriority:
		return "", c.setPriority(ctx, ticketID, w.Priority)
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing this helpdesk can write", w.Kind)}
	}
}
