package front

import (
	"context"
	"slices"
	"time"
)

// learnedFrom are the events of conversations that somebody took part in.
var learnedFrom = []string{"inbound", "outbound", "out_reply", "archive", "ticket_status_update"}

// Past implements helpdesk.Archive. It reads the feed and not the list of conversations, which is newest first, in an order that each
// company may change; searching would cost two fifths of the account's calls.
func (c *Connector) Past(ctx context.Context, since time.Time, cursor string) ([]string, string, error) {
	from, err := mark{at: time.UnixMilli(max(since.UnixMilli(), 1))}, error(nil)
	if cursor != "" {
		from, err = parseMark(cursor)
	}
	if err != nil {
		return nil, "", err
	}
	events, to, more, err := c.follow(ctx, from, learnedFrom)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, e := range slices.Backward(events) { // each once, at its last change
		if id := e.ticket(); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Reverse(ids)
	if !more {
		return ids, "", nil
	}
	return ids, to.String(), nil
}
