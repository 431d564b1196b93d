package zendesk

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Check implements helpdesk.Connector. It says what Warmline would miss, and changes nothing.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	me, err := c.askWhoami(ctx)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		return []helpdesk.Finding{{What: "the token", Says: refused.Why + ". Turn on token access in Admin Center, Apps and integrations, APIs, and make a token; " +
			"the e-mail address is that of the user as whom it acts"}}, nil
	}
	if errors.Is(err, desk.ErrNotFound) {
		return []helpdesk.Finding{{What: "the address", Says: c.base.Host + " is no Zendesk account; correct the url"}}, nil
	}
	if err != nil {
		return nil, err
	}
	found := []helpdesk.Finding{
		{What: "the token", OK: true, Says: fmt.Sprintf("acts as %s <%s> (%s)", me.Name, me.Email, me.Role)},
		mayWrite(me), maySee(me),
	}
	for _, look := range []func(context.Context) (helpdesk.Finding, error){c.mayRead, c.mayPoll, c.hasArticles} {
		f, err := look(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	return found, nil
}

// mayWrite is from what the user's own record says: only a reply would show it for certain.
func mayWrite(me *user) helpdesk.Finding {
	f := helpdesk.Finding{What: "replies", OK: true, Says: "the user may write public comments"}
	switch {
	case !me.staff():
		f.OK, f.Says = false, fmt.Sprintf("the user is an %q, so that a reply would come from a customer; make them an agent or an admin", me.Role)
	case bool(me.OnlyPrivate):
		f.OK, f.Says = false, "the user may write internal notes only, as light agents do: replies would never reach anybody; give them a full agent's role"
	}
	return f
}

func maySee(me *user) helpdesk.Finding {
	f := helpdesk.Finding{What: "all tickets", OK: true, Says: "the user may see every ticket"}
	if me.Restriction != "" {
		f.OK, f.Says = false, fmt.Sprintf("the user sees only some tickets (%s); others cannot be read: give them access to all tickets", me.Restriction)
	}
	return f
}

// try makes a call that only looks. What it is refused for is a finding, anything else an error.
func (c *Connector) try(ctx context.Context, call helpdesk.Call) (refusal string, err error) {
	_, err = c.http.Send(ctx, call)
	refused, ok := errors.AsType[*desk.Refused](err)
	switch {
	case ok && refused.RetryAfter == 0:
		return refused.Why, nil
	case errors.Is(err, desk.ErrNotFound):
		return "404", nil
	}
	return "", err
}

func (c *Connector) mayRead(ctx context.Context) (helpdesk.Finding, error) {
	refusal, err := c.try(ctx, helpdesk.Call{Op: "list tickets", Path: []string{"tickets"}, Query: url.Values{"page[size]": {"1"}}})
	f := helpdesk.Finding{What: "tickets", OK: refusal == "", Says: "can be read"}
	if !f.OK {
		f.Says = "cannot be read: " + refusal + "; give the user a role that sees tickets"
	}
	return f, err
}

// mayPoll looks whether changes can be polled. What then falls back on webhooks alone is what they may lose.
func (c *Connector) mayPoll(ctx context.Context) (helpdesk.Finding, error) {
	start := strings.TrimPrefix(c.begin(c.now().Add(-backThen)), "@")
	refusal, err := c.try(ctx, helpdesk.Call{
		Op: "read changes", Path: []string{"incremental", "tickets", "cursor"}, Query: url.Values{"start_time": {start}, "per_page": {"1"}},
	})
	f := helpdesk.Finding{What: "changes", OK: refusal == "", Says: "can be polled, so that nothing is missed when a webhook is lost"}
	if !f.OK {
		f.Says = "cannot be polled: " + refusal + "; only an admin may. Make the user an admin. Until then webhooks are all that tells of changes: register " +
			"them, and know that one which is lost is only made up for by the ticket's next"
	}
	return f, err
}

// hasArticles is no fault either way: an account need not have a help centre.
func (c *Connector) hasArticles(ctx context.Context) (helpdesk.Finding, error) {
	start := strings.TrimPrefix(c.begin(c.now()), "@")
	refusal, err := c.try(ctx, helpdesk.Call{
		Op: "read articles", Path: []string{"help_center", "incremental", "articles"}, Query: url.Values{"start_time": {start}},
	})
	f := helpdesk.Finding{What: "help centre", OK: true, Says: "its articles can be read"}
	if refusal != "" {
		f.Says = "none that can be read (" + refusal + "); answers come from macros and old tickets"
	}
	return f, err
}
