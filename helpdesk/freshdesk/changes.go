package freshdesk

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// The list of tickets is the only feed of changes. It knows times in whole seconds, and its pages are counted, so that a ticket which
// changes while the list is read moves others to pages that were read already. Hence:
//   - a ticket is told once its second is over at Freshdesk, by Freshdesk's own clock: a second change within the second would look
//     like the first. The poll hears of a change two seconds late; webhooks do not wait.
//   - the list is read by time, not by page: after a full page it begins anew at the last time seen. Pages are counted only within
//     one second in which more than a page of tickets changed.
//   - a time is asked for from a second earlier, because it is not documented whether the bound itself is in the list.
//
// Without updated_since the list holds only what was created within thirty days; deleted and spam are never in it.

// place is where a reader of the list stands: all that changed before its time was told. Page counts within its second.
type place struct {
	at   time.Time
	page int
}

// pagesOfAList is how many pages a list has at most, whatever its length.
const pagesOfAList = 300

// unsettled is how long a second may still see changes after it has begun: itself, and one for clocks that differ.
const unsettled = 2 * time.Second

func (p place) String() string {
	if p.page == 1 {
		return p.at.Format(time.RFC3339)
	}
	return p.at.Format(time.RFC3339) + " " + strconv.Itoa(p.page)
}

func parsePlace(cursor string) (place, error) {
	at, page, paged := strings.Cut(cursor, " ")
	p := place{page: 1}
	var err error
	if p.at, err = time.Parse(time.RFC3339, at); err == nil && paged {
		p.page, err = strconv.Atoi(page)
	}
	if err != nil || p.page < 1 || p.page > pagesOfAList {
		return place{}, fmt.Errorf("the cursor %q is none of ours", helpdesk.Clipped(cursor))
	}
	p.at = p.at.UTC()
	return p, nil
}

// listed is one page of the list, and where to go on.
type listed struct {
	tickets []ticket  // whose second is over, the oldest change first
	last    time.Time // the second of the last of them
	reached bool      // the page goes as far as the place
	more    bool      // there is more to be told now
	next    place
}

// list reads one page, or as many as it takes to come to the place: the second before it may fill pages of its own.
func (c *Connector) list(ctx context.Context, op string, from place) (*listed, error) {
	call := helpdesk.Call{Op: op, Path: []string{"tickets"}, Query: url.Values{
		"updated_since": {from.at.Add(-time.Second).Format(time.RFC3339)}, "order_by": {"updated_at"}, "order_type": {"asc"},
	}}
	for n := from.page; ; n++ {
		var some []ticket
		more, header, err := c.page(ctx, call, n, &some)
		if err != nil {
			return nil, err
		}
		l, err := told(some, from, c.clock(header).Add(-unsettled))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op, err)
		}
		l.more = l.more && more
		if l.more && !l.reached && n < pagesOfAList {
			continue
		}
		l.advance(from, n)
		return l, nil
	}
}

// told takes from a page what is told now: what changed at the place or after it, in seconds that are over.
func told(some []ticket, from place, over time.Time) (*listed, error) {
	l := &listed{last: from.at, more: true}
	for _, t := range some {
		at := t.UpdatedAt.Truncate(time.Second)
		switch {
		case t.UpdatedAt.IsZero():
			return nil, fmt.Errorf("ticket %s does not say when it changed", t.ID)
		case at.After(over):
			l.reached, l.more = true, false // all behind it are newer
		case !at.Before(from.at):
			l.reached, l.last = true, at
			l.tickets = append(l.tickets, t)
		}
	}
	return l, nil
}

// advance says where to go on after the page of a number: behind all that was told, or in the midst of the last second when there is
// more of it. A place that counts pages is in a second of which something was told, and which so is over.
func (l *listed) advance(from place, page int) {
	switch {
	case l.more && l.last.After(from.at):
		l.next = place{l.last, 1}
	case l.more && l.reached && page < pagesOfAList:
		l.next = place{from.at, page + 1}
	case len(l.tickets) > 0 || from.page > 1:
		// With more, these are thirty thousand changes in one second: the rest of them cannot be listed at all.
		l.next = place{l.last.Add(time.Second), 1}
	default:
		l.next = from
	}
}

// clock is the time at Freshdesk, ours where an answer does not say.
func (c *Connector) clock(header http.Header) time.Time {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		return at.UTC()
	}
	return c.now().UTC()
}

// Changes reads one page of changes, for a helpdesk.Poller.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	const op = "read changes"
	if cursor == "" {
		now, err := c.vendorNow(ctx)
		return nil, now, err
	}
	from, err := parsePlace(cursor)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", op, err)
	}
	l, err := c.list(ctx, op, from)
	if err != nil {
		return nil, "", err
	}
	notices := make([]desk.Notice, 0, len(l.tickets))
	for i := range l.tickets {
		t := &l.tickets[i]
		notices = append(notices, desk.Notice{
			Ref:      escalate.Ref{Desk: c.name, ID: string(t.ID)},
			Delivery: "poll:" + string(t.ID) + "@" + t.UpdatedAt.Format(time.RFC3339Nano), Urgent: t.channel() == chat,
		})
	}
	return notices, l.next.String(), nil
}

// vendorNow is the cursor of what changes from now on.
func (c *Connector) vendorNow(ctx context.Context) (string, error) {
	call := helpdesk.Call{Op: "read changes", Path: []string{"tickets"}, Query: url.Values{
		"updated_since": {c.now().UTC().Format(time.RFC3339)}, "per_page": {"1"},
	}}
	res, err := c.api.Send(ctx, call)
	if err != nil {
		return "", err
	}
	return place{c.clock(res.Header).Truncate(time.Second), 1}.String(), nil
}

// Past implements helpdesk.Archive. Archived tickets are in no list.
func (c *Connector) Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error) {
	from := place{since.UTC().Truncate(time.Second), 1}
	if cursor != "" {
		if from, err = parsePlace(cursor); err != nil {
			return nil, "", fmt.Errorf("list past tickets: %w", err)
		}
	}
	l, err := c.list(ctx, "list past tickets", from)
	if err != nil {
		return nil, "", err
	}
	for i := range l.tickets {
		ids = append(ids, string(l.tickets[i].ID))
	}
	if l.more {
		next = l.next.String()
	}
	return ids, next, nil
}
