package helpscout

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

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
	for _, try := range c.tries() {
		err := try.call(ctx)
		f, isFault := fault(try.what, err, try.mend)
		switch {
		case isFault:
		case err != nil:
			return findings, err
		default:
			f = helpdesk.Finding{What: try.what, OK: true, Says: try.can}
		}
		findings = append(findings, f)
	}
	return findings, nil
}

// try is one thing that is tried to see whether it may be done.
type try struct {
	what, can, mend string
	call            func(context.Context) error
}

func (c *Connector) tries() []try {
	reads := func(path string, query url.Values) func(context.Context) error {
		return func(ctx context.Context) error {
			return c.do(ctx, helpdesk.Call{Op: "read " + path, Path: []string{path}, Query: query}, nil)
		}
	}
	docs := try{"Docs", "no key is set, so that no articles are read", "", func(context.Context) error { return nil }}
	if c.docs != nil {
		docs.can, docs.mend = "its public articles can be read", "copy the key anew from the profile of a user who may see Docs, under API Keys, or bring a file: --articles"
		docs.call = func(ctx context.Context) error {
			_, err := c.openCollections(ctx)
			return err
		}
	}
	return []try{
		{"conversations", "they can be read", "give its user access to the inboxes", reads("conversations", url.Values{"status": {"all"}})},
		{"inboxes", "all can be seen that are set", "give its user access to the inboxes, or correct the setting inboxes", c.seesInboxes},
		{"users", "they can be found by e-mail address", "give its user a role that may see users; until then nobody can be linked", reads("users", nil)},
		{"saved replies", "they can be read", "give its user access to the inboxes, or bring a file: --macros", func(ctx context.Context) error {
			_, _, err := c.Macros(ctx, "")
			return err
		}},
		docs,
	}
}

// seesInboxes is an error when one of the inboxes that are set is not there, or none at all is.
func (c *Connector) seesInboxes(ctx context.Context) error {
	const op = "list inboxes"
	ids, err := c.mailboxes(ctx)
	if err != nil {
		return err
	}
	wanted := 1 + strings.Count(c.inboxes, ",")
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
