package jira

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the ticket has already is found by its
// marker. A reply is not looked for: the caller reads back before it repeats one.
func (c *Connector) Write(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, ticket, w)
	case desk.WriteNote:
		return c.note(ctx, ticket, w)
	case desk.WriteAssign:
		return "", c.assign(ctx, ticket, w.Agent)
	case desk.WriteTags:
		return "", c.addLabels(ctx, ticket, w.Tags)
	case desk.WriteStatus:
		return "", c.setStatus(ctx, ticket, w.Status)
	case desk.WritePriority:
		return "", c.setPriority(ctx, ticket, w.Priority)
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing this helpdesk can write", w.Kind)}
	}
}

// assign sets the assignee, or, with "", takes them off. Jira tells the two from "the default one", which is "-1".
func (c *Connector) assign(ctx context.Context, ticket string, agent escalate.AgentID) error {
	body := map[string]any{"accountId": string(agent)}
	if agent == "" {
		body["accountId"] = nil
	}
	return c.http.Do(ctx, helpdesk.Call{Op: "assign ticket", Method: http.MethodPut, Path: issuePath(ticket, "assignee"), Body: body}, nil)
}

// addLabels adds labels; those that are there stay, and Jira ignores one that is there already.
func (c *Connector) addLabels(ctx context.Context, ticket string, tags []string) error {
	var add []map[string]string
	for _, tag := range tags {
		if name := labelOf(tag); name != "" {
			add = append(add, map[string]string{"add": name})
		}
	}
	if len(add) == 0 {
		return nil
	}
	return c.edit(ctx, ticket, "tag ticket", map[string]any{"update": map[string]any{"labels": add}})
}

// labelOf makes a label of a tag: Jira takes no spaces in one, and at most 255 characters.
func labelOf(tag string) string {
	runes := []rune(strings.Join(strings.Fields(helpdesk.Clean(tag)), "-"))
	return string(runes[:min(len(runes), 255)])
}

func (c *Connector) edit(ctx context.Context, ticket, op string, body any) error {
	return c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPut, Path: issuePath(ticket), Body: body}, nil)
}

// priorities are ours, most urgent first.
var priorities = []escalate.Priority{escalate.PriorityUrgent, escalate.PriorityHigh, escalate.PriorityNormal, escalate.PriorityLow}

// usualPriorities are the names in Jira's own schemes, in lower case; the first is the one to set.
var usualPriorities = map[escalate.Priority][]string{
	escalate.PriorityUrgent: {"highest", "urgent", "critical", "blocker", "p1"},
	escalate.PriorityHigh:   {"high", "major", "p2"},
	escalate.PriorityNormal: {"medium", "normal", "minor", "p3"},
	escalate.PriorityLow:    {"low", "lowest", "trivial", "p4", "p5"},
}

func (c *Connector) priorityOf(name string) escalate.Priority {
	for _, names := range []map[escalate.Priority][]string{c.Priorities, usualPriorities} {
		for _, p := range priorities {
			if rank(names[p], name) >= 0 {
				return p
			}
		}
	}
	return escalate.PriorityNone
}

// setPriority sets the first name for a priority that the ticket takes.
func (c *Connector) setPriority(ctx context.Context, ticket string, p escalate.Priority) error {
	var meta struct {
		Fields struct {
			Priority *struct {
				Allowed []label `json:"allowedValues"`
			} `json:"priority"`
		} `json:"fields"`
	}
	if err := c.http.Do(ctx, helpdesk.Call{Op: "read priorities", Path: issuePath(ticket, "editmeta")}, &meta); err != nil {
		return helpdesk.Unsent("set priority", err)
	}
	if meta.Fields.Priority == nil {
		return &desk.Refused{Op: "set priority", Why: "the ticket's priority cannot be edited by our account; put the field on the project's edit screen"}
	}
	var offered []string
	for _, a := range meta.Fields.Priority.Allowed {
		offered = append(offered, a.Name)
	}
	for _, name := range slices.Concat(c.Priorities[p], usualPriorities[p]) {
		if at := rank(offered, name); at >= 0 {
			chosen := map[string]any{"id": string(meta.Fields.Priority.Allowed[at].ID)}
			return c.edit(ctx, ticket, "set priority", map[string]any{"fields": map[string]any{"priority": chosen}})
		}
	}
	return &desk.Refused{Op: "set priority", Why: fmt.Sprintf("none of the ticket's priorities %q is %s to us; the setting priorities says which is", offered, p)}
}

// AgentByEmail implements desk.Helpdesk. Jira shows an e-mail address only where its owner lets it; for the others there is the
// setting agents. Who is found by address but not shown to have it is nobody: the search looks at names, too.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	if agent, ok := c.Agents[strings.ToLower(email)]; ok && email != "" {
		return agent, nil
	}
	if email == "" {
		return "", fmt.Errorf("find agent: %w: there is no e-mail address to look for", desk.ErrNotFound)
	}
	var found []user
	call := helpdesk.Call{Op: "find agent", Path: []string{"rest", "api", "3", "user", "search"}, Query: url.Values{"query": {email}, "maxResults": {"50"}}}
	if err := c.http.Do(ctx, call, &found); err != nil {
		return "", err
	}
	hidden := 0
	for _, u := range found {
		switch active := u.Active == nil || *u.Active; {
		case u.AccountType != "" && u.AccountType != "atlassian" || !active || u.AccountID == "":
		case strings.EqualFold(u.EmailAddress, email):
			return escalate.AgentID(u.AccountID), nil
		case u.EmailAddress == "":
			hidden++
		}
	}
	if hidden > 0 {
		return "", fmt.Errorf("find agent: %w: %d people may have this e-mail address, and hide it; they can show it in their Atlassian profile, "+
			"or the setting agents names their account id", desk.ErrNotFound, hidden)
	}
	return "", fmt.Errorf("find agent: %w: nobody in Jira has this e-mail address", desk.ErrNotFound)
}
