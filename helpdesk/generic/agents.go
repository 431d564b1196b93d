package generic

import (
	"context"
	"fmt"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// agentPages bounds the list of agents.
const agentPages = 100

// AgentByEmail implements desk.Helpdesk. What a search returns is compared here: many find parts of an address, too.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	const op = "find agent"
	a := c.m.Agents
	if a == nil {
		return "", fmt.Errorf("%s: %w: the mapping does not say where agents are listed", op, desk.ErrNotFound)
	}
	email = strings.TrimSpace(email)
	found := make(map[string]bool)
	l := lister{c: c, op: op, url: a.URL, at: a.List, pages: a.Pages, v: values{"email": email}, most: agentPages}
	for more := true; more; {
		page, err := l.page(ctx)
		if err != nil {
			return "", err
		}
		more = page.more
		for _, item := range page.items {
			id := a.ID.text(item)
			if id != "" && email != "" && strings.EqualFold(strings.TrimSpace(a.Email.text(item)), email) && (a.Active.Path == "" || a.Active.holds(item)) {
				found[id] = true
			}
		}
	}
	if len(found) > 1 {
		return "", fmt.Errorf("%s: %d agents have the address %s; give each one of their own, or leave the others out by agents.active of the mapping", op, len(found), helpdesk.Clipped(email))
	}
	for id := range found {
		return escalate.AgentID(id), nil
	}
	return "", fmt.Errorf("%s: %w: nobody has the address %s", op, desk.ErrNotFound, helpdesk.Clipped(email))
}
