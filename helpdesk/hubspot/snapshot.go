package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// firstMessage is the id of a ticket's own description, where no thread says more.
const firstMessage escalate.MessageID = "content"

// snapshot is what was read, in our words.
func (c *Connector) snapshot(ctx context.Context, t *record, of *talk) (*desk.Snapshot, error) {
	status, err := c.statusOf(ctx, t)
	if err != nil {
		return nil, err
	}
	address, err := c.address(ctx, string(t.ID))
	if err != nil {
		return nil, err
	}
	messages, err := c.messages(ctx, of)
	if err != nil {
		return nil, err
	}
	property := func(name string) string { return helpdesk.Clean(string(t.Properties[name])) }
	s := &desk.Snapshot{Status: status, Assignee: escalate.AgentID(t.Properties["hubspot_owner_id"]), Deadlines: deadlines(t, status)}
	s.Content = escalate.Content{
		Subject: property("subject"), Channel: channelOf(t, of), Category: property(c.category), Priority: priorityOf(t), URL: address,
		Customer: escalate.Customer{Name: of.customer.name, Email: of.customer.email}, Messages: messages,
	}
	s.Content.Brand, s.Content.Value = c.brandOf(ctx, t), escalate.AmountIn(string(t.Properties[c.value]))
	if c.tags != "" {
		s.Content.Tags = list(text(property(c.tags)))
	}
	if content := property("content"); !of.said && content != "" {
		text, _ := helpdesk.CutOpenedRef(plain(content))
		s.Content.Messages = slices.Insert(messages, 0, escalate.Message{
			ID: firstMessage, Role: escalate.RoleCustomer, Author: of.customer.name, Email: of.customer.email, Public: true,
			Text: text, At: t.opened(),
		})
	}
	return s, nil
}

// plain is the text of what may be HTML or not: a ticket's description is either, by where it came from.
func plain(s string) string {
	if strings.Contains(s, "</") || strings.Contains(s, "<br") {
		return richtext.Text(s)
	}
	return s
}

// deadlines are those that still bind.
func deadlines(t *record, status escalate.Status) desk.Deadlines {
	if status.Ended() {
		return desk.Deadlines{}
	}
	d := desk.Deadlines{
		NextResponse: t.Properties["hs_time_to_next_response_sla_at"].time(),
		Resolution:   t.Properties["hs_time_to_close_sla_at"].time(),
	}
	if t.Properties["first_agent_reply_date"].time().IsZero() {
		d.FirstResponse = t.Properties["hs_time_to_first_response_sla_at"].time()
	}
	return d
}

const chat = "chat"

// channels are HubSpot's numbers of its own channels in our words.
var channels = map[text]string{"1000": chat, "1001": chat, "1002": "email", "1003": "web", "1007": chat}

// channelOf is where a ticket comes from: where its newest thread began, else what the ticket says.
func channelOf(t *record, of *talk) string {
	for _, v := range slices.Backward(of.threads) {
		if c := channels[v.ChannelID]; c != "" {
			return c
		}
	}
	switch strings.ToUpper(string(t.Properties["source_type"])) {
	case "CHAT":
		return chat
	case "EMAIL":
		return "email"
	case "FORM":
		return "web"
	case "PHONE":
		return "phone"
	}
	return "other"
}

// address is where an agent opens a ticket; "" for a token that may not ask which account it is for.
func (c *Connector) address(ctx context.Context, id string) (string, error) {
	a, err := c.details(ctx)
	if err != nil || a.PortalID == "" {
		return "", err
	}
	host := string(a.UIDomain)
	if !strings.HasSuffix(host, ".hubspot.com") || strings.ContainsAny(host, "/@:?#") {
		host = "app.hubspot.com"
	}
	return fmt.Sprintf("https://%s/contacts/%s/record/0-5/%s", host, url.PathEscape(string(a.PortalID)), url.PathEscape(id)), nil
}

// details are the account's. A refusal that time does not mend is remembered as none.
func (c *Connector) details(ctx context.Context) (account, error) {
	return c.account.Get(c.now(), helpdesk.RememberFor, func() (account, error) {
		var a account
		err := c.http.Do(ctx, helpdesk.Call{Op: "read account", Path: []string{"account-info", "v3", "details"}}, &a)
		if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 || errors.Is(err, desk.ErrNotFound) {
			return account{}, nil
		}
		return a, err
	})
}
