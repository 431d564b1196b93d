package jira

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// The kinds of deadline, as the setting slas names them.
const (
	firstResponse = "first_response"
	nextResponse  = "next_response"
	resolution    = "resolution"
)

type sla struct {
	Name    string `json:"name"`
	Ongoing *struct {
		BreachTime *moment `json:"breachTime"`
		Paused     *bool   `json:"paused"`
	} `json:"ongoingCycle"`
}

// deadlines reads the SLAs that are running. One that is paused has no time yet, and neither has one that is over. An account
// without an agent's licence sees none.
func (c *Connector) deadlines(ctx context.Context, ticket string) (due desk.Deadlines, err error) {
	const mostSLAs = 200
	for start := 0; start < mostSLAs; {
		var got page[sla]
		call := helpdesk.Call{Op: "read SLAs", Path: requestPath(ticket, "sla"), Query: url.Values{"start": {strconv.Itoa(start)}, "limit": {"50"}}}
		if err := c.http.Do(ctx, call, &got); err != nil {
			if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 || errors.Is(err, desk.ErrNotFound) {
				return due, nil
			}
			return due, err
		}
		for _, s := range got.Values {
			if s.Ongoing == nil || s.Ongoing.Paused != nil && *s.Ongoing.Paused {
				continue
			}
			if at := c.deadline(&due, s.Name); at != nil {
				*at = earliest(*at, s.Ongoing.BreachTime.time())
			}
		}
		start += len(got.Values)
		if len(got.Values) == 0 || got.IsLastPage == nil || *got.IsLastPage {
			break
		}
	}
	return due, nil
}

// deadline says which deadline an SLA is; nil for what is none of ours, such as the time until a change is approved.
func (c *Connector) deadline(due *desk.Deadlines, name string) *time.Time {
	is := func(kind string) bool {
		return slices.ContainsFunc(c.SLAs[kind], func(s string) bool { return strings.EqualFold(s, name) })
	}
	has := func(words string) bool { return strings.Contains(strings.ToLower(name), words) }
	switch {
	case is(firstResponse):
		return &due.FirstResponse
	case is(nextResponse):
		return &due.NextResponse
	case is(resolution):
		return &due.Resolution
	case has("first response"):
		return &due.FirstResponse
	case has("next response"):
		return &due.NextResponse
	case has("resolution") && !has("after resolution"):
		return &due.Resolution
	}
	return nil
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
