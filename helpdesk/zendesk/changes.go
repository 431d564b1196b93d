package zendesk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// The incremental export (Ticketing, Incremental Exports, cursor) shows a ticket when its generated_timestamp, the second of its
// last change by anybody or anything, is behind the cursor. It holds the newest minute back, so that all changes of a second are
// there when it is shown, and it takes no start_time in that minute.
const (
	heldBack = time.Minute
	backThen = 5 * time.Minute // where "now" begins to look, so that neither clock needs to be right
	perPage  = "200"           // of at most 1,000: a page of long tickets still fits into an answer
)

// exported is one page of the export.
type exported struct {
	Tickets []ticket `json:"tickets"`
	After   word     `json:"after_cursor"`
	End     yes      `json:"end_of_stream"`
}

// export reads one page. at is a cursor, or "@" and the second at which to begin.
func (c *Connector) export(ctx context.Context, op, at string) (p exported, date time.Time, err error) {
	query := url.Values{"per_page": {perPage}}
	if start, ok := strings.CutPrefix(at, "@"); ok {
		query.Set("start_time", start)
	} else {
		query.Set("cursor", at)
	}
	res, err := c.http.Send(ctx, helpdesk.Call{Op: op, Path: []string{"incremental", "tickets", "cursor"}, Query: query})
	if err != nil {
		return p, date, needsAdmin(err)
	}
	if err := decode(op, res.Body, &p); err != nil {
		return p, date, err
	}
	return p, c.date(res.Header), nil
}

// date is when Zendesk answered, by its own clock.
func (c *Connector) date(header http.Header) time.Time {
	at, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return c.now()
	}
	return at
}

func needsAdmin(err error) error {
	if refused, ok := errors.AsType[*desk.Refused](err); ok && strings.HasPrefix(refused.Why, "403") {
		refused.Why += "; only an admin may read the account's changes"
	}
	return err
}

// begin is where to start reading for changes since an instant.
func (c *Connector) begin(since time.Time) string {
	if shown := c.now().Add(-heldBack - time.Second); since.After(shown) {
		since = shown
	}
	return "@" + strconv.FormatInt(max(since.Unix(), 0), 10)
}

// Changes reads one page of the account's changes, for a helpdesk.Poller. Our cursor is the second of go-live and Zendesk's cursor:
// the export begins a little before "now", and what changed before go-live is left out for ever.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	if cursor == "" {
		at := c.begin(c.now().Add(-backThen))
		p, date, err := c.export(ctx, "read changes", at)
		if err != nil {
			return nil, "", err
		}
		return nil, strconv.FormatInt(date.Unix(), 10) + "|" + or(string(p.After), at), nil
	}
	from, at, ok := strings.Cut(cursor, "|")
	live, err := strconv.ParseInt(from, 10, 64)
	if !ok || err != nil || at == "" {
		return nil, "", fmt.Errorf("read changes: %q is no cursor of ours; forget it, and work begins with what changes from then on", cursor)
	}
	p, _, err := c.export(ctx, "read changes", at)
	if err != nil {
		return nil, "", err
	}
	notices := c.told(p.Tickets, time.Unix(live, 0))
	next := from + "|" + string(p.After)
	switch {
	case len(p.Tickets) == 0 && bool(p.End):
		notices, err = c.newest(ctx, time.Unix(live, 0))
		next = cursor // nothing more for now
	case p.After == "":
		next = cursor // where Zendesk names no place, the same is read again
	}
	return notices, next, err
}

// newest are the changes of the minute that the export holds back, as far as one page shows them; whatever it misses the export tells a
// minute later. Sorting goes with pages by number only (Ticketing, Tickets, List Tickets).
func (c *Connector) newest(ctx context.Context, live time.Time) ([]desk.Notice, error) {
	const op = "read newest changes"
	res, err := c.http.Send(ctx, helpdesk.Call{
		Op: op, Path: []string{"tickets"}, Query: url.Values{"sort_by": {"updated_at"}, "sort_order": {"desc"}, "per_page": {"100"}},
	})
	if err != nil {
		return nil, err
	}
	var p exported
	if err := decode(op, res.Body, &p); err != nil {
		return nil, err
	}
	slices.Reverse(p.Tickets) // the oldest change first
	if recent := c.date(res.Header).Add(-backThen); recent.After(live) {
		live = recent
	}
	return c.told(p.Tickets, live), nil
}

// told are the notices of tickets that changed since an instant. A change gets the same delivery wherever it is read.
func (c *Connector) told(tickets []ticket, since time.Time) (notices []desk.Notice) {
	for i := range tickets {
		t := &tickets[i]
		if !numeric(string(t.ID)) || instant(or(t.Generated, t.UpdatedAt)).Unix() < since.Unix() {
			continue
		}
		notices = append(notices, desk.Notice{
			Ref:      escalate.Ref{Desk: c.name, ID: string(t.ID)},
			Delivery: fmt.Sprintf("poll:%s:%s:%s", t.ID, t.Generated, t.UpdatedAt), Urgent: channelOf(t.Via.Channel) == "chat",
		})
	}
	return notices
}

// Past implements helpdesk.Archive. It takes part in the export's ten calls a minute.
func (c *Connector) Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error) {
	if cursor == "" {
		cursor = c.begin(since)
	}
	p, _, err := c.export(ctx, "list past tickets", cursor)
	if err != nil {
		return nil, "", err
	}
	for i := range p.Tickets {
		if t := &p.Tickets[i]; numeric(string(t.ID)) && t.Status != "deleted" {
			ids = append(ids, string(t.ID))
		}
	}
	if bool(p.End) {
		return ids, "", nil
	}
	if next = string(p.After); next == "" || next == cursor {
		return nil, "", errors.New("list past tickets: there is more, but the answer does not say from where")
	}
	return ids, next, nil
}
