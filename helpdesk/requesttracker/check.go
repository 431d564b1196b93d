package requesttracker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Check implements helpdesk.Connector. It only reads, but for one call that RT refuses in either case; see checksReplies.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	me, err := c.ourselves(ctx)
	if err != nil {
		return c.unknown(err)
	}
	var about struct {
		Version string `json:"Version"`
	}
	if err := c.api.Do(ctx, helpdesk.Call{Op: "read version", Path: []string{"rt"}}, &about); err != nil {
		return nil, err
	}
	findings := []helpdesk.Finding{
		{What: "the token", OK: true, Says: fmt.Sprintf("%s: RT %s, it is %s <%s>", c.site.Host, about.Version, me.called(), me.EmailAddress)},
		mayWork(me),
	}
	newest, err := c.anyTicket(ctx)
	if err != nil {
		return findings, err
	}
	findings = append(findings, c.mayWrite(newest)...)
	for _, look := range []func(context.Context, *ticket) ([]helpdesk.Finding, error){c.seesComments, c.checksReplies, c.seesClasses} {
		more, err := look(ctx, newest)
		if err != nil {
			return findings, err
		}
		findings = append(findings, more...)
	}
	return findings, nil
}

// unknown says why RT does not tell who we are; an error when it may do so later.
func (c *Connector) unknown(err error) ([]helpdesk.Finding, error) {
	refused, isRefused := errors.AsType[*desk.Refused](err)
	_, moved := errors.AsType[*helpdesk.RedirectError](err)
	switch {
	case isRefused && refused.RetryAfter == 0:
		return []helpdesk.Finding{{What: "the token", Says: refused.Why + "; make one anew, signed in at " + c.site.String() + " as the bot's user"}}, nil
	case moved || errors.Is(err, desk.ErrNotFound):
		return []helpdesk.Finding{{What: "the url", Says: c.site.String() + " does not answer as RT's REST 2.0 does; it is where people open RT, with its path"}}, nil
	default:
		return nil, err
	}
}

// mayWork looks whether our user is one of those who work in RT: others see hardly anybody.
func mayWork(me *user) helpdesk.Finding {
	if me.Privileged == 0 {
		return helpdesk.Finding{What: "the user", Says: me.Name + " is not privileged; tick Let this user be granted rights, and grant them"}
	}
	return helpdesk.Finding{What: "the user", OK: true, Says: me.Name + " may be granted rights"}
}

// anyTicket reads the newest ticket that we see, whole; nil where we see none.
func (c *Connector) anyTicket(ctx context.Context) (*ticket, error) {
	l, err := page[ticket](ctx, c, helpdesk.Call{Op: "look for a ticket", Path: []string{"tickets"}, Query: url.Values{
		"query": {"id > 0"}, "order": {"DESC"}, "per_page": {"1"},
	}}, 1)
	if err != nil || len(l.Items) == 0 {
		return nil, err
	}
	return c.ticket(ctx, "read the newest ticket", string(l.Items[0].ID))
}

// mayWrite looks at what RT offers us to do with a ticket.
func (c *Connector) mayWrite(t *ticket) []helpdesk.Finding {
	if t == nil {
		return []helpdesk.Finding{{What: "tickets", OK: true, Says: "there is none that we see yet; if there should be, grant SeeQueue and ShowTicket on their queues"}}
	}
	found := []helpdesk.Finding{{What: "tickets", OK: true, Says: "they can be read"}}
	for _, right := range []struct{ ref, what, name string }{
		{"correspond", "replies", "ReplyToTicket"}, {"comment", "internal notes", "CommentOnTicket"}, {"lifecycle", "status", "ModifyTicket"},
	} {
		f := helpdesk.Finding{What: right.what, OK: true, Says: "they can be written"}
		if !slices.ContainsFunc(t.Hyperlinks, func(l related) bool { return l.Ref == right.ref }) {
			f.OK, f.Says = false, fmt.Sprintf("RT does not offer it on ticket %s; grant our user %s on its queue", t.ID, right.name)
		}
		found = append(found, f)
	}
	if c.tags != "" && c.tagsField(t) == nil {
		found = append(found, helpdesk.Finding{What: "tags", Says: fmt.Sprintf(
			"ticket %s has no custom field %q; apply it to the queue, and grant our user SeeCustomField and ModifyCustomField on it", t.ID, helpdesk.Clipped(c.tags),
		)})
	}
	return found
}

// seesComments looks for a comment: one that we cannot see cannot be found again.
func (c *Connector) seesComments(ctx context.Context, _ *ticket) ([]helpdesk.Finding, error) {
	l, err := page[transaction](ctx, c, helpdesk.Call{Op: "look for a comment", Path: []string{"transactions"}, Query: url.Values{
		"query": {query(limit{Field: "ObjectType", Value: "RT::Ticket"}, limit{Field: "Type", Value: comment})}, "order": {"DESC"},
	}}, 1)
	if err != nil {
		return nil, err
	}
	f := helpdesk.Finding{What: "comments", OK: true, Says: "they can be read"}
	if len(l.Items) == 0 {
		f.Says = "none is seen; if there are any, grant our user ShowTicketComments, without which notes would be written again and again"
	}
	return []helpdesk.Finding{f}, nil
}

// checksReplies looks whether RT checks a version for replies. It posts a comment, for which RT does as for a reply, that lacks what every
// comment must have: with the extension RT takes the version and then refuses the rest, without it RT refuses the version. Should an
// RT take it all the same, it is internal, and says what it is.
func (c *Connector) checksReplies(ctx context.Context, t *ticket) ([]helpdesk.Finding, error) {
	if !c.stamps || t == nil {
		return nil, nil
	}
	for range attempts {
		_, err := c.api.Send(ctx, helpdesk.Call{
			Op: "look for the extension", Method: http.MethodPost, Path: []string{"ticket", string(t.ID), "comment"}, Stamped: true,
			Header: http.Header{"If-Match": {`"` + t.stamp + `"`}}, Body: map[string]any{"Content": "Warmline looked whether its extension is installed."}, // of no type
		})
		refused, ok := errors.AsType[*desk.Refused](err)
		if !ok || refused.RetryAfter > 0 {
			return nil, err
		}
		if !refused.Moved {
			break
		}
		now, err := c.ticket(ctx, "read the newest ticket", string(t.ID))
		if err != nil {
			return nil, err
		}
		if now.stamp == t.stamp {
			return []helpdesk.Finding{{What: "stamps", Says: "RT refuses every reply that has a version: install our extension as docs/connecting/rt.md says, or leave the setting stamps out"}}, nil
		}
		t = now
	}
	return []helpdesk.Finding{{What: "stamps", OK: true, Says: "RT checks the version of a ticket that is replied to"}}, nil
}

// seesClasses looks for the classes of articles that the settings name.
func (c *Connector) seesClasses(ctx context.Context, _ *ticket) (out []helpdesk.Finding, err error) {
	for _, of := range []struct{ what, class string }{{"articles", c.articles}, {"macros", c.macros}} {
		if of.class == "" {
			continue
		}
		f := helpdesk.Finding{What: of.what, OK: true, Says: "the class " + of.class + " can be read"}
		_, err := c.class(ctx, "look for "+of.what, of.class)
		refused, isRefused := errors.AsType[*desk.Refused](err)
		switch {
		case errors.Is(err, desk.ErrNotFound), isRefused && refused.RetryAfter == 0:
			f.OK, f.Says = false, strings.TrimSpace(err.Error())+"; grant our user SeeClass and ShowArticle on it"
		case err != nil:
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}
