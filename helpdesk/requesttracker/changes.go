package requesttracker

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

// What changed is read by the numbers of transactions, of which every change of a ticket makes one. LastUpdated would not do: it is of
// whole seconds, and a query's dates are read in the time zone of our user, where an hour comes twice in autumn, whatever zone they
// name themselves.
//
// Numbers are given out before a transaction is there to be read, while RT still sends mails: a change is told once it is ten seconds
// old, by RT's own clock. The poll hears of it that much later; webhooks do not wait.
//
// Transactions that we may not see leave gaps, as do those of users and queues. A window of numbers in which nothing is seen is passed
// by only where something newer is. Where nothing is new, that takes one call: each costs RT a third of a second, because it keeps
// tokens as passwords are kept (BcryptCost).

const (
	unsettled   = 10 * time.Second
	mostWindows = 20 // in one call
	looked      = 50 // of the newest transactions
)

// mails are the kinds of transaction that say that RT sent a mail; they change nothing.
var mails = map[string]bool{"EmailRecord": true, "CommentEmailRecord": true}

const cursorPrefix = "transaction "

// Changes reads a window of changes, for a helpdesk.Poller, oldest first.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	const op = "read changes"
	if cursor == "" {
		newest, err := c.newest(ctx, op, 0)
		return nil, cursorPrefix + strconv.FormatInt(newest, 10), err
	}
	text, ok := strings.CutPrefix(cursor, cursorPrefix)
	from, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || from < 0 {
		return nil, "", fmt.Errorf("%s: the cursor %q is none of ours", op, helpdesk.Clipped(cursor))
	}
	end, err := c.newest(ctx, op, unsettled)
	if err != nil || end > 0 && end <= from {
		return nil, cursor, err
	}
	for range mostWindows {
		seen, err := c.window(ctx, op, from)
		if err != nil {
			return nil, "", err
		}
		switch notices := c.notices(seen); {
		case len(seen) > 0:
			from = number64(seen[len(seen)-1].ID)
			if len(notices) > 0 {
				return notices, cursorPrefix + strconv.FormatInt(from, 10), nil
			}
		case end > from+perPage:
			from += perPage
		default: // also where the window has something that is not settled
			return nil, cursorPrefix + strconv.FormatInt(from, 10), nil
		}
	}
	return nil, cursorPrefix + strconv.FormatInt(from, 10), nil
}

// window reads the transactions of the hundred numbers behind one, as far as they are settled.
func (c *Connector) window(ctx context.Context, op string, from int64) ([]transaction, error) {
	l, err := page[transaction](ctx, c, helpdesk.Call{Op: op, Path: []string{"transactions"}, Query: url.Values{
		"fields": {"Type,ObjectId,Created"},
		"query": {query(
			limit{Field: "ObjectType", Value: "RT::Ticket"},
			limit{Field: "id", Operator: ">", Value: strconv.FormatInt(from, 10)},
			limit{Field: "id", Operator: "<=", Value: strconv.FormatInt(from+perPage, 10), Joint: and},
		)},
	}}, 1)
	if err != nil {
		return nil, err
	}
	before := c.clock(l.header).Add(-unsettled)
	for i := range l.Items {
		if l.Items[i].Created.After(before) {
			return l.Items[:i], nil
		}
	}
	return l.Items, nil
}

// newest is the number of the newest transaction that we see and that has an age; 0 where none of the newest is such.
func (c *Connector) newest(ctx context.Context, op string, age time.Duration) (int64, error) {
	l, err := page[transaction](ctx, c, helpdesk.Call{Op: op, Path: []string{"transactions"}, Query: url.Values{
		"fields": {"Created"}, "query": {query(limit{Field: "ObjectType", Value: "RT::Ticket"})}, "order": {"DESC"}, "per_page": {strconv.Itoa(looked)},
	}}, 1)
	if err != nil {
		return 0, err
	}
	before := c.clock(l.header).Add(-age)
	for _, x := range l.Items {
		if age == 0 || !x.Created.After(before) {
			return number64(x.ID), nil
		}
	}
	return 0, nil
}

func number64(id ident) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// clock is the time at RT, ours where an answer does not say.
func (c *Connector) clock(header http.Header) time.Time {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		return at.UTC()
	}
	return c.now().UTC()
}

// notices tells of each ticket once, by its newest change.
func (c *Connector) notices(seen []transaction) (out []desk.Notice) {
	at := make(map[ident]int)
	for i := range seen {
		x := &seen[i]
		if mails[x.Type] || !numeric(string(x.ObjectID)) {
			continue
		}
		n := desk.Notice{
			Ref: escalate.Ref{Desk: c.name, ID: string(x.ObjectID)}, Delivery: "poll:" + string(x.ObjectID) + "@" + string(x.ID),
		}
		if known, again := at[x.ObjectID]; again {
			out[known] = n
			continue
		}
		at[x.ObjectID] = len(out)
		out = append(out, n)
	}
	return out
}

// Past implements helpdesk.Archive, by the tickets' numbers, which never change. The query is given a day more on each side than is
// wanted, because nobody knows in which time zone it is read; each ticket says in UTC when it changed.
func (c *Connector) Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error) {
	const op = "list past tickets"
	if cursor == "" {
		cursor = "0"
	} else if !numeric(cursor) {
		return nil, "", fmt.Errorf("%s: the cursor %q is none of ours", op, helpdesk.Clipped(cursor))
	}
	day := since.UTC().AddDate(0, 0, -2).Format(time.DateOnly)
	l, err := page[ticket](ctx, c, helpdesk.Call{Op: op, Path: []string{"tickets"}, Query: url.Values{
		"query": {"id > " + cursor + " AND LastUpdated > '" + day + "'"}, "fields": {"LastUpdated,Status"},
	}}, 1)
	if err != nil || len(l.Items) == 0 {
		return nil, "", err
	}
	for i := range l.Items {
		t := &l.Items[i]
		next = string(t.ID)
		if t.Status != deleted && !t.LastUpdated.Before(since) {
			ids = append(ids, next)
		}
	}
	if !numeric(next) || next == cursor {
		return nil, "", fmt.Errorf("%s: the list does not go on", op)
	}
	return ids, next, nil
}
