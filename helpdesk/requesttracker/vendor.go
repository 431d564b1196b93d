package requesttracker

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

var (
	_ helpdesk.Connector     = (*Connector)(nil)
	_ helpdesk.MacroReader   = (*Connector)(nil)
	_ helpdesk.ArticleReader = (*Connector)(nil)
	_ helpdesk.Archive       = (*Connector)(nil)
	_ desk.FileReader        = (*Connector)(nil)
	_ desk.Opener            = (*Connector)(nil)
)

// Vendor is Request Tracker as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "rt", Title: "Request Tracker",
	Settings: []helpdesk.Setting{
		{Name: "url", Help: "where people open RT", Example: "https://rt.acme.example"},
		{Name: "token", Help: "the bot's own user's: signed in as it, Logged in as, Settings, Auth Tokens", Secret: true},
		{Name: "stamps", Help: "yes: our extension is installed, so that RT refuses a reply to a ticket that moved", Example: "yes", Optional: true},
		{Name: "queue", Help: "the queue in which tickets are opened from Slack; without it none are", Example: "General", Optional: true},
		{Name: "tags_field", Help: "a custom field of tickets for tags, which takes many values; without it there are none", Example: "Tags", Optional: true},
		{Name: "value_field", Help: "a custom field of tickets that says what one is worth, a number", Example: "Order value", Optional: true},
		{Name: "articles", Help: "the class of articles that anybody may read", Example: "FAQ", Optional: true},
		{Name: "macros", Help: "the class of articles that are ready-made replies", Example: "Replies", Optional: true},
		{Name: "status_open", Help: "the life cycle's word for a ticket that somebody has to answer; default open", Example: "open", Optional: true},
		{Name: "status_pending", Help: "its word for one that waits for its customer; default stalled", Example: "stalled", Optional: true},
		{Name: "status_solved", Help: "its word for one that is done; default resolved", Example: "resolved", Optional: true},
		{Name: "priorities", Help: "the numbers of low, normal, high and urgent; default 0,50,100,150", Example: "0,50,100,150", Optional: true},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		o, err := optionsOf(a)
		if err != nil {
			return nil, fmt.Errorf("connect %s: %w", cmp.Or(a.Name, "rt"), err)
		}
		c, err := Connect(o)
		if err != nil {
			return nil, err
		}
		return c, nil
	},
	Intake: func(a helpdesk.Account) (helpdesk.Intake, error) {
		verify, err := helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: a.HookSecrets, Now: a.Now})
		return helpdesk.Intake{Verify: verify, Parse: ParseHook}, err
	},
	Paste: paste,
}

func optionsOf(a helpdesk.Account) (Options, error) {
	o := Options{
		Name: a.Name, URL: a.Settings["url"], Token: a.Settings["token"], Queue: a.Settings["queue"], TagsField: a.Settings["tags_field"], ValueField: a.Settings["value_field"],
		Articles: a.Settings["articles"], Macros: a.Settings["macros"],
		Statuses: Statuses{Open: a.Settings["status_open"], Pending: a.Settings["status_pending"], Solved: a.Settings["status_solved"]},
		BotName:  a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
	}
	switch text := a.Settings["stamps"]; text {
	case "", "no":
	case "yes":
		o.Stamps = true
	default:
		return o, fmt.Errorf("stamps is %q: want yes or no", helpdesk.Clipped(text))
	}
	text := a.Settings["priorities"]
	if text == "" {
		return o, nil
	}
	parts := strings.Split(text, ",")
	for i, part := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || len(parts) != len(o.Priorities) {
			return o, fmt.Errorf("priorities is %q: want four numbers that rise, such as 0,50,100,150", helpdesk.Clipped(text))
		}
		o.Priorities[i] = n
	}
	return o, nil
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:      "by the numbers of transactions, which no time zone can confuse; ten seconds late",
		helpdesk.RowWebhook:   "a scrip of ours, signed as Standard Webhooks; it holds nothing that a customer wrote",
		helpdesk.RowRead:      "correspondence is public, comments are internal; of a mail that says it twice, the HTML",
		helpdesk.RowNote:      "a comment",
		helpdesk.RowReply:     "correspondence of the bot's user, signed with the author's name; RT mails it to the requestors",
		helpdesk.RowMarker:    "hidden, in a comment of the HTML, which RT leaves out of its mails",
		helpdesk.RowAssign:    "the owner, by name",
		helpdesk.RowStatus:    "open, stalled and resolved, or the words of your life cycle; new counts as open",
		helpdesk.RowPriority:  "by number: low is 0, normal 50, high 100, urgent 150, unless you say otherwise",
		helpdesk.RowAgents:    "by e-mail address, of users who may work in RT",
		helpdesk.RowMacros:    "articles of the class that the setting macros names",
		helpdesk.RowArticles:  "articles of the class that the setting articles names",
		helpdesk.RowDeadlines: "Due, as the resolution",
		helpdesk.RowFiles:     "up to ten, 9 MB together",
		helpdesk.RowMerges:    "a merged ticket is followed to where it went",
		helpdesk.RowPast:      "by number, those that changed since",
		helpdesk.RowOpen:      "by their customer, in the queue that the setting queue names; found again by a link",
		helpdesk.RowBrand:     "the queue, by name",
		helpdesk.RowValue:     "of the custom field " + c.value,
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowStamp:    "without our extension RT checks no version for replies: the ticket is read right before each; see the setting stamps",
		helpdesk.RowTags:     "RT has no tags; name a custom field for them in the setting tags_field",
		helpdesk.RowRegister: "RT has no webhooks: the scrip is inserted by hand",
	}
	if c.value == "" {
		delete(has, helpdesk.RowValue)
		lacks[helpdesk.RowValue] = "the setting value_field names no custom field"
	}
	if c.stamps {
		has[helpdesk.RowStamp] = "the number of its newest transaction, in If-Match"
	}
	if c.tags != "" {
		has[helpdesk.RowTags] = "values of the custom field " + c.tags + ", added to those that are there"
	}
	return helpdesk.Describe(has, lacks)
}
