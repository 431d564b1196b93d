package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// newRequest is a request as its customer would make it in the portal.
type newRequest struct {
	ServiceDeskID string            `json:"serviceDeskId"`
	RequestTypeID string            `json:"requestTypeId"`
	Fields        map[string]string `json:"requestFieldValues"`
	OnBehalfOf    string            `json:"raiseOnBehalfOf"`
}

const (
	// reopenDays is how far back a request of the same key is looked for: longer than any press is tried again.
	reopenDays = 60
	// openPages bounds how many pages of one customer's requests are looked at.
	openPages = 5
)

// Open implements desk.Opener: a request of the first project, of the request type that the setting request_type names or else the
// first that asks for no more than a summary and a description. A request takes no property with it, so the key is a reference at the end of the
// description, by which it is looked for among the customer's before one is made; the commit point is the post. Jira's search is some
// seconds behind: the caller makes two calls with one key one after the other, and waits after a lost answer.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	const op = "open request"
	switch {
	case o.Key == "":
		return "", &desk.Refused{Op: op, Why: "it has no key, so that a repeat would make a second request"}
	case strings.TrimSpace(o.Customer.Email) == "":
		return "", &desk.Refused{Op: op, Why: "the customer's e-mail address is missing; without one nobody could be answered", Content: true}
	}
	in, err := c.serviceDesk(ctx)
	if err != nil {
		return "", helpdesk.Unsent(op, err)
	}
	customer, err := c.customerFor(ctx, in, o.Customer)
	if err != nil {
		return "", err
	}
	there, err := c.opened(ctx, customer, o.Key)
	if err != nil {
		return "", helpdesk.Unsent(op, err)
	}
	if there == "" {
		if there, err = c.makeRequest(ctx, op, in, customer, o); err != nil {
			return "", err
		}
	}
	if err := c.addLabels(ctx, there, o.Tags); err != nil {
		return "", fmt.Errorf("%s: it is there; add labels: %s", op, err.Error()) // no refusal: a repeat finds it and labels it
	}
	return there, nil
}

func (c *Connector) makeRequest(ctx context.Context, op string, in id, customer string, o desk.Opening) (string, error) {
	kind, err := c.requestTypeIn(ctx, in)
	if err != nil {
		return "", helpdesk.Unsent(op, err)
	}
	var made struct {
		IssueID id `json:"issueId"`
	}
	err = c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"rest", "servicedeskapi", "request"}, Body: newRequest{
		ServiceDeskID: string(in), RequestTypeID: string(kind), OnBehalfOf: customer, Fields: map[string]string{
			"summary": strings.Join(strings.Fields(o.Subject), " "), "description": richtext.Wiki(helpdesk.WithOpenedRef(o.Text, o.Key)),
		},
	}}, &made)
	if err == nil && made.IssueID == "" {
		err = errors.New(op + ": the answer has no issue id")
	}
	return string(made.IssueID), err
}

// serviceDesk is the service desk of the first project.
func (c *Connector) serviceDesk(ctx context.Context) (id, error) {
	var got struct {
		ID id `json:"id"`
	}
	err := c.http.Do(ctx, helpdesk.Call{Op: "read service project", Path: []string{"rest", "servicedeskapi", "servicedesk", c.Projects[0]}}, &got)
	if err == nil && got.ID == "" {
		err = errors.New("read service project: the answer has no id")
	}
	return got.ID, err
}

func deskPath(in id, more ...string) []string {
	return append([]string{"rest", "servicedeskapi", "servicedesk", string(in)}, more...)
}

// opened looks for the request that a key has made for a customer.
func (c *Connector) opened(ctx context.Context, customer, key string) (string, error) {
	body := map[string]any{
		"jql":    fmt.Sprintf(`%s AND reporter = %q AND created >= "-%dd" ORDER BY created DESC`, c.projects(), customer, reopenDays),
		"fields": []string{"description"}, "maxResults": 100,
	}
	for range openPages {
		var got found
		err := c.http.Do(ctx, helpdesk.Call{
			Op: "look for the request", Method: http.MethodPost, Path: []string{"rest", "api", "3", "search", "jql"}, Body: body, Reads: true,
		}, &got)
		if err != nil {
			return "", err
		}
		for _, i := range got.Issues {
			if _, its := helpdesk.CutOpenedRef(textOf(i.Fields.Description)); its == key && i.ID != "" {
				return string(i.ID), nil
			}
		}
		if got.NextToken == "" || got.IsLast != nil && *got.IsLast {
			break
		}
		body["nextPageToken"] = got.NextToken
	}
	return "", nil
}

// mostTypes bounds how many request types are looked at.
const mostTypes = 25

// requestTypeIn chooses a request type of a service desk, and says how to name one where none will do.
func (c *Connector) requestTypeIn(ctx context.Context, in id) (id, error) {
	const op = "choose a request type"
	var got page[label]
	call := helpdesk.Call{Op: op, Path: deskPath(in, "requesttype"), Query: url.Values{"limit": {"100"}}}
	if err := c.http.Do(ctx, call, &got); err != nil {
		return "", err
	}
	for n, kind := range got.Values {
		if c.RequestType != "" && !strings.EqualFold(strings.TrimSpace(kind.Name), c.RequestType) || n >= mostTypes && c.RequestType == "" {
			continue
		}
		why, err := c.unfit(ctx, in, kind.ID)
		switch {
		case err != nil:
			return "", err
		case why == "":
			return kind.ID, nil
		case c.RequestType != "":
			return "", &desk.Refused{Op: op, Why: fmt.Sprintf("the request type %q %s", helpdesk.Clean(kind.Name), why)}
		}
	}
	if c.RequestType != "" {
		return "", &desk.Refused{Op: op, Why: fmt.Sprintf("project %s has no request type %q; correct the setting request_type", c.Projects[0], c.RequestType)}
	}
	return "", &desk.Refused{Op: op, Why: fmt.Sprintf(
		"project %s has no request type that asks for a summary and a description alone, and can be raised for a customer; make one", c.Projects[0])}
}

// unfit says why a request type will not do; "" when it will.
func (c *Connector) unfit(ctx context.Context, in, kind id) (string, error) {
	var form struct {
		Fields []struct {
			ID       string `json:"fieldId"`
			Name     string `json:"name"`
			Required bool   `json:"required"`
		} `json:"requestTypeFields"`
		OnBehalfOf *bool `json:"canRaiseOnBehalfOf"`
	}
	if err := c.http.Do(ctx, helpdesk.Call{Op: "read request type", Path: deskPath(in, "requesttype", string(kind), "field")}, &form); err != nil {
		return "", err
	}
	if form.OnBehalfOf != nil && !*form.OnBehalfOf {
		return "cannot be raised for a customer by our account; make it an agent of the project", nil
	}
	described := false
	for _, f := range form.Fields {
		described = described || f.ID == "description"
		if f.Required && f.ID != "summary" && f.ID != "description" {
			return fmt.Sprintf("wants %s filled in; make it optional, or name another type in the setting request_type", helpdesk.Clean(f.Name)), nil
		}
	}
	if !described {
		return "has no description; put that field on its form", nil
	}
	return "", nil
}
