package freshdesk

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Check implements helpdesk.Connector. It only reads, so that whether replies may be sent shows with the first one.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	me, err := c.me(ctx)
	if err != nil {
		return c.unknown(err)
	}
	findings := []helpdesk.Finding{
		{What: "the API key", OK: true, Says: fmt.Sprintf("%s: it is %s <%s>", c.site.Host, me.Contact.Name, me.Contact.Email)},
		seesAll(me),
	}
	for _, try := range []struct {
		what, can, mend string
		path            []string
	}{
		{"tickets", "they can be read", "give its agent a role that may view tickets", []string{"tickets"}},
		{"agents", "they can be found by e-mail address", "give its agent a role that may view agents; until then nobody can be linked, and names are missing", []string{"agents"}},
		{"canned responses", "they can be read", "make its agent an administrator, or bring a file: --macros", []string{"canned_response_folders"}},
		{"help centre", "its public articles can be read", "give its agent a role that may view solutions, or bring a file: --articles", []string{"solutions", "categories"}},
	} {
		f, err := c.try(ctx, try.what, try.can, try.mend, try.path)
		if err != nil {
			return findings, err
		}
		findings = append(findings, f)
	}
	return findings, nil
}

// unknown says why the account does not tell who we are; an error when it may do so later.
func (c *Connector) unknown(err error) ([]helpdesk.Finding, error) {
	refused, isRefused := errors.AsType[*desk.Refused](err)
	_, moved := errors.AsType[*helpdesk.RedirectError](err)
	switch {
	case isRefused && refused.RetryAfter == 0:
		mend := "; copy the key anew from the profile settings of the bot's agent at " + c.site.String()
		return []helpdesk.Finding{{What: "the API key", Says: refused.Why + mend}}, nil
	case moved || errors.Is(err, desk.ErrNotFound):
		mend := c.site.Host + " does not answer as Freshdesk's API does; the setting domain is what stands before .freshdesk.com, not a domain of your own"
		return []helpdesk.Finding{{What: "the account", Says: mend}}, nil
	default:
		return nil, err
	}
}

// seesAll says whether an agent's scope hides tickets from us.
func seesAll(me *person) helpdesk.Finding {
	f := helpdesk.Finding{What: "the agent's scope", OK: true, Says: "all tickets"}
	if me.Scope != allTickets {
		f.OK, f.Says = false, "it sees only some tickets, and the others never come; set its scope to global access, under Admin, Agents"
	}
	return f
}

// try reads a list's beginning to see whether it may.
func (c *Connector) try(ctx context.Context, what, can, mend string, path []string) (helpdesk.Finding, error) {
	call := helpdesk.Call{Op: "read " + what, Path: path}
	if path[0] == "tickets" || path[0] == "agents" {
		call.Query = url.Values{"per_page": {"1"}}
	}
	_, err := c.api.Send(ctx, call)
	refused, ok := errors.AsType[*desk.Refused](err)
	switch {
	case err == nil:
		return helpdesk.Finding{What: what, OK: true, Says: can}, nil
	case ok && refused.RetryAfter == 0, errors.Is(err, desk.ErrNotFound):
		return helpdesk.Finding{What: what, Says: fmt.Sprintf("%v; %s", err, mend)}, nil
	default:
		return helpdesk.Finding{}, err
	}
}
