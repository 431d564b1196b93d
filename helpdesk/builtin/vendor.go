package builtin

import (
	"context"

	"warmline/helpdesk"
)

var _ helpdesk.Connector = (*Connector)(nil)

// Vendor is the desk that ships inside, as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "builtin", Title: "Built-in desk",
	Settings: []helpdesk.Setting{
		{Name: "url", Help: "where warmline desk runs", Example: "http://127.0.0.1:8081"},
		{Name: "token", Help: "the token of its API, if it has one", Secret: true, Optional: true},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		return Connect(ConnectOptions{
			Name: a.Name, BaseURL: a.Settings["url"], Token: a.Settings["token"], Client: a.Client, BotName: a.BotName, Settle: a.Settle,
		})
	},
	Intake: func(a helpdesk.Account) (helpdesk.Intake, error) {
		verify, err := helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: a.HookSecrets, Now: a.Now})
		return helpdesk.Intake{Verify: verify, Parse: helpdesk.ParseHint}, err
	},
	Paste: func(url string) string {
		return "warmline desk --webhook " + url + " --webhook-secret whsec_…   (the same secret on both sides)"
	},
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll: "a feed of changes with a cursor", helpdesk.RowWebhook: "Standard Webhooks", helpdesk.RowRead: "in one call",
		helpdesk.RowNote: "never shown to the customer", helpdesk.RowReply: "in a person's name, or the bot's",
		helpdesk.RowMarker: "kept with the message, hidden", helpdesk.RowStamp: "a reply with an old one is refused",
		helpdesk.RowAssign: "by agent", helpdesk.RowTags: "added in one call", helpdesk.RowStatus: "all", helpdesk.RowAgents: "by e-mail address",
		helpdesk.RowFiles: "up to ten, 8 MiB in all", helpdesk.RowOpen: "once for each key",
		helpdesk.RowBrand: "a field of its own", helpdesk.RowValue: "a field of its own",
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowPriority: "the desk has none", helpdesk.RowMacros: "bring a file: --macros", helpdesk.RowArticles: "bring a file: --articles",
		helpdesk.RowDeadlines: "our own clock fills in", helpdesk.RowMerges: "the desk merges nothing",
		helpdesk.RowRegister: "warmline desk is told of it when it starts", helpdesk.RowPast: "bring a file: --history",
	}
	return helpdesk.Describe(has, lacks)
}

// Check implements helpdesk.Connector.
func (c *Connector) Check(ctx context.Context) ([]helpdesk.Finding, error) {
	if _, _, err := c.Changes(ctx, ""); err != nil {
		return nil, err
	}
	return []helpdesk.Finding{{What: "helpdesk", OK: true, Says: c.base + " answers, and lets us read"}}, nil
}
