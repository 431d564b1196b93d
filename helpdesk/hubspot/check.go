package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Check implements helpdesk.Connector. It goes on after a fault, so that all faults show at once; it ends when nobody answers.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	var found []helpdesk.Finding
	for _, look := range []func(context.Context) (string, string, string, error){
		c.checkToken, c.checkTickets, c.checkConversations, c.checkSender, c.checkStages, c.checkTags,
	} {
		what, says, mend, err := look(ctx)
		f := helpdesk.Finding{What: what, OK: true, Says: says}
		if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter > 0 {
			return found, err // not now
		} else if err != nil && !ok && !errors.Is(err, desk.ErrNotFound) {
			return found, err
		}
		if err != nil {
			f.OK, f.Says = false, err.Error()
		}
		if err != nil && mend != "" {
			f.Says += "; " + mend
		}
		if what != "" {
			found = append(found, f)
		}
	}
	return found, nil
}

// scope says how to add scopes to the token.
func scope(names string) string {
	return "add the scopes " + names + " to the private app: HubSpot, Settings, Integrations, Private Apps"
}

func (c *Connector) checkToken(ctx context.Context) (what, says, mend string, err error) {
	var a account
	err = c.http.Do(ctx, helpdesk.Call{Op: "read account", Path: []string{"account-info", "v3", "details"}}, &a)
	return "the token", fmt.Sprintf("it is for the HubSpot account %s", a.PortalID), "copy the private app's access token again", err
}

func (c *Connector) checkTickets(ctx context.Context) (what, says, mend string, err error) {
	_, err = c.find(ctx, "search tickets", query{
		Groups: []group{{Filters: []filter{{modified, "GTE", "0"}}}}, Sorts: []order{}, Properties: []string{modified}, Limit: 1, After: "0",
	})
	return "tickets", "they can be searched", scope("tickets and crm.objects.contacts.read"), err
}

func (c *Connector) checkConversations(ctx context.Context) (what, says, mend string, err error) {
	err = c.http.Do(ctx, helpdesk.Call{Op: "list threads", Path: threadPath(), Query: url.Values{"limit": {"1"}}}, nil)
	return "conversations", "they can be read; whether they can be written to shows with the first reply", scope("conversations.read and conversations.write"), err
}

func (c *Connector) checkSender(ctx context.Context) (what, says, mend string, err error) {
	actor, err := c.senderActor(ctx)
	return "the sender", fmt.Sprintf("replies in nobody's name come from %s (%s)", c.sender, actor), scope("crm.objects.owners.read") + " if it is missing", err
}

func (c *Connector) checkStages(ctx context.Context) (what, says, mend string, err error) {
	const name = "pipelines"
	pipelines, err := c.stagesOf(ctx, 0)
	if err != nil {
		return name, "", scope("tickets"), err
	}
	var lacks []string
	known := map[string]bool{}
	for i := range pipelines {
		p := &pipelines[i]
		for j := range p.Stages {
			known[string(p.Stages[j].ID)] = true
		}
		for _, s := range []escalate.Status{escalate.StatusOpen, escalate.StatusPending, escalate.StatusSolved} {
			if !p.Archived && c.stageFor(p, s) == nil {
				lacks = append(lacks, fmt.Sprintf("%q has no stage that means %s", helpdesk.Clean(string(p.Label)), s))
			}
		}
	}
	for id := range c.stages {
		if !known[id] {
			lacks = append(lacks, fmt.Sprintf("the setting stages names stage %s, which is in no pipeline", id))
		}
	}
	if len(lacks) > 0 {
		err = &desk.Refused{Op: "check pipelines", Why: strings.Join(lacks, "; ")}
	}
	return name, fmt.Sprintf("all %d have stages that mean open, pending and solved", len(pipelines)), "say what stages mean in the setting stages", err
}

func (c *Connector) checkTags(ctx context.Context) (what, says, mend string, err error) {
	const name = "tags"
	if c.tags == "" {
		return name, "HubSpot's tickets have none, and no property takes their place: a comment says them", "", nil
	}
	var p property
	err = c.http.Do(ctx, helpdesk.Call{Op: "read property", Path: propertyPath(c.tags)}, &p)
	if err == nil && p.Type != "string" {
		err = &desk.Refused{Op: "check tags", Why: fmt.Sprintf("the property %s is a %s, which takes only values that it has already", c.tags, helpdesk.Clean(string(p.Type)))}
	}
	return name, "they are in the property " + c.tags, "make a ticket property of the type single-line text and name it in the setting tags", err
}
