package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// cursor is where the feed of changes was read to. Jira searches from a whole minute on, so what was told of that minute is known by
// its exact time, and what was told of the last instant by its ids. The pages of one search follow each other by Jira's own token.
type cursor struct {
	At   int64    `json:"at"`             // told up to here, in Unix milliseconds
	Told []string `json:"told,omitempty"` // changed at exactly that time, and told

	// Between the pages of a search:
	JQL     string   `json:"jql,omitempty"`
	Token   string   `json:"token,omitempty"`
	Top     int64    `json:"top,omitempty"` // as At and Told, of the pages so far
	TopTold []string `json:"top_told,omitempty"`
}

func (c cursor) encode() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic("jira: encode cursor: " + err.Error()) // numbers and strings only
	}
	return string(b)
}

// add notes that an issue was told.
func (c *cursor) add(at int64, ticket string) {
	switch {
	case at > c.Top:
		c.Top, c.TopTold = at, []string{ticket}
	case at == c.Top && !slices.Contains(c.TopTold, ticket):
		c.TopTold = append(c.TopTold, ticket)
	}
}

// told reports whether a change was told before the cursor.
func (c *cursor) told(at int64, ticket string) bool {
	return at < c.At || at == c.At && slices.Contains(c.Told, ticket)
}

// found is a page of a search. There is no total, and no field that was not asked for.
type found struct {
	Issues    []issue `json:"issues"`
	NextToken string  `json:"nextPageToken"`
	IsLast    *bool   `json:"isLast"`
}

// issuesAPage is what one search asks for; Jira gives fewer where it wants to. pagesOfTold bounds the pages of one minute that are
// passed over because all on them was told: then the cursor stands between pages.
const (
	issuesAPage = 1000
	pagesOfTold = 30
)

// Changes implements helpdesk.Connector. Searches show changes some seconds late; the Poller reads the last minutes again for that.
func (c *Connector) Changes(ctx context.Context, at string) ([]desk.Notice, string, error) {
	if at == "" {
		now, err := c.newest(ctx)
		return nil, now, err
	}
	var from cursor
	if err := json.Unmarshal([]byte(at), &from); err != nil {
		return nil, "", fmt.Errorf("read changes: the cursor %.60q is none of ours: %w", at, err)
	}
	for range pagesOfTold {
		notices, err := c.readPage(ctx, &from)
		if err != nil {
			return nil, "", err
		}
		if len(notices) > 0 || from.Token == "" {
			return notices, from.encode(), nil
		}
	}
	return nil, from.encode(), nil
}

// readPage tells what is new on the next page, and moves the cursor behind it.
func (c *Connector) readPage(ctx context.Context, from *cursor) (notices []desk.Notice, err error) {
	got, err := c.pageOf(ctx, from)
	if err != nil {
		return nil, err
	}
	for _, i := range got.Issues {
		ms := i.Fields.Updated.UnixMilli()
		if i.ID == "" || i.Fields.Updated.IsZero() || from.told(ms, string(i.ID)) {
			continue
		}
		from.add(ms, string(i.ID))
		notices = append(notices, desk.Notice{
			Ref: escalate.Ref{Desk: c.Name, ID: string(i.ID)}, Delivery: fmt.Sprintf("poll:%s@%d", i.ID, ms), Urgent: channelOf(i.Properties) == "chat",
		})
	}
	from.Token = got.NextToken
	if got.NextToken == "" || got.IsLast != nil && *got.IsLast {
		*from = cursor{At: from.Top, Told: from.TopTold}
	}
	return notices, nil
}

// pageOf reads the page that a cursor stands before. A search whose token no longer counts begins again: what it told already comes
// with the same deliveries.
func (c *Connector) pageOf(ctx context.Context, from *cursor) (*found, error) {
	if from.Token != "" {
		got, err := c.search(ctx, "read changes", from.JQL, from.Token)
		if refused, ok := errors.AsType[*desk.Refused](err); !ok || refused.RetryAfter > 0 {
			return got, err
		}
	}
	me, err := c.askSelf(ctx) // the zone of its owner's profile is the one that a search's times are in
	if err != nil {
		return nil, err
	}
	*from = cursor{At: from.At, Told: from.Told, Top: from.At, TopTold: slices.Clone(from.Told), JQL: c.since(time.UnixMilli(from.At), me.TimeZone)}
	return c.search(ctx, "read changes", from.JQL, "")
}

// newest is the cursor behind all changes so far: at the newest one that Jira shows, by its own clock, which may differ from ours.
func (c *Connector) newest(ctx context.Context) (string, error) {
	got, err := c.search(ctx, "find newest change", c.projects()+" ORDER BY updated DESC", "")
	if err != nil {
		return "", err
	}
	now := cursor{Top: 1} // an empty project: all that comes is new
	for _, i := range got.Issues {
		if !i.Fields.Updated.IsZero() {
			now.add(i.Fields.Updated.UnixMilli(), string(i.ID))
		}
	}
	return cursor{At: now.Top, Told: now.TopTold}.encode(), nil
}

func (c *Connector) search(ctx context.Context, op, jql, token string) (*found, error) {
	body := map[string]any{"jql": jql, "fields": []string{"updated"}, "properties": []string{channelProperty}, "maxResults": issuesAPage}
	if token != "" {
		body["nextPageToken"] = token
	}
	var got found
	err := c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPost, Path: []string{"rest", "api", "3", "search", "jql"}, Body: body, Reads: true,
	}, &got)
	return &got, err
}

func (c *Connector) projects() string {
	return `project in ("` + strings.Join(c.Projects, `", "`) + `")`
}

// since is the search for what changed from an instant on, oldest change first. Its times are whole minutes on the clock of a time
// zone, which name two instants in the hour that comes twice when summer time ends: the search then begins an hour earlier. In a zone
// that is not known here it begins a day earlier. What is found too much is left out by its exact time.
func (c *Connector) since(at time.Time, zone string) string {
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		at, where = at.Add(-24*time.Hour), time.UTC
	}
	at = at.In(where)
	for _, around := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		_, here := at.Zone()
		if _, there := at.Add(around).Zone(); there != here {
			at = at.Add(-3 * time.Hour)
			break
		}
	}
	return fmt.Sprintf(`%s AND updated >= "%s" ORDER BY updated ASC`, c.projects(), at.Format("2006/01/02 15:04"))
}

// Past implements helpdesk.Archive.
func (c *Connector) Past(ctx context.Context, since time.Time, at string) ([]string, string, error) {
	var from struct {
		JQL   string `json:"jql"`
		Token string `json:"token"`
	}
	if at != "" {
		if err := json.Unmarshal([]byte(at), &from); err != nil {
			return nil, "", fmt.Errorf("list past tickets: the cursor %.60q is none of ours: %w", at, err)
		}
	} else {
		me, err := c.askSelf(ctx)
		if err != nil {
			return nil, "", err
		}
		from.JQL = c.since(since, me.TimeZone)
	}
	got, err := c.search(ctx, "list past tickets", from.JQL, from.Token)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, i := range got.Issues {
		if i.ID != "" && !i.Fields.Updated.Before(since) {
			ids = append(ids, string(i.ID))
		}
	}
	if got.NextToken == "" || got.IsLast != nil && *got.IsLast {
		return ids, "", nil
	}
	from.Token = got.NextToken
	next, err := json.Marshal(from)
	return ids, string(next), err
}
