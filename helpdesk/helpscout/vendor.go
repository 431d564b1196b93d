package helpscout

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
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

// Vendor is Help Scout as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "helpscout", Title: "Help Scout",
	Settings: []helpdesk.Setting{
		{Name: "app_id", Help: "the id of an app of the bot's own user: sign in as it, Your Profile, My Apps, Create App", Example: "f6a1b2c3d4e5"},
		{Name: "app_secret", Help: "that app's secret, in the same place", Secret: true},
		{Name: "inboxes", Help: "the numbers of the inboxes to watch, with commas; default all that the bot's user may see", Example: "85,86", Optional: true},
		{Name: "sign", Help: "yes: replies in people's names go out as the bot's user, signed; for an app that may not send in another user's name", Example: "yes", Optional: true},
		{Name: "docs_key", Help: "a key of the Docs API, so that its public articles are read: Your Profile, Authentication, API Keys", Secret: true, Optional: true},
		{Name: "value_field", Help: "the custom field of conversations that says what one is worth, a number: its name", Example: "Order value", Optional: true},
		{Name: "per_minute", Help: "the plan's limit on calls in a minute, less what others use; default 200", Example: "400", Optional: true},
		{Name: "settle", Help: "how long a call whose answer was lost may still be applied; default 90s", Example: "2m", Optional: true},
		{Name: "url", Help: "where the API is, when not " + apiHost, Example: apiHost, Optional: true},
		{Name: "docs_url", Help: "where the Docs API is, when not " + docsHost, Example: docsHost, Optional: true},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		o, err := optionsOf(a)
		if err != nil {
			return nil, fmt.Errorf("connect %s: %w", cmp.Or(a.Name, "helpscout"), err)
		}
		c, err := Connect(o)
		if err != nil {
			return nil, err
		}
		return c, nil
	},
	Intake: intakeOf,
	Paste:  paste,
}

func optionsOf(a helpdesk.Account) (Options, error) {
	set := a.Settings
	o := Options{
		Name: a.Name, AppID: set["app_id"], AppSecret: set["app_secret"], URL: set["url"], DocsKey: set["docs_key"], DocsURL: set["docs_url"], ValueField: set["value_field"],
		BotName: a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
	}
	if list := strings.TrimSpace(set["inboxes"]); list != "" {
		for id := range strings.SplitSeq(list, ",") {
			o.Inboxes = append(o.Inboxes, strings.TrimSpace(id))
		}
	}
	switch set["sign"] {
	case "yes":
		o.Sign = true
	case "", "no":
	default:
		return o, fmt.Errorf("sign is %q: want yes or no", helpdesk.Clipped(set["sign"]))
	}
	var err error
	if text := set["per_minute"]; text != "" {
		if o.PerMinute, err = strconv.Atoi(text); err != nil || o.PerMinute < 1 {
			return o, fmt.Errorf("per_minute is %q: want a number of calls", helpdesk.Clipped(text))
		}
	}
	if text := set["settle"]; text != "" {
		if o.Settle, err = time.ParseDuration(text); err != nil || o.Settle <= 0 {
			return o, fmt.Errorf("settle is %q: want a duration, such as 90s", helpdesk.Clipped(text))
		}
	}
	return o, nil
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:    "the list of conversations by time of change, two seconds late; deleted ones show when they are read again",
		helpdesk.RowWebhook: "signed with our secret; nothing says when, so a replay shows by its body",
		helpdesk.RowRead:    "all pages; drafts and events left out", helpdesk.RowNote: "in the place for notes, which is never public",
		helpdesk.RowReply:  "in the name of the user, signed where no user has the name; said each time that it is no draft and what the status becomes",
		helpdesk.RowMarker: "a visible reference at the end: [ref:…]",
		helpdesk.RowAssign: "by user", helpdesk.RowTags: "read, written whole, read again",
		helpdesk.RowStatus:   "active, pending, closed; on hold becomes pending",
		helpdesk.RowPriority: "Help Scout has none: the tags priority-low to priority-urgent take its place",
		helpdesk.RowAgents:   "users by e-mail address", helpdesk.RowMacros: "saved replies of each inbox",
		helpdesk.RowArticles: "published ones in public collections of sites that are open to everybody, with a key of the Docs API",
		helpdesk.RowFiles:    "up to ten, 7 MB together", helpdesk.RowMerges: "by where Help Scout says that it went",
		helpdesk.RowRegister: "through the API", helpdesk.RowPast: "of any age",
		helpdesk.RowOpen:  "in the first inbox, by their customer; found again by a reference at the end",
		helpdesk.RowBrand: "the inbox, by name", helpdesk.RowValue: "of the custom field " + c.value,
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowStamp:     "Help Scout has no versions: the conversation is read right before each reply",
		helpdesk.RowDeadlines: "Help Scout's API shows none: our own clocks stand in",
	}
	if c.value == "" {
		delete(has, helpdesk.RowValue)
		lacks[helpdesk.RowValue] = "the setting value_field names no custom field"
	}
	if c.docs == nil {
		delete(has, helpdesk.RowArticles)
		lacks[helpdesk.RowArticles] = "no key of the Docs API is set; set docs_key, or bring a file: --articles"
	}
	return helpdesk.Describe(has, lacks)
}

func paste(url string) string {
	return `Warmline registers the webhook itself where the bot's user may; else, in Help Scout under Manage, Apps, Webhooks:

  Callback URL  ` + url + `
  Secret Key    the webhook secret of this account, of 40 characters at most
  Payload       version 2
  Events        ` + strings.Join(events, ", ") + `
`
}
