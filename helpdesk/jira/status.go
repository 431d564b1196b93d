package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// usual are the statuses of Jira's own workflows for service projects, in lower case; the first is the one to go to.
var usual = map[escalate.Status][]string{
	escalate.StatusOpen:    {"waiting for support", "in progress", "open", "reopened", "work in progress", "to do", "escalated"},
	escalate.StatusPending: {"waiting for customer", "pending customer", "waiting for reporter", "awaiting customer", "customer feedback"},
	escalate.StatusOnHold:  {"on hold", "pending", "waiting for third party", "waiting for vendor", "waiting for approval", "blocked"},
	escalate.StatusSolved:  {"resolved", "solved", "done", "completed", "fulfilled", "canceled", "cancelled", "declined"},
	escalate.StatusClosed:  {"closed"},
}

// ourStatuses are in the order in which a name is looked for.
var ourStatuses = []escalate.Status{
	escalate.StatusPending, escalate.StatusOnHold, escalate.StatusClosed, escalate.StatusSolved, escalate.StatusOpen,
}

// statusOf translates a status: by the account's own names, by Jira's usual ones, else by its category, which every status has.
func (c *Connector) statusOf(s *status) escalate.Status {
	if s == nil {
		return escalate.StatusOpen
	}
	for _, ours := range ourStatuses {
		if rank(c.Statuses[ours], s.Name) >= 0 {
			return ours
		}
	}
	category := ""
	if s.Category != nil {
		category = s.Category.Key // "new", "indeterminate", "done"; one that is not known says nothing
	}
	for _, ours := range ourStatuses {
		differs := category == "done" && !ours.Ended() || (category == "new" || category == "indeterminate") && ours.Ended()
		if rank(usual[ours], s.Name) >= 0 && !differs {
			return ours
		}
	}
	if category == "done" {
		return escalate.StatusSolved
	}
	return escalate.StatusOpen
}

// rank is a name's place in a list, -1 when it is not there.
func rank(names []string, name string) int {
	return slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(name)) })
}

// transition is a way out of an issue's status that is open to us as agents.
type transition struct {
	ID        id     `json:"id"`
	Name      string `json:"name"`
	To        status `json:"to"`
	Available *bool  `json:"isAvailable"`
	Fields    map[string]struct {
		Name       string          `json:"name"`
		Required   bool            `json:"required"`
		HasDefault bool            `json:"hasDefaultValue"`
		Allowed    json.RawMessage `json:"allowedValues"` // of many kinds
	} `json:"fields"`
}

// setStatus takes the transition that leads to a status. Jira sets no status otherwise. An issue that is there already stays.
func (c *Connector) setStatus(ctx context.Context, ticket string, want escalate.Status) error {
	var now issue
	call := helpdesk.Call{Op: "read status", Path: issuePath(ticket), Query: url.Values{"fields": {"status"}}}
	if err := c.http.Do(ctx, call, &now); err != nil {
		return helpdesk.Unsent("set status", err)
	}
	if now.Fields.Status != nil && c.statusOf(now.Fields.Status) == want {
		return nil
	}
	var ways struct {
		Transitions []transition `json:"transitions"`
	}
	call = helpdesk.Call{Op: "read transitions", Path: issuePath(ticket, "transitions"), Query: url.Values{"expand": {"transitions.fields"}}}
	if err := c.http.Do(ctx, call, &ways); err != nil {
		return helpdesk.Unsent("set status", err)
	}
	way, err := c.wayTo(ways.Transitions, want)
	if err != nil {
		return err
	}
	take := map[string]any{"transition": map[string]string{"id": string(way.ID)}}
	if how := way.resolution(); how != "" {
		take["fields"] = map[string]any{"resolution": map[string]string{"id": how}}
	}
	return c.http.Do(ctx, helpdesk.Call{Op: "set status", Method: http.MethodPost, Path: issuePath(ticket, "transitions"), Body: take}, nil)
}

// wayTo chooses among the transitions that lead to a status: to the account's own first, then to the most usual. One whose screen
// asks for something is not taken, because nobody could answer.
func (c *Connector) wayTo(ways []transition, want escalate.Status) (*transition, error) {
	var best *transition
	least := 0
	var open, asks []string
	for i := range ways {
		way := &ways[i]
		if way.Available != nil && !*way.Available {
			continue
		}
		open = append(open, fmt.Sprintf("%q", way.To.Name))
		if c.statusOf(&way.To) != want {
			continue
		}
		if field := way.asksFor(); field != "" {
			asks = append(asks, fmt.Sprintf("%q asks for %q", way.Name, field))
			continue
		}
		if r := c.preference(want, way.To.Name); best == nil || r < least {
			best, least = way, r
		}
	}
	switch {
	case best != nil:
		return best, nil
	case len(asks) > 0:
		return nil, &desk.Refused{Op: "set status", Why: "the transition " + strings.Join(asks, ", and ") +
			"; give it a default or take it off the screen, or set the status in Jira"}
	case len(open) == 0:
		return nil, &desk.Refused{Op: "set status", Why: "no transition is open to our account; give it the permission Transition issues"}
	}
	return nil, &desk.Refused{Op: "set status", Why: fmt.Sprintf("the workflow leads from here only to %s, none of which is %s to us; "+
		"the setting statuses says which is", strings.Join(open, ", "), want)}
}

func (c *Connector) preference(want escalate.Status, name string) int {
	if r := rank(c.Statuses[want], name); r >= 0 {
		return r
	}
	own := len(c.Statuses[want])
	if r := rank(usual[want], name); r >= 0 {
		return own + r
	}
	return own + len(usual[want])
}

// asksFor is the name of a field that must be filled in and that neither Jira nor we fill in.
func (t *transition) asksFor() string {
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		f := t.Fields[key]
		if f.Required && !f.HasDefault && (key != "resolution" || t.resolution() == "") {
			return cmp.Or(f.Name, key)
		}
	}
	return ""
}

// resolution is the id of how the request ended, where the transition's screen insists on it, as those of Jira's own workflows do.
func (t *transition) resolution() string {
	f := t.Fields["resolution"]
	var allowed []label
	if !f.Required || f.HasDefault || json.Unmarshal(f.Allowed, &allowed) != nil || len(allowed) == 0 {
		return ""
	}
	for _, name := range []string{"done", "resolved", "fixed"} {
		for _, a := range allowed {
			if strings.EqualFold(a.Name, name) {
				return string(a.ID)
			}
		}
	}
	return string(allowed[0].ID)
}
