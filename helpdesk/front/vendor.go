package front

import (
	"fmt"
	"strconv"

	"warmline/helpdesk"
)

// Vendor is Front as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "front", Title: "Front",
	Settings: []helpdesk.Setting{
		{Name: "token", Secret: true, Example: "eyJhbGciOi…", Help: "an API token: Front, Settings, Developers, API tokens, Create API token"},
		{Name: "url", Optional: true, Example: defaultBase, Help: "where the API is, if not at " + defaultBase},
		{
			Name: "help_center", Optional: true, Example: "https://help.example.com",
			Help: "the knowledge base's public address, for links to articles: Front does not tell it",
		},
		{
			Name: "category_field", Optional: true, Example: "Topic",
			Help: "the custom field of conversations that says what they are about: Front, Settings, Custom fields",
		},
		{
			Name: "brand_field", Optional: true, Example: "Brand",
			Help: "the custom field of conversations that says which of your brands one is for: a rule can fill it in by inbox",
		},
		{
			Name: "value_field", Optional: true, Example: "Order value",
			Help: "the custom field of conversations that says what one is worth, a number",
		},
		{
			Name: "channel", Optional: true, Example: "support@example.com",
			Help: "the address of the shared mailbox that conversations are opened in; default the first that the token sees",
		},
		{
			Name: "per_minute", Optional: true, Example: "100",
			Help: "how many calls a minute Warmline may make, of those that the plan has (50, 100 or 200 for the whole company)",
		},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		perMinute := 0
		if s := a.Settings["per_minute"]; s != "" {
			n, err := strconv.Atoi(s)
			if err != nil || n < 1 {
				return nil, fmt.Errorf("connect front: per_minute %q: want a number of calls, as 100", s)
			}
			perMinute = n
		}
		return Connect(Options{
			Name: a.Name, Token: a.Settings["token"], BaseURL: a.Settings["url"], BotName: a.BotName, HelpCenter: a.Settings["help_center"],
			CategoryField: a.Settings["category_field"], BrandField: a.Settings["brand_field"], ValueField: a.Settings["value_field"],
			Channel: a.Settings["channel"], PerMinute: perMinute, Settle: a.Settle, Client: a.Client, Now: a.Now,
		})
	},
	Intake: func(a helpdesk.Account) (helpdesk.Intake, error) { return Intake(a.HookSecrets, a.Now) },
	Paste: func(url string) string {
		return fmt.Sprintf(`Front has no call to register a webhook. One of these two, by an admin:
  an app's webhook (better: it is repeated when it fails)
    Settings, Developers, Create app, Features, Webhooks: URL %[1]s, events: inbound received, outbound sent, comments,
    assignee, tags, status, moved, merged, deleted; its secret is the signing key under Basic information
  a rule's webhook (never repeated)
    Settings, Integrations, Webhooks: enable; then a company rule for each of these events with the action "Send to a webhook" and the
    URL %[1]s; its secret is the API secret under Settings, Developers, API tokens
`, url)
	},
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:    "the feed of events, 15 a page, from the time of the newest that was read",
		helpdesk.RowWebhook: "an app's, signed with SHA-256 and a time; a rule's, signed with SHA-1",
		helpdesk.RowRead:    "conversation, messages and comments; no drafts, nothing that failed to be sent",
		helpdesk.RowNote:    "a comment, which only the team sees", helpdesk.RowReply: "a teammate's by their id; the conversation stays open",
		helpdesk.RowMarker: "its last line, [ref:…], which customers see",
		helpdesk.RowAssign: "by teammate", helpdesk.RowTags: "added in one call; made where there is none of the name",
		helpdesk.RowStatus:   "the account's own with ticketing; else open and archived, and tags for pending and on hold",
		helpdesk.RowAgents:   "in the list of teammates",
		helpdesk.RowMacros:   "message templates that a team shares",
		helpdesk.RowArticles: "published ones of external knowledge bases",
		helpdesk.RowFiles:    "up to ten, 24 MB in all", helpdesk.RowMerges: "Front answers with where it went",
		helpdesk.RowPast: "by the feed of events", helpdesk.RowOpen: "imported into a shared mailbox's inbox; found again by the last line of the text",
		helpdesk.RowBrand: "the custom field " + c.brand, helpdesk.RowValue: "of the custom field " + c.value,
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowStamp:     "Front has no versions; the conversation is read once more right before",
		helpdesk.RowPriority:  "Front has none: the tags priority-low to priority-urgent take their place",
		helpdesk.RowDeadlines: "the API tells none, our own clock fills in; a rule of Front's can put a tag when its SLA is breached",
		helpdesk.RowRegister:  "Front has no call for it; warmline says what to enter where",
	}
	if c.brand == "" {
		delete(has, helpdesk.RowBrand)
		lacks[helpdesk.RowBrand] = "a conversation does not name its inbox, and the setting brand_field names no custom field"
	}
	if c.value == "" {
		delete(has, helpdesk.RowValue)
		lacks[helpdesk.RowValue] = "the setting value_field names no custom field"
	}
	return helpdesk.Describe(has, lacks)
}
