package front

import (
	"context"
	"errors"
	"fmt"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// reads are what the token must let us read, with the scope that each needs.
var reads = []struct {
	what, scope string
	path        []string
	one         bool // takes a limit
}{
	{"conversations", "conversations:read", []string{"conversations"}, true},
	{"events", "events:*:read", []string{"events"}, true},
	{"teammates", "teammates:read", []string{"teammates"}, false},
	{"tags", "tags:read", []string{"tags"}, true},
	{"channels", "channels:read", []string{"channels"}, false},
	{"message templates", "message_templates:read", []string{"message_templates"}, false},
	{"knowledge bases", "knowledge_bases:read", []string{"knowledge_bases"}, false},
}

// writeScopes cannot be tried without a write.
const writeScopes = "conversations:write, messages:send, messages:write, comments:write, tags:write"

// Check implements helpdesk.Connector. It only reads.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	var me struct {
		ID   text `json:"id"`
		Name text `json:"name"`
	}
	err := c.http.Do(ctx, helpdesk.Call{Op: "ask who we are", Path: []string{"me"}}, &me)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		return []helpdesk.Finding{{
			What: "the API token",
			Says: refused.Why + "; make a new one in Front under Settings, Developers, API tokens, and set it again",
		}}, nil
	}
	if err != nil {
		return nil, err
	}
	found := []helpdesk.Finding{{
		What: "the API token", OK: true, Says: fmt.Sprintf("%s takes it; it belongs to the company %s (%s)", c.base, helpdesk.Clean(string(me.Name)), me.ID),
	}}
	for _, r := range reads {
		one := helpdesk.Call{Op: "read " + r.what, Path: r.path}
		if r.one {
			one.Query = limit(1)
		}
		finding, err := finding("reading "+r.what, r.scope, c.http.Do(ctx, one, nil))
		if err != nil {
			return nil, err
		}
		found = append(found, finding)
	}
	ticketing, err := c.checkTicketing(ctx)
	if err != nil {
		return nil, err
	}
	return append(found, ticketing, helpdesk.Finding{
		What: "writing", OK: true, Says: "not tried, because that would write; the token needs the scopes " + writeScopes,
	}), nil
}

// finding says how one reading went. What only time mends is no finding, but the error of the whole check.
func finding(what, scope string, err error) (helpdesk.Finding, error) {
	refused, ok := errors.AsType[*desk.Refused](err)
	switch {
	case err == nil:
		return helpdesk.Finding{What: what, OK: true, Says: "allowed"}, nil
	case ok && refused.RetryAfter == 0:
		return helpdesk.Finding{What: what, Says: fmt.Sprintf("%s; give the token the scope %s, and the workspaces that it is for", refused.Why, scope)}, nil
	case errors.Is(err, desk.ErrNotFound):
		return helpdesk.Finding{What: what, Says: fmt.Sprintf("%v; give the token the scope %s, or leave it if the plan has none", err, scope)}, nil
	}
	return helpdesk.Finding{}, err
}

func (c *Connector) checkTicketing(ctx context.Context) (helpdesk.Finding, error) {
	c.statuses.Forget()
	all, err := c.ticketStatuses(ctx)
	f, err := finding("ticketing", "statuses:read", err)
	switch {
	case err != nil || !f.OK:
		return f, err
	case len(all) == 0:
		f.Says = fmt.Sprintf("off, so Front knows open and archived; the tags %q and %q stand for what it lacks", tagPending, tagOnHold)
	default:
		f.Says = fmt.Sprintf("on, with %d statuses", len(all))
	}
	return f, nil
}
