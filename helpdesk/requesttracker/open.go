package requesttracker

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// openedPrefix begins the address that a ticket which we opened refers to. RT keeps it as a link, by which tickets can be found.
const openedPrefix = "warmline:open/"

// Open implements desk.Opener. The key is kept as a link, and looked for before a ticket is made; the commit point is the post. Two
// calls with one key at the same time could both find nothing: the caller makes them one after the other. RT sends the customer its
// own greeting, as for every new ticket.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	const op = "open ticket"
	switch {
	case c.queue == "":
		return "", &desk.Refused{Op: op, Why: "it is not said in which queue; name one in the setting queue"}
	case !keyForm.MatchString(o.Key):
		return "", &desk.Refused{Op: op, Why: "it has no key that a link can hold, so that a repeat would make a second ticket"}
	case o.Customer.Email == "" || strings.ContainsAny(o.Customer.Email, "<>, \r\n\""):
		return "", &desk.Refused{Op: op, Why: "the customer has no e-mail address; without one nobody could be answered", Content: true}
	}
	there, err := all[ticket](ctx, c, helpdesk.Call{
		Op: "look for the ticket", Path: []string{"tickets"}, Query: url.Values{"query": {"RefersTo = '" + openedPrefix + o.Key + "'"}},
	})
	if err != nil {
		return "", err
	}
	if len(there) > 0 {
		return string(there[0].ID), nil
	}
	fields := map[string]any{
		"Queue": c.queue, "Subject": oneLine(o.Subject), "Requestor": addressed(o.Customer), "RefersTo": openedPrefix + o.Key,
		"Content": richtext.HTML(o.Text), "ContentType": html,
	}
	if c.tags != "" && len(o.Tags) > 0 {
		fields["CustomFields"] = map[string]any{c.tags: o.Tags}
	}
	var made ticket
	err = c.api.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"ticket"}, Body: fields}, &made)
	if err == nil && !numeric(string(made.ID)) {
		err = errors.New("open ticket: the answer has no ticket's number")
	}
	return string(made.ID), err
}

// oneLine is a text as a line: RT refuses a subject of several.
func oneLine(s string) string { return strings.Join(strings.Fields(helpdesk.Clean(s)), " ") }

// addressed is a customer as a mail's header names one, from which RT makes a user.
func addressed(c escalate.Customer) string {
	name := oneLine(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"\\<>", r) {
			return -1
		}
		return r
	}, c.Name))
	if name == "" {
		return c.Email
	}
	return `"` + name + `" <` + c.Email + `>`
}
