package freshdesk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// put sets fields of a ticket; those that are not named stay. Its answer shows deadlines that may be worked out anew a moment
// later, so nothing is taken from it but tags.
func (c *Connector) put(ctx context.Context, op, ticketID string, fields map[string]any) error {
	return c.api.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPut, Path: []string{"tickets", ticketID}, Body: fields}, nil)
}

func (c *Connector) assign(ctx context.Context, ticketID string, agent escalate.AgentID) error {
	const op = "assign ticket"
	if agent == "" {
		return c.put(ctx, op, ticketID, map[string]any{"responder_id": nil})
	}
	n, err := strconv.ParseInt(string(agent), 10, 64)
	if err != nil || n <= 0 {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no agent's id here: they are numbers", helpdesk.Clipped(string(agent)))}
	}
	return c.put(ctx, op, ticketID, map[string]any{"responder_id": n})
}

func (c *Connector) setStatus(ctx context.Context, ticketID string, s escalate.Status) error {
	n := c.statusNumber(s)
	if n == 0 {
		return &desk.Refused{Op: "set status", Why: fmt.Sprintf("no status of this account means %q; name one with the setting statuses", s)}
	}
	return c.put(ctx, "set status", ticketID, map[string]any{"status": n})
}

func (c *Connector) setPriority(ctx context.Context, ticketID string, p escalate.Priority) error {
	n := slices.Index(priorities, p)
	if n < 1 {
		return &desk.Refused{Op: "set priority", Why: fmt.Sprintf("%q is no priority here", p)}
	}
	return c.put(ctx, "set priority", ticketID, map[string]any{"priority": n})
}

// longestTag is what a tag may have in characters; tagRounds how often tags are put again that somebody else's change took away.
const (
	longestTag = 32
	tagRounds  = 3
)

// addTags adds tags without losing any. A write replaces the whole list and nothing tells of a change in between, so the list is
// read right before, and again right after: whoever wrote at the same time may have taken ours away. What remains is that ours
// takes away a tag that somebody else adds between the two calls, which are milliseconds apart.
func (c *Connector) addTags(ctx context.Context, ticketID string, tags []string) error {
	const op = "tag ticket"
	for range tagRounds {
		t, path, err := c.ticket(ctx, ticketID, "")
		if err != nil {
			return err
		}
		all, missing := union(t.Tags, tags)
		if !missing {
			return nil
		}
		if archived(path) {
			return &desk.Refused{Op: op, Why: "the ticket is archived, and can no longer be changed"}
		}
		if err := c.put(ctx, op, ticketID, map[string]any{"tags": all}); err != nil {
			return err
		}
	}
	t, _, err := c.ticket(ctx, ticketID, "")
	if err != nil {
		return err
	}
	if _, missing := union(t.Tags, tags); missing {
		// Not refused: they may have been there for a moment, and trying again later does help.
		return fmt.Errorf("%s: somebody else changes the tags of ticket %s at the same time; they were put %d times and are gone", op, ticketID, tagRounds)
	}
	return nil
}

// union is have with what it lacks of more; tags are the same whatever their case.
func union(have, more []string) (all []string, missing bool) {
	all = slices.DeleteFunc(slices.Clone(have), func(tag string) bool { return tag == "" })
	for _, tag := range more {
		tag = shortTag(tag)
		if tag == "" || slices.ContainsFunc(all, func(other string) bool { return strings.EqualFold(other, tag) }) {
			continue
		}
		all, missing = append(all, tag), true
	}
	return all, missing
}

// shortTag is a tag as Freshdesk takes it: a longer one is refused with all the others.
func shortTag(tag string) string {
	tag = strings.TrimSpace(strings.ReplaceAll(tag, ",", " "))
	if runes := []rune(tag); len(runes) > longestTag {
		tag = strings.TrimSpace(string(runes[:longestTag]))
	}
	return tag
}
