package gorgias

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

var (
	_ helpdesk.Connector     = (*Connector)(nil)
	_ helpdesk.MacroReader   = (*Connector)(nil)
	_ helpdesk.ArticleReader = (*Connector)(nil)
	_ helpdesk.Archive       = (*Connector)(nil)
	_ helpdesk.Registrar     = (*Connector)(nil)
	_ desk.FileReader        = (*Connector)(nil)
	_ desk.Opener            = (*Connector)(nil)
)

// Vendor is Gorgias as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "gorgias", Title: "Gorgias",
	Settings: []helpdesk.Setting{
		{Name: "account", Help: "what stands before .gorgias.com where agents work", Example: "acme"},
		{Name: "email", Help: "the e-mail address of the bot's own user, as it stands beside the key", Example: "bot@acme.example"},
		{Name: "key", Help: "that user's API key: sign in as it, Settings, REST API", Secret: true},
		{Name: "from", Help: "the account's e-mail address that answers go out from where a ticket shows none, as those from forms", Example: "support@acme.example", Optional: true},
		{Name: "sign", Help: "yes: replies in people's names go out as the bot's user's, signed; for a key that may not write in another user's name", Example: "yes", Optional: true},
		{Name: "help_center", Help: "the help centre's address, if there is one; its public articles are read", Example: "https://acme.gorgias.help", Optional: true},
		{Name: "snooze", Help: "how long a ticket that waits for its customer stays snoozed; default 72h", Example: "120h", Optional: true},
		{Name: "per_minute", Help: "the account's limit on calls in a minute, less what others use; default 120", Example: "240", Optional: true},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		o, err := optionsOf(a)
		if err != nil {
			return nil, fmt.Errorf("connect %s: %w", cmp.Or(a.Name, "gorgias"), err)
		}
		c, err := Connect(o)
		if err != nil {
			return nil, err
		}
		return c, nil
	},
	Intake: func(a helpdesk.Account) (helpdesk.Intake, error) {
		verify, err := helpdesk.Token(TokenHeader, a.HookSecrets, a.Now)
		return helpdesk.Intake{Verify: verify, Parse: ParseHook}, err
	},
	Paste: paste,
}

func optionsOf(a helpdesk.Account) (Options, error) {
	o := Options{
		Name: a.Name, Account: a.Settings["account"], Email: a.Settings["email"], Key: a.Settings["key"], From: a.Settings["from"],
		HelpCenter: a.Settings["help_center"], BotName: a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
	}
	switch text := a.Settings["sign"]; text {
	case "", "no":
	case "yes":
		o.Sign = true
	default:
		return o, fmt.Errorf("sign is %q: want yes or no", helpdesk.Clipped(text))
	}
	if text := a.Settings["per_minute"]; text != "" {
		var err error
		if o.PerMinute, err = strconv.Atoi(text); err != nil || o.PerMinute < 1 {
			return o, fmt.Errorf("per_minute is %q: want a number of calls", helpdesk.Clipped(text))
		}
	}
	if text := a.Settings["snooze"]; text != "" {
		var err error
		if o.Snooze, err = time.ParseDuration(text); err != nil || o.Snooze <= 0 {
			return o, fmt.Errorf("snooze is %q: want a duration, such as 72h", helpdesk.Clipped(text))
		}
	}
	return o, nil
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:     "the list of tickets, newest change first, down to where we stopped; two seconds late",
		helpdesk.RowWebhook:  "an HTTP integration with a secret of ours in a header; what Gorgias signs is not documented",
		helpdesk.RowRead:     "all pages, without what mails quote; a message that could not be sent is never shown as public",
		helpdesk.RowNote:     "channel internal-note, and said not to be public each time",
		helpdesk.RowReply:    "by the way the customer last wrote, in the name of the user who has the author's name, signed where none has it; sent some time after it was taken",
		helpdesk.RowMarker:   "hidden, in the message's external_id",
		helpdesk.RowAssign:   "by user",
		helpdesk.RowTags:     "added in one call that takes none away",
		helpdesk.RowStatus:   "open; pending is closed and snoozed; solved is closed",
		helpdesk.RowPriority: "critical is urgent, and high, normal, low",
		helpdesk.RowAgents:   "by e-mail address; bots are nobody",
		helpdesk.RowMacros:   "those that write to the customer",
		helpdesk.RowArticles: "those that the help centre lists for everybody; needs the setting help_center",
		helpdesk.RowFiles:    "up to ten, 10 MB together",
		helpdesk.RowRegister: "by API, with a secret that we choose",
		helpdesk.RowPast:     "newest change first",
		helpdesk.RowOpen:     "by their customer, found again by external_id",
		helpdesk.RowBrand:    "the inbox by which it came, by name",
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowStamp:     "Gorgias has no versions: the ticket is read right before each reply",
		helpdesk.RowDeadlines: "the API shows no deadline of a ticket; its SLA is in reports only, so the policy's own targets count",
		helpdesk.RowMerges:    "the API does not say where a ticket was merged into; one that is gone ends here",
		helpdesk.RowValue:     "the API does not show a ticket's fields with it",
	}
	return helpdesk.Describe(has, lacks)
}
