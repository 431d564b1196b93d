package hubspot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// The CRM's search is the feed of changes: tickets by when they changed, to the millisecond. It gives no more than ten thousand to one
// question and is some seconds behind, so:
//   - it is read by time, not by page: after a full page, the question begins anew at the time seen last.
//   - where a whole page changed in one millisecond, as after an import, that millisecond is read by id.
//   - of the newest millisecond, the cursor keeps which tickets were told, and others of it are told later.
//   - what the search shows late is found by the overlap of a helpdesk.Poller.

// searchSize is the most that a page of a search holds.
const searchSize = 200

// place is where a reader of the feed stands.
type place struct {
	at   int64    // ms; all before it were told
	seen []string // of at itself, these were told
	past string   // at is being read by id, and these up to here were told; "" when it is not
}

// String is how a place is saved: "1795435200123 21000001042,21000001043", or "1795435200123>21000001042".
func (p place) String() string {
	at := strconv.FormatInt(p.at, 10)
	switch {
	case p.past != "":
		return at + ">" + p.past
	case len(p.seen) > 0:
		return at + " " + strings.Join(p.seen, ",")
	}
	return at
}

func parsePlace(cursor string) (place, error) {
	var p place
	at, rest, byID := strings.Cut(cursor, ">")
	if byID {
		p.past = rest
	} else if at, rest, _ = strings.Cut(cursor, " "); rest != "" {
		p.seen = strings.Split(rest, ",")
	}
	var err error
	p.at, err = strconv.ParseInt(at, 10, 64)
	for _, id := range append(slices.Clone(p.seen), p.past) {
		if strings.Trim(id, "0123456789") != "" {
			err = errors.New("no id")
		}
	}
	if err != nil || p.at < 0 || p.at > latest || byID && p.past == "" {
		return place{}, errors.New("the cursor is none of ours")
	}
	return p, nil
}

// step reads one page from a place, and says where to go on and whether there is more.
func (c *Connector) step(ctx context.Context, op string, from place) (found []record, next place, more bool, err error) {
	ms := strconv.FormatInt(from.at, 10)
	q := query{
		Groups: []group{{Filters: []filter{{modified, "GTE", ms}}}}, Sorts: []order{{modified, ascending}},
		Properties: []string{modified, "source_type"}, Limit: searchSize, After: "0",
	}
	if from.past != "" {
		q.Groups = []group{{Filters: []filter{{modified, "EQ", ms}, {"hs_object_id", "GT", from.past}}}}
		q.Sorts = []order{{"hs_object_id", ascending}}
	}
	p, err := c.find(ctx, op, q)
	if err != nil {
		return nil, from, false, err
	}
	for i := range p.Results {
		if r := &p.Results[i]; r.ID == "" || r.changed() == 0 {
			return nil, from, false, fmt.Errorf("%s: ticket %q does not say when it changed", op, r.ID)
		}
	}
	full := len(p.Results) >= searchSize
	if from.past != "" {
		next = place{at: from.at + 1}
		if full {
			next = place{at: from.at, past: string(p.Results[len(p.Results)-1].ID)}
		}
		return p.Results, next, true, nil
	}
	found, next = after(p.Results, from)
	if full && next.at == from.at {
		next = place{at: from.at, past: "0"}
	}
	return found, next, full, nil
}

// after takes from a page what was not told yet, and moves the place behind it.
func after(results []record, from place) (found []record, next place) {
	next = place{at: from.at, seen: slices.Clone(from.seen)}
	for i := range results {
		r := &results[i]
		at, id := r.changed(), string(r.ID)
		if at < from.at || at == from.at && slices.Contains(from.seen, id) {
			continue
		}
		found = append(found, *r)
		switch {
		case at > next.at:
			next = place{at: at, seen: []string{id}}
		case at == next.at && !slices.Contains(next.seen, id):
			next.seen = append(next.seen, id)
		}
	}
	return found, next
}

// Changes reads one page of changes, for a helpdesk.Poller.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	const op = "read changes"
	if cursor == "" {
		next, err := c.newest(ctx, op)
		return nil, next, err
	}
	from, err := parsePlace(cursor)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", op, err)
	}
	found, next, _, err := c.step(ctx, op, from)
	if err != nil {
		return nil, "", err
	}
	notices := make([]desk.Notice, 0, len(found))
	for i := range found {
		r := &found[i]
		notices = append(notices, desk.Notice{
			Ref:      escalate.Ref{Desk: c.name, ID: string(r.ID)},
			Delivery: fmt.Sprintf("poll:%s@%d", r.ID, r.changed()), Urgent: strings.EqualFold(string(r.Properties["source_type"]), chat),
		})
	}
	return notices, next.String(), nil
}

// newest is the place behind the newest change, by HubSpot's own times: our clock has no part in it.
func (c *Connector) newest(ctx context.Context, op string) (string, error) {
	p, err := c.find(ctx, op, query{
		Groups: []group{{Filters: []filter{{modified, "GTE", "0"}}}}, Sorts: []order{{modified, descending}},
		Properties: []string{modified}, Limit: searchSize, After: "0",
	})
	if err != nil {
		return "", err
	}
	var at place
	for i := range p.Results {
		switch r := &p.Results[i]; {
		case r.changed() > at.at:
			at = place{at: r.changed(), seen: []string{string(r.ID)}}
		case r.changed() == at.at:
			at.seen = append(at.seen, string(r.ID))
		}
	}
	if len(at.seen) >= searchSize { // and maybe more of the same millisecond: history, all of them
		at = place{at: at.at + 1}
	}
	return at.String(), nil
}

// Past implements helpdesk.Archive.
func (c *Connector) Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error) {
	const op = "list past tickets"
	from := place{at: max(since.UnixMilli(), 0)}
	if cursor != "" {
		if from, err = parsePlace(cursor); err != nil {
			return nil, "", fmt.Errorf("%s: %w", op, err)
		}
	}
	found, to, more, err := c.step(ctx, op, from)
	if err != nil {
		return nil, "", err
	}
	for i := range found {
		ids = append(ids, string(found[i].ID))
	}
	if more {
		next = to.String()
	}
	return ids, next, nil
}
