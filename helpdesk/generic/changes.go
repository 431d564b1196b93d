package generic

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// A cursor is either the second from which changes are told, "at:2026-11-23T08:00:00Z", or the helpdesk's own, "cursor:…". A second is
// told once it is over, and once the helpdesk says that it shows every change of it: what changes within a second that was told
// would never be.
const (
	atPrefix     = "at:"
	cursorPrefix = "cursor:"
	// webhooksOnly is the cursor of an account whose changes no list tells.
	webhooksOnly = "webhooks"
)

// changePages bounds what one look at the list reads.
const changePages = 200

// change is one ticket that changed.
type change struct {
	id     string
	at     time.Time
	urgent bool
}

// Changes reads one page of changes, for a helpdesk.Poller. Of a mapping without changes it tells none, ever: webhooks alone do.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	if c.m.Changes == nil {
		return nil, webhooksOnly, nil
	}
	if cursor == "" || cursor == webhooksOnly {
		now, err := c.begin(ctx)
		return nil, now, err
	}
	changes, next, _, err := c.from(ctx, cursor)
	if err != nil {
		return nil, "", err
	}
	notices := make([]desk.Notice, 0, len(changes))
	for _, ch := range changes {
		notices = append(notices, desk.Notice{
			Ref:      escalate.Ref{Desk: c.name, ID: ch.id},
			Delivery: "poll:" + ch.id + "@" + ch.at.Format(time.RFC3339Nano), Urgent: ch.urgent,
		})
	}
	return notices, next, nil
}

// begin is the cursor of what changes from now on, by the helpdesk's clock.
func (c *Connector) begin(ctx context.Context) (string, error) {
	l := c.changeList(c.now())
	page, err := l.page(ctx)
	if err != nil {
		return "", err
	}
	return placeOf(c.clock(page.header)), nil
}

func placeOf(at time.Time) string {
	return atPrefix + at.UTC().Truncate(time.Second).Format(time.RFC3339)
}

// changeList is the list of what changed since an instant.
func (c *Connector) changeList(since time.Time) *lister {
	ch := c.m.Changes
	var text any
	switch ch.Since {
	case "unix":
		text = since.Unix()
	case "unix_ms":
		text = since.UnixMilli()
	default:
		text = since.UTC().Format(time.RFC3339)
	}
	return &lister{c: c, op: "read changes", url: ch.URL, at: ch.List, pages: ch.Pages, v: values{"since": text}, most: changePages}
}

// from reads on from a cursor. Whole says that there was nothing more to be told at the time.
func (c *Connector) from(ctx context.Context, cursor string) (changes []change, next string, whole bool, err error) {
	const op = "read changes"
	if own, ok := strings.CutPrefix(cursor, cursorPrefix); ok && c.m.Changes.Order == "cursor" {
		return c.byCursor(ctx, time.Time{}, own, cursor)
	}
	text, ok := strings.CutPrefix(cursor, atPrefix)
	at, err := time.Parse(time.RFC3339, text)
	if !ok || err != nil {
		return nil, "", false, fmt.Errorf("%s: the cursor %q is none of ours", op, helpdesk.Clipped(cursor))
	}
	at = at.UTC()
	switch c.m.Changes.Order {
	case "cursor":
		return c.byCursor(ctx, at, "", cursor)
	case "newest":
		changes, err = c.newestFirst(ctx, at)
		return changes, behind(changes, at), true, err
	default:
		return c.oldestFirst(ctx, at)
	}
}

// behind is the place behind all changes that were told.
func behind(changes []change, from time.Time) string {
	if len(changes) == 0 {
		return placeOf(from)
	}
	return placeOf(changes[len(changes)-1].at.Truncate(time.Second).Add(time.Second))
}

// entry reads one entry of the list.
func (c *Connector) entry(item any) (change, error) {
	ch := c.m.Changes
	out := change{id: ch.ID.text(item), urgent: ch.Urgent.holds(item)}
	if out.id == "" {
		return out, fmt.Errorf("read changes: %w: an entry has no id at %s", errForm, ch.ID)
	}
	var err error
	if out.at, err = instant(ch.Updated.text(item)); err == nil && out.at.IsZero() {
		err = fmt.Errorf("%w: nothing is at %s", errForm, ch.Updated)
	}
	if err != nil {
		return out, fmt.Errorf("read changes: when ticket %s changed: %w", helpdesk.Clipped(out.id), err)
	}
	return out, nil
}

func (c *Connector) page(p *list) ([]change, error) {
	out := make([]change, 0, len(p.items))
	for _, item := range p.items {
		ch, err := c.entry(item)
		if err != nil {
			return nil, err
		}
		out = append(out, ch)
	}
	return out, nil
}

