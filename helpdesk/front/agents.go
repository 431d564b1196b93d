package front

import (
	"context"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// people are the teammates who may be assigned: human beings whose account is not blocked.
func (c *Connector) people(ctx context.Context, most time.Duration) ([]teammate, error) {
	return c.teammates.Get(c.now(), most, func() ([]teammate, error) {
		all, err := allPages[teammate](ctx, c, helpdesk.Call{Op: "list teammates", Path: []string{"teammates"}})
		var people []teammate
		for i := range all {
			if t := &all[i]; t.person() && !t.IsBlocked && t.ID != "" {
				people = append(people, *t)
			}
		}
		return people, err
	})
}

// AgentByEmail implements desk.Helpdesk. The list is read anew each time: whoever asks may just have been invited.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	all, err := c.people(ctx, 0)
	if err != nil {
		return "", err
	}
	for _, t := range all {
		if email != "" && strings.EqualFold(string(t.Email), email) {
			return escalate.AgentID(t.ID), nil
		}
	}
	return "", fmt.Errorf("find agent: %w: no teammate has this e-mail address", desk.ErrNotFound)
}

// teammateNamed finds a teammate by the name that is shown; "" when there is none, or more than one: a reply must never be in the
// name of somebody else.
func (c *Connector) teammateNamed(ctx context.Context, name string) (text, error) {
	all, err := c.people(ctx, helpdesk.RememberFor)
	if err != nil {
		return "", err
	}
	words := strings.Join(strings.Fields(name), " ")
	var found text
	for i := range all {
		if !strings.EqualFold(all[i].name(), words) {
			continue
		}
		if found != "" {
			return "", nil
		}
		found = all[i].ID
	}
	return found, nil
}
