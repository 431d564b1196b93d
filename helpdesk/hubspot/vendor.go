package hubspot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
)

// Vendor is HubSpot as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "hubspot", Title: "HubSpot",
	Settings: []helpdesk.Setting{
		{Name: "token", Secret: true, Example: "pat-eu1-…", Help: "a private app's access token: HubSpot, Settings, Integrations, Private Apps, the app, Auth"},
		{Name: "sender", Example: "assistant@shop.example", Help: "the e-mail address of the HubSpot user whom replies in nobody's name come from: a user of the bot's own"},
		{Name: "app", Optional: true, Example: "1234567", Help: "the private app's number, from its address, so that no other app's messages pass for ours"},
		{Name: "tags", Optional: true, Example: "warmline_tags", Help: "the internal name of a ticket property, single-line text, that keeps tags: HubSpot's tickets have none"},
		{Name: "category", Optional: true, Example: defaultCategory, Help: "the internal name of the ticket property that says what a ticket is about, if not " + defaultCategory},
		{Name: "value_field", Optional: true, Example: "order_value", Help: "the internal name of a ticket property, a number, that says what a ticket is worth"},
		{Name: "stages", Optional: true, Example: "2=pending,987654=on_hold", Help: "what stages of pipelines mean, where their names do not say: id=open, pending, on_hold, solved or closed"},
		{Name: "per_ten_seconds", Optional: true, Example: "150", Help: "how many calls Warmline may make in ten seconds, of the 100 or 190 that the plan gives a private app; default 90"},
		{Name: "url", Optional: true, Example: defaultBase, Help: "where the API is, if not at " + defaultBase},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		stages, err := parseStages(a.Settings["stages"])
		if err != nil {
			return nil, fmt.Errorf("connect hubspot: %w", err)
		}
		calls := 0
		if s := a.Settings["per_ten_seconds"]; s != "" {
			if calls, err = strconv.Atoi(s); err != nil || calls < 1 {
				return nil, fmt.Errorf("connect hubspot: per_ten_seconds %q: want a number of calls, as 150", s)
			}
		}
		c, err := Connect(Options{
			PerTenSeconds: calls,
			Name:          a.Name, Token: a.Settings["token"], BaseURL: a.Settings["url"], Sender: a.Settings["sender"], App: a.Settings["app"],
			Tags: a.Settings["tags"], Category: a.Settings["category"], Value: a.Settings["value_field"], Stages: stages, BotName: a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
		})
		if err != nil {
			return nil, err
		}
		return c, nil
	},
	Intake: func(a helpdesk.Account) (helpdesk.Intake, error) { return Intake(a.HookURL, a.HookSecrets, a.Now) },
	Paste: func(url string) string {
		return fmt.Sprintf(`A private app's webhooks can only be entered in HubSpot, by a super admin:
  Settings, Integrations, Private Apps, the app, Webhooks: target URL exactly %s
  subscriptions, all of tickets: Created, Deleted, Merged, Restored, Association changed, and Property changed for: Ticket status, Ticket
  owner, Priority, Last message received date, Last message sent date (or whatever the account calls what changes with a message)
  its secret is the client secret on the app's page, under Auth
`, url)
	},
}

// parseStages reads "2=pending,987654=on_hold"; nil of "".
func parseStages(setting string) (map[string]escalate.Status, error) {
	if strings.TrimSpace(setting) == "" {
		return nil, nil
	}
	known := []escalate.Status{escalate.StatusOpen, escalate.StatusPending, escalate.StatusOnHold, escalate.StatusSolved, escalate.StatusClosed}
	stages := make(map[string]escalate.Status)
	for one := range strings.SplitSeq(setting, ",") {
		id, word, _ := strings.Cut(strings.TrimSpace(one), "=")
		id, means := strings.TrimSpace(id), escalate.Status(strings.TrimSpace(word))
		if id == "" || !slices.Contains(known, means) || stages[id] != "" {
			return nil, fmt.Errorf("stages: %q: want a stage's id, once, and what it means, as 2=pending", one)
		}
		stages[id] = means
	}
	return stages, nil
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:      "the CRM's search, by when tickets changed; it is some seconds behind",
		helpdesk.RowWebhook:   "a private app's, signed in HubSpot's third version; of tickets, while conversations' events name none",
		helpdesk.RowRead:      "the ticket and all its threads, without the system's entries and what could not be sent",
		helpdesk.RowNote:      "a comment, which only the team sees; on the record where a ticket has no conversation",
		helpdesk.RowReply:     "as the user of the author's name; else as the bot's user, signed; none where a ticket has no conversation: a person writes in HubSpot",
		helpdesk.RowMarker:    "its last line, [ref:…], which customers see",
		helpdesk.RowAssign:    "the owner, and the threads' assignee where HubSpot lets us",
		helpdesk.RowStatus:    "the pipeline's stages, by their state, their names and the setting stages; threads are closed with it",
		helpdesk.RowPriority:  "low, medium, high, urgent; high for urgent where the account has no urgent",
		helpdesk.RowAgents:    "among the owners",
		helpdesk.RowArticles:  "what the public site search finds of the knowledge base",
		helpdesk.RowDeadlines: "HubSpot's SLA: first and next response, and close",
		helpdesk.RowFiles:     "up to ten, 20 MiB in all; ours lie in HubSpot's file manager, in the folder warmline",
		helpdesk.RowMerges:    "HubSpot answers with the ticket that it went into, or says which went into it",
		helpdesk.RowPast:      "by the search, of any age",
		helpdesk.RowOpen:      "with their contact, and without a conversation: a person writes to the customer in HubSpot",
		helpdesk.RowBrand:     "the pipeline, by name",
		helpdesk.RowValue:     "of the property " + c.value,
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowStamp:    "HubSpot has no versions; the ticket is read once more right before",
		helpdesk.RowTags:     "HubSpot's tickets have none and the setting tags names no property: a comment says them",
		helpdesk.RowMacros:   "HubSpot's snippets and templates cannot be read; warmline imports them from a file",
		helpdesk.RowRegister: "a private app's webhooks are entered in HubSpot; warmline says what to enter where",
	}
	if c.value == "" {
		delete(has, helpdesk.RowValue)
		lacks[helpdesk.RowValue] = "the setting value_field names no ticket property"
	}
	if c.tags != "" {
		has[helpdesk.RowTags] = "in the property " + c.tags + ", separated by semicolons"
	}
	return helpdesk.Describe(has, lacks)
}