// over is the last second that is told: the list is complete up to it.
func (c *Connector) over(header http.Header) time.Time {
	return c.clock(header).Add(-time.Duration(c.m.Changes.Lag) * time.Second).Truncate(time.Second)
}

// oldestFirst reads one page of a list that begins with the oldest change, and goes on from its last second rather than by pages: a
// ticket that changes meanwhile leaves its page, and what moves up into the gap would be passed over. Only a second that is longer
// than a page is read by pages.
func (c *Connector) oldestFirst(ctx context.Context, from time.Time) (told []change, next string, whole bool, err error) {
	l := c.changeList(from.Add(-time.Second)) // some mean "after", and not "from"
	for {
		p, err := l.page(ctx)
		if err != nil {
			return nil, "", false, err
		}
		some, err := c.page(p)
		if err != nil {
			return nil, "", false, err
		}
		if !slices.IsSortedFunc(some, bySecond) {
			return nil, "", false, fmt.Errorf("read changes: %w: the list does not begin with the oldest change, but has order: oldest", errForm)
		}
		over, more := c.over(p.header), p.more
		for _, ch := range some {
			second := ch.at.Truncate(time.Second)
			if second.After(over) {
				more = false
			} else if !second.Before(from) {
				told = add(told, ch)
			}
		}
		if !more {
			return told, behind(told, from), true, nil
		}
		if last := lastSecond(some); last.After(from) {
			told = slices.DeleteFunc(told, func(ch change) bool { return !ch.at.Before(last) })
			return told, placeOf(last), false, nil
		}
	}
}

func bySecond(a, b change) int { return a.at.Truncate(time.Second).Compare(b.at.Truncate(time.Second)) }

func lastSecond(some []change) time.Time {
	if len(some) == 0 {
		return time.Time{}
	}
	return some[len(some)-1].at.Truncate(time.Second)
}

// add adds a change that is not there yet: a list may shift while it is read.
func add(told []change, ch change) []change {
	if slices.ContainsFunc(told, func(one change) bool { return one.id == ch.id && one.at.Equal(ch.at) }) {
		return told
	}
	return append(told, ch)
}

// newestFirst reads a list that begins with the newest change down to an instant. What changes meanwhile moves to its beginning, and
// pushes nothing over.
func (c *Connector) newestFirst(ctx context.Context, from time.Time) ([]change, error) {
	l := c.changeList(from.Add(-time.Second))
	var told []change
	var over time.Time
	for more := true; more; {
		p, err := l.page(ctx)
		if err != nil {
			return nil, err
		}
		if over.IsZero() {
			over = c.over(p.header)
		}
		some, err := c.page(p)
		if err != nil {
			return nil, err
		}
		if !slices.IsSortedFunc(some, func(a, b change) int { return bySecond(b, a) }) {
			// Read on, it would look as if all behind its first page were old.
			return nil, fmt.Errorf("read changes: %w: the list does not begin with the newest change, but has order: newest", errForm)
		}
		more = p.more
		for _, ch := range some {
			second := ch.at.Truncate(time.Second)
			if second.Before(from) {
				more = false
			} else if !second.After(over) {
				told = add(told, ch)
			}
		}
	}
	slices.SortStableFunc(told, func(a, b change) int {
		if order := a.at.Compare(b.at); order != 0 {
			return order
		}
		return strings.Compare(a.id, b.id)
	})
	return told, nil
}

// byCursor reads one page of a list with a cursor of its own, which begins at an instant.
func (c *Connector) byCursor(ctx context.Context, since time.Time, own, cursor string) ([]change, string, bool, error) {
	l := c.changeList(since)
	if own != "" {
		l.v["cursor"] = own
		delete(l.v, "since")
	}
	p, err := l.page(ctx)
	if err != nil {
		return nil, "", false, err
	}
	some, err := c.page(p)
	if err != nil {
		return nil, "", false, err
	}
	next := c.m.Changes.Cursor.text(p.doc)
	if next == "" || next == own {
		return some, cursor, true, nil // its end; what is read again has the same delivery
	}
	return some, cursorPrefix + next, len(some) == 0, nil
}

// Archive is a Connector whose list of changes goes back as far as one wants.
type Archive struct{ *Connector }

// Past implements helpdesk.Archive.
func (a Archive) Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error) {
	if cursor == "" {
		cursor = placeOf(since)
	}
	changes, next, whole, err := a.from(ctx, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("list past tickets: %w", err)
	}
	for _, ch := range changes {
		ids = append(ids, ch.id)
	}
	if whole {
		next = ""
	}
	return ids, next, nil
}

// archives reports whether the changes of a mapping can be read from any instant on.
func (m *Mapping) archives() bool { return m.Changes != nil && m.Changes.Order == "oldest" }
