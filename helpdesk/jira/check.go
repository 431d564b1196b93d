package jira

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// needs are the permissions without which something fails, and what it is.
var needs = []struct{ key, name, why string }{
	{"BROWSE_PROJECTS", "Browse projects", "nothing can be read"},
	{"SERVICEDESK_AGENT", "Service project agent", "notes cannot be internal, and SLAs are not shown"},
	{"ADD_COMMENTS", "Add comments", "no reply and no note can be written"},
	{"DELETE_OWN_COMMENTS", "Delete own comments", "a note that came out public could not be taken back"},
	{"CREATE_ATTACHMENTS", "Create attachments", "replies cannot carry files"},
	{"EDIT_ISSUES", "Edit issues", "labels and priority cannot be set"},
	{"ASSIGN_ISSUES", "Assign issues", "requests cannot be assigned"},
	{"TRANSITION_ISSUES", "Transition issues", "the status cannot be set"},
	{"USER_PICKER", "Browse users and groups", "agents are not found by e-mail address"},
}

// Check implements helpdesk.Connector.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	me, err := c.askSelf(ctx)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		return []helpdesk.Finding{{What: "API token", Says: fmt.Sprintf("%v; make a new token for %s at id.atlassian.com, Security, API tokens", err, c.Email)}}, nil
	}
	if err != nil {
		return nil, err
	}
	found := []helpdesk.Finding{{What: "API token", OK: true, Says: fmt.Sprintf("Warmline works as %q, account %s", me.name(), me.AccountID)}}
	desks, err := c.serviceProjects(ctx)
	if err != nil {
		return nil, err
	}
	for _, project := range c.Projects {
		some, err := c.checkProject(ctx, project, slices.Contains(desks, project))
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	if c.leaky.Load() {
		found = append(found, helpdesk.Finding{What: "internal notes", Says: "a note came out public and was taken back; notes are now written through " +
			"service management, with a reference at their end. Please report this"})
	}
	return found, nil
}

func (c *Connector) serviceProjects(ctx context.Context) (keys []string, err error) {
	for start := 0; ; {
		var got page[struct {
			ProjectKey string `json:"projectKey"`
		}]
		call := helpdesk.Call{Op: "list service projects", Path: []string{"rest", "servicedeskapi", "servicedesk"}, Query: url.Values{
			"start": {strconv.Itoa(start)}, "limit": {"100"},
		}}
		if err := c.http.Do(ctx, call, &got); err != nil {
			return nil, err
		}
		for _, d := range got.Values {
			keys = append(keys, d.ProjectKey)
		}
		start += len(got.Values)
		if len(got.Values) == 0 || got.IsLastPage == nil || *got.IsLastPage || start >= 10_000 {
			return keys, nil
		}
	}
}

func (c *Connector) checkProject(ctx context.Context, project string, service bool) ([]helpdesk.Finding, error) {
	what := "project " + project
	if !service {
		return []helpdesk.Finding{{What: what, Says: "our account sees no service project with this key; correct the key, or add the account " +
			"to the project's agents"}}, nil
	}
	var keys []string
	for _, n := range needs {
		keys = append(keys, n.key)
	}
	var got struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	call := helpdesk.Call{Op: "read permissions", Path: []string{"rest", "api", "3", "mypermissions"}, Query: url.Values{
		"projectKey": {project}, "permissions": {strings.Join(keys, ",")},
	}}
	if err := c.http.Do(ctx, call, &got); err != nil {
		return nil, err
	}
	var found []helpdesk.Finding
	for _, n := range needs {
		if p, known := got.Permissions[n.key]; known && !p.Have {
			says := fmt.Sprintf("our account lacks the permission %q: %s; grant it in the project's settings", n.name, n.why)
			found = append(found, helpdesk.Finding{What: what, Says: says})
		}
	}
	if len(found) == 0 {
		found = append(found, helpdesk.Finding{What: what, OK: true, Says: "our account may read it, write to it and see its SLAs"})
	}
	return found, nil
}
