package front

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

// Without ticketing Front knows open and archived. These tags, which everybody sees, stand for what it lacks.
const (
	tagPending = "waiting-for-customer"
	tagOnHold  = "on-hold"
)

// marks are what the tags stand for; of two, the first counts.
var marks = []struct {
	tag    string
	status escalate.Status
}{{tagOnHold, escalate.StatusOnHold}, {tagPending, escalate.StatusPending}}

// ticketStatuses are the account's statuses; none without ticketing.
func (c *Connector) ticketStatuses(ctx context.Context) ([]status, error) {
	return c.statuses.Get(c.now(), helpdesk.RememberFor, func() ([]status, error) {
		all, err := allPages[status](ctx, c, helpdesk.Call{Op: "list ticket statuses", Path: []string{"company", "statuses"}})
		if errors.Is(err, desk.ErrNotFound) {
			return nil, nil // how Front says that ticketing is off
		}
		return all, err
	})
}

// statusOf reads a conversation's status.
func (c *Connector) statusOf(ctx context.Context, v *conversation, messages []escalate.Message) escalate.Status {
	switch {
	case v.Status == "deleted" || v.Status == "trashed" || v.Status == "spam":
		return escalate.StatusGone
	case v.StatusCategory == "waiting":
		if c.isOnHold(ctx, v.StatusID) {
			return escalate.StatusOnHold
		}
		return escalate.StatusPending
	case v.StatusCategory == "resolved":
		return escalate.StatusSolved
	case v.StatusCategory != "":
		return escalate.StatusOpen
	case v.Status == "archived":
		return escalate.StatusSolved
	}
	for _, mark := range marks {
		at := slices.IndexFunc(v.Tags, func(t tag) bool { return strings.EqualFold(string(t.Name), mark.tag) })
		if at >= 0 && c.holds(ctx, v, v.Tags[at].ID, messages) {
			return mark.status
		}
	}
	return escalate.StatusOpen
}

// holds reports whether a tag that says "waiting" is newer than what the customer wrote last: Front takes no tag off when they write
// again. Where that cannot be read it does not hold, and the conversation is open, which is what Front itself says.
func (c *Connector) holds(ctx context.Context, v *conversation, tagged text, messages []escalate.Message) bool {
	var wrote time.Time
	for i := range slices.Backward(messages) {
		if m := &messages[i]; m.Public {
			if m.Role == escalate.RoleAgent || m.Role == escalate.RoleBot {
				return true
			}
			wrote = m.At
			break
		}
	}
	events, _, err := onePage[event](ctx, c, helpdesk.Call{
		Op: "read events of conversation", Path: conversationPath(string(v.ID), "events"), Query: limit(pageSize),
	})
	return err == nil && slices.ContainsFunc(events, func(e event) bool {
		var target struct {
			ID text `json:"id"`
		}
		return e.Type == "tag" && json.Unmarshal(e.Target.Data, &target) == nil && target.ID == tagged && !e.EmittedAt.Before(wrote)
	})
}

// isOnHold reports whether a status of the category "waiting" is one for third parties, by its name. Where the names cannot be read it
// is not: waiting is what Front calls it.
func (c *Connector) isOnHold(ctx context.Context, id text) bool {
	all, err := c.ticketStatuses(ctx)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(all, func(s status) bool { return s.ID == id && s.onHold() })
}

func (s *status) onHold() bool { return strings.Contains(strings.ToLower(string(s.Name)), "hold") }

// setStatus sets a status. Each step is a state, not a change, so a repeat after a fault does what is left.
func (c *Connector) setStatus(ctx context.Context, id string, to escalate.Status) error {
	const op = "set status"
	all, err := c.ticketStatuses(ctx)
	if err != nil {
		return nothingSent(op, err)
	}
	if len(all) > 0 {
		chosen, err := pickStatus(all, to)
		if err != nil {
			return err
		}
		return c.patch(ctx, op, id, map[string]any{"status_id": string(chosen.ID)})
	}
	word, wanted := "open", make(map[string]bool)
	for _, mark := range marks {
		wanted[mark.tag] = to == mark.status
	}
	switch to {
	case escalate.StatusSolved, escalate.StatusClosed:
		word = "archived"
	case escalate.StatusOpen, escalate.StatusPending, escalate.StatusOnHold:
	default:
		return &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no status that Front can be given", to)}
	}
	if err := c.patch(ctx, op, id, map[string]any{"status": word}); err != nil {
		return err
	}
	return c.mark(ctx, op, id, wanted)
}

// categoryFor are the categories of Front's statuses.
var categoryFor = map[escalate.Status]text{
	escalate.StatusOpen: "open", escalate.StatusPending: "waiting", escalate.StatusOnHold: "waiting",
	escalate.StatusSolved: "resolved", escalate.StatusClosed: "resolved",
}

// pickStatus chooses among the account's own statuses: the one that is named like its category, as those are that come with Front, else
// the first. One for third parties is told by "hold" in its name.
func pickStatus(all []status, to escalate.Status) (status, error) {
	category := categoryFor[to]
	var fitting []status
	for _, s := range all {
		if s.Category == category && category != "" {
			fitting = append(fitting, s)
		}
	}
	better := func(is func(s status) bool) (status, bool) {
		at := slices.IndexFunc(fitting, is)
		if at < 0 {
			return status{}, false
		}
		return fitting[at], true
	}
	if to == escalate.StatusOnHold {
		if s, ok := better(func(s status) bool { return s.onHold() }); ok {
			return s, nil
		}
	}
	if s, ok := better(func(s status) bool { return strings.EqualFold(string(s.Name), string(category)) }); ok {
		return s, nil
	}
	if s, ok := better(func(s status) bool { return !s.onHold() }); ok {
		return s, nil
	}
	if len(fitting) > 0 {
		return fitting[0], nil
	}
	return status{}, &desk.Refused{
		Op:  "set status",
		Why: fmt.Sprintf("the account has no ticket status for %q; add one of the category %q under Settings, Ticketing", to, category),
	}
}

func (c *Connector) patch(ctx context.Context, op, id string, fields map[string]any) error {
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPatch, Path: conversationPath(id), Body: fields}, nil)
	return refuseMerged(op, id, err)
}
