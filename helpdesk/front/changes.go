package front

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// event is one entry of Front's feed, and what its webhooks carry.
type event struct {
	ID           text          `json:"id"`
	Type         text          `json:"type"`
	EmittedAt    instant       `json:"emitted_at"`
	Conversation *conversation `json:"conversation"`
	Target       struct {
		Meta struct {
			Type text `json:"type"`
		} `json:"_meta"`
		Data json.RawMessage `json:"data"`
	} `json:"target"`
}

// told are the events that change what we read of a conversation. Mentions, links, calls and the like do not.
var told = []string{
	"inbound", "outbound", "out_reply", "comment", "assign", "unassign", "archive", "reopen", "trash", "restore", "reminder", "move",
	"tag", "untag", "conversations_merged", "custom_field_updated", "ticket_status_update", "sending_error", "message_bounce_error",
}

// hints are the tickets that an event is about. Discussions, tasks and what lies in somebody's own inbox are no tickets.
func (e *event) hints() []helpdesk.Hint {
	var all []helpdesk.Hint
	if v := e.Conversation; v != nil && v.ID != "" && !v.IsPrivate && (v.Type == "" || v.Type == "conversation") {
		all = append(all, helpdesk.Hint{Ticket: helpdesk.Clean(string(v.ID)), Urgent: e.isChat()})
	}
	for _, gone := range e.mergedAway() {
		if !slices.ContainsFunc(all, func(h helpdesk.Hint) bool { return h.Ticket == gone }) {
			all = append(all, helpdesk.Hint{Ticket: gone})
		}
	}
	return all
}

// isChat reports whether a customer wrote where somebody waits.
func (e *event) isChat() bool {
	var m struct {
		Type text `json:"type"`
	}
	inbound := e.Type == "inbound" || e.Type == "inbound_received"
	return inbound && e.Target.Meta.Type == "message" && json.Unmarshal(e.Target.Data, &m) == nil && channels[m.Type] == "chat"
}

// mergedAway are the conversations that went into another one. The specification names their list but not its shape, so ids and objects
// that have one are both taken.
func (e *event) mergedAway() (ids []string) {
	if e.Target.Meta.Type != "deleted_conversation_ids" {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(e.Target.Data, &list) != nil {
		list = []json.RawMessage{e.Target.Data}
	}
	for _, one := range list {
		var id text
		var object struct {
			ID text `json:"id"`
		}
		if json.Unmarshal(one, &object) == nil {
			id = object.ID
		} else if json.Unmarshal(one, &id) != nil {
			continue
		}
		if strings.HasPrefix(string(id), "cnv_") {
			ids = append(ids, helpdesk.Clean(string(id)))
		}
	}
	return ids
}

// mark is a place in the feed: the time of the newest event that was read, and which of that very time were. Front's own page tokens
// would end some day, and with them a cursor that was saved.
type mark struct {
	at   time.Time
	seen []string
}

// String is how a mark is saved: "1703102616.123 evt_1,evt_2".
func (m mark) String() string {
	return strings.TrimSpace(seconds(m.at) + " " + strings.Join(m.seen, ","))
}

// seconds writes a time as Front takes it, to the millisecond.
func seconds(at time.Time) string {
	ms := at.UnixMilli()
	return fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
}

func parseMark(cursor string) (mark, error) {
	at, seen, _ := strings.Cut(cursor, " ")
	whole, fraction, ok := strings.Cut(at, ".")
	s, err1 := strconv.ParseInt(whole, 10, 64)
	ms, err2 := strconv.ParseInt(fraction, 10, 64)
	if !ok || len(fraction) != 3 || err1 != nil || err2 != nil || s < 0 || s > latest {
		return mark{}, errors.New("read changes: the cursor is none of ours")
	}
	m := mark{at: time.UnixMilli(s*1000 + ms)}
	if seen != "" {
		m.seen = strings.Split(seen, ",")
	}
	return m, nil
}

// add moves a mark behind an event. Times count by the millisecond, as the feed's own filter does; an event without one counts as of now.
func (m *mark) add(e *event) {
	switch at := e.time(m.at); {
	case at.After(m.at):
		m.at, m.seen = at, []string{string(e.ID)}
	case at.Equal(m.at) && !slices.Contains(m.seen, string(e.ID)):
		m.seen = append(m.seen, string(e.ID))
	}
}

func (e *event) time(unknown time.Time) time.Time {
	if e.EmittedAt.IsZero() {
		return unknown
	}
	return e.EmittedAt.Truncate(time.Millisecond)
}

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
		if err != nil && !w.mayStop() {
			return nil, from, false, err
		}
		w.take(some)
		if err != nil || next == nil || n >= pagesAtOnce && w.mayStop() {
			slices.SortStableFunc(w.found, func(a, b event) int { return a.EmittedAt.Compare(b.EmittedAt.Time) })
			return w.found, w.to, err != nil || next != nil, nil
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
		v := e.Conversation
		if v == nil || v.IsPrivate || cmp.Or(v.Type, "conversation") != "conversation" || v.ID == "" || slices.Contains(ids, string(v.ID)) {
			continue
		}
		ids = append(ids, string(v.ID))
	}
	slices.Reverse(ids)
	if !more {
		return ids, "", nil
	}
	return ids, to.String(), nil
}
