package hubspot

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// patch sets properties of a ticket. All values are strings: HubSpot refuses numbers.
func (c *Connector) patch(ctx context.Context, op, id string, values map[string]string) error {
	return c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPatch, Path: ticketPath(id), Body: map[string]map[string]string{"properties": values},
	}, nil)
}

// assign sets the owner, and then who its threads are assigned to. The owner is what counts: a thread that cannot be assigned, by an
// account that has no such call or to a user without a seat, stays as it is.
func (c *Connector) assign(ctx context.Context, id, to string) error {
	const op = "assign ticket"
	t, err := c.standing(ctx, op, id)
	if err != nil {
		return err
	}
	if string(t.Properties["hubspot_owner_id"]) != to {
		if err := c.patch(ctx, op, id, map[string]string{"hubspot_owner_id": to}); err != nil || to == "" {
			return err
		}
	}
	user, err := c.userOf(ctx, to)
	if err != nil || user == "" {
		return err
	}
	threads, err := c.threads(ctx, id)
	if err != nil {
		return err
	}
	for i := range threads {
		if th := &threads[i]; string(th.AssignedTo) != agent+user {
			err := c.http.Do(ctx, helpdesk.Call{
				Op: "assign thread", Method: http.MethodPut, Body: map[string]string{"actorId": agent + user},
				Path: []string{"conversations", "conversations", "v3", "threads", string(th.ID), "assignee"},
			}, nil)
			if err != nil && !nobody(err) {
				return err
			}
		}
	}
	return nil
}

// HubSpot's words for priorities.
var priorities = map[escalate.Priority]string{
	escalate.PriorityLow: "LOW", escalate.PriorityNormal: "MEDIUM", escalate.PriorityHigh: "HIGH", escalate.PriorityUrgent: "URGENT",
}

const priority = "hs_ticket_priority"

func priorityOf(t *record) escalate.Priority {
	for p, word := range priorities {
		if strings.EqualFold(string(t.Properties[priority]), word) {
			return p
		}
	}
	return escalate.PriorityNone
}

// setPriority sets the priority. Older accounts have no URGENT; there HIGH is as far as it goes.
func (c *Connector) setPriority(ctx context.Context, id string, p escalate.Priority) error {
	const op = "set priority"
	word, ok := priorities[p]
	if !ok {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no priority", p)}
	}
	if p == escalate.PriorityUrgent {
		options, err := c.priorityOptions(ctx)
		if err != nil {
			return nothingSent(op, err)
		}
		if len(options) > 0 && !slices.Contains(options, word) {
			word = priorities[escalate.PriorityHigh]
		}
	}
	if _, err := c.standing(ctx, op, id); err != nil {
		return err
	}
	return c.patch(ctx, op, id, map[string]string{priority: word})
}

// priorityOptions are the priorities that the account has; none when it does not say.
func (c *Connector) priorityOptions(ctx context.Context) ([]string, error) {
	return c.priorities.Get(c.now(), helpdesk.RememberFor, func() (names []string, err error) {
		var p property
		err = c.http.Do(ctx, helpdesk.Call{Op: "read property", Path: propertyPath(priority)}, &p)
		for _, o := range p.Options {
			if !o.Hidden {
				names = append(names, string(o.Value))
			}
		}
		if err != nil && nobody(err) {
			return nil, nil
		}
		return names, err
	})
}

type property struct {
	Name    text `json:"name"`
	Type    text `json:"type"`
	Options []struct {
		Value  text `json:"value"`
		Hidden bool `json:"hidden"`
	} `json:"options"`
}

func propertyPath(name string) []string { return []string{"crm", "v3", "properties", "tickets", name} }

// triesOfTags is how often tags are put again that somebody else's writing took away.
const triesOfTags = 3

// addTags adds to the property that keeps tags. It can only be set whole, so what is there is read right before, and ours are looked for
// right after. An account without such a property gets a note that says which tags would be there.
func (c *Connector) addTags(ctx context.Context, id string, w desk.Write) error {
	const op = "tag ticket"
	if c.tags == "" {
		_, err := c.note(ctx, id, desk.Write{Kind: desk.WriteNote, Key: w.Key, Text: "Tags: " + strings.Join(w.Tags, ", ")})
		return err
	}
	for range triesOfTags {
		t, err := c.standing(ctx, op, id)
		if err != nil {
			return err
		}
		has := list(t.Properties[c.tags])
		all := union(has, w.Tags)
		if len(all) == len(has) {
			return nil
		}
		if err := c.patch(ctx, op, id, map[string]string{c.tags: strings.Join(all, ";")}); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: others change the tags of ticket %s at the same time, and ours were lost %d times; try again", op, id, triesOfTags)
}

// union adds tags to those that are there. A semicolon would end one.
func union(has, tags []string) []string {
	for _, tag := range tags {
		if tag = strings.TrimSpace(strings.ReplaceAll(tag, ";", ",")); tag != "" && !slices.Contains(has, tag) {
			has = append(has, tag)
		}
	}
	return has
}
