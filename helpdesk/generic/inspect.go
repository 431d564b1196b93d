package generic

import (
	"context"
	"errors"
	"fmt"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Check implements helpdesk.Connector. It only reads, so that whether replies may be sent shows with the first one.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	who, err := c.who(ctx)
	if err != nil {
		return nil, err
	}
	findings := []helpdesk.Finding{who}
	for _, list := range []struct {
		what, section string
		lister        *lister
	}{
		{"agents", "agents", c.agentList()}, {"changes", "changes", c.latest()},
	} {
		if list.lister == nil {
			continue
		}
		f, err := c.try(ctx, list.what, list.section, list.lister)
		if err != nil {
			return findings, err
		}
		findings = append(findings, f)
	}
	return findings, nil
}

// who asks the account whose credentials these are.
func (c *Connector) who(ctx context.Context) (helpdesk.Finding, error) {
	f := helpdesk.Finding{What: "the secret"}
	call, err := c.call("read account", c.m.Check.URL, values{})
	if err != nil {
		return f, err
	}
	doc, _, err := c.get(ctx, call)
	if err == nil {
		f.OK, f.Says = true, c.base.Host+" takes it"
		if name := c.m.Check.Name.text(doc); name != "" {
			f.Says = c.base.Host + ": it is " + helpdesk.Clipped(name)
		}
		return f, nil
	}
	f.Says = err.Error() + "; correct the setting secret, or auth of the mapping"
	if errors.Is(err, desk.ErrNotFound) {
		f.Says = err.Error() + "; correct the setting url, or check.url of the mapping"
	}
	return f, passing(err)
}

// passing is an error that may be another one later; nil of one that somebody has to mend.
func passing(err error) error {
	refused, isRefused := errors.AsType[*desk.Refused](err)
	_, moved := errors.AsType[*helpdesk.RedirectError](err)
	if isRefused && refused.RetryAfter == 0 || moved || errors.Is(err, desk.ErrNotFound) || errors.Is(err, errForm) {
		return nil
	}
	return err
}

func (c *Connector) agentList() *lister {
	a := c.m.Agents
	if a == nil {
		return nil
	}
	return &lister{c: c, op: "read agents", url: a.URL, at: a.List, pages: a.Pages, v: values{"email": "nobody@warmline.invalid"}, most: 1}
}

func (c *Connector) latest() *lister {
	if c.m.Changes == nil {
		return nil
	}
	return c.changeList(c.now())
}

// try reads a list's beginning to see whether it may, and whether it is as the mapping says.
func (c *Connector) try(ctx context.Context, what, section string, l *lister) (helpdesk.Finding, error) {
	page, err := l.page(ctx)
	if err == nil && section == "changes" {
		_, err = c.page(page)
	}
	if err == nil {
		return helpdesk.Finding{What: what, OK: true, Says: "they can be listed"}, nil
	}
	f := helpdesk.Finding{What: what, Says: fmt.Sprintf("%v; correct %s of the mapping, or what the account may read", err, section)}
	return f, passing(err)
}
