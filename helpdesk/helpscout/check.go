package helpscout

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
	if f, ok := fault("the app", err, "copy its id and secret anew from the profile of the bot's user, under My Apps"); ok {
		return []helpdesk.Finding{f}, nil
	}
	if err != nil {
		return nil, err
	}
	findings := []helpdesk.Finding{{What: "the app", OK: true, Says: fmt.Sprintf("it is %s <%s>", me.name(), me.Email)}}
	for _, try := range []struct {
		what, can, mend string
		call            func() error
	}{
		{"conversations", "they can be read", "give its user access to the inboxes", func() error {
			return c.do(ctx, helpdesk.Call{Op: "read conversations", Path: []string{"conversations"}, Query: url.Values{"status": {"all"}}}, nil)
		}},
		{"inboxes", "all can be seen that are set", "give its user access to the inboxes, or correct the setting inboxes", func() error { return c.seesInboxes(ctx) }},
		{"users", "they can be found by e-mail address", "give its user a role that may see users; until then nobody can be linked", func() error {
			return c.do(ctx, helpdesk.Call{Op: "read users", Path: []string{"users"}}, nil)
		}},
		{"saved replies", "they can be read", "give its user access to the inboxes, or bring a file: --macros", func() error {
			_, _, err := c.Macros(ctx, "")
			return err
		}},
		{"Docs", "its public articles can be read", "copy the key anew from the profile of a user who may see Docs, under API Keys, or bring a file: --articles", func() error {
			if c.docs == nil {
				return nil
			}
			_, err := c.openCollections(ctx)
			return err
		}},
	} {
		err := try.call()
		f, isFault := fault(try.what, err, try.mend)
		switch {
		case isFault:
		case err != nil:
			return findings, err
		default:
			f = helpdesk.Finding{What: try.what, OK: true, Says: try.can}
		}
		if try.what == "Docs" && c.docs == nil {
			f.Says = "no key is set, so that no articles are read"
		}
		findings = append(findings, f)
	}
	return findings, nil
}

// seesInboxes is an error when one of the inboxes that are set is not there, or none at all is.
func (c *Connector) seesInboxes(ctx context.Context) error {
	const op = "list inboxes"
	ids, err := c.mailboxes(ctx)
	if err != nil {
		return err
	}
	wanted := 1
	for _, char := range c.inboxes {
		if char == ',' {
			wanted++
		}
	}
	if len(ids) < wanted {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("its user sees %d of them, want %d or more", len(ids), wanted)}
	}
	return nil
}

// fault is what is wrong for good, and how to mend it; false for what may pass.
func fault(what string, err error, mend string) (helpdesk.Finding, bool) {
	refused, ok := errors.AsType[*desk.Refused](err)
	_, moved := errors.AsType[*helpdesk.RedirectError](err)
	if ok && refused.RetryAfter == 0 || moved || errors.Is(err, desk.ErrNotFound) {
		return helpdesk.Finding{What: what, Says: fmt.Sprintf("%v; %s", err, mend)}, true
	}
	return helpdesk.Finding{}, false
}
