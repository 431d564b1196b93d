package front

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// pagesAtOnce are how many of the feed's small pages are read in one go.
const pagesAtOnce = 8

// walk is a reading of the feed: what was found from a mark on, and the mark behind it.
type walk struct {
	from, to mark
	found    []event
	taken    map[string]bool
	last     time.Time // of the event read last
	disorder bool      // events did not come oldest first, so what is older may still come
}

func (w *walk) take(events []event) {
	for i := range events {
		e := &events[i]
		at := e.time(w.to.at)
		w.disorder = w.disorder || at.Before(w.last)
		w.last = at
		if e.ID == "" || at.Before(w.from.at) || w.taken[string(e.ID)] {
			continue
		}
		w.taken[string(e.ID)] = true
		w.found = append(w.found, *e)
		w.to.add(e)
	}
}

// mayStop reports whether the mark may be saved although there is more: only between two times, never between two events of one, and
// only when all that is older has come.
func (w *walk) mayStop() bool { return !w.disorder && w.to.at.After(w.from.at) }

// events are what was found, oldest first.
func (w *walk) events() []event {
	slices.SortStableFunc(w.found, func(a, b event) int { return a.EmittedAt.Compare(b.EmittedAt.Time) })
	return w.found
}

// follow reads the feed from a mark on, oldest first, and says whether there is more. What was read before a fault is kept.
func (c *Connector) follow(ctx context.Context, from mark, types []string) (events []event, to mark, more bool, err error) {
	w := walk{from: from, to: mark{at: from.at, seen: slices.Clone(from.seen)}, taken: make(map[string]bool)}
	for _, id := range from.seen {
		w.taken[id] = true
	}
	call := helpdesk.Call{Op: "read events", Path: []string{"events"}, Query: limit(eventsPage)}
	// One millisecond earlier: whether "after" means at that time, too, Front does not say. What comes twice is in the mark.
	call.Query.Set("q[after]", seconds(from.at.Add(-time.Millisecond)))
	call.Query["q[types][]"] = types
	call.Query.Set("sort_by", "created_at")
	call.Query.Set("sort_order", "asc")
	for n := 1; n <= mostPages; n++ {
		some, next, err := onePage[event](ctx, c, call)
		if err != nil && w.mayStop() { // the next reading meets the fault again, without losing what this one read
			return w.events(), w.to, true, nil
		}
		if err != nil {
			return nil, from, false, err
		}
		w.take(some)
		if next == nil || n >= pagesAtOnce && w.mayStop() {
			return w.events(), w.to, next != nil, nil
		}
		call.Query = next
	}
	return nil, from, false, fmt.Errorf("read events: more than %d pages of one and the same time", mostPages)
}

// Changes reads the feed, for a helpdesk.Poller.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	if cursor == "" {
		now, err := c.newest(ctx)
		return nil, now.String(), err
	}
	from, err := parseMark(cursor)
	if err != nil {
		return nil, "", err
	}
	events, to, _, err := c.follow(ctx, from, told)
	if err != nil {
		return nil, "", err
	}
	var notices []desk.Notice
	for i := range events {
		for _, h := range events[i].hints() {
			notices = append(notices, desk.Notice{
				Ref: escalate.Ref{Desk: c.name, ID: h.Ticket}, Delivery: "poll:" + string(events[i].ID) + "/" + h.Ticket, Urgent: h.Urgent,
			})
		}
	}
	return notices, to.String(), nil
}

// newest is the mark behind all that there is. It comes from Front's own times, so that our clock's error cannot leave a gap.
func (c *Connector) newest(ctx context.Context) (mark, error) {
	res, err := c.http.Send(ctx, helpdesk.Call{Op: "read events", Path: []string{"events"}, Query: limit(eventsPage)})
	if err != nil {
		return mark{}, err
	}
	var p page[event]
	if err := json.Unmarshal(res.Body, &p); err != nil {
		return mark{}, fmt.Errorf("read events: decode answer: %w", err)
	}
	var m mark
	slices.SortStableFunc(p.Results, func(a, b event) int { return a.EmittedAt.Compare(b.EmittedAt.Time) })
	for i := range p.Results {
		m.add(&p.Results[i])
	}
	if m.at.IsZero() {
		if m.at, err = http.ParseTime(res.Header.Get("Date")); err != nil {
			m.at = c.now().Truncate(time.Second)
		}
	}
	return m, nil
}
