package zendesk

import (
	"fmt"
	"strconv"
	"strings"

	"warmline/helpdesk"
)

// Vendor is Zendesk, as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "zendesk", Title: "Zendesk",
	Settings: []helpdesk.Setting{
		{Name: "url", Help: "the account's address, or its subdomain", Example: "https://acme.zendesk.com"},
		{
			Name: "email", Help: "the user as whom the token acts: an admin's seat of its own; leave it out when the token is an OAuth access token",
			Example: "warmline@acme.example", Optional: true,
		},
		{Name: "token", Help: "Admin Center, Apps and integrations, APIs, API tokens (or an OAuth access token)", Secret: true},
		{Name: "category_field", Help: "the id of the ticket field that holds the category; otherwise it is the ticket's type", Example: "360012345678", Optional: true},
		{Name: "value_field", Help: "the id of the ticket field that says what a ticket is worth, a number", Example: "360012345679", Optional: true},
		{Name: "plan_field", Help: "the key of the user field that holds the customer's plan", Example: "plan", Optional: true},
		{Name: "per_minute", Help: "how many calls a minute the account's plan has", Example: "400", Optional: true},
	},
	Connect: connect,
	Intake:  intake,
	Paste:   paste,
}

func connect(a helpdesk.Account) (helpdesk.Connector, error) {
	o := Options{
		Name: a.Name, URL: a.Settings["url"], Email: a.Settings["email"], Token: a.Settings["token"],
		CategoryField: a.Settings["category_field"], ValueField: a.Settings["value_field"], PlanField: a.Settings["plan_field"], BotName: a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
	}
	if o.Email == "" {
		o.Bearer, o.Token = o.Token, ""
	}
	if text := strings.TrimSpace(a.Settings["per_minute"]); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("connect zendesk: per_minute %q: want a number, as 400; Admin Center, Account, Usage shows it", text)
		}
		o.PerMinute = n
	}
	c, err := Connect(o)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// paste is for those whose token's user may not make webhooks.
func paste(url string) string {
	var events []string
	for _, s := range subscriptions {
		events = append(events, "  "+strings.TrimPrefix(s, eventPrefix))
	}
	return `Admin Center, Apps and integrations, Webhooks, Create webhook:
1. Choose "Zendesk events" and subscribe to
` + strings.Join(events, "\n") + `
2. Endpoint URL ` + url + `, request method POST, request format JSON, no authentication.
3. Create it, then choose "Reveal secret" on its page: that is the webhook's secret.
Where events are not offered, connect the webhook to a trigger on every ticket that is created or updated, with the body
` + triggerBody
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:      "the incremental export, a minute behind; an admin's token",
		helpdesk.RowWebhook:   "events, signed with the time",
		helpdesk.RowRead:      "all comments, public and internal",
		helpdesk.RowNote:      "a private comment, once for each key",
		helpdesk.RowReply:     "a public comment, in the name of the agent who is called so, or our user's",
		helpdesk.RowMarker:    "in the metadata of the comment's audit, hidden",
		helpdesk.RowStamp:     "safe_update: a reply to a ticket that changed is refused",
		helpdesk.RowAssign:    "by agent",
		helpdesk.RowTags:      "added in one call that is refused when it meets another change",
		helpdesk.RowStatus:    "open, pending, on hold, solved, closed",
		helpdesk.RowPriority:  "low, normal, high, urgent",
		helpdesk.RowAgents:    "by e-mail address",
		helpdesk.RowMacros:    "those that write to the customer and are not one agent's own",
		helpdesk.RowArticles:  "published ones that no user segment restricts",
		helpdesk.RowDeadlines: "of SLA targets that run",
		helpdesk.RowFiles:     "both ways: up to ten, 20 MiB in all",
		helpdesk.RowMerges:    "the comment that a merge leaves says where to",
		helpdesk.RowRegister:  "by API, subscribed to events; Zendesk chooses the secret",
		helpdesk.RowPast:      "the incremental export, ten pages a minute",
		helpdesk.RowOpen:      "by their customer, once for each key",
		helpdesk.RowBrand:     "by name",
		helpdesk.RowValue:     "of the ticket field " + c.valueField,
	}
	lacks := map[helpdesk.Row]string{helpdesk.RowValue: "the setting value_field names no ticket field"}
	if c.valueField == "" {
		delete(has, helpdesk.RowValue)
	}
	return helpdesk.Describe(has, lacks)
}
