package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// accountID is what an account's id may look like; it stands in a search.
var accountID = regexp.MustCompile(`^[A-Za-z0-9:_-]{1,200}$`)

// customerFor is the account of a customer of a service desk, by e-mail address. Who has none gets one and is made its customer: a
// repeat finds them.
func (c *Connector) customerFor(ctx context.Context, in id, who escalate.Customer) (string, error) {
	const op = "find customer"
	email := strings.TrimSpace(who.Email)
	var got page[user]
	// Atlassian has called this list experimental, and wants to hear that one knows.
	call := helpdesk.Call{
		Op: op, Path: deskPath(in, "customer"), Query: url.Values{"query": {email}, "limit": {"50"}}, Header: http.Header{"X-Experimentalapi": {"opt-in"}},
	}
	if err := c.http.Do(ctx, call, &got); err != nil {
		return "", helpdesk.Unsent(op, err)
	}
	for i := range got.Values {
		if u := &got.Values[i]; strings.EqualFold(u.EmailAddress, email) && accountID.MatchString(u.AccountID) {
			return u.AccountID, nil
		}
	}
	return c.addCustomer(ctx, in, email, strings.TrimSpace(who.Name))
}

func (c *Connector) addCustomer(ctx context.Context, in id, email, name string) (string, error) {
	const op = "add customer"
	if name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	var made user
	err := c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPost, Path: []string{"rest", "servicedeskapi", "customer"}, Body: map[string]string{"email": email, "displayName": name},
	}, &made)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		refused.Why = fmt.Sprintf("%s; add %s as a customer of project %s in Jira, or let our account administer Jira", refused.Why, email, c.Projects[0])
		return "", refused
	}
	if err == nil && !accountID.MatchString(made.AccountID) {
		err = errors.New(op + ": the answer has no account id")
	}
	if err != nil {
		return "", err
	}
	err = c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPost, Path: deskPath(in, "customer"), Body: map[string][]string{"accountIds": {made.AccountID}},
	}, nil)
	if err != nil {
		return "", helpdesk.Unsent(op, err)
	}
	return made.AccountID, nil
}
