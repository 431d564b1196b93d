package freshdesk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

var (
	_ helpdesk.Connector     = (*Connector)(nil)
	_ helpdesk.MacroReader   = (*Connector)(nil)
	_ helpdesk.ArticleReader = (*Connector)(nil)
	_ helpdesk.Archive       = (*Connector)(nil)
	_ desk.FileReader        = (*Connector)(nil)
)

// Vendor is Freshdesk as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "freshdesk", Title: "Freshdesk",
	Settings: []helpdesk.Setting{
		{Name: "domain", Help: "the account: what stands before .freshdesk.com where agents work; a domain of your own does not answer", Example: "acme"},
		{Name: "key", Help: "the API key of an agent of the bot's own: sign in as it, profile settings, View API key", Secret: true},
		{Name: "statuses", Help: "what the account's own statuses mean: number=open, pending, on_hold, solved or closed", Example: "6=pending,7=on_hold,8=open", Optional: true},
		{Name: "sign", Help: "yes: replies in people's names are signed instead of sent as their agent's, for a key that may not", Example: "yes", Optional: true},
		{Name: "value_field", Help: "the name of the ticket field that says what a ticket is worth, a number, as the API has it", Example: "cf_order_value", Optional: true},
		{Name: "per_minute", Help: "the plan's limit on calls in a minute, less what others use; default 200", Example: "400", Optional: true},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		o, err := optionsOf(a)
		if err != nil {
			return nil, fmt.Errorf("connect %s: %w", cmp.Or(a.Name, "freshdesk"), err)
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
		Name: a.Name, Domain: a.Settings["domain"], Key: a.Settings["key"], ValueField: a.Settings["value_field"], BotName: a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
	}
	var err error
	if o.Statuses, err = parseStatuses(a.Settings["statuses"]); err != nil {
		return o, err
	}
	switch text := a.Settings["sign"]; text {
	case "", "no":
	case "yes":
		o.Sign = true
	default:
		return o, fmt.Errorf("sign is %q: want yes or no", helpdesk.Clipped(text))
	}
	if text := a.Settings["per_minute"]; text != "" {
		if o.PerMinute, err = strconv.Atoi(text); err != nil || o.PerMinute < 1 {
			return o, fmt.Errorf("per_minute is %q: want a number of calls", helpdesk.Clipped(text))
		}
	}
	return o, nil
}

// parseStatuses reads "6=pending,7=on_hold"; nil of "".
func parseStatuses(text string) (map[int64]escalate.Status, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	known := []escalate.Status{escalate.StatusOpen, escalate.StatusPending, escalate.StatusOnHold, escalate.StatusSolved, escalate.StatusClosed}
	all := make(map[int64]escalate.Status)
	for one := range strings.SplitSeq(text, ",") {
		n, word, _ := strings.Cut(strings.TrimSpace(one), "=")
		status, err := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
		means := escalate.Status(strings.TrimSpace(word))
		if err != nil || status <= int64(statusClosed) || !slices.Contains(known, means) {
			return nil, fmt.Errorf("statuses: %q: want a number above 5 and what it means, such as 8=pending", helpdesk.Clipped(one))
		}
		all[status] = means
	}
	return all, nil
}
