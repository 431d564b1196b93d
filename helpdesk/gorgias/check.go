package gorgias

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
		{What: "the API key", OK: true, Says: fmt.Sprintf("%s: it is %s <%s> (%s)", c.site.Host, me.called(), me.Email, me.Role.Name)},
		mayWrite(me),
	}
	for _, try := range []struct{ what, path, can, mend string }{
		{"tickets", "tickets", "they can be read", "give the key's user a role that sees tickets"},
		{"users", "users", "they can be found by e-mail address", "give the key's user the role of an agent or more; until then nobody can be linked, and replies are signed"},
		{"macros", "macros", "they can be read", "give the key's user a role that sees macros, or bring a file: --macros"},
		{"HTTP integrations", "integrations", "they can be seen, so that the webhook can be registered", "use an admin's key, or let an admin add the webhook by hand; polling goes on without it"},
	} {
		f, err := c.try(ctx, try.what, try.path, try.can, try.mend)
		if err != nil {
			return findings, err
		}
		findings = append(findings, f)
	}
	f, err := c.seesHelp(ctx)
	if err != nil {
		return findings, err
	}
	return append(findings, f), nil
}

// unknown says why the account does not tell who we are; an error when it may do so later.
func (c *Connector) unknown(err error) ([]helpdesk.Finding, error) {
	refused, isRefused := errors.AsType[*desk.Refused](err)
	_, moved := errors.AsType[*helpdesk.RedirectError](err)
	switch {
	case isRefused && refused.RetryAfter == 0:
		mend := "; copy address and key anew from Settings, REST API at " + c.site.String() + ", signed in as the bot's user"
		return []helpdesk.Finding{{What: "the API key", Says: refused.Why + mend}}, nil
	case moved || errors.Is(err, desk.ErrNotFound):
		mend := c.site.Host + " does not answer as Gorgias' API does; the setting account is what stands before .gorgias.com"
		return []helpdesk.Finding{{What: "the account", Says: mend}}, nil
	default:
		return nil, err
	}
}

// mayWrite is from the user's role: only a reply would show it for certain.
func mayWrite(me *user) helpdesk.Finding {
	f := helpdesk.Finding{What: "replies", OK: true, Says: "the user's role may write them"}
	if me.Role.Name == "observer-agent" || me.Role.Name == "lite-agent" {
		f.OK, f.Says = false, fmt.Sprintf("the user is an %q, who may not write to customers; make them an agent", me.Role.Name)
	}
	return f
}

// try reads a list's beginning to see whether it may.
func (c *Connector) try(ctx context.Context, what, path, can, mend string) (helpdesk.Finding, error) {
	_, err := c.api.Send(ctx, helpdesk.Call{Op: "read " + what, Path: []string{path}, Query: url.Values{"limit": {"1"}}})
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

// seesHelp looks whether the help centre lists its articles. An account need not have one.
func (c *Connector) seesHelp(ctx context.Context) (helpdesk.Finding, error) {
	const what = "help centre"
	if c.help == nil {
		return helpdesk.Finding{What: what, OK: true, Says: "none is set; answers come from macros and old tickets"}, nil
	}
	index, ok, err := c.markdown(ctx, c.help.JoinPath("llms.txt"))
	if err != nil && ctx.Err() != nil {
		return helpdesk.Finding{}, err
	}
	if n := len(c.listed(index)); err == nil && ok && n > 0 {
		return helpdesk.Finding{What: what, OK: true, Says: fmt.Sprintf("it lists %d public articles", n)}, nil
	}
	says := c.help.Host + " lists no articles at /llms.txt; correct the setting help_center, or bring a file: --articles"
	if err != nil {
		says = err.Error() + "; " + says
	}
	return helpdesk.Finding{What: what, Says: says}, nil
}
