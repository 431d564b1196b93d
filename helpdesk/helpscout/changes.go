package helpscout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// The list of conversations is the only feed of changes. It knows times in whole seconds, its pages are counted, and what it is
// filtered by (the time of any modification) is in none of its answers: they hold when a person last changed it. Hence:
//   - where to go on is taken from Help Scout's clock when the list began, and from nothing that the list holds;
//   - the list is read in the order in which conversations were made, which no change moves: who joins it meanwhile pushes others to
//     later pages, where they come twice. When it grew shorter, one may have moved to a page that was read, and it is read anew;
//   - a conversation whose last change is in a second that may not be over is told later, so that a second change within it does not
//     look like the first. The poll hears of a change two seconds late; webhooks do not wait;
//   - a time is asked for from a second earlier, because it is not documented whether the bound itself is in the list.

// place is where a reader of the list stands. The first page is the list's beginning; on the others it is known when that was, and
// how long the list was.
type place struct {
	since time.Time
	page  int
	until time.Time
	total number
}

// unsettled is how long a second may still see changes after it has begun: itself, and one for clocks that differ.
const unsettled = 2 * time.Second

func (p place) String() string {
	if p.page == 1 {
		return p.since.Format(time.RFC3339)
	}
	return fmt.Sprintf("%s %d %s %d", p.since.Format(time.RFC3339), p.page, p.until.Format(time.RFC3339), p.total)
}

func parsePlace(cursor string) (place, error) {
	bad := fmt.Errorf("the cursor %q is none of ours", helpdesk.Clipped(cursor))
	parts := strings.Split(cursor, " ")
	since, err := time.Parse(time.RFC3339, parts[0])
	p := place{since: since.UTC(), page: 1}
	if err != nil || len(parts) == 1 {
		if err != nil {
			return place{}, bad
		}
		return p, nil
	}
	if len(parts) != 4 {
		return place{}, bad
	}
	page, err1 := strconv.Atoi(parts[1])
	until, err2 := time.Parse(time.RFC3339, parts[2])
	total, err3 := strconv.ParseInt(parts[3], 10, 64)
	if err1 != nil || err2 != nil || err3 != nil || page < 2 || total < 0 {
		return place{}, bad
	}
	p.page, p.until, p.total = page, until.UTC(), number(total)
	return p, nil
}

// listed is one page of the list, and where to go on; last says that it is the last one.
type listed struct {
	told []conversation
	next place
	last bool
}

func (c *Connector) list(ctx context.Context, op string, from place) (*listed, error) {
	call := helpdesk.Call{Op: op, Path: []string{"conversations"}, Query: url.Values{
		"status": {"all"}, "modifiedSince": {from.since.Add(-time.Second).Format(time.RFC3339)}, "sortField": {"createdAt"}, "sortOrder": {"asc"},
	}}
	if c.inboxes != "" {
		call.Query.Set("mailbox", c.inboxes)
	}
	var some []conversation
	p, err := c.page(ctx, call, from.page, "conversations", &some)
	if err != nil {
		return nil, err
	}
	if from.page == 1 {
		from.until = p.date.Truncate(time.Second).Add(-unsettled)
	}
	if from.page > 1 && p.Page.Total < from.total {
		return &listed{next: place{since: from.since, page: 1}}, nil
	}
	l := &listed{last: !p.more(from.page), next: place{since: from.since, page: from.page + 1, until: from.until, total: p.Page.Total}}
	for i := range some {
		if v := &some[i]; numeric(string(v.ID)) && v.State != stateDraft && !v.changed().After(from.until) {
			l.told = append(l.told, *v)
		}
	}
	if l.last {
		l.next = place{since: from.since, page: 1}
		// Where nothing is listed the place stays, so that it ends; else all before until has been told.
		if listedAny := from.page > 1 || len(some) > 0; listedAny && from.until.After(from.since) {
			l.next.since = from.until
		}
	}
	return l, nil
}

// changed is when a conversation last changed, as far as the list says.
func (v *conversation) changed() time.Time {
	var last time.Time
	for _, at := range []moment{v.CreatedAt, v.ClosedAt, v.UserUpdatedAt, v.ModifiedAt, v.WaitingSince.Time} {
		if at.After(last) {
			last = at.Time
		}
	}
	return last
}

// delivery names the state that a conversation is told of: the same for every repeat, another after any change that the list shows,
// even where none of its times is newer.
func (v *conversation) delivery() string {
	shown, err := json.Marshal([]any{
		v.Status, v.State, v.Threads, v.Subject, v.Preview, v.MailboxID, v.Assignee, v.Customer, v.Type, v.Tags,
		v.CreatedAt, v.ClosedAt, v.UserUpdatedAt, v.ModifiedAt, v.WaitingSince,
	})
	if err != nil { // times beyond the year 9999; the ids are enough then
		shown = nil
	}
	sum := sha256.Sum256(shown)
	return "poll:" + string(v.ID) + "@" + v.changed().Format(time.RFC3339) + "#" + hex.EncodeToString(sum[:8])
}

// Changes reads one page of changes, for a helpdesk.Poller.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	const op = "read changes"
	from := place{since: c.now().UTC().Truncate(time.Second), page: 1}
	if cursor == "" {
		var some []conversation
		call := helpdesk.Call{Op: op, Path: []string{"conversations"}, Query: url.Values{
			"status": {"all"}, "modifiedSince": {from.since.Format(time.RFC3339)},
		}}
		p, err := c.page(ctx, call, 1, "conversations", &some)
		if err != nil {
			return nil, "", err
		}
		return nil, place{since: p.date.Truncate(time.Second), page: 1}.String(), nil
	}
	from, err := parsePlace(cursor)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", op, err)
	}
	l, err := c.list(ctx, op, from)
	if err != nil {
		return nil, "", err
	}
	notices := make([]desk.Notice, 0, len(l.told))
	for i := range l.told {
		v := &l.told[i]
		notices = append(notices, desk.Notice{
			Ref: escalate.Ref{Desk: c.name, ID: string(v.ID)}, Delivery: v.delivery(), Urgent: v.channel() == chat,
		})
	}
	return notices, l.next.String(), nil
}

// Past implements helpdesk.Archive. They come in the order in which they were made, the oldest first: by their last change, which
// lists do not show, pages would shift.
func (c *Connector) Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error) {
	const op = "list past conversations"
	from := place{since: since.UTC().Truncate(time.Second), page: 1}
	if cursor != "" {
		if from, err = parsePlace(cursor); err != nil {
			return nil, "", fmt.Errorf("%s: %w", op, err)
		}
	}
	l, err := c.list(ctx, op, from)
	if err != nil {
		return nil, "", err
	}
	for i := range l.told {
		ids = append(ids, string(l.told[i].ID))
	}
	if !l.last {
		next = l.next.String()
	}
	return ids, next, nil
}
