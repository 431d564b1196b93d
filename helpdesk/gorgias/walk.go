package gorgias

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// The list of tickets has no filter by time of change. It is read newest change first, a page in each call, down to the watermark:
// the time before which all was told. That time span is fixed when a walk begins, and only its end moves the watermark, so a walk
// that breaks off is made again. A ticket that changes meanwhile moves above the span and is found by the next walk.
//
// A ticket is told once its second is over at Gorgias, by Gorgias' own clock: a second change within the second could look like the
// first. The poll hears of a change two seconds late; webhooks do not wait. Tickets in the trash are in the list, as they should be.

// walk is where a reader of the list stands: it tells what changed at or after from and before to. A zero to is set by the first
// page. cursor is Gorgias' own, of the page to be read.
type walk struct {
	from, to time.Time
	cursor   string
}

// unsettled is how long a second may still see changes after it has begun: itself, and one for clocks that differ.
const unsettled = 2 * time.Second

func (w walk) String() string {
	if w.cursor == "" {
		return w.from.Format(time.RFC3339)
	}
	return w.from.Format(time.RFC3339) + " " + w.to.Format(time.RFC3339) + " " + url.QueryEscape(w.cursor)
}

func parseWalk(text string) (w walk, err error) {
	parts := strings.Split(text, " ")
	if w.from, err = time.Parse(time.RFC3339, parts[0]); err == nil && len(parts) == 3 {
		if w.to, err = time.Parse(time.RFC3339, parts[1]); err == nil {
			w.cursor, err = url.QueryUnescape(parts[2])
		}
	}
	if err != nil || len(parts) == 2 || len(parts) > 3 || len(parts) == 3 && w.cursor == "" {
		return w, fmt.Errorf("the cursor %q is none of ours", helpdesk.Clipped(text))
	}
	w.from, w.to = w.from.UTC(), w.to.UTC()
	return w, nil
}

// step is what one page of a walk told.
type step struct {
	tickets []ticket // oldest change first
	next    walk     // where to go on; the next walk when done
	done    bool
}

// step reads one page.
func (c *Connector) step(ctx context.Context, op string, w walk) (*step, error) {
	call := helpdesk.Call{Op: op, Path: []string{"tickets"}, Query: url.Values{"order_by": {"updated_datetime:desc"}}}
	l, err := page[ticket](ctx, c, call, w.cursor)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && w.cursor != "" && refused.RetryAfter == 0 {
		return &step{next: walk{from: w.from}}, nil // Gorgias' cursors may end: the walk is made again
	}
	if err != nil {
		return nil, err
	}
	if w.to.IsZero() {
		if w.to = c.clock(l.header).Add(-unsettled).Truncate(time.Second); w.to.Before(w.from) {
			w.to = w.from
		}
	}
	s := &step{done: l.Meta.Next == ""}
	for _, t := range l.Data {
		switch {
		case t.UpdatedAt.IsZero():
			return nil, fmt.Errorf("%s: ticket %s does not say when it changed", op, t.ID)
		case t.UpdatedAt.Before(w.from):
			s.done = true
		case t.UpdatedAt.Before(w.to) && numeric(string(t.ID)):
			s.tickets = append(s.tickets, t)
		}
	}
	slices.Reverse(s.tickets)
	switch {
	case !s.done:
		s.next = walk{from: w.from, to: w.to, cursor: l.Meta.Next}
	case len(s.tickets) > 0 || w.cursor != "":
		s.next = walk{from: w.to}
	default:
		s.next = walk{from: w.from}
	}
	return s, nil
}

// clock is the time at Gorgias, ours where an answer does not say.
func (c *Connector) clock(header http.Header) time.Time {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		return at.UTC()
	}
	return c.now().UTC()
}

// Changes reads one page of changes, for a helpdesk.Poller. Within a page the oldest comes first; of several pages, the newest.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	const op = "read changes"
	if cursor == "" {
		l, err := page[ticket](ctx, c, helpdesk.Call{Op: op, Path: []string{"tickets"}, Query: url.Values{"limit": {"1"}}}, "")
		if err != nil {
			return nil, "", err
		}
		return nil, walk{from: c.clock(l.header).Truncate(time.Second)}.String(), nil
	}
	from, err := parseWalk(cursor)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", op, err)
	}
	s, err := c.step(ctx, op, from)
	if err != nil {
		return nil, "", err
	}
	notices := make([]desk.Notice, 0, len(s.tickets))
	for i := range s.tickets {
		t := &s.tickets[i]
		notices = append(notices, desk.Notice{
			Ref:      escalate.Ref{Desk: c.name, ID: string(t.ID)},
			Delivery: "poll:" + string(t.ID) + "@" + t.UpdatedAt.Format(time.RFC3339Nano), Urgent: channelOf(t.Channel) == chat,
		})
	}
	return notices, s.next.String(), nil
}

// lastWalk is how short a time span a walk has after which Past does not look for what changed meanwhile.
const lastWalk = time.Minute

// Past implements helpdesk.Archive. The newest change comes first, because the list cannot begin at an instant. What changes while
// it is read moves to its top, so what changed meanwhile is read after that, until next to no time has passed.
func (c *Connector) Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error) {
	const op = "list past tickets"
	from := walk{from: since.UTC().Truncate(time.Second)}
	if cursor != "" {
		if from, err = parseWalk(cursor); err != nil {
			return nil, "", fmt.Errorf("%s: %w", op, err)
		}
	}
	s, err := c.step(ctx, op, from)
	if err != nil {
		return nil, "", err
	}
	for i := range s.tickets {
		if t := &s.tickets[i]; t.TrashedAt.IsZero() && !is(t.Spam) {
			ids = append(ids, string(t.ID))
		}
	}
	if s.done && s.next.from.Sub(from.from) < lastWalk {
		return ids, "", nil
	}
	return ids, s.next.String(), nil
}
